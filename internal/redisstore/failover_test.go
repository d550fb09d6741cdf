package redisstore_test

import (
	"fmt"
	"testing"
	"time"

	"experthour/internal/delivery"
	"experthour/internal/redisstore"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
	"experthour/internal/testenv"
)

// TestFailoverThatLosesAnIntent: a copy that was in line when its primary was lost may have been
// sent under an intent that the next primary never had. It is not sent as if it were new, unless
// all replicas had to confirm that intent; and what gets into line later is.
func TestFailoverThatLosesAnIntent(t *testing.T) {
	t.Parallel()
	for wait, want := range map[int]bool{0: true, 1: false} {
		t.Run(fmt.Sprint("wait for ", wait), func(t *testing.T) {
			t.Parallel()
			failsOver(t, wait, want)
		})
	}
}

var failingLane = session.Lane{Connector: "c", Place: "p"}

// inLine puts a copy of a question into the lane.
func inLine(s *sessiontest.Scene, q session.Question, key string) session.Question {
	c := s.Change(s.Stored(q, session.Approve, func(*session.Question) {}))
	c.Deliveries = []session.Delivery{{Question: q.Ref.Number, Copy: key, Connector: "c", Place: "p", Wanted: 1, Due: true}}
	return s.Commit(c)
}

func failsOver(t *testing.T, wait int, want bool) {
	primary := own(t, "--repl-diskless-sync-delay", "0")
	second := own(t, "--replicaof", "127.0.0.1", fmt.Sprint(primary.port))
	online(t, dial(t, primary.address()))
	opts := redisstore.Options{WaitReplicas: wait}
	before, after := redisstore.New(dial(t, primary.address()), opts), redisstore.New(dial(t, second.address()), opts)
	s := sessiontest.NewScene(t, before)
	q := inLine(s, s.Ask("a"), "x")
	at := dial(t, second.address())
	testenv.Until(t, "the replica has it", func() bool { return at.HExists(t.Context(), "eh:{hour}:d", "1|x|w").Val() })
	check(t, at.Do(t.Context(), "replicaof", "no", "one").Err())
	check(t, dial(t, primary.address()).Do(t.Context(), "replicaof", "127.0.0.1", fmt.Sprint(second.port)).Err())
	online(t, at)

	lease := func(name string, open bool) delivery.Lease {
		t.Helper()
		l, _, ok, err := after.Lease(t.Context(), "hour", failingLane, time.Minute)
		if check(t, err); !ok || l.Copy != name || l.Open != open || l.Lost != open || open && l.Intent != 1 {
			t.Fatalf("lease of %s, open %t: %t %+v", name, open, ok, l)
		}
		return l
	}
	l := lease("x", want)
	check(t, after.Defer(t.Context(), "hour", l.Finish, 0, delivery.Unknown))
	if want {
		l = lease("x", true) // until somebody has found out
		check(t, after.Defer(t.Context(), "hour", l.Finish, 0, delivery.Known))
		l = lease("x", false)
		c := s.Change()
		c.Finish, c.Deliveries = &l.Finish, []session.Delivery{{Question: 1, Copy: "x", Connector: "c", Place: "p", Wanted: 1}}
		s.Store = after
		check(t, after.Commit(t.Context(), c))
		inLine(s, q, "y")
		lease("y", false)
	}
}

// TestRestartIsNoFailover: a server that comes back with its own file has every intent that was
// confirmed, so nobody is asked.
func TestRestartIsNoFailover(t *testing.T) {
	t.Parallel()
	one := own(t, "--appendonly", "yes", "--appendfsync", "always", "--repl-diskless-sync-delay", "0")
	own(t, "--replicaof", "127.0.0.1", fmt.Sprint(one.port))
	c := dial(t, one.address())
	online(t, c)
	store := redisstore.New(dial(t, one.address()), redisstore.Options{})
	s := sessiontest.NewScene(t, store)
	inLine(s, s.Ask("a"), "x")
	one.kill()
	check(t, one.start())
	if l, _, ok, err := store.Lease(t.Context(), "hour", failingLane, time.Minute); err != nil || !ok || l.Open {
		t.Errorf("%v, %t: %+v", err, ok, l)
	}
}
