package mastodon

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
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
