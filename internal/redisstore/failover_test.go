package redisstore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector"
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

// pair is a primary with a replica. promote makes that the primary, once it has everything.
func pair(t *testing.T, wait int) (before *redisstore.Store, promote func() *redisstore.Store) {
	t.Helper()
	primary := own(t, "--repl-diskless-sync-delay", "0")
	second := own(t, "--replicaof", "127.0.0.1", fmt.Sprint(primary.port))
	online(t, dial(t, primary.address()))
	opts := redisstore.Options{WaitReplicas: wait}
	return redisstore.New(dial(t, primary.address()), opts), func() *redisstore.Store {
		t.Helper()
		at, from := dial(t, second.address()), dial(t, primary.address())
		testenv.Until(t, "the replica has it", func() bool { return offset(t, at) == offset(t, from) })
		check(t, at.Do(t.Context(), "replicaof", "no", "one").Err())
		check(t, from.Do(t.Context(), "replicaof", "127.0.0.1", fmt.Sprint(second.port)).Err())
		online(t, at)
		return redisstore.New(dial(t, second.address()), opts)
	}
}

func failsOver(t *testing.T, wait int, want bool) {
	before, promote := pair(t, wait)
	s := sessiontest.NewScene(t, before)
	q := inLine(s, s.Ask("a"), "x")
	after := promote()

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

// offset is how much of what was written a server has.
func offset(t *testing.T, c redis.UniversalClient) string {
	t.Helper()
	info, err := c.Info(t.Context(), "replication").Result()
	check(t, err)
	_, rest, _ := strings.Cut(info, "master_repl_offset:")
	at, _, _ := strings.Cut(rest, "\r\n")
	return at
}

// TestFailoverThatLosesWhatWasPosted: a card and a call that were in line when their primary was lost
// may have been posted, too, and the board.
func TestFailoverThatLosesWhatWasPosted(t *testing.T) {
	t.Parallel()
	for wait, want := range map[int]bool{0: true, 1: false} {
		t.Run(fmt.Sprint("wait for ", wait), func(t *testing.T) {
			t.Parallel()
			before, promote := pair(t, wait)
			s := sessiontest.NewScene(t, before)
			carded(s, "a")
			carded(s, "b")
			draws(t, before, connector.CardBoard, false, 0, delivery.Drawing{At: "board"})
			draws(t, before, connector.CardNew, false, 1, delivery.Drawing{At: "m1", Call: 1})
			after := promote()
			if l := look(t, after, -1).Call; l == nil || l.Open != want {
				t.Errorf("the call: %+v", l)
			}
			draws(t, after, connector.CardNew, want, 2, delivery.Drawing{At: "m2"})
			s.Store = after
			carded(s, "c")
			draws(t, after, connector.CardNew, false, 3, delivery.Drawing{At: "m3"})
		})
	}
}

// carded asks a question that has a card.
func carded(s *sessiontest.Scene, key string) {
	n := s.New(key)
	n.Cards = &sessiontest.CardLane
	_, _, err := s.Store.Add(s.T.Context(), n)
	check(s.T, err)
}

// look takes what there is of a class, or a call for -1.
func look(t *testing.T, store *redisstore.Store, class int) delivery.Work {
	t.Helper()
	take := delivery.Take{Lane: &sessiontest.CardLane, TTL: time.Minute, Calls: class < 0}
	if class >= 0 {
		take.Cards[class] = true
	}
	w, err := store.Look(t.Context(), "hour", take)
	check(t, err)
	return w
}

// draws leases a card, which may have been posted if it is open, and draws it.
func draws(t *testing.T, store *redisstore.Store, class connector.CardClass, open bool, n int, d delivery.Drawing) {
	t.Helper()
	w := look(t, store, int(class))
	if len(w.Cards) != 1 || w.Cards[0].Open != open || w.Cards[0].Cards[0].Number != n {
		t.Fatalf("card %d, open %t: %+v", n, open, w.Cards)
	}
	if open && (w.Cards[0].Since.IsZero() || time.Since(w.Cards[0].Since) < time.Hour) {
		t.Errorf("card %d may be posted since %s", n, w.Cards[0].Since)
	}
	_, err := store.Drawn(t.Context(), "hour", w.Cards[0], map[int]delivery.Drawing{n: d})
	check(t, err)
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
