package redisstore_test

import (
	"testing"
	"time"

	"experthour/internal/delivery"
	"experthour/internal/redisstore"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

// TestReplyLost loses the reply of every transition. go-redis repeats the command; it
// must be applied once, and the answer must be the first one.
func TestReplyLost(t *testing.T) {
	t.Parallel()
	srv, err := shared()
	needed(t, err)
	p := newProxy(t, srv)
	store := redisstore.New(dial(t, p.address()), redisstore.Options{Prefix: prefix(t)})
	s := sessiontest.NewScene(t, store)
	s.Ask("warm up")
	lose := func(what string, f func()) {
		t.Helper()
		before := p.lost.Load()
		p.next(2)
		f()
		if p.lost.Load() != before+2 {
			t.Errorf("%s: no reply was lost", what)
		}
	}

	lose("create", func() {
		c := s.SessionChange(session.Schedule)
		c.Session, c.Entry.Version, c.Entry.Prev = sessiontest.Hour("other", sessiontest.Noon), 1, ""
		check(t, store.CreateSession(t.Context(), c))
	})
	lose("commit session", func() {
		s.DoSession(session.Pause, func(c *session.SessionChange) { c.Cards = &sessiontest.CardLane })
	})
	var q session.Question
	lose("add", func() { q = s.Ask("a") })
	lose("commit", func() { q = s.To(q, session.Queued) })
	lose("vote", func() {
		n, err := store.Vote(t.Context(), q.Ref, "x", true)
		if check(t, err); n != 1 {
			t.Errorf("%d votes", n)
		}
	})
	lane := session.Lane{Connector: "c", Place: "p"}
	c := s.Change(s.Stored(q, session.Approve, func(*session.Question) {}))
	c.Deliveries = []session.Delivery{{Question: 2, Copy: "x", Connector: "c", Place: "p", Wanted: 1, Due: true}}
	q = s.Commit(c)
	for tries := 1; tries < 3; tries++ {
		var l delivery.Lease
		lose("lease", func() {
			var ok bool
			l, _, ok, err = store.Lease(t.Context(), "hour", lane, time.Minute)
			check(t, err)
			if !ok || l.Open || l.Tries != tries || l.Wanted != 1 || l.Fence != int64(tries) {
				t.Fatalf("lease %v %+v", ok, l)
			}
		})
		lose("defer", func() { check(t, store.Defer(t.Context(), "hour", l.Finish, 0, false)) })
	}
	var card delivery.CardLease
	lose("dirty", func() {
		var ok bool
		card, ok, err = store.Dirty(t.Context(), "hour", sessiontest.CardLane, time.Minute)
		check(t, err)
		if !ok || card.Open || card.Number != 0 || card.Fence != 1 {
			t.Fatalf("card %v %+v", ok, card)
		}
	})
	lose("drawn", func() { check(t, store.Drawn(t.Context(), "hour", card, "m")) })
	if n := len(s.Verify().Entries); n != 6 {
		t.Errorf("%d entries", n)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
