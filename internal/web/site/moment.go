package site

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"experthour/internal/session"
)

// A Moment is an hour between two changes that its readers can see. What is made of it is made
// once and shared by all who want it; with the next change all of that is forgotten: at once when
// it is a change of the hour itself, and after Hold when it is one of a question.
type Moment struct {
	// After names the last change that the Moment knows: live events begin behind it.
	After string

	hub    *Hub
	began  time.Time
	before *Moment // what Recent gives meanwhile

	mu    sync.Mutex
	made  map[string]*made
	old   []string // names in the order of their making, the oldest first
	size  int
	spent time.Duration // on making
}

// kept bounds what one Moment keeps, in bytes: the list pages of 5,000 questions take about 3 MB in one
// order and language.
const kept = 8 << 20

// unsized is how much a value counts for that says nothing of its size.
const unsized = 1 << 10

// made is something that was made or is being made; its fields stand once done is closed.
type made struct {
	done  chan struct{}
	value any
	err   error
	until time.Time // zero: as long as the Moment
	old   any       // what it was before, or nil; it never changes
}

var errNotMade = errors.New("making it failed")

func (h *Hub) moment(after string, before *Moment) *Moment {
	if before != nil {
		before.mu.Lock()
		before.before = nil
		before.mu.Unlock()
	}
	return &Moment{After: after, hub: h, began: time.Now(), before: before, made: map[string]*made{}}
}

// Making takes at most a fifth of the time, however often an hour changes, and an hour is shown
// as it was so many times Hold ago at most.
const (
	restAfter = 4
	mostHolds = 10
)

// over reports whether a Moment may be followed by another one.
func (m *Moment) over() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	hold := m.hub.Hold
	return time.Since(m.began) >= min(max(hold, restAfter*m.spent), mostHolds*hold)
}

// Once returns what render makes of a Moment under a name, which it is asked for once for all who
// come before until; the zero time is as long as the Moment lasts. That something is not there
// is remembered as well, other errors are for those who waited. The work goes on when the first
// one who asked for it leaves, and it is bounded by the gate of the hub.
func Once[T any](ctx context.Context, m *Moment, name string, until time.Time, render func(context.Context) (T, error)) (T, error) {
	e, mine := m.entry(name, until)
	if mine {
		m.run(ctx, name, e, func(ctx context.Context) (any, error) { return render(ctx) })
	}
	return await[T](ctx, e)
}

// Recent is Once for readers to whom it does not matter if it was so a moment ago: while it is
// made anew they get what it was before.
func Recent[T any](ctx context.Context, m *Moment, name string, until time.Time, render func(context.Context) (T, error)) (T, error) {
	e, mine := m.entry(name, until)
	work := func(ctx context.Context) (any, error) { return render(ctx) }
	old, shown := e.old.(T)
	switch {
	case mine && shown:
		go m.later(ctx, name, e, work)
	case mine:
		m.run(ctx, name, e, work)
	}
	if shown && !e.ready() {
		return old, nil
	}
	return await[T](ctx, e)
}

// Part is Once for what several pages of a Moment are made of: whoever asks for it is making one
// of them, and has a place at the gate.
func Part[T any](ctx context.Context, m *Moment, name string, work func(context.Context) (T, error)) (T, error) {
	e, mine := m.entry(name, time.Time{})
	if mine {
		m.make(ctx, name, e, func(ctx context.Context) (any, error) { return work(ctx) })
	}
	return await[T](ctx, e)
}

// later is run when nobody waits for it.
func (m *Moment) later(ctx context.Context, name string, e *made, work func(context.Context) (any, error)) {
	defer func() {
		if p := recover(); p != nil {
			m.hub.log.Error("making a page panicked", "page", name, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	m.run(ctx, name, e, work)
}

func await[T any](ctx context.Context, e *made) (value T, err error) {
	select {
	case <-e.done:
	case <-ctx.Done():
		return value, ctx.Err()
	}
	value, _ = e.value.(T)
	return value, e.err
}

// entry finds what is there under a name, or makes room for it; then it is mine to make.
func (m *Moment) entry(name string, until time.Time) (e *made, mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.made[name]; ok && (e.until.IsZero() || m.hub.now().Before(e.until)) {
		return e, false
	}
	e = &made{done: make(chan struct{}), err: errNotMade, until: until, old: m.last(name)}
	m.drop(name)
	m.made[name] = e
	return e, true
}

// last is what was made under a name before, if it may still be shown.
func (m *Moment) last(name string) any {
	e, ok := m.made[name]
	if !ok && m.before != nil {
		m.before.mu.Lock()
		defer m.before.mu.Unlock()
		e, ok = m.before.made[name]
	}
	if !ok || m.hub.Hold == 0 || !e.ready() || e.err != nil {
		return nil
	}
	return e.value
}

func (e *made) ready() bool {
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}

// run is make, with a place at the gate.
func (m *Moment) run(ctx context.Context, name string, e *made, work func(context.Context) (any, error)) {
	m.make(ctx, name, e, func(ctx context.Context) (any, error) {
		leave, err := m.hub.gate.Enter(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		return work(ctx)
	})
}

func (m *Moment) make(ctx context.Context, name string, e *made, work func(context.Context) (any, error)) {
	began := time.Now()
	defer func() {
		m.keep(name, e, time.Since(began))
		close(e.done) // also when work panics
	}()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workFor)
	defer cancel()
	e.value, e.err = work(ctx)
}

// keep counts what was made, and drops the oldest where that is too much.
func (m *Moment) keep(name string, e *made, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spent += took
	if m.made[name] != e {
		return
	}
	if e.err != nil && session.KindOf(e.err) != session.NotFound {
		delete(m.made, name)
		return
	}
	m.old = append(m.old, name)
	m.size += e.size()
	for m.size > kept && len(m.old) > 1 {
		m.drop(m.old[0])
	}
}

func (m *Moment) drop(name string) {
	e, ok := m.made[name]
	if !ok {
		return
	}
	delete(m.made, name)
	for i, n := range m.old {
		if n == name {
			m.old = append(m.old[:i], m.old[i+1:]...)
			m.size -= e.size()
			return
		}
	}
}

func (e *made) size() int {
	if s, ok := e.value.(interface{ Size() int }); ok && e.err == nil {
		return s.Size() + unsized
	}
	return unsized
}
