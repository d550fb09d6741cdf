package telegram

import (
	"context"
	"sync"
	"time"

	"experthour/internal/backoff"
)

// leaseName is one for every bot: two of them may poll at once.
func (t *Telegram) leaseName() string { return "telegram:poll:" + userKey(t.self) }

// whileHeld does something as long as this replica has the lease, again and again;
// without leases it just does it. Correctness is the mailbox's business: the lease
// only keeps replicas from ending each other's polls.
func (t *Telegram) whileHeld(ctx context.Context, do func(context.Context)) {
	if t.opts.Leases == nil {
		do(ctx)
		return
	}
	for ctx.Err() == nil {
		if until, held := t.hold(ctx); held {
			t.held(ctx, until, do)
		} else {
			backoff.Pause(ctx, t.waits.lease/5)
		}
	}
	t.yield(ctx)
}

// hold takes or renews the lease. It is trusted from before it was asked for.
func (t *Telegram) hold(ctx context.Context) (until time.Time, held bool) {
	until = time.Now().Add(t.waits.lease * 4 / 5)
	held, err := t.opts.Leases.Hold(ctx, t.leaseName(), t.opts.Owner, t.waits.lease)
	return until, held && err == nil
}

// held does something until the lease cannot be trusted any more.
func (t *Telegram) held(ctx context.Context, until time.Time, do func(context.Context)) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer cancel()
		t.renew(ctx, until)
	})
	do(ctx)
	cancel()
	wg.Wait()
}

// renew returns when the lease is lost or ctx ends.
func (t *Telegram) renew(ctx context.Context, until time.Time) {
	for backoff.Pause(ctx, t.waits.lease/4) {
		in, cancel := context.WithDeadline(ctx, until)
		next, held := t.hold(in)
		cancel()
		if held {
			until = next
		} else if !time.Now().Before(until) {
			return
		}
	}
}

// yield lets another replica begin at once.
func (t *Telegram) yield(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := t.opts.Leases.Yield(ctx, t.leaseName(), t.opts.Owner); err != nil {
		t.log.Info("telegram: the lease was not given back", "error", err)
	}
}
