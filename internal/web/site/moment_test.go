package site

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/session"
)

func TestOnceIsMadeOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, made := newMoment(t), atomic.Int32{}
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				n, err := Once(t.Context(), m, "n", time.Time{}, func(context.Context) (int32, error) {
					time.Sleep(time.Second)
					return made.Add(1), nil
				})
				if n != 1 || err != nil {
					t.Errorf("%d, %v", n, err)
				}
			})
		}
		wg.Wait()
	})
}

// TestPagesShareAPart: as many as the gate lets in make pages of one part, which asks for no place
// of its own, for they would wait for each other.
func TestPagesShareAPart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, made := newMoment(t), atomic.Int32{}
		var wg sync.WaitGroup
		for i := range rendering {
			wg.Go(func() {
				n, err := Once(t.Context(), m, strconv.Itoa(i), time.Time{}, func(ctx context.Context) (int32, error) {
					time.Sleep(time.Second) // until all are in
					return Part(ctx, m, "part", func(context.Context) (int32, error) { return made.Add(1), nil })
				})
				if n != 1 || err != nil {
					t.Errorf("%d, %v", n, err)
				}
			})
		}
		wg.Wait()
	})
}

// newMoment is one of a hub in the bubble of the test, which ends with it.
func newMoment(t *testing.T) *Moment {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	s := newSite(t, nil)
	s.Now = time.Now
	return s.NewHub(ctx, &source{}).moment("", nil)
}

// The work goes on when its first reader leaves: others wait for it.
func TestOnceSurvivesItsFirstReader(t *testing.T) {
	t.Parallel()
	m := newMoment(t)
	ctx, cancel := context.WithCancel(t.Context())
	n, err := Once(ctx, m, "n", time.Time{}, func(ctx context.Context) (int, error) {
		cancel()
		return 7, ctx.Err()
	})
	if err == nil && n != 7 || err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", n, err)
	}
	n, err = Once(t.Context(), m, "n", time.Time{}, func(context.Context) (int, error) { return 8, nil })
	if n != 7 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

func TestOnceRemembersWhatIsNotThereAndNoOtherError(t *testing.T) {
	t.Parallel()
	m := newMoment(t)
	for kind, want := range map[session.Kind]int{session.NotFound: 1, session.Unavailable: 3} {
		made := 0
		for range 3 {
			_, err := Once(t.Context(), m, string(rune(kind)), time.Time{}, func(context.Context) (int, error) {
				made++
				return 0, session.Fail(kind, "x")
			})
			if session.KindOf(err) != kind {
				t.Errorf("%v", err)
			}
		}
		if made != want {
			t.Errorf("%v was asked for %d times", kind, made)
		}
	}
}

func TestOnceUntil(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, made := newMoment(t), 0
		for range 3 {
			_, _ = Once(t.Context(), m, "n", time.Now().Add(time.Minute), func(context.Context) (int, error) { made++; return made, nil })
			time.Sleep(40 * time.Second)
		}
		if made != 2 {
			t.Errorf("made %d times", made)
		}
	})
}

type heavy int

func (h heavy) Size() int { return int(h) }

func TestAMomentKeepsSoMuch(t *testing.T) {
	t.Parallel()
	m := newMoment(t)
	for i := range 100 {
		_, _ = Once(t.Context(), m, strconv.Itoa(i), time.Time{}, func(context.Context) (heavy, error) { return kept / 10, nil })
	}
	if len(m.made) != 9 || len(m.old) != 9 || m.size > kept {
		t.Errorf("%d kept, %d bytes", len(m.made), m.size)
	}
}

// Beyond the gate a crowd is told when to come again, and the desk and those inside go on.
func TestGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(1, 1)
		leave, err := g.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		waited := make(chan error)
		go func() {
			leave, err := g.Enter(t.Context())
			if err == nil {
				leave()
			}
			waited <- err
		}()
		synctest.Wait()
		_, err = g.Enter(t.Context())
		if StatusOf(err) != 503 || errCrowd.RetryAfter <= 0 {
			t.Errorf("beyond: %v", err)
		}
		leave()
		if err := <-waited; err != nil {
			t.Errorf("who waited: %v", err)
		}
		if leave, err = g.Enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err = g.Enter(t.Context()); StatusOf(err) != 503 {
			t.Errorf("nobody leaves: %v", err)
		}
		leave()
	})
}

// While something is made anew its readers get what it was before; nobody waits.
func TestRecentDoesNotWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first := newMoment(t)
		get := func(m *Moment, value string) string {
			t.Helper()
			v, err := Recent(t.Context(), m, "n", time.Time{}, func(context.Context) (string, error) {
				time.Sleep(time.Second)
				return value, nil
			})
			if err != nil {
				t.Error(err)
			}
			return v
		}
		if v := get(first, "first"); v != "first" {
			t.Errorf("at the beginning: %q", v)
		}
		second := first.hub.moment("", first)
		for range 3 {
			if v := get(second, "second"); v != "first" {
				t.Errorf("while it is made: %q", v)
			}
		}
		time.Sleep(2 * time.Second)
		if v := get(second, "third"); v != "second" {
			t.Errorf("after that: %q", v)
		}
	})
}

// However often an hour changes, making takes a fifth of the time.
func TestMomentsLastAsLongAsTheirWorkAsks(t *testing.T) {
	t.Parallel()
	for spent, want := range map[time.Duration]time.Duration{0: holding, holding: restAfter * holding, time.Hour: mostHolds * holding} {
		synctest.Test(t, func(t *testing.T) {
			m := newMoment(t)
			m.spent = spent
			time.Sleep(want - 1)
			if m.over() {
				t.Errorf("after %v of work it is over too soon", spent)
			}
			time.Sleep(time.Nanosecond)
			if !m.over() {
				t.Errorf("after %v of work it lasts longer than %v", spent, want)
			}
		})
	}
}
