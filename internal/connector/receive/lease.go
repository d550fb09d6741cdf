package receive

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
)

// tenure is what one replica alone does as long as it holds a lease. Nothing depends on
// it being one: what two replicas put is recognised by its key.
type tenure struct {
	leases connector.Leases
	name   string
	owner  string
	ttl    time.Duration
	log    *slog.Logger
}

// keep does something whenever the lease is held, until ctx ends. What it does ends
// when the lease is lost.
func (t tenure) keep(ctx context.Context, do func(context.Context)) {
	for ctx.Err() == nil {
		if until, held := t.hold(ctx); held {
			t.held(ctx, until, do)
		} else {
			backoff.Pause(ctx, t.ttl/5)
		}
	}
	t.yield(ctx)
}

// hold takes or renews the lease. It is trusted from before it was asked for.
func (t tenure) hold(ctx context.Context) (until time.Time, held bool) {
	until = time.Now().Add(t.ttl * 4 / 5)
	held, err := t.leases.Hold(ctx, t.name, t.owner, t.ttl)
	return until, held && err == nil
}

// held does something until the lease cannot be trusted any more.
func (t tenure) held(ctx context.Context, until time.Time, do func(context.Context)) {
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
func (t tenure) renew(ctx context.Context, until time.Time) {
	for backoff.Pause(ctx, t.ttl/4) {
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
func (t tenure) yield(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := t.leases.Yield(ctx, t.name, t.owner); err != nil {
		t.log.Info("the lease of who receives was not given back", "lease", t.name, "error", err)
	}
}
