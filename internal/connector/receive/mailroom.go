// Package receive brings in what people do at platforms: a Runner gets it from the platform
// into a connector's mailbox, and a Mailroom takes the letters out and has them handled.
//
// It knows the mailbox, who receives, how far it was read, and how long things may take. It
// must not know what is in a letter, nor any platform.
package receive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

var (
	// ErrUndecodable says that a letter will never be understood: it is buried at once.
	ErrUndecodable = errors.New("undecodable")
	// ErrEarly says that a letter is about something nobody knows, such as a like of a
	// question that another sender's letter has still to ask. It comes again for about a
	// minute, and is forgotten then.
	ErrEarly = errors.New("about something unknown")
)

// The reasons for which a Mailroom buries a letter.
const (
	ReasonUndecodable = "undecodable"
	ReasonFailed      = "failed too often"
)

// Mailroom handles the letters of one mailbox: several of each line at once, those of
// one sender one after another. Replicas run one each, and a letter may be handled
// twice: what Handle does is recognised by keys of the domain. The fields are set
// before Run.
type Mailroom struct {
	Mailbox connector.Mailbox
	// Handle does what a letter says, before its context ends. An error of kind
	// session.Unavailable leaves the letter for later, however often, and so does
	// connector.ErrUnplaced; ErrUndecodable and ErrEarly (wrapped) are as they say; after any
	// other it is tried mostTries times. Any number of goroutines call it.
	Handle func(ctx context.Context, raw []byte) error
	// Name is the connector's, for the log.
	Name session.ConnectorID
	Log  *slog.Logger

	mu     sync.Mutex
	away   bool
	failed map[string]int // failures of letters that are not done with, by id
}

const (
	// hands is how many letters of a line are worked at. Most of the time a handler waits
	// for the store; more hands would take that from the other line.
	hands = 8
	// handleFor is how long a letter is worked at: what is left of LetterFor is for the
	// way here and for saying how it ended.
	handleFor = connector.LetterFor - 2*time.Second
	// concludeFor is how long it is tried to say how it ended.
	concludeFor = time.Second
	mostTries   = 5
	// mostEarly is how often a letter comes that is early: a try every LetterFor, for a minute.
	mostEarly = 8
	// takeFor is how long the mailbox is asked to wait for a letter.
	takeFor = 20 * time.Second
	// shortest and longest bound the pauses between attempts while something is away.
	shortest, longest = 100 * time.Millisecond, 2 * time.Second
	// mostFailed bounds what is remembered about letters that others may be done with.
	mostFailed = 1000
)

// Run handles letters until ctx ends, and returns when nobody works any more. A letter
// that is in hand then is given out again.
func (m *Mailroom) Run(ctx context.Context) {
	var lines sync.WaitGroup
	for _, line := range connector.MailLines {
		lines.Go(func() { m.work(ctx, line) })
	}
	lines.Wait()
}

// work takes as many letters of a line as there are free hands. That is one taker,
// because each that waits asks the store as often as all of them together have to.
func (m *Mailroom) work(ctx context.Context, line connector.MailLine) {
	busy := make(chan struct{}, hands)
	var all sync.WaitGroup
	defer all.Wait()
	for wait := shortest; freed(ctx, busy); {
		letters, err := m.Mailbox.Take(ctx, line, cap(busy)-len(busy), takeFor)
		if ctx.Err() != nil {
			return
		}
		m.reach(ctx, err)
		if err != nil {
			backoff.Pause(ctx, wait)
			wait = min(2*wait, longest)
			continue
		}
		wait = shortest
		for _, l := range letters {
			busy <- struct{}{}
			all.Go(func() {
				defer func() { <-busy }()
				m.deal(ctx, l)
			})
		}
	}
}

// freed waits until a hand is free, which it stays for the only one who gives it work.
func freed(ctx context.Context, busy chan struct{}) bool {
	select {
	case busy <- struct{}{}:
		<-busy
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// reach notices that the mailbox goes away or is back, and says each once.
func (m *Mailroom) reach(ctx context.Context, err error) {
	m.mu.Lock()
	was := m.away
	m.away = err != nil
	m.mu.Unlock()
	switch {
	case err != nil && !was:
		m.Log.WarnContext(ctx, "mailbox is away", "connector", m.Name, "error", err)
	case err == nil && was:
		m.Log.InfoContext(ctx, "mailbox is back", "connector", m.Name)
	}
}

// deal handles one letter and says how it ended, or leaves it for later.
func (m *Mailroom) deal(ctx context.Context, l connector.Letter) {
	in, cancel := context.WithTimeout(ctx, handleFor)
	defer cancel()
	err := m.insist(in, func() error { return m.handle(in, l.Raw) })
	early := errors.Is(err, ErrEarly)
	switch {
	case err == nil, early && l.Tries >= mostEarly:
		m.conclude(ctx, l, m.Mailbox.Handled)
	case errors.Is(err, ErrUndecodable):
		m.bury(ctx, l, ReasonUndecodable, err)
	case early, later(in, err):
	case m.failedAgain(l) >= mostTries:
		m.bury(ctx, l, ReasonFailed, err)
	}
}

// later reports whether a letter failed for a reason that has nothing to do with it.
func later(ctx context.Context, err error) bool {
	return ctx.Err() != nil || session.KindOf(err) == session.Unavailable || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, connector.ErrUnplaced)
}

// insist repeats what cannot be done just now until ctx ends.
func (m *Mailroom) insist(ctx context.Context, do func() error) error {
	away := func(err error) bool { return session.KindOf(err) == session.Unavailable }
	return backoff.Insist(ctx, shortest, longest, away, do)
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
func (m *Mailroom) failedAgain(l connector.Letter) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failed == nil || len(m.failed) >= mostFailed {
		m.failed = map[string]int{}
	}
	m.failed[l.ID]++
	return m.failed[l.ID]
}

// conclude says how a letter ended, also when ctx has just ended. When that fails, the
// letter is given out again.
func (m *Mailroom) conclude(ctx context.Context, l connector.Letter, how func(context.Context, connector.Letter) error) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), concludeFor)
	defer cancel()
	err := m.insist(ctx, func() error { return how(ctx, l) })
	m.reach(ctx, err)
	if err != nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.failed, l.ID)
	return true
}

func (m *Mailroom) bury(ctx context.Context, l connector.Letter, reason string, err error) {
	buried := m.conclude(ctx, l, func(ctx context.Context, l connector.Letter) error { return m.Mailbox.Bury(ctx, l, reason) })
	if buried {
		m.Log.WarnContext(ctx, "letter buried", "connector", m.Name, "put", l.At, "tries", l.Tries, "reason", reason, "error", nameOf(err))
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
