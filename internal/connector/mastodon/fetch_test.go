package mastodon

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

// TestAfterADowntime: all that was asked meanwhile comes, over more than two pages, in the order in
// which it was written, and once: not again by a boost, nor by what the institution writes itself.
func TestAfterADowntime(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	seen := map[string]bool{}
	put := func(ctx context.Context, events ...connector.Event) (fresh int, err error) {
		for _, e := range events {
			if !seen[e.Key] {
				seen[e.Key] = true
				fresh++
				if err := m.Handle(ctx, e.Raw); err != nil {
					return fresh, err
				}
			}
		}
		return fresh, nil
	}
	look := receive.Look{Hours: connector.Hours{Busy: true, Since: w.since}}
	first := w.fake.Write(anna, "@iestade No. 0?", "").ID
	next, err := m.Fetch(t.Context(), look, put)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"asked No. 0?"}
	for i := range 2*pageSize + 5 {
		text := fmt.Sprintf("No. %d?", i+1)
		want = append(want, "asked "+text)
		id := w.fake.Write(anna, "@iestade "+text, "").ID
		if i%20 == 0 {
			w.fake.Boost(mastodonfake.Person{ID: "8", Acct: "ministrija@social.example"}, id)
		}
	}
	p := connector.Post{Key: "k", Kind: session.KindAnswer, Text: "@iestade answers. #hour", Original: m.at(first)}
	if _, err := m.Reply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		look.Cursor, m.read = next.Cursor, reading{}
		if next, err = m.Fetch(t.Context(), look, put); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.inbox.said; !slices.Equal(got, want) {
		t.Errorf("%d came: %q", len(got), got)
	}
}

// TestRevoked: when the token is taken back in mid-hour people are told what to do, what is to be
// posted waits, and all goes on with a token.
func TestRevoked(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	m.Again, m.steady = 5*time.Millisecond, 5*time.Millisecond
	q := w.fake.Write(anna, "@iestade How?", "")
	run(t, m)
	w.inbox.has(t, "asked How?")
	w.fake.Revoke(mastodonfake.Token)
	w.again(m.at(q.ID))
	testenv.Until(t, "people are told", func() bool {
		return slices.ContainsFunc(m.Trouble(), func(f connector.Finding) bool { return f.ID == "mastodon.account" })
	})
	p := connector.Post{Key: "k", Kind: session.KindAnswer, Text: "So.", Original: m.at(q.ID)}
	if _, err := m.Reply(t.Context(), p); connector.OutcomeOf(err).Outcome != connector.Deferred {
		t.Errorf("without a token: %v", err)
	}
	late := w.fake.Write(anna, "@iestade And how much?", "")
	w.fake.Grant(mastodonfake.Token, mastodonfake.Scopes)
	w.inbox.has(t, "asked And how much?")
	testenv.Until(t, "it is over", func() bool { return len(m.Trouble()) == 0 })
	if _, err := m.Reply(t.Context(), p); err != nil || late.ID == "" {
		t.Error(err)
	}
}

// TestGone: a post is gone by the word of its server, and a page says so only where that server
// says it again and answers otherwise: a proxy has the same page for everything, or now and then.
func TestGone(t *testing.T) {
	t.Parallel()
	page := func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<h1>Not found</h1>", http.StatusNotFound) }
	for name, c := range map[string]struct{ there, page, account, gone bool }{
		"its word": {gone: true}, "its page": {page: true, gone: true}, "a proxy": {page: true, account: true},
		"a page now and then": {there: true, page: true},
	} {
		w, m := newWorld(t, usual)
		gate := testenv.OpenGate(t, w.fake.URL, func(r *http.Request) string { return path.Base(path.Dir(r.URL.Path)) })
		m = New(m.env, Account{Server: gate.URL, Token: setting.NewSecret(mastodonfake.Token)}, m.Name, usual)
		q := w.fake.Write(anna, "@iestade How?", "")
		if !c.there {
			w.fake.Remove(q.ID)
		}
		if c.page {
			gate.Refuse("statuses", page)
		}
		if c.account {
			gate.Refuse("accounts", page)
		}
		var l letter
		err := m.reread(t.Context(), []session.Origin{m.at(q.ID)}, func(_ context.Context, es ...connector.Event) (int, error) {
			return len(es), json.Unmarshal(es[0].Raw, &l)
		})
		if c.gone != (err == nil && l.Gone == q.ID) || !c.gone && l.Gone != "" {
			t.Errorf("%s: %v, gone %q", name, err, l.Gone)
		}
	}
}
