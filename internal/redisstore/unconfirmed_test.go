package redisstore_test

import (
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/redisstore"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

// TestUnconfirmedLease: nothing is sent under a lease that too few replicas have, so nobody
// is asked afterwards whether it was.
func TestUnconfirmedLease(t *testing.T) {
	t.Parallel()
	srv := own(t)
	alone := redisstore.New(dial(t, srv.address()), redisstore.Options{WaitReplicas: 1}) // there is none
	store := redisstore.New(dial(t, srv.address()), redisstore.Options{})
	s := sessiontest.NewScene(t, store)
	lane := session.Lane{Connector: "c", Place: "p"}
	c := s.Change(s.Stored(s.Ask("a"), session.Accept, func(q *session.Question) { q.State = session.Queued }))
	c.Deliveries = []session.Delivery{{Question: 1, Copy: "x", Connector: "c", Place: "p", Wanted: 1, Due: true}}
	c.Cards = &sessiontest.CardLane
	s.Commit(c)

	if _, _, _, err := alone.Lease(t.Context(), "hour", lane, time.Minute); session.KindOf(err) != session.Unavailable {
		t.Errorf("leased without a replica: %v", err)
	}
	l, _, ok, err := store.Lease(t.Context(), "hour", lane, time.Minute)
	if check(t, err); !ok || l.Open || l.Tries != 1 {
		t.Errorf("the next lease is %v, %+v", ok, l)
	}

	take := delivery.Take{Lane: &sessiontest.CardLane, TTL: time.Minute}
	take.Cards[connector.CardBoard] = true
	if _, err := alone.Look(t.Context(), "hour", take); session.KindOf(err) != session.Unavailable {
		t.Errorf("leased without a replica: %v", err)
	}
	w, err := store.Look(t.Context(), "hour", take)
	if check(t, err); len(w.Cards) != 1 || w.Cards[0].Open {
		t.Errorf("the next look is %+v", w.Cards)
	}
}
