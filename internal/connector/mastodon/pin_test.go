package mastodon

import (
	"slices"
	"strconv"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/session"
	"experthour/internal/setting"
)

// TestPinRoom: what a person pinned stays, and where there is no room, as with a token that may not, it is refused.
func TestPinRoom(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	var posts []session.MessageID
	for i := range 6 {
		sent, err := m.Reply(t.Context(), connector.Post{Key: strconv.Itoa(i), Kind: session.KindAnnouncement, Text: "An hour."})
		if err != nil {
			t.Fatal(err)
		}
		posts = append(posts, sent.Message)
	}
	for _, at := range posts[:4] {
		w.fake.Pin(string(at))
	}
	if err := m.Pin(t.Context(), posts[4], true); err != nil {
		t.Fatal(err)
	}
	if err := m.Pin(t.Context(), posts[5], true); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("the sixth: %v", err)
	}
	if err := m.Pin(t.Context(), posts[4], false); err != nil {
		t.Fatal(err)
	}
	for i, at := range posts {
		if got := w.pinned(at); got != (i < 4) {
			t.Errorf("the post %d is pinned: %t", i, got)
		}
	}
	w.fake.Grant("narrow", "read write:statuses write:media")
	m = New(m.env, Account{Server: w.fake.URL, Token: setting.NewSecret("narrow")}, "mastodon", usual)
	if err := m.Pin(t.Context(), posts[5], true); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("with a narrow token: %v", err)
	}
}

// TestPinScope: "bot connect" asks for the right to pin only where announcements are pinned, and the check says
// where it is lacking.
func TestPinScope(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	w.fake.Grant("narrow", "read write:statuses write:media")
	for _, c := range []struct {
		token string
		pins  bool
		want  bool
	}{{mastodonfake.Token, true, false}, {"narrow", true, true}, {"narrow", false, false}} {
		cs, err := connectors(m.env, &Account{Server: w.fake.URL, Token: setting.NewSecret(c.token)},
			[]connector.Place{{ID: "mastodon", Settings: &usual, Pin: c.pins}})
		if err != nil {
			t.Fatal(err)
		}
		one := cs[0].(*Mastodon)
		said := slices.ContainsFunc(one.Check(t.Context()), func(f connector.Finding) bool { return f.ID == "mastodon.pin" && f.Bad })
		if said != c.want {
			t.Errorf("%+v: the check says %t", c, said)
		}
		if asks := one.scopes() != usualScopes; asks != c.pins {
			t.Errorf("%+v: it asks for %s", c, one.scopes())
		}
	}
}
