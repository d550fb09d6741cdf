package learn_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/learn"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// careful is what a platform is assumed to take: letters that it may say more of, and bytes
// that are what they are.
var careful = connector.Limits{Longest: connector.Longest{
	{Unit: session.Graphemes, Most: 300, Link: 23, Assumed: true}, {Unit: session.Bytes, Most: 3000}}}

// replica is one of several that ask a platform.
type replica struct {
	*connectortest.Learning
	*connector.Registry
	learn.Keeper
}

// replicas make two that share a store, of a platform that says something at first.
func replicas(t *testing.T, says connector.Facts, err error, test func(t *testing.T, a, b replica, store *redistest.Store)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := redistest.New(t, time.Now)
		var running sync.WaitGroup
		ctx, stop := context.WithCancel(t.Context())
		defer running.Wait()
		defer stop()
		fresh := func(owner string) replica {
			r := replica{Learning: connectortest.NewLearning("fedi", careful)}
			r.Says(says, err)
			var err error
			if r.Registry, err = connector.NewRegistry(r.Learning); err != nil {
				t.Fatal(err)
			}
			r.Keeper = learn.Keeper{Registry: r.Registry, Memory: store.Memory, Leases: store.Leases(), Owner: owner,
				Now: time.Now, Log: slog.New(slog.DiscardHandler)}
			return r
		}
		a, b := fresh("a"), fresh("b")
		for _, r := range []replica{a, b} {
			running.Go(func() { _ = r.Run(ctx) })
		}
		test(t, a, b, store)
	})
}

// wants checks what both replicas take for the first limit.
func wants(t *testing.T, most int, assumed bool, rs ...replica) {
	t.Helper()
	for _, r := range rs {
		l, _ := r.Registry.Limits("fedi")
		if got := l.Longest[0]; got.Most != most || got.Assumed != assumed || l.Longest[1].Most != 3000 {
			t.Errorf("%s: %+v, want %d (assumed %v)", r.Owner, l.Longest, most, assumed)
		}
	}
}

func after(d time.Duration) {
	time.Sleep(d) // of the bubble
	synctest.Wait()
}

// TestOneAsksAllKnow: one replica asks at once and then hourly, and the other knows it soon.
func TestOneAsksAllKnow(t *testing.T) {
	replicas(t, connector.Facts{Most: 500}, nil, func(t *testing.T, a, b replica, _ *redistest.Store) {
		after(learn.Look + time.Second)
		wants(t, 500, false, a, b)
		if n := a.Asked() + b.Asked(); n != 1 {
			t.Errorf("asked %d times", n)
		}
		for _, r := range []replica{a, b} {
			r.Says(connector.Facts{Most: 5000}, nil)
		}
		after(learn.Every / 2)
		wants(t, 500, false, a, b)
		after(learn.Every/2 + 2*learn.Look)
		wants(t, 5000, false, a, b)
		if n := a.Asked() + b.Asked(); n != 2 {
			t.Errorf("asked %d times", n)
		}
	})
}

// TestUntilItIsLearnt: what cannot be learnt is assumed, and what was learnt stays when
// the platform goes away or says nonsense.
func TestUntilItIsLearnt(t *testing.T) {
	replicas(t, connector.Facts{}, errors.New("away"), func(t *testing.T, a, b replica, store *redistest.Store) {
		all := func(f connector.Facts, err error) { a.Says(f, err); b.Says(f, err) }
		wants(t, 300, true, a, b)
		after(10 * time.Minute)
		wants(t, 300, true, a, b)
		if n := a.Asked() + b.Asked(); n < 5 || n > 25 {
			t.Errorf("asked %d times in ten minutes", n)
		}
		all(connector.Facts{Most: 0}, nil)
		after(10 * time.Minute)
		wants(t, 300, true, a, b)
		store.Break(errors.New("away"))
		all(connector.Facts{Most: 500}, nil)
		after(10 * time.Minute)
		wants(t, 300, true, a, b) // not learnt by one alone
		store.Break(nil)
		after(2 * time.Minute)
		wants(t, 500, false, a, b)
		all(connector.Facts{}, errors.New("away"))
		after(3 * time.Hour)
		wants(t, 500, false, a, b)
	})
}

// TestRecall: a process that only looks has what the others learnt.
func TestRecall(t *testing.T) {
	replicas(t, connector.Facts{Most: 500}, nil, func(t *testing.T, a, _ replica, _ *redistest.Store) {
		after(time.Minute)
		r, err := connector.NewRegistry(connectortest.NewLearning("fedi", careful))
		if err != nil {
			t.Fatal(err)
		}
		late := replica{Registry: r, Keeper: a.Keeper}
		late.Keeper.Registry = r
		wants(t, 300, true, late)
		late.Recall(t.Context())
		wants(t, 500, false, late)
	})
}
