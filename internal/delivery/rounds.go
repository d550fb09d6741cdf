package delivery

import (
	"context"
	"slices"
	"time"

	"experthour/internal/session"
)

// rounds remembers which sessions are worth a look at every poll, and where their desks
// are.
type rounds struct {
	w      *Worker
	active []session.ID
	desks  map[session.ID]session.Lane
	boards map[session.ID]time.Time // when a board was last made out of date by the clock
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
	r.active, r.desks = r.active[:0], map[session.ID]session.Lane{}
	for _, s := range ses {
		r.note(s)
		r.tick(ctx, s.ID)
	}
}

// note remembers a session that the clock may soon have something to do for, and where
// its desk is.
func (r *rounds) note(s session.Session) {
	over := slices.Contains([]session.SessionState{session.Cancelled, session.Archived}, s.State) || !s.End.After(r.w.Now().Add(-resting))
	if !over && !slices.Contains(r.active, s.ID) {
		r.active = append(r.active, s.ID)
	}
	if lane := s.CardLane(); lane != nil {
		r.desks[s.ID] = *lane
	}
}

func (r *rounds) poll(ctx context.Context) {
	if r.w.Now().Sub(r.swept) >= sweep || r.down {
		r.all(ctx)
		return
	}
	for _, id := range r.active {
		r.tick(ctx, id)
	}
}

// woken looks at what somebody changed. The clock has time until the next poll.
func (r *rounds) woken(ctx context.Context) {
	r.w.mu.Lock()
	woken := r.w.woken
	r.w.woken = map[session.ID]bool{}
	r.w.mu.Unlock()
	for id := range woken {
		r.look(ctx, id)
	}
}

// tick looks at a session and does what the clock owes it.
func (r *rounds) tick(ctx context.Context, id session.ID) {
	s, ok := r.look(ctx, id)
	if !ok {
		return
	}
	if err := r.w.Recorder.Tick(ctx, s); session.KindOf(err) == session.Unavailable {
		r.failed(ctx, err)
		return
	} else if err != nil { // what the clock cannot do holds up nothing else
		r.stuck(id, err)
	}
	if r.boardIsOld(ctx, s) {
		r.look(ctx, id)
	}
}

const (
	// boardEvery is how old the board of a session that runs may be.
	boardEvery = time.Minute
	// boardSoon is how long before the start the minutes are counted.
	boardSoon = 2 * time.Hour
)

// boardIsOld makes the board of a session that runs out of date once a minute, for it
// says how much time is left, and reports whether it did.
func (r *rounds) boardIsOld(ctx context.Context, s session.Session) bool {
	d, now := r.desk(s.ID), r.w.Now()
	live := s.State == session.Open || s.State == session.Closing || s.State == session.Scheduled && s.Start.Sub(now) < boardSoon
	if d.platform == nil || !live || now.Sub(r.boards[s.ID]) < boardEvery {
		return false
	}
	r.boards[s.ID] = now
	err := r.w.Cards.Touch(ctx, s.ID, d.lane, 0)
	return session.KindOf(err) != session.NotFound && !r.failed(ctx, err)
}

// look starts a runner for every queue of a session that has something to do and none
// yet. What is leased at the desk is in the reply already.
func (r *rounds) look(ctx context.Context, id session.ID) (s session.Session, ok bool) {
	d := r.desk(id)
	work, err := r.w.Outbox.Look(ctx, id, d.take(func(l line) bool { return r.w.idle(run{id, d.lane, l}) }))
	if session.KindOf(err) == session.NotFound || r.failed(ctx, err) {
		return s, false
	}
	r.note(work.Session)
	for _, lane := range work.Lanes {
		conn, _ := r.w.Registry.Get(lane.Connector)
		p := place{session: id, lane: lane, conn: conn, margin: margin, money: work.Session.Spending(lane.Connector)}
		r.w.start(ctx, run{id, lane, copyLine}, r.w.copies(p), nil)
	}
	r.paid(ctx, work)
	for l, t := range d.tasks(work) {
		r.w.start(ctx, run{id, d.lane, l}, d.queue(l), t)
	}
	if d.lane != r.desk(id).lane { // it was not known where the desk is
		return r.look(ctx, id)
	}
	return work.Session, true
}

// desk is the desk of a session, as far as it is known and has cards.
func (r *rounds) desk(id session.ID) desk {
	lane, known := r.desks[id]
	if !known {
		return desk{}
	}
	return r.w.deskAt(id, lane)
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

// paid tells the hour where nothing waits for money any more.
func (r *rounds) paid(ctx context.Context, work Work) {
	for _, m := range work.Session.Unpaid() {
		waits := slices.ContainsFunc(work.Lanes, func(l session.Lane) bool { return l.Connector == m.Connector })
		if waits {
			continue
		}
		if err := r.w.waits(ctx, work.Session.ID, m, session.Unpaid{}); err != nil {
			r.failed(ctx, err)
		}
	}
}
