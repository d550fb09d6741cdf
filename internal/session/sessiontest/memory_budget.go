package sessiontest

import (
	"context"
	"time"
)

// budget is when its last calls were, the oldest first, and until when it is held.
type budget struct {
	calls []time.Time
	held  time.Time
}

func (m *Memory) budget(name string) *budget {
	if m.budgets[name] == nil {
		m.budgets[name] = &budget{}
	}
	return m.budgets[name]
}

// Token is delivery.Outbox's.
func (m *Memory) Token(ctx context.Context, name string, most int, per time.Duration) (time.Duration, error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	b, now := m.budget(name), m.now()
	if wait := b.wait(now, max(most, 1), per); wait > 0 {
		return wait, nil
	}
	b.calls = append(b.calls, now)
	b.calls = b.calls[max(len(b.calls)-max(most, 1), 0):]
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
func (m *Memory) Hold(ctx context.Context, name string, wait time.Duration) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if b, until := m.budget(name), m.now().Add(wait); until.After(b.held) {
		b.held = until
	}
	return nil
}
