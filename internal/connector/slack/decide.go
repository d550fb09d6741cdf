package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// decision is what came of handing something to the inbox.
type decision struct {
	answer connector.Answer
	known  bool // it was handled before
	again  bool // nothing is known to be stored: the person should try again
}

// doneTTL is how long a repeat of a press is recognised: longer than a signed request
// can be sent again.
const doneTTL = time.Hour

// always remembers whatever was answered.
func always(connector.Answer) bool { return true }

// decide hands something to the inbox once, and comes back before ctx ends whatever
// the inbox does. settled says whether an answer ends the matter, so that the same
// key means a repeat.
func (s *Slack) decide(ctx context.Context, key string, settled func(connector.Answer) bool,
	ask func(context.Context, connector.DeskInbox) (connector.Answer, error)) decision {
	d, err := within(ctx, func() (decision, error) { return s.once(ctx, key, settled, ask) })
	if err == nil {
		return d
	}
	s.log.Warn("slack: a press or form was not handled", "err", err, "kind", int(session.KindOf(err)))
	return decision{again: true}
}

// within waits for f no longer than ctx, and leaves it running when it is late.
func within[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		v, err := f()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, fmt.Errorf("too slow: %w", ctx.Err())
	}
}

// errNoInbox leaves for later what comes before Use.
var errNoInbox = session.Fail(session.Unavailable, "unavailable").Because(errors.New("there is no inbox yet"))

func (s *Slack) once(ctx context.Context, key string, settled func(connector.Answer) bool,
	ask func(context.Context, connector.DeskInbox) (connector.Answer, error)) (decision, error) {
	in := s.desk()
	if in == nil {
		return decision{}, errNoInbox
	}
	if !s.flying.begin(key) {
		return decision{known: true}, nil
	}
	defer s.flying.end(key)
	if _, known, err := s.opts.Memory.Recall(ctx, memoryDone+key); err != nil || known {
		return decision{known: known}, err
	}
	a, err := ask(ctx, in)
	if err != nil {
		return decision{}, err
	}
	if settled(a) {
		if err := s.opts.Memory.Keep(ctx, memoryDone+key, []byte("1"), doneTTL); err != nil {
			s.log.Warn("slack: a repeat will not be recognised", "err", err)
		}
	}
	return decision{answer: a}, nil
}

// flying are the keys that this process is handling.
type flying struct {
	mu   sync.Mutex
	keys map[string]bool
}

func (f *flying) begin(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.keys[key] {
		return false
	}
	f.keys[key] = true
	return true
}

func (f *flying) end(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.keys, key)
}
