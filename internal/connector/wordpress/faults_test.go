package wordpress

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// htmlPage is what a proxy or a site under repair says.
const htmlPage = "<html><h1>Briefly unavailable</h1></html>"

// TestFaults: what a site does when something is wrong with it is told apart, and what it
// has done is not done again.
func TestFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T, *world){
		"done and broken": testDoneAndBroken, "approved and broken": testApprovedAndBroken, "page of a proxy": testPageOfAProxy,
		"not gone": testNotGone, "too many": testTooMany, "revoked": testRevoked, "author": testAuthor,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newWorld(t, fakeSite(t)))
		})
	}
}

// opened lets the comment be read by all.
func (w *world) opened() *world {
	w.change(w.original, obj{"status": "approved"})
	return w
}

// testDoneAndBroken: an answer, a post, an edit and a take-back that the site did and broke
// at: nobody knows, and the look-up or a repeat ends with one of it.
func testDoneAndBroken(t *testing.T, w *world) {
	w.opened()
	news := connector.Post{Kind: session.KindAnnouncement, Key: "s1:a1", Place: site, Text: "Nodokļi\nOtrdien."}
	for _, p := range []connector.Post{answer(w, "k1", "Atbilde."), news} {
		w.fake.Break(http.MethodPost, 500, htmlPage)
		_, err := w.Reply(t.Context(), p)
		wants(t, err, connector.Unsure, "")
		sent, ok, err := w.Find(t.Context(), p)
		if !ok || err != nil {
			t.Fatalf("%s is not found: %v", p.Kind, err)
		}
		p.Text = "Cita."
		w.fake.Break(http.MethodPost, 500, htmlPage)
		_, err = w.Edit(t.Context(), sent.Message, p)
		wants(t, err, connector.Unsure, "")
		if _, err := w.Edit(t.Context(), sent.Message, p); err != nil {
			t.Error(err)
		}
	}
	seen := w.posts()
	if len(seen) != 2 || seen[0].Text != "Cita." || seen[1].Text != "Cita." {
		t.Fatalf("a reader finds %+v", seen)
	}
	for _, s := range seen {
		w.fake.Break(http.MethodDelete, 500, htmlPage)
		wants(t, w.Retract(t.Context(), s.ID, connector.Post{}), connector.Unsure, "")
		if err := w.Retract(t.Context(), s.ID, connector.Post{}); err != nil {
			t.Error(err)
		}
	}
	if seen := w.posts(); len(seen) != 0 {
		t.Errorf("there still stands %+v", seen)
	}
}

// testApprovedAndBroken: nothing was posted yet, so it comes again later.
func testApprovedAndBroken(t *testing.T, w *world) {
	w.fake.Break(http.MethodPost, 500, htmlPage)
	_, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
	wants(t, err, connector.Deferred, "")
	if _, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde.")); err != nil || len(w.posts()) != 1 {
		t.Errorf("%v, %v", err, w.posts())
	}
}

// testPageOfAProxy: before a post nothing is lost, and after one nobody knows, whatever
// status a page of HTML has.
func testPageOfAProxy(t *testing.T, w *world) {
	w.opened()
	for _, status := range []int{200, 502, 503} {
		w.fake.Answer(http.MethodGet, status, nil, htmlPage)
		_, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
		if wants(t, err, connector.Deferred, ""); connector.OutcomeOf(err).Wait != busyWait {
			t.Errorf("%d: it waits %v", status, connector.OutcomeOf(err).Wait)
		}
		w.fake.Answer(http.MethodPost, status, nil, htmlPage)
		_, err = w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
		wants(t, err, connector.Unsure, "")
		w.fake.Answer(http.MethodGet, status, nil, htmlPage)
		_, ok, err := w.Find(t.Context(), answer(w, "k1", "Atbilde."))
		if wants(t, err, connector.Deferred, ""); ok {
			t.Errorf("%d: found on a page of a proxy", status)
		}
	}
	if seen := w.posts(); len(seen) != 0 {
		t.Errorf("there stands %+v", seen)
	}
}

