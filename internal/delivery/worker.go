// Package delivery brings public copies to what is wanted of them, and redraws the
// desk's cards: the outbox worker.
//
// It knows leases, intents, outcomes and budgets. It must not know any platform by
// name, nor decide what should be public: it sends the exact text that an approval
// stored, or nothing. What cannot be known is parked for a person, never repeated.
package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Recorder is what the worker needs of the domain: session.Service.
type Recorder interface {
	// Record stores the outcome of a delivery and ends its lease in one step.
	Record(ctx context.Context, cmd session.Command, f session.Finish) (session.Result, error)
	// Tick does what the clock owes a session.
	Tick(ctx context.Context, s session.Session) error
}

// Reader is what the worker reads besides what it leases: a part of session.Store.
type Reader interface {
	Sessions(ctx context.Context) ([]session.Session, error)
	Questions(ctx context.Context, id session.ID, numbers ...int) ([]session.Question, error)
}

const (
	// poll is how often a session is looked at of which nobody said that it changed: for
	// what the clock owes it, what a dead replica left, and a wake-up that was lost.
	poll = time.Second
	// briefly is the shortest pause before something is tried again.
	briefly = 250 * time.Millisecond
	// sweep is how often sessions that are long over are looked at.
	sweep = time.Minute
	// resting is how long after its end a session still counts as active.
	resting = 6 * time.Hour
)

// Worker delivers for all sessions. Any number of replicas may run one each.
type Worker struct {
	Recorder Recorder
	Reader   Reader
	Outbox   Outbox
	Registry *connector.Registry
	Pictures session.PictureStore // nil where none are kept
	// Document makes the transcript of an hour as it is public now; nil where nobody posts one.
	Document func(context.Context, session.ID) (connector.Document, error)
	// Poster makes the picture of a piece of news about an hour; nil where nobody posts one.
	Poster func(context.Context, session.ID, session.News) (connector.Poster, error)
	Cards  Cards // nil when desks have no cards
	Draw   Draw  // makes them
	Now    func() time.Time
	Log    *slog.Logger
	// Leave, if set, gives the address at which an asker ends letters about a question.
	Leave func(session.QuestionRef) string
	// Done, if set, hears of every attempt; for metrics.
	Done func(c session.ConnectorID, outcome string)

	once    sync.Once
	wake    chan struct{}
	mu      sync.Mutex
	woken   map[session.ID]bool
	running map[run]bool // whether somebody asked for the queue again meanwhile
	empty   sync.Map     // spending: until when there was no token for it
	busy    sync.WaitGroup
}

// run names a queue that this worker is busy with.
type run struct {
	id   session.ID
	lane session.Lane
	line line
}

// line is what of a lane one runner works off: the copies, the calls, or the cards of a class.
type line uint8

const (
	copyLine line = iota
	callLine
	cardLine // and the class
)

func (w *Worker) init() {
	w.once.Do(func() {
		w.wake = make(chan struct{}, 1)
		w.woken = map[session.ID]bool{}
		w.running = map[run]bool{}
	})
}

// Wake says that a session may have something to do. It never blocks.
func (w *Worker) Wake(id session.ID) {
	w.init()
	w.mu.Lock()
	w.woken[id] = true
	w.mu.Unlock()
	w.nudge()
}

func (w *Worker) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, then finishes what is under way. Errors of the store
// are logged once and tried again; Run itself does not fail.
func (w *Worker) Run(ctx context.Context) error {
	w.init()
	defer w.busy.Wait()
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	rounds := rounds{w: w, boards: map[session.ID]time.Time{}}
	rounds.all(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.wake:
			rounds.woken(ctx)
		case <-ticker.C:
			rounds.poll(ctx)
		}
	}
}

// start works off a queue that has no runner, beginning with what is leased already, if
// anything is. Only Run may call it.
func (w *Worker) start(ctx context.Context, k run, q queue, first task) {
	if !w.idle(k) {
		return
	}
	w.mu.Lock()
	w.running[k] = false
	w.mu.Unlock()
	w.busy.Go(func() {
		for again := true; again; again = w.again(ctx, k) {
			w.guard(ctx, k, q, first)
			first = nil
		}
	})
}

// idle reports whether a queue has no runner. One that is at it works once more when it
// has found nothing to do, for it may have looked a moment too early.
func (w *Worker) idle(k run) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, running := w.running[k]
	if running {
		w.running[k] = true
	}
	return !running
}

// again ends a runner, unless it was asked to look again.
func (w *Worker) again(ctx context.Context, k run) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running[k] && ctx.Err() == nil {
		w.running[k] = false
		return true
	}
	delete(w.running, k)
	return false
}

// guard keeps a connector's panic from ending the program; the intent it leaves behind
// is found by the next lease.
func (w *Worker) guard(ctx context.Context, k run, q queue, first task) {
	defer func() {
		if p := recover(); p != nil {
			w.Log.Error("lane failed", "session", k.id, "connector", k.lane.Connector, "panic", fmt.Sprint(p))
		}
	}()
	if err := w.work(ctx, q, first); err != nil && ctx.Err() == nil {
		w.Log.Warn("lane interrupted", "session", k.id, "connector", k.lane.Connector, "error", err)
	}
}
