package connectortest

import (
	"bytes"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"experthour/internal/connector"
)

// RunMemory checks everything that the comments of connector.Memory promise.
func RunMemory(t *testing.T, fresh func(t *testing.T) Shared[connector.Memory]) {
	for name, test := range map[string]func(shelf, *testing.T){
		"keep": shelf.keep, "for a while": shelf.forAWhile, "never for long": shelf.neverForLong, "limits": shelf.limits,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(shelf{fresh(t)}, t)
		})
	}
}

type shelf struct{ Shared[connector.Memory] }

func (s shelf) kept(t *testing.T, key, value string, ttl time.Duration) {
	t.Helper()
	noError(t, s.A.Keep(t.Context(), key, []byte(value), ttl))
}

func (s shelf) recall(t *testing.T, key, want string, there bool) {
	t.Helper()
	v, ok, err := s.B.Recall(t.Context(), key)
	if err != nil || ok != there || string(v) != want {
		t.Errorf("%s is %q, %v, %v; want %q, %v", key, v, ok, err, want, there)
	}
}

func (s shelf) keep(t *testing.T) {
	s.recall(t, "a", "", false)
	s.kept(t, "a", "one", time.Hour)
	s.kept(t, "a:b c/{d}", "\x00two\n", time.Hour)
	s.kept(t, "", "", time.Hour)
	s.recall(t, "a", "one", true)
	s.recall(t, "a:b c/{d}", "\x00two\n", true)
	s.recall(t, "", "", true)
	s.kept(t, "a", "three", time.Hour)
	s.recall(t, "a", "three", true)
	for range 2 {
		noError(t, s.A.Forget(t.Context(), "a"))
		s.recall(t, "a", "", false)
	}
}

func (s shelf) forAWhile(t *testing.T) {
	s.kept(t, "short", "x", time.Minute)
	s.kept(t, "long", "y", time.Hour)
	s.Pass(50 * time.Second)
	s.recall(t, "short", "x", true)
	s.Pass(11 * time.Second)
	s.recall(t, "short", "", false)
	s.recall(t, "long", "y", true)
	s.kept(t, "long", "", 0)
	s.recall(t, "long", "", false)
}

func (s shelf) neverForLong(t *testing.T) {
	s.kept(t, "a", "x", 100*connector.MemoFor)
	s.Pass(connector.MemoFor - time.Minute)
	s.recall(t, "a", "x", true)
	s.Pass(2 * time.Minute)
	s.recall(t, "a", "", false)
}

func (s shelf) limits(t *testing.T) {
	long := bytes.Repeat([]byte("x"), connector.LongestMemo+1)
	isTooLong(t, s.A.Keep(t.Context(), "a", long, time.Hour), 64)
	s.recall(t, "a", "", false)
	long = long[1:]
	s.kept(t, "a", string(long), time.Hour)
	s.recall(t, "a", string(long), true)
}

// RunLeases checks everything that the comments of connector.Leases promise.
func RunLeases(t *testing.T, fresh func(t *testing.T) Shared[connector.Leases]) {
	for name, test := range map[string]func(rota, *testing.T){
		"hold": rota.hold, "ends": rota.ends, "yield": rota.yield, "race": rota.race,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(rota{fresh(t)}, t)
		})
	}
}

type rota struct{ Shared[connector.Leases] }

func (r rota) holds(t *testing.T, l connector.Leases, name, owner string, want bool) {
	t.Helper()
	if held, err := l.Hold(t.Context(), name, owner, time.Minute); err != nil || held != want {
		t.Errorf("%s holds %s: %v, %v; want %v", owner, name, held, err, want)
	}
}

func (r rota) hold(t *testing.T) {
	r.holds(t, r.A, "x", "one", true)
	r.holds(t, r.B, "x", "two", false)
	r.holds(t, r.A, "x", "one", true)
	r.holds(t, r.B, "x:{y}", "two", true)
}

func (r rota) ends(t *testing.T) {
	r.holds(t, r.A, "x", "one", true)
	r.Pass(50 * time.Second)
	r.holds(t, r.A, "x", "one", true) // renewed
	r.Pass(50 * time.Second)
	r.holds(t, r.B, "x", "two", false)
	r.Pass(11 * time.Second)
	r.holds(t, r.B, "x", "two", true)
	r.holds(t, r.A, "x", "one", false)
}

func (r rota) yield(t *testing.T) {
	noError(t, r.A.Yield(t.Context(), "x", "one"))
	r.holds(t, r.A, "x", "one", true)
	noError(t, r.B.Yield(t.Context(), "x", "two"))
	r.holds(t, r.B, "x", "two", false)
	for range 2 {
		noError(t, r.A.Yield(t.Context(), "x", "one"))
	}
	r.holds(t, r.B, "x", "two", true)
}

// race lets many want it at one moment.
func (r rota) race(t *testing.T) {
	var won atomic.Int32
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range 8 {
		l := []connector.Leases{r.A, r.B}[i%2]
		wg.Go(func() {
			<-start
			held, err := l.Hold(t.Context(), "x", string(rune('a'+i)), time.Minute)
			if err != nil {
				t.Error(err)
			}
			if held {
				won.Add(1)
			}
		})
	}
	close(start)
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d have it", won.Load())
	}
}