// fetch looks once; it gives the error.
func (w *world) fetch(l receive.Look) error {
	l.Under = []session.Origin{{Connector: "wp", Place: site, Message: w.news.id()}}
	_, err := w.Fetch(w.t.Context(), l, func(ctx context.Context, events ...connector.Event) (int, error) {
		for _, e := range events {
			if err := w.Handle(ctx, e.Raw); err != nil {
				return 0, err
			}
		}
		return len(events), nil
	})
	return err
}

// testNotGone: a question is withdrawn by the site's word alone: neither a list that lacks
// it nor a page of a proxy is one.
func testNotGone(t *testing.T, w *world) {
	look := receive.Look{Asked: []session.Origin{{Message: w.original.id()}}}
	if err := w.fetch(look); err != nil {
		t.Fatal(err)
	}
	for _, a := range []struct {
		status int
		body   string
	}{
		{404, htmlPage}, {404, `{"code":"rest_no_route","message":"No route"}`}, {200, htmlPage}, {410, htmlPage}, {403, `{"code":"no"}`},
	} {
		for _, list := range []string{`[]`, `[]`} { // of the new ones, and of those that are read again
			w.fake.Answer(http.MethodGet, 200, nil, list)
		}
		w.fake.Answer(http.MethodGet, a.status, nil, a.body)
		if err := w.fetch(look); err == nil {
			t.Errorf("%d %s is no error", a.status, a.body)
		}
	}
	for range 2 {
		w.fake.Answer(http.MethodGet, 200, nil, `[]`)
	}
	if err := w.fetch(look); err != nil {
		t.Error(err)
	}
	if len(w.Inbox.Removals()) != 0 || !slices.Equal(w.Inbox.Texts(), []string{"Kas ir?"}) {
		t.Errorf("removed %q, asked %q", w.Inbox.Removals(), w.Inbox.Texts())
	}
}

// testTooMany: who is told to wait waits as long as that.
func testTooMany(t *testing.T, w *world) {
	w.opened()
	header := http.Header{"Retry-After": {"7"}}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		w.fake.Answer(method, 429, header, htmlPage)
		_, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
		wants(t, err, connector.Deferred, "")
		if wait := connector.OutcomeOf(err).Wait; wait != 7*time.Second {
			t.Errorf("%s: it waits %v", method, wait)
		}
	}
	if err := w.fetch(receive.Look{}); err != nil {
		t.Fatal(err)
	}
	w.fake.Answer(http.MethodGet, 429, header, htmlPage)
	if e := connector.OutcomeOf(w.fetch(receive.Look{})); e.Outcome != connector.Deferred || e.Wait != 7*time.Second {
		t.Errorf("a look: %+v", e)
	}
}

// testRevoked: when the password is taken back in the middle of an hour, people are told
// what to press, nothing is refused for good, and all goes on with the new one.
func testRevoked(t *testing.T, w *world) {
	w.opened()
	if err := w.fetch(receive.Look{}); err != nil {
		t.Fatal(err)
	}
	w.fake.Revoke()
	trouble, ok := errors.AsType[*receive.Trouble](w.fetch(receive.Look{}))
	if !ok || trouble.ID != "wordpress.password_refused" {
		t.Errorf("people are told %+v", trouble)
	}
	_, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde."))
	if wants(t, err, connector.Deferred, ""); trouble.Wait != mendWait || connector.OutcomeOf(err).Wait != mendWait {
		t.Errorf("it tries again after %v and %v, which locks it out", trouble.Wait, connector.OutcomeOf(err).Wait)
	}
	if strings.Contains(err.Error(), w.pass) || strings.Contains(trouble.Error(), w.pass) {
		t.Errorf("the password is told: %v, %v", err, trouble)
	}
	w.fake.Restore()
	if _, err := w.Reply(t.Context(), answer(w, "k1", "Atbilde.")); err != nil || w.fetch(receive.Look{}) != nil || len(w.posts()) != 1 {
		t.Errorf("%v, %v", err, w.posts())
	}
}

// testAuthor: a user with too small a role is found before the hour.
func testAuthor(t *testing.T, w *world) {
	w.fake.Role("author")
	var found []string
	for _, f := range w.Check(t.Context()) {
		if f.Bad {
			found = append(found, f.ID)
		}
	}
	if !slices.Equal(found, []string{"wordpress.right_missing"}) {
		t.Errorf("found %q", found)
	}
}
