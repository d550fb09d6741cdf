package connectortest

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// RunVault checks everything that the comments of connector.Vault promise.
func RunVault(t *testing.T, fresh func(t *testing.T) Shared[connector.Vault]) {
	for name, test := range map[string]func(strongroom, *testing.T){
		"empty": strongroom.empty, "in turn": strongroom.inTurn, "race": strongroom.race, "any bytes": strongroom.anyBytes,
		"too long": strongroom.tooLong, "kept": strongroom.kept, "ended": strongroom.ended,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(strongroom{fresh(t)}, t)
		})
	}
}

type strongroom struct{ Shared[connector.Vault] }

// holds wants a value and its version in both replicas.
func (s strongroom) holds(t *testing.T, value string, version int64) {
	t.Helper()
	for name, v := range map[string]connector.Vault{"A": s.A, "B": s.B} {
		if got, n, err := v.Load(t.Context()); err != nil || string(got) != value || n != version {
			t.Errorf("%s: %q of version %d, %v; want %q of %d", name, got, n, err, value, version)
		}
	}
}

func swap(t *testing.T, v connector.Vault, version int64, value string, want bool) {
	t.Helper()
	if done, err := v.Swap(t.Context(), version, []byte(value)); err != nil || done != want {
		t.Errorf("swap of version %d: done %v, %v; want %v", version, done, err, want)
	}
}

func (s strongroom) empty(t *testing.T) {
	s.holds(t, "", 0)
	swap(t, s.A, 1, "a", false)
	s.holds(t, "", 0)
}

func (s strongroom) inTurn(t *testing.T) {
	swap(t, s.A, 0, "a", true)
	swap(t, s.B, 0, "b", false)
	s.holds(t, "a", 1)
	swap(t, s.B, 1, "b", true)
	swap(t, s.A, 1, "a", false)
	swap(t, s.A, 0, "b", false)
	swap(t, s.A, 3, "b", false)
	s.holds(t, "b", 2)
}

// race: of all who saw the same version one is first.
func (s strongroom) race(t *testing.T) {
	var done atomic.Int32
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			v := s.A
			if i%2 == 1 {
				v = s.B
			}
			if ok, err := v.Swap(t.Context(), 0, []byte{byte(i)}); err != nil {
				t.Error(err)
			} else if ok {
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if _, version, err := s.A.Load(t.Context()); done.Load() != 1 || version != 1 || err != nil {
		t.Errorf("%d were first, version %d, %v", done.Load(), version, err)
	}
}

func (s strongroom) anyBytes(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	swap(t, s.A, 0, string(all), true)
	s.holds(t, string(all), 1)
	swap(t, s.A, 1, "", true)
	s.holds(t, "", 2)
}

func (s strongroom) tooLong(t *testing.T) {
	_, err := s.A.Swap(t.Context(), 0, bytes.Repeat([]byte("x"), connector.LongestSecret+1))
	if session.KindOf(err) != session.Invalid {
		t.Errorf("too long: %v", err)
	}
	swap(t, s.A, 0, string(bytes.Repeat([]byte("x"), connector.LongestSecret-100)), true)
}

// kept: as long as somebody looks, and over the longest rest.
func (s strongroom) kept(t *testing.T) {
	swap(t, s.A, 0, "a", true)
	for range 3 {
		s.Pass(connector.VaultFor - time.Hour)
		s.holds(t, "a", 1)
	}
}

func (s strongroom) ended(t *testing.T) {
	swap(t, s.A, 0, "a", true)
	s.Pass(connector.VaultFor + time.Hour)
	s.holds(t, "", 0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.A.Load(ctx); session.KindOf(err) != session.Unavailable {
		t.Errorf("after the end of ctx: %v", err)
	}
	if _, err := s.A.Swap(ctx, 0, nil); session.KindOf(err) != session.Unavailable {
		t.Errorf("after the end of ctx: %v", err)
	}
}
