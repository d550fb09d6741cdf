package receive

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
)

// Tenure is what one replica alone does as long as it holds a lease. Nothing depends on
// it being one: what two replicas put is recognised by its key.
type Tenure struct {
	Leases connector.Leases // nil is a program without replicas
	Name   string           // of the lease
	Owner  string           // a random name of the replica
	TTL    time.Duration    // how long a replica that was killed keeps the others waiting
	Log    *slog.Logger
}

// Keep does something whenever the lease is held, until ctx ends. What it does ends
// when the lease is lost.
func (t Tenure) Keep(ctx context.Context, do func(context.Context)) {
	if t.Leases == nil {
		do(ctx)
		return
	}
	for ctx.Err() == nil {
		if until, held := t.hold(ctx); held {
			t.held(ctx, until, do)
		} else {
			backoff.Pause(ctx, t.TTL/5)
		}
	}
	t.yield(ctx)
}

// hold takes or renews the lease. It is trusted from before it was asked for.
func (t Tenure) hold(ctx context.Context) (until time.Time, held bool) {
	until = time.Now().Add(t.TTL * 4 / 5)
	held, err := t.Leases.Hold(ctx, t.Name, t.Owner, t.TTL)
	return until, held && err == nil
}

// held does something until the lease cannot be trusted any more.
func (t Tenure) held(ctx context.Context, until time.Time, do func(context.Context)) {
	ctx, cancel := context.WithCancel(ctx)
	var renewal sync.WaitGroup
	renewal.Go(func() {
		defer cancel()
		t.renew(ctx, until)
	})
	do(ctx)
	cancel()
	renewal.Wait()
}

// renew returns when the lease is lost or ctx ends.
func (t Tenure) renew(ctx context.Context, until time.Time) {
	for backoff.Pause(ctx, t.TTL/4) {
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
func (t Tenure) yield(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := t.Leases.Yield(ctx, t.Name, t.Owner); err != nil {
		t.Log.Info("the lease of who receives was not given back", "lease", t.Name, "error", err)
	}
}
