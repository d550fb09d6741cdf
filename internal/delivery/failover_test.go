package delivery_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector/connectortest"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// changedOver is an outbox whose store may have lost an intent of every copy.
type changedOver struct {
	delivery.Outbox
	seen sync.Map // copies that were in hand
}

// Lease says of the first attempt at a copy that one before it may be missing.
func (c *changedOver) Lease(ctx context.Context, id session.ID, l session.Lane,
	ttl time.Duration) (delivery.Lease, time.Duration, bool, error) {
	lease, wait, ok, err := c.Outbox.Lease(ctx, id, l, ttl)
	if _, again := c.seen.LoadOrStore(lease.Copy, true); ok && !again && lease.Wanted != 0 {
		lease.Open, lease.Lost, lease.Intent, lease.Since = true, true, lease.Wanted, time.Time{}
	}
	return lease, wait, ok, err
}

// TestAfterAFailover: what may have been sent under an intent that a failover lost is looked for
// where that can be done, with or without a key, and else a person is asked, who reads why.
func TestAfterAFailover(t *testing.T) {
	begin := func(s *scene) {
		s.outbox = &changedOver{Outbox: s.store}
		s.schedule(0, 2*time.Hour)
		s.session(session.StartSession{})
	}
	t.Run("blind", func(t *testing.T) {
		stage(t, connectortest.NewPlatform, begin, func(s *scene) {
			n := s.ask("1")
			s.approve(n)
			s.after(10 * time.Minute)
			s.want(0, 0)
			s.problem(n, session.Unsure)
			if why := s.copy(n).Detail; !strings.Contains(why, "Redis changed over") {
				t.Errorf("the desk says %q", why)
			}
			if !strings.Contains(s.log.String(), "redis changed over") {
				t.Errorf("the log says %s", &s.log)
			}
			s.decide(n, session.SendAgain)
			s.after(time.Minute)
			s.want(1, 1)
		})
	})
	t.Run("readable", func(t *testing.T) {
		stage(t, connectortest.NewReadable, begin, func(s *scene) {
			n := s.ask("1")
			s.approve(n)
			s.after(10 * time.Minute)
			s.want(1, 1)
			s.problem(n, session.NoProblem)
			if first := s.there.Calls()[0].Op; first != connectortest.OpFind {
				t.Errorf("the first request is %s", first)
			}
		})
	})
}
