package site

import (
	"context"
	"sync/atomic"
	"time"

	"experthour/internal/session"
)

// A Gate lets so many in at once; a few more wait for a moment, and whoever comes then is told
// to come again. So a crowd makes the work wait and not the memory grow.
type Gate struct {
	slots   chan struct{}
	waiting atomic.Int64
	most    int64
}

// The wait at a Gate: a page that takes longer has lost its reader.
const (
	gateWait  = 2 * time.Second
	gateAgain = 3 * time.Second
)

// NewGate lets atOnce in, and most wait.
func NewGate(atOnce, most int) *Gate {
	return &Gate{slots: make(chan struct{}, atOnce), most: int64(most)}
}

// Enter waits until there is room, and returns how one leaves; it is Unavailable, with the
// time to wait, when too many others wait or none of them leaves.
func (g *Gate) Enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.slots <- struct{}{}:
		return g.leave, nil
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.most {
		return nil, errCrowd
	}
	t := time.NewTimer(gateWait)
	defer t.Stop()
	select {
	case g.slots <- struct{}{}:
		return g.leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-t.C:
		return nil, errCrowd
	}
}

func (g *Gate) leave() { <-g.slots }

var errCrowd = &StatusError{RetryAfter: gateAgain, Err: session.Fail(session.Unavailable, "crowd")}
