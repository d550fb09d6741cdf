package connector

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	"experthour/internal/session"
)

// ErrUndecodable says that a letter will never be understood: it is buried at once.
var ErrUndecodable = errors.New("undecodable")

// The reasons for which a Mailroom buries a letter.
const (
	ReasonUndecodable = "undecodable"
	ReasonFailed      = "failed too often"
)

// Mailroom handles the letters of one mailbox, one after another. Replicas run one
// each, so two letters may be handled side by side, and one may be handled twice:
// what Handle does is recognised by keys of the domain. The fields are set before Run.
type Mailroom struct {
	Mailbox Mailbox
	// Handle does what a letter says, before its context ends. An error of kind
	// session.Unavailable leaves the letter for later, however often; ErrUndecodable
	// (wrapped) buries it; after any other it is tried mostTries times.
	Handle func(ctx context.Context, raw []byte) error
	// Name is the connector's, for the log.
	Name session.ConnectorID
	Log  *slog.Logger

	away   bool
	failed map[string]int // failures of letters that are not settled, by id
}

const (
	// handleFor is how long a letter is worked at: what is left of LetterFor is for the
	// way here and for saying how it ended.
	handleFor = LetterFor - 2*time.Second
	// settleFor is how long it is tried to say how it ended.
	settleFor = time.Second
	mostTries = 5
	// takeFor is how long the mailbox is asked to wait for a letter.
	takeFor = 20 * time.Second
	// shortest and longest bound the pauses between attempts while something is away.
	shortest, longest = 100 * time.Millisecond, 2 * time.Second
	// mostFailed bounds what is remembered about letters that others may have settled.
	mostFailed = 1000
)

// Run handles letters until ctx ends; it ends in no other way. A letter that is in
// hand then is given out again.
func (m *Mailroom) Run(ctx context.Context) error {
	for wait := shortest; ctx.Err() == nil; {
		letters, err := m.Mailbox.Take(ctx, 1, takeFor) // one: the time of a second would run too
		if ctx.Err() != nil {
			break
		}
		m.reach(ctx, err)
		if err != nil {
			pause(ctx, wait)
			wait = min(2*wait, longest)
			continue
		}
		wait = shortest
		for _, l := range letters {
			m.deal(ctx, l)
		}
	}
	return nil
}

// reach notices that the mailbox goes away or is back, and says each once.
func (m *Mailroom) reach(ctx context.Context, err error) {
	switch {
	case err != nil && !m.away:
		m.Log.WarnContext(ctx, "mailbox is away", "connector", m.Name, "error", err)
	case err == nil && m.away:
		m.Log.InfoContext(ctx, "mailbox is back", "connector", m.Name)
	}
	m.away = err != nil
}

// deal handles one letter and settles it, or leaves it for later.
func (m *Mailroom) deal(ctx context.Context, l Letter) {
	in, cancel := context.WithTimeout(ctx, handleFor)
	defer cancel()
	err := m.insist(in, func() error { return m.handle(in, l.Raw) })
	switch {
	case err == nil:
		m.settle(ctx, l, m.Mailbox.Handled)
	case errors.Is(err, ErrUndecodable):
		m.bury(ctx, l, ReasonUndecodable, err)
	case later(in, err):
	case m.failedAgain(l) >= mostTries:
		m.bury(ctx, l, ReasonFailed, err)
	}
}

// later reports whether a letter failed for a reason that has nothing to do with it.
func later(ctx context.Context, err error) bool {
	return ctx.Err() != nil || session.KindOf(err) == session.Unavailable || errors.Is(err, context.DeadlineExceeded)
}

// insist repeats what cannot be done just now until ctx ends.
func (m *Mailroom) insist(ctx context.Context, do func() error) error {
	for wait := shortest; ; wait = min(2*wait, longest) {
		err := do()
		if session.KindOf(err) != session.Unavailable || !pause(ctx, wait) {
			return err
		}
	}
}

// pause waits, and reports whether ctx is still there afterwards.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

var errPanic = errors.New("panicked")

// handle makes an error of a panic. What was panicked with may quote the letter, so
// the log has the stack and, of the runtime's own, the text.
func (m *Mailroom) handle(ctx context.Context, raw []byte) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case runtime.Error:
			m.panicked(ctx, v.Error())
			err = errPanic
		default:
			m.panicked(ctx, fmt.Sprintf("%T", v))
			err = errPanic
		}
	}()
	return m.Handle(ctx, raw)
}

func (m *Mailroom) panicked(ctx context.Context, with string) {
	m.Log.ErrorContext(ctx, "letter made its handler panic", "connector", m.Name, "with", with, "stack", string(debug.Stack()))
}

// failedAgain counts the failures of a letter here. Letter.Tries would count those as
// well in which something was away.
func (m *Mailroom) failedAgain(l Letter) int {
	if m.failed == nil || len(m.failed) >= mostFailed {
		m.failed = map[string]int{}
	}
	m.failed[l.ID]++
	return m.failed[l.ID]
}

// settle says how a letter ended, also when ctx has just ended. When that fails, the
// letter is given out again.
func (m *Mailroom) settle(ctx context.Context, l Letter, how func(context.Context, Letter) error) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleFor)
	defer cancel()
	err := m.insist(ctx, func() error { return how(ctx, l) })
	m.reach(ctx, err)
	if err == nil {
		delete(m.failed, l.ID)
	}
	return err == nil
}

func (m *Mailroom) bury(ctx context.Context, l Letter, reason string, err error) {
	buried := m.settle(ctx, l, func(ctx context.Context, l Letter) error { return m.Mailbox.Bury(ctx, l, reason) })
	if buried {
		m.Log.WarnContext(ctx, "letter buried", "connector", m.Name, "letter", l.ID, "tries", l.Tries, "reason", reason, "error", nameOf(err))
	}
}

// nameOf says what kind of error it is without its text, which may quote the letter.
func nameOf(err error) string {
	if e, ok := errors.AsType[*session.Error](err); ok {
		return e.ID
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return fmt.Sprintf("%T", err)
}
