package connectortest

import (
	"cmp"
	"context"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// shop is what the fakes of things that replicas share have in common: a lock, a
// clock that can be put forward, and a way to be away.
type shop struct {
	mu     sync.Mutex
	ahead  time.Duration
	broken error
}

// Pass puts the clock forward.
func (s *shop) Pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
}

// Break makes every call fail with Unavailable because of err, as a store does that
// is away; nil mends it.
func (s *shop) Break(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = err
}

func (s *shop) now() time.Time { return time.Now().Add(s.ahead) }

// lock is undone by the caller when err is nil.
func (s *shop) lock(ctx context.Context) error {
	s.mu.Lock()
	err := cmp.Or(ctx.Err(), s.broken)
	if err == nil {
		return nil
	}
	s.mu.Unlock()
	return session.Fail(session.Unavailable, "unavailable").Because(err)
}

func tooLong(limit int) error {
	return session.Fail(session.Invalid, "too_long_to_keep", "limit", limit>>10)
}

// kept is something that ends.
type kept struct {
	value string
	until time.Time
}

// Memory keeps small things in memory.
type Memory struct {
	shop
	values map[string]kept
}

var _ connector.Memory = (*Memory)(nil)

// NewMemory makes an empty one.
func NewMemory() *Memory { return &Memory{values: map[string]kept{}} }

// Keep is connector.Memory's.
func (m *Memory) Keep(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if len(value) > connector.LongestMemo {
		return tooLong(connector.LongestMemo)
	}
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	m.values[key] = kept{string(value), m.now().Add(min(ttl, connector.MemoFor))}
	return nil
}

// Recall is connector.Memory's.
func (m *Memory) Recall(ctx context.Context, key string) ([]byte, bool, error) {
	if err := m.lock(ctx); err != nil {
		return nil, false, err
	}
	defer m.mu.Unlock()
	v, ok := m.values[key]
	if !ok || !v.until.After(m.now()) {
		return nil, false, nil
	}
	return []byte(v.value), true, nil
}

// Forget is connector.Memory's.
func (m *Memory) Forget(ctx context.Context, key string) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	delete(m.values, key)
	return nil
}

// Leases are leases in memory.
type Leases struct {
	shop
	held map[string]kept
}

var _ connector.Leases = (*Leases)(nil)

// NewLeases makes some that nobody holds.
func NewLeases() *Leases { return &Leases{held: map[string]kept{}} }

// Hold is connector.Leases'.
func (l *Leases) Hold(ctx context.Context, name, owner string, ttl time.Duration) (bool, error) {
	if err := l.lock(ctx); err != nil {
		return false, err
	}
	defer l.mu.Unlock()
	if h := l.held[name]; h.value != owner && h.until.After(l.now()) {
		return false, nil
	}
	l.held[name] = kept{owner, l.now().Add(ttl)}
	return true, nil
}

// Yield is connector.Leases'.
func (l *Leases) Yield(ctx context.Context, name, owner string) error {
	if err := l.lock(ctx); err != nil {
		return err
	}
	defer l.mu.Unlock()
	if l.held[name].value == owner {
		delete(l.held, name)
	}
	return nil
}
