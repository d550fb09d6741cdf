package connectortest

import (
	"cmp"
	"context"
	"slices"
	"strconv"
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

// Mailbox is a mailbox in memory. It waits by the clock of the test, so that it can
// be used with testing/synctest.
type Mailbox struct {
	shop
	last    int
	known   map[string]time.Time
	letters []*letter     // the oldest first
	dead    []time.Time   // when each was buried
	changed chan struct{} // closed, and made anew, with every letter
}

// letter is one that is there, and until when somebody has it in hand.
type letter struct {
	connector.Letter
	until time.Time
}

var _ connector.Mailbox = (*Mailbox)(nil)

// NewMailbox makes an empty one. All replicas of a test share it as it is.
func NewMailbox() *Mailbox {
	return &Mailbox{known: map[string]time.Time{}, changed: make(chan struct{})}
}

// Put is connector.Mailbox's.
func (m *Mailbox) Put(ctx context.Context, key string, raw []byte) (bool, error) {
	if len(raw) > connector.LongestLetter {
		return false, tooLong(connector.LongestLetter)
	}
	if err := m.lock(ctx); err != nil {
		return false, err
	}
	defer m.mu.Unlock()
	seen := m.known[key].After(m.now())
	m.known[key] = m.now().Add(connector.KeysFor)
	if seen {
		return false, nil
	}
	m.last++
	m.letters = append(m.letters, &letter{Letter: connector.Letter{ID: strconv.Itoa(m.last), Key: key, Raw: slices.Clone(raw)}})
	close(m.changed)
	m.changed = make(chan struct{})
	return true, nil
}

// Take is connector.Mailbox's.
func (m *Mailbox) Take(ctx context.Context, most int, wait time.Duration) ([]connector.Letter, error) {
	end := time.Now().Add(wait)
	for {
		ls, changed, free, err := m.take(ctx, max(most, 1))
		left := time.Until(end)
		if err != nil || len(ls) > 0 || left <= 0 {
			return ls, err
		}
		t := time.NewTimer(min(left, free))
		select {
		case <-ctx.Done():
		case <-changed:
		case <-t.C:
		}
		t.Stop()
	}
}

// take gives what is there, and what to wait for when that is nothing: a change, or
// the time after which a held letter is free.
func (m *Mailbox) take(ctx context.Context, most int) ([]connector.Letter, <-chan struct{}, time.Duration, error) {
	if err := m.lock(ctx); err != nil {
		return nil, nil, 0, err
	}
	defer m.mu.Unlock()
	now, free := m.now(), time.Hour
	var over, fresh []*letter
	for _, l := range m.letters {
		switch {
		case l.Tries == 0:
			fresh = append(fresh, l)
		case !l.until.After(now):
			over = append(over, l)
		default:
			free = min(free, l.until.Sub(now))
		}
	}
	all := append(over, fresh...)
	var ls []connector.Letter
	for _, l := range all[:min(most, len(all))] {
		l.Tries++
		l.until = now.Add(connector.LetterFor)
		ls = append(ls, l.Letter)
	}
	return ls, m.changed, free, nil
}

// Handled is connector.Mailbox's.
func (m *Mailbox) Handled(ctx context.Context, l connector.Letter) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	m.drop(l)
	m.known[l.Key] = m.now().Add(connector.KeysFor)
	return nil
}

// drop takes a letter out, if it is there.
func (m *Mailbox) drop(l connector.Letter) bool {
	i := slices.IndexFunc(m.letters, func(o *letter) bool { return o.ID == l.ID })
	if i < 0 {
		return false
	}
	m.letters = slices.Delete(m.letters, i, i+1)
	return true
}

// Bury is connector.Mailbox's.
func (m *Mailbox) Bury(ctx context.Context, l connector.Letter, _ string) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if m.drop(l) {
		m.dead = append(m.dead, m.now())
	}
	return nil
}

// Dead is connector.Mailbox's.
func (m *Mailbox) Dead(ctx context.Context) (int, error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	since := m.now().Add(-connector.DeadFor)
	m.dead = slices.DeleteFunc(m.dead, func(at time.Time) bool { return !at.After(since) })
	return min(len(m.dead), connector.MostDead), nil
}

// Left counts the letters that are there, in hand or not.
func (m *Mailbox) Left() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.letters)
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
