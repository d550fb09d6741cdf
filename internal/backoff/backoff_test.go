package backoff_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/backoff"
)

var (
	errAway  = errors.New("away")
	errWrong = errors.New("wrong")
)

func isAway(err error) bool { return errors.Is(err, errAway) }

// TestInsist: pauses double up to the longest, and an error of another kind ends it.
func TestInsist(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var at []time.Duration
		err := backoff.Insist(t.Context(), time.Second, 3*time.Second, isAway, func() error {
			at = append(at, time.Since(begin))
			if len(at) == 5 {
				return errWrong
			}
			return errAway
		})
		if want := []time.Duration{0, time.Second, 3 * time.Second, 6 * time.Second, 9 * time.Second}; !slices.Equal(at, want) ||
			err != errWrong {
			t.Errorf("tried at %v, want %v; %v", at, want, err)
		}
	})
}

// TestInsistEnds: the last error is not lost when the time is over.
func TestInsistEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err := backoff.Insist(ctx, time.Second, time.Hour, isAway, func() error { return errAway })
		if !errors.Is(err, errAway) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}
