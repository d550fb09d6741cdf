package instagram

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/connector/instagram/instagramfake"
	"experthour/internal/connector/worldtest"
)

// in asks who it is, which needs a token.
func (w *world) in(c *Instagram) error {
	_, err := c.login.Who(w.t.Context())
	return err
}

// TestRenewed: the token of the file is renewed by the grant of its own, and who starts later has
// the new one.
func TestRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.in(w.Instagram))
	for range 8 {
		w.Clock.Pass(15 * day)
		w.Must(w.in(w.again(fmt.Sprint(w.Clock.Now()))))
	}
	if n := w.fake.Calls("refresh"); n < 2 || n > 6 {
		t.Errorf("%d renewals", n)
	}
	for range 60 {
		w.fake.Answer("refresh", 400, graphfake.Body(1, 0, "No."))
	}
	w.Clock.Pass(22 * day)
	found := w.again("later").Check(t.Context())
	if !slices.ContainsFunc(found, func(f connector.Finding) bool { return f.ID == "instagram.token_ends" && f.Bad }) {
		t.Errorf("the check finds %+v", found)
	}
}

// TestRevoked: a token that is revoked in mid-hour sends nothing and loses nothing, and what
// waits goes out when it holds again.
func TestRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.in(w.Instagram))
	w.Clock.Pass(time.Hour)
	w.fake.Revoke()
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("revoked", err, connector.Deferred)
	w.Wants("revoked", w.Retract(t.Context(), "17900000000000009", connector.Post{}), connector.Deferred)
	if _, ok, err := w.Find(t.Context(), w.answer("k1", "Atbilde.")); ok || err == nil {
		t.Errorf("found %v, %v", ok, err)
	}
	if got := w.Trouble(); len(got) != 1 || got[0].ID != "token.refused" {
		t.Errorf("found %+v", got)
	}
	w.fake.Restore()
	_, err = w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	w.stands("Atbilde.")
}

// TestCheck: all is well, but for what is not.
func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wants := func(what string, want ...string) {
		t.Helper()
		got := worldtest.Found(w.again(what).Check(t.Context()), "instagram")
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q", what, got)
		}
	}
	wants("well", "works", "longest", "token_until", "media")
	w.fake.Close(true)
	wants("closed", "works", "longest", "token_until", "closed")
	found := w.replica("other", Settings{Media: "10000"}).Check(t.Context())
	last := found[len(found)-1]
	if last.ID != "instagram.newest" || last.Args[1] != instagramfake.Media+" (Ekspertstunda)" {
		t.Errorf("found %+v", found)
	}
	w.fake.Vanish(true)
	wants("gone", "works", "longest", "token_until", "media_gone", "newest")
	w.fake.Vanish(false)
	w.fake.Close(false)
	w.fake.Forbid("instagram_business_manage_comments")
	wants("no comments", "works", "longest", "token_until", "not_allowed")
	w.fake.Answer("me", 502, worldtest.HTMLPage)
	wants("down", "no_answer")
	w.fake.Revoke()
	wants("revoked", "login_refused")
}
