package graph_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/connector/graph/graphtest"
)

const (
	day   = 24 * time.Hour
	given = "TOYAfirst"
)

// account is one whose token is renewed.
type account struct {
	*graphtest.World
	api *graphfake.API
}

func newAccount(t *testing.T) *account {
	w := &account{World: graphtest.New(t, given)}
	w.api = graphfake.Make(w.Clock.Now, graphfake.Account{Self: "1", Kind: "toy", Token: given, Scopes: []string{"basic"}, First: 100,
		Grant: "toy_refresh", Basic: "basic"})
	me := map[string]any{"id": "1", "username": "office"}
	w.api.Operations = append(w.api.Operations, graphfake.Operation{Name: "me", Verb: http.MethodGet, Path: graphfake.Path("/me"),
		Scope: "basic", Fields: []string{"id", "username"}, Do: func(c graphfake.Call) (map[string]any, error) { return c.Picked(me), nil }})
	w.api.Serve(t, w.api)
	return w
}

// replica logs in with a token of the file.
func (w *account) replica(owner, token string) *graph.Login {
	l := &graph.Login{Kind: "toy", Grant: "toy_refresh", Fields: "id,username", Env: w.Env(owner),
		Client: graph.New(graph.Options{Base: w.api.URL, Secrets: []string{token}, Now: w.Clock.Now})}
	l.Keep("toy", w.api.URL, token)
	return l
}

// in asks who it is, which needs a token.
func (w *account) in(l *graph.Login) error { return l.Get(w.T.Context(), "/me", nil, nil) }

func (w *account) troubled(l *graph.Login, want ...string) {
	w.T.Helper()
	var got []string
	for _, f := range l.Trouble() {
		got = append(got, f.ID)
	}
	if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
		w.T.Errorf("found %q, want %q", got, want)
	}
}

// TestRenewed: the token of the file is renewed before it ends, by one replica, and the others
// take the new one. So it goes on for ever.
func TestRenewed(t *testing.T) {
	t.Parallel()
	w := newAccount(t)
	one, two := w.replica("one", given), w.replica("two", given)
	for range 30 {
		w.Must(w.in(one))
		w.Must(w.in(two))
		w.Clock.Pass(10 * day)
	}
	if n := w.api.Calls("refresh"); n < 5 || n > 8 {
		t.Errorf("%d renewals in 300 days", n)
	}
	w.troubled(one)
	w.troubled(two)
}

// TestRestarted: who starts later has the token of the vault, although the file's has ended.
func TestRestarted(t *testing.T) {
	t.Parallel()
	w := newAccount(t)
	one := w.replica("one", given)
	w.Must(w.in(one))
	w.Clock.Pass(45 * day)
	w.Must(w.in(one))
	w.Clock.Pass(40 * day)
	w.Must(w.in(w.replica("two", given)))
}

// TestYoung: a token that cannot be renewed yet is believed in.
func TestYoung(t *testing.T) {
	t.Parallel()
	w := newAccount(t)
	w.api.Issue(given, time.Hour)
	one := w.replica("one", given)
	w.Must(w.in(one))
	w.Clock.Pass(2 * day)
	w.Must(w.in(one))
	if n := w.api.Calls("refresh"); n != 1 { // it was too early
		t.Errorf("%d renewals", n)
	}
	w.Clock.Pass(44 * day)
	w.Must(w.in(one))
	w.Clock.Pass(20 * day)
	w.Must(w.in(one))
	if n := w.api.Calls("refresh"); n != 2 {
		t.Errorf("%d renewals", n)
	}
}

// TestEnds: a token that is not renewed is told before it ends; when it has ended nobody is let in.
func TestEnds(t *testing.T) {
	t.Parallel()
	w := newAccount(t)
	one := w.replica("one", given)
	w.Must(w.in(one))
	for range 60 {
		w.api.Answer("refresh", 400, graphfake.Body(1, 0, "No."))
	}
	w.Clock.Pass(55 * day)
	w.Must(w.in(one))
	w.troubled(one, "token.ends")
	if f, token := one.Until(t.Context()); f.ID != "toy.token_ends" || !f.Bad || token == "" {
		t.Errorf("it says %+v", f)
	}
	w.Clock.Pass(10 * day)
	w.Wants("ended", w.in(one), connector.Deferred)
}

// TestWrong: a first token that is refused is told, and one that is revoked is good again when it holds.
func TestWrong(t *testing.T) {
	t.Parallel()
	w := newAccount(t)
	wrong := w.replica("one", "TOYAwrong")
	w.Wants("wrong", w.in(wrong), connector.Deferred)
	w.troubled(wrong, "token.refused")
	one := w.replica("two", given)
	w.Must(w.in(one))
	w.Clock.Pass(time.Hour)
	w.api.Revoke()
	w.Wants("revoked", w.in(one), connector.Deferred)
	w.troubled(one, "token.refused")
	w.api.Restore()
	w.Must(w.in(one))
}

// TestEndsAreAsked: where the platform says when a token ends, it is not renewed before its time.
func TestEndsAreAsked(t *testing.T) {
	t.Parallel()
	w := newAccount(t)
	one := w.replica("one", given)
	one.Ends = func(context.Context, string) time.Time { return w.Clock.Now().Add(53 * day) }
	w.Must(w.in(one))
	if n := w.api.Calls("refresh"); n != 0 {
		t.Errorf("%d renewals", n)
	}
}
