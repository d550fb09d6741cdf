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
	"slices"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Keeper is what the worker needs of the domain: session.Service.
type Keeper interface {
	// Record stores the outcome of a delivery and ends its lease in one step.
	Record(ctx context.Context, cmd session.Command, f session.Finish) (session.Result, error)
	// Tick does what the clock owes a session.
	Tick(ctx context.Context, s session.Session) error
}

// Reader is what the worker reads: a part of session.Store.
type Reader interface {
	Session(ctx context.Context, id session.ID) (session.Session, error)
	Sessions(ctx context.Context) ([]session.Session, error)
	Questions(ctx context.Context, id session.ID, numbers ...int) ([]session.Question, error)
}

const (
	// poll is how long a change of another replica may stay unnoticed when its
	// wake-up is lost.
	poll = 250 * time.Millisecond
	// sweep is how often sessions that are long over are looked at.
	sweep = time.Minute
	// resting is how long after its end a session still counts as active.
	resting = 6 * time.Hour
)

// Worker delivers for all sessions. Any number of replicas may run one each.
type Worker struct {
	Keeper   Keeper
	Reader   Reader
	Outbox   Outbox
	Registry *connector.Registry
	Desk     *Desk // nil when the desk has no cards
	Now      func() time.Time
	Log      *slog.Logger
	// Done, if set, hears of every attempt; for metrics.
	Done func(c session.ConnectorID, outcome string)

	once    sync.Once
	wake    chan struct{}
	mu      sync.Mutex
	woken   map[session.ID]bool
	running map[run]bool
	busy    sync.WaitGroup
}

// run names a line of a lane that this worker is busy with.
type run struct {
	id   session.ID
	lane session.Lane
	line line
}

// line is the deliveries of a lane, the cards of a class there, or the calls.
type line uint8

const (
	deliveries line = iota
	calls
	cards // and the class
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
	rounds := rounds{w: w}
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

// rounds remembers which sessions are worth a look at every poll.
type rounds struct {
	w      *Worker
	active []session.ID
	swept  time.Time
	down   bool                     // the last look failed: said once
	said   map[session.ID]time.Time // when the log was last told what the clock cannot do
}

// all looks at every session, and finds out which ones are active.
func (r *rounds) all(ctx context.Context) {
	ses, err := r.w.Reader.Sessions(ctx)
	if r.failed(ctx, err) {
		return
	}
	r.swept = r.w.Now()
	r.active = r.active[:0]
	for _, s := range ses {
		r.note(s)
		r.w.look(ctx, s, r)
	}
}

// note remembers a session that the clock may soon have something to do for.
func (r *rounds) note(s session.Session) {
	over := slices.Contains([]session.SessionState{session.Cancelled, session.Archived}, s.State) || !s.End.After(r.w.Now().Add(-resting))
	if !over && !slices.Contains(r.active, s.ID) {
		r.active = append(r.active, s.ID)
	}
}

func (r *rounds) poll(ctx context.Context) {
	if r.w.Now().Sub(r.swept) >= sweep || r.down {
		r.all(ctx)
		return
	}
	for _, id := range r.active {
		r.one(ctx, id)
	}
}

func (r *rounds) woken(ctx context.Context) {
	r.w.mu.Lock()
	woken := r.w.woken
	r.w.woken = map[session.ID]bool{}
	r.w.mu.Unlock()
	for id := range woken {
		r.one(ctx, id)
	}
}

func (r *rounds) one(ctx context.Context, id session.ID) {
	s, err := r.w.Reader.Session(ctx, id)
	if session.KindOf(err) == session.NotFound || r.failed(ctx, err) {
		return
	}
	r.note(s)
	r.w.look(ctx, s, r)
}

// stuck says once in a while that the clock of a session cannot do something.
func (r *rounds) stuck(id session.ID, err error) {
	if r.said == nil {
		r.said = map[session.ID]time.Time{}
	}
	if now := r.w.Now(); now.Sub(r.said[id]) >= sweep {
		r.said[id] = now
		r.w.Log.Error("the clock of a session cannot go on", "session", id, "error", err)
	}
}

// failed says once that the store is away, and once that it is back.
func (r *rounds) failed(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return true
	}
	if failed := err != nil; failed != r.down {
		r.down = failed
		if failed {
			r.w.Log.Error("deliveries wait for the store", "error", err)
		} else {
			r.w.Log.Info("deliveries go on")
		}
	}
	return err != nil
}

// look does what the clock owes a session and starts a runner for every lane that
// has something waiting and none yet.
func (w *Worker) look(ctx context.Context, s session.Session, r *rounds) {
	if err := w.Keeper.Tick(ctx, s); session.KindOf(err) == session.Unavailable {
		r.failed(ctx, err)
		return
	} else if err != nil { // what the clock cannot do holds up nothing else
		r.stuck(s.ID, err)
	}
	lanes, err := w.Outbox.Lanes(ctx, s.ID)
	if r.failed(ctx, err) {
		return
	}
	for _, lane := range lanes {
		w.start(ctx, run{s.ID, lane, deliveries}, func(ctx context.Context) error { return w.drain(ctx, s.ID, lane) })
	}
	if lane := s.CardLane(); lane != nil && w.Desk != nil {
		r.failed(ctx, w.cards(ctx, s, *lane))
	}
}

// cards starts a runner for every class of cards that has something out of date, and
// for calls.
func (w *Worker) cards(ctx context.Context, s session.Session, lane session.Lane) error {
	p, ok := w.Desk.at(s.ID, lane)
	if !ok {
		return nil
	}
	if err := w.Desk.refresh(ctx, s, lane, w.Now()); err != nil {
		return err
	}
	b, err := w.Desk.Cards.Outdated(ctx, s.ID, lane)
	if err != nil {
		return err
	}
	for class := range connector.CardClasses {
		if p.mayDraw(b, class) {
			w.start(ctx, run{s.ID, lane, cards + line(class)}, func(ctx context.Context) error { return p.redraw(ctx, class) })
		}
	}
	if p.mayCall(b) {
		w.start(ctx, run{s.ID, lane, calls}, p.call)
	}
	return nil
}

// start runs work unless this worker is at it already.
func (w *Worker) start(ctx context.Context, k run, work func(context.Context) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running[k] {
		return
	}
	w.running[k] = true
	w.busy.Go(func() {
		defer w.stopped(k)
		defer w.caught(k)
		if err := work(ctx); err != nil && ctx.Err() == nil {
			w.Log.Warn("lane interrupted", "session", k.id, "connector", k.lane.Connector, "error", err)
		}
	})
}

func (w *Worker) stopped(k run) {
	w.mu.Lock()
	delete(w.running, k)
	w.mu.Unlock()
}

// caught keeps a connector's panic from ending the program; the intent it leaves
// behind is found by the next lease.
func (w *Worker) caught(k run) {
	if p := recover(); p != nil {
		w.Log.Error("lane failed", "session", k.id, "connector", k.lane.Connector, "panic", fmt.Sprint(p))
	}
}
