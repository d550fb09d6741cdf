package delivery

import (
	"context"
	"errors"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

// queue takes what comes next of the copies of a place, the cards of a class at a desk, or
// the calls there, and writes the intent to bring it out, in one step. Without a task
// nothing may leave now; then wait, if positive, says when to try again.
type queue func(ctx context.Context) (t task, wait time.Duration, err error)

// task is something that was leased. What an outcome means is its own business.
type task interface {
	at() place
	// plan reads what the work needs and decides what the platform is asked: to look what
	// became of an open intent, or to send. Without a request the outcome is known.
	plan(ctx context.Context) (request, outcome)
	budgets() []connector.Budget
	// end decides what an outcome means.
	end(o outcome) ending
}

// ending stores what became of a task and ends its lease; it may be repeated. more says
// whether it is worth trying for another one.
type ending func(ctx context.Context) (more bool, err error)

// request is one request to a platform; the zero one is none.
type request struct {
	kind connector.Request
	do   func(ctx context.Context) outcome
	// price is what a post costs, in thousandths of a dollar; and follows what the post does without which
	// the request must not be made.
	price, follows int
}

// place is where a task's messages stand.
type place struct {
	session session.ID
	lane    session.Lane
	conn    connector.Connector // nil when it is not configured any more
	margin  time.Duration       // what a lease lasts beyond a request, for recording its outcome
	money   session.Spending    // what the hour says of money there
}

const (
	// defaultTimeout bounds a request of a connector that does not say.
	defaultTimeout = 20 * time.Second
	// margin is that of copies.
	margin = 10 * time.Second
	// cardMargin is that of cards, which are no promise to anybody: with a desk that
	// answers in five seconds, what a dead replica had in hand is taken over within ten.
	cardMargin = 2 * time.Second
)

func (p place) limits() connector.Limits {
	if p.conn == nil {
		return connector.Limits{}
	}
	return p.conn.Limits()
}

func (p place) timeout() time.Duration {
	if t := p.limits().Timeout; t > 0 {
		return t
	}
	return defaultTimeout
}

// boardPatience is how long a board waits for a token until it is looked at again.
const boardPatience = time.Second

// ttl is how long a lease lasts.
func (p place) ttl() time.Duration { return p.timeout() + p.margin }

// work brings out what is in a queue until nothing may leave, beginning with what is leased
// already, if anything is.
func (w *Worker) work(ctx context.Context, q queue, t task) (err error) {
	for ctx.Err() == nil {
		var wait time.Duration
		if t == nil {
			t, wait, err = q(ctx)
		}
		more := false
		if t != nil && err == nil {
			more, wait, err = w.bring(ctx, t)
		}
		switch {
		case err != nil, !more && wait <= 0:
			return err
		case wait > 0:
			backoff.Pause(ctx, min(wait, sweep))
		}
		t = nil
	}
	return nil
}

// bring takes one task to an outcome, or says how long to wait for a token. The work goes
// on when ctx ends, so that stopping the program leaves nothing in the dark; its deadline
// is the lease's.
func (w *Worker) bring(ctx context.Context, t task) (more bool, wait time.Duration, err error) {
	p := t.at()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.timeout()+p.margin/2)
	defer cancel()
	r, o := t.plan(ctx)
	if r.do != nil {
		o = w.ask(ctx, t, r)
	}
	for r = o.then; r.do != nil; r = o.then {
		o = w.follow(ctx, t, r)
	}
	if o.result == unused {
		wait = o.wait
	}
	if c, ok := t.(*cardTask); ok && c.Class == connector.CardBoard { // somebody may press on it meanwhile
		wait = min(wait, boardPatience)
	}
	end := t.end(o)
	err = insist(ctx, func() (err error) {
		more, err = end(ctx)
		return err
	})
	if errors.Is(err, session.ErrFenced) { // whoever has the lease now goes on
		w.Log.Warn("lease lost", "session", p.session, "connector", p.lane.Connector, "error", err)
		more, err = true, nil
	}
	return more, wait, errors.Join(o.fault, err)
}

// ask makes a request once there is a token for it; without one the lease goes back, for
// whoever waits holds nobody up. A platform that wants to be left alone is.
func (w *Worker) ask(ctx context.Context, t task, r request) outcome {
	p := t.at()
	wait, err := w.token(ctx, p.lane.Connector, r, t.budgets())
	switch {
	case errors.Is(err, ErrSpent):
		return outcome{result: unused, unpaid: max(r.price, r.follows)}
	case err != nil || wait > 0:
		return outcome{result: unused, wait: wait, fault: err}
	}
	bounded, cancel := context.WithTimeout(ctx, p.timeout())
	defer cancel()
	o := r.do(bounded)
	o.fault = errors.Join(w.holdBack(ctx, p.lane.Connector, t.budgets(), o), w.refund(ctx, p.lane.Connector, r, t.budgets(), o))
	return o
}

// follow asks what belongs to a request that was made. It waits a moment for its token: with
// the lease given back the request would be made once more, with that very token.
func (w *Worker) follow(ctx context.Context, t task, r request) outcome {
	for {
		o := w.ask(ctx, t, r)
		if o.result != unused || o.fault != nil || o.wait > margin/2 || !backoff.Pause(ctx, o.wait) {
			return o
		}
	}
}

// insist does something again while the store is away, until the lease runs out; then
// the open intent tells whoever leases next.
func insist(ctx context.Context, do func() error) error {
	away := func(err error) bool { return session.KindOf(err) == session.Unavailable }
	return backoff.Insist(ctx, briefly, 2*time.Second, away, do)
}
