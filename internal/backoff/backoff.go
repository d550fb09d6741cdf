// Package backoff waits, and tries again after pauses that grow. It must not know what is
// tried.
package backoff

import (
	"context"
	"errors"
	"time"
)

// Pause waits, and reports whether ctx is still there afterwards.
func Pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// Insist does something again as long as again says so of its error. The pauses grow from
// first to longest. The last error is joined with that of ctx, if that ended it.
func Insist(ctx context.Context, first, longest time.Duration, again func(error) bool, do func() error) error {
	for wait := first; ; wait = min(2*wait, longest) {
		err := do()
		if err == nil || !again(err) {
			return err
		}
		if !Pause(ctx, wait) {
			return errors.Join(err, ctx.Err())
		}
	}
}
