package sessiontest

import (
	"context"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// budget is when its last calls were, the oldest first, and until when it is held.
type budget struct {
	calls []time.Time
	held  time.Time
}

func (m *Memory) budget(c session.ConnectorID, name string) *budget {
	k := budgetKey{c, name}
	if m.budgets[k] == nil {
		m.budgets[k] = &budget{}
	}
	return m.budgets[k]
}

type budgetKey struct {
	connector session.ConnectorID
	name      string
}

// Token is delivery.Outbox's.
func (m *Memory) Token(ctx context.Context, c session.ConnectorID, bs ...connector.Budget) (time.Duration, error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	now, wait := m.now(), time.Duration(0)
	for _, b := range bs {
		wait = max(wait, m.budget(c, b.Name).wait(now, max(b.Rate.Most, 1), b.Rate.Per))
	}
	if wait > 0 {
		return wait, nil
	}
	for _, b := range bs {
		kept := m.budget(c, b.Name)
		kept.calls = append(kept.calls, now)
		kept.calls = kept.calls[max(len(kept.calls)-max(b.Rate.Most, 1), 0):]
	}
	return 0, nil
}

func (b *budget) wait(now time.Time, most int, per time.Duration) time.Duration {
	until := b.held
	if n := len(b.calls); n >= most && b.calls[n-most].Add(per).After(until) {
		until = b.calls[n-most].Add(per)
	}
	return max(until.Sub(now), 0)
}

// Hold is delivery.Outbox's.
func (m *Memory) Hold(ctx context.Context, c session.ConnectorID, name string, wait time.Duration) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if b, until := m.budget(c, name), m.now().Add(wait); until.After(b.held) {
		b.held = until
	}
	return nil
}
