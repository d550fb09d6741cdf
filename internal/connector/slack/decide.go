package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// decision is what came of handing something to the inbox.
type decision struct {
	answer connector.Answer
	known  bool // it was handled before, or is being handled
	again  bool // it is known that nothing was stored: the person should try again
	// perhaps says that nobody knows whether it was stored: the person should look.
	perhaps bool
}

// trouble is what the person is told of a decision without an answer, or "".
func (d decision) trouble(w wording.Words) string {
	switch {
	case d.perhaps:
		return w.Text("slack.perhaps")
	case d.again:
		return w.Text("adapter.try_again")
	}
	return ""
}

// errand names what somebody did.
type errand struct {
	// event is the same for copies of what Slack hands over, and no other: it is never
	// done twice, not even when nobody knows what became of the first time.
	event string
	// form is the same for whatever is submitted from one form as it was drawn: what is
	// known to be done is not done again. Empty is no form.
	form string
}

func (e errand) String() string { return cmp.Or(e.form, e.event) }

// The marks of an errand.
const (
	begun = "?" // or nobody knows
	done  = "1"
)

// doneTTL is how long a repeat of a press is recognised: longer than a signed request
// can be sent again.
const doneTTL = time.Hour

// always remembers whatever was answered.
func always(connector.Answer) bool { return true }

// decide hands something to the inbox once, and comes back before ctx ends whatever
// the inbox does. ends says whether an answer ends the matter, so that the same
// errand means a repeat.
func (s *Slack) decide(ctx context.Context, e errand, ends func(connector.Answer) bool,
	ask func(context.Context, connector.DeskInbox) (connector.Answer, error)) decision {
	d, err := within(ctx, func() (decision, error) { return s.once(ctx, e, ends, ask) })
	if err == nil {
		return d
	}
	s.log.Warn("slack: a press or form was not handled", "error", err, "kind", int(session.KindOf(err)), "perhaps", !notStored(err))
	return decision{again: notStored(err), perhaps: !notStored(err)}
}

// notStored is true for an error that says so; whoever ran out of time cannot know.
func notStored(err error) bool {
	if errors.Is(err, errNotBegun) {
		return true
	}
	late := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	return session.KindOf(err) == session.Unavailable && !late
}

// errNotBegun is the error of what failed before the inbox was asked.
var errNotBegun = errors.New("the inbox was not asked")

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

func (s *Slack) once(ctx context.Context, e errand, ends func(connector.Answer) bool,
	ask func(context.Context, connector.DeskInbox) (connector.Answer, error)) (decision, error) {
	if !s.flying.begin(e.String()) {
		return decision{known: true, perhaps: true}, nil
	}
	defer s.flying.end(e.String())
	if mark, err := s.begin(ctx, e); err != nil {
		return decision{}, fmt.Errorf("%w: %w", errNotBegun, err)
	} else if mark != "" {
		return decision{known: true, perhaps: mark == begun}, nil
	}
	a, err := ask(ctx, s.opts.Inbox)
	s.record(ctx, e, err == nil && ends(a), err == nil || notStored(err))
	return decision{answer: a}, err
}

// begin marks the event before anything is done, so that a copy of it is recognised
// whatever becomes of this process. It gives the mark that was there.
func (s *Slack) begin(ctx context.Context, e errand) (mark string, err error) {
	for _, key := range []string{e.form, e.event} {
		if key == "" {
			continue
		}
		if was, known, err := s.opts.Memory.Recall(ctx, memoryDone+key); err != nil || known {
			return string(was), err
		}
	}
	return "", s.opts.Memory.Keep(ctx, memoryDone+e.event, []byte(begun), doneTTL)
}

// record marks what is known now: that it was done, or else that the same may be tried
// again. It does so also when the answer came too late for the person.
func (s *Slack) record(ctx context.Context, e errand, over, known bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putTimeout)
	defer cancel()
	var err error
	switch {
	case over:
		err = s.opts.Memory.Keep(ctx, memoryDone+e.event, []byte(done), doneTTL)
		if e.form != "" {
			err = errors.Join(err, s.opts.Memory.Keep(ctx, memoryDone+e.form, []byte(done), doneTTL))
		}
	case known:
		err = s.opts.Memory.Forget(ctx, memoryDone+e.event)
	}
	if err != nil {
		s.log.Warn("slack: what became of a press or form was not remembered", "error", err)
	}
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
