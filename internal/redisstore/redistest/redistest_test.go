package redistest_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// expires checks that a memo of a minute is gone a minute later, and not before.
func expires(t *testing.T, s *redistest.Store, pass func(time.Duration)) {
	t.Helper()
	m := s.Memory("tg")
	if err := m.Keep(t.Context(), "k", []byte("v"), time.Minute); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		pass(31 * time.Second)
		if _, there, err := m.Recall(t.Context(), "k"); there != want || err != nil {
			t.Errorf("there: %v, want %v; %v", there, want, err)
		}
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	expires(t, redistest.New(t, func() time.Time { return now }), func(d time.Duration) { now = now.Add(d) })
}

func TestClockOfABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { expires(t, redistest.New(t, time.Now), time.Sleep) })
}

// TestBreak: everything fails while the store is away, single commands and pipelines
// alike, and goes on as it was afterwards.
func TestBreak(t *testing.T) {
	t.Parallel()
	s := redistest.New(t, time.Now)
	away := errors.New("away")
	for _, broken := range []error{nil, away, nil} {
		s.Break(broken)
		want := session.NotFound
		if broken != nil {
			want = session.Unavailable
		}
		_, single := s.Session(t.Context(), "none")
		_, pipeline := s.Heads(t.Context(), "none")
		if session.KindOf(single) != want || session.KindOf(pipeline) != want {
			t.Errorf("broken by %v: %v, %v", broken, single, pipeline)
		}
	}
}
