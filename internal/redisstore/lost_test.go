package redisstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"experthour/internal/connector"
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
		n, err := store.Vote(t.Context(), session.Vote{Question: q.Ref, By: "x", Up: true})
		if check(t, err); n != 1 {
			t.Errorf("%d votes", n)
		}
	})
	lane := session.Lane{Connector: "c", Place: "p"}
	c := s.Change(s.Stored(q, session.Approve, func(*session.Question) {}))
	c.Deliveries = []session.Delivery{{Question: 2, Copy: "x", Connector: "c", Place: "p", Wanted: 1, Due: true}}
	q = s.Commit(c)
	first := int64(0)
	for tries := 1; tries < 3; tries++ {
		var l delivery.Lease
		lose("lease", func() {
			var ok bool
			l, _, ok, err = store.Lease(t.Context(), "hour", lane, time.Minute)
			check(t, err)
			if tries == 1 {
				first = l.Fence
			}
			if !ok || l.Open || l.Tries != tries || l.Wanted != 1 || l.Fence != first+int64(tries)-1 {
				t.Fatalf("lease %v %+v", ok, l)
			}
		})
		lose("defer", func() { check(t, store.Defer(t.Context(), "hour", l.Finish, 0, delivery.Known)) })
	}
	loseCards(t, store, lose)
	loseBatch(t, s, store, lose)
	if n := len(s.Verify().Entries); n != 8 {
		t.Errorf("%d entries", n)
	}
}

// TestUnconfirmed: when no reply comes at all nobody may say that nothing was stored; when no
// connection does, somebody may.
func TestUnconfirmed(t *testing.T) {
	t.Parallel()
	srv := own(t)
	p := newProxy(t, srv)
	store := redisstore.New(dial(t, p.address()), redisstore.Options{})
	s := sessiontest.NewScene(t, store)
	q := s.Ask("warm up")
	change := s.Change(s.Stored(q, session.Accept, func(q *session.Question) { q.State = session.Queued }))
	commit := func(want string) {
		t.Helper()
		err := store.Commit(t.Context(), change)
		if e, ok := errors.AsType[*session.Error](err); !ok || e.Kind != session.Unavailable || e.ID != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	p.next(1000)
	commit("unconfirmed")
	p.next(0)
	check(t, store.Commit(t.Context(), change)) // it was stored, and is so once
	if n := len(s.Verify().Entries); n != 3 {
		t.Errorf("%d entries", n)
	}
	srv.kill()
	p.listener.Close()
	commit("unavailable")
}

// loseCards loses the replies about the board, which is out of date.
func loseCards(t *testing.T, store *redisstore.Store, lose func(string, func())) {
	t.Helper()
	ctx, lane := t.Context(), sessiontest.CardLane
	for fence, end := range []func(c delivery.CardLease) error{
		func(c delivery.CardLease) error {
			return store.Undrawn(ctx, "hour", c, delivery.CardLost, 0)
		},
		func(c delivery.CardLease) error {
			_, err := store.Drawn(ctx, "hour", c, map[int]delivery.Drawing{0: {At: "m", Call: 4}})
			return err
		},
	} {
		var card delivery.CardLease
		lose("look", func() { card = leased(t, store, connector.CardBoard) })
		if card.Open || card.Cards[0].Number != 0 || card.Fence != int64(fence+1) {
			t.Fatalf("card %+v", card)
		}
		lose("end", func() { check(t, end(card)) })
		if fence == 0 {
			lose("repost", func() { check(t, store.Repost(ctx, "hour", lane, 0)) })
		}
	}
	lose("adopt", func() { check(t, store.Adopt(ctx, "hour", lane, 0, "m")) })
	take := delivery.Take{Lane: &lane, TTL: time.Minute, Calls: true}
	for tries := range 2 {
		var l *delivery.CallLease
		lose("call", func() {
			w, err := store.Look(ctx, "hour", take)
			check(t, err)
			l = w.Call
		})
		if l == nil || l.Number != 0 || l.Message != "m" || l.Wanted != 4 || l.Open != (tries > 0) || l.Tries != tries ||
			l.Fence != int64(tries+3) {
			t.Fatalf("call %+v", l)
		}
		lose("end of the call", func() {
			if tries == 0 {
				check(t, store.Uncalled(ctx, "hour", *l, 0, delivery.Unknown))
				return
			}
			check(t, store.Called(ctx, "hour", *l, delivery.CallEnd{Posted: true, At: "call"}))
		})
	}
	if w, err := store.Look(ctx, "hour", take); err != nil || w.Call != nil {
		t.Errorf("calls wait: %+v, %v", w.Call, err)
	}
}

// loseBatch loses the replies about new cards: two, and that of the vote.
func loseBatch(t *testing.T, s *sessiontest.Scene, store *redisstore.Store, lose func(string, func())) {
	t.Helper()
	ctx := t.Context()
	for _, key := range []string{"x", "y"} {
		n := s.New(key)
		n.Cards = &sessiontest.CardLane
		_, _, err := store.Add(ctx, n)
		check(t, err)
	}
	take, drawn := taking(connector.CardNew, time.Minute), map[int]delivery.Drawing{}
	take.Batch = 2
	var w delivery.Work
	lose("batch", func() {
		var err error
		w, err = store.Look(ctx, "hour", take)
		check(t, err)
	})
	if len(w.Cards) != 1 || len(w.Cards[0].Cards) != 2 {
		t.Fatalf("leased %+v", w.Cards)
	}
	for _, c := range w.Cards[0].Cards {
		drawn[c.Number] = delivery.Drawing{At: session.MessageID(fmt.Sprint("b#", c.Number))}
	}
	lose("drawn", func() {
		_, err := store.Drawn(ctx, "hour", w.Cards[0], drawn)
		check(t, err)
	})
	w, err := store.Look(ctx, "hour", take)
	if check(t, err); w.Dirty[connector.CardNew] != 1 {
		t.Errorf("%v are out of date", w.Dirty)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
