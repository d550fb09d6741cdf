package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

const (
	// defaultTimeout bounds a call of a connector that does not say.
	defaultTimeout = 20 * time.Second
	// margin is what a lease lasts beyond the call, for recording its outcome.
	margin = 10 * time.Second
	// cardMargin is the same for cards, which are no promise to anybody: with a desk that
	// answers in five seconds, what a dead replica had in hand is taken over within ten.
	cardMargin = 2 * time.Second
	// patience is how many times something harmless, looking included, is repeated before
	// a person is asked.
	patience = 10
	// grace is how long after an unknown outcome a platform is looked at at the soonest: a post may
	// take a moment to appear.
	grace = 2 * time.Second
)

// drain delivers what waits in one lane, in order, until nothing may leave.
func (w *Worker) drain(ctx context.Context, id session.ID, lane session.Lane) error {
	conn, _ := w.Registry.Get(lane.Connector)
	for ctx.Err() == nil {
		l, wait, ok, err := w.Outbox.Lease(ctx, id, lane, timeoutOf(conn)+margin)
		if ok && err == nil {
			wait, err = w.bring(ctx, id, conn, l)
		}
		switch {
		case err != nil:
			return err
		case ok && wait <= 0:
			continue
		case wait <= 0 || wait > sweep || !backoff.Pause(ctx, wait):
			return nil
		}
	}
	return nil
}

func timeoutOf(c connector.Connector) time.Duration {
	if c == nil || c.Limits().Timeout <= 0 {
		return defaultTimeout
	}
	return c.Limits().Timeout
}

// job is one leased delivery.
type job struct {
	w     *Worker
	ref   session.QuestionRef // without a number when the copy is the session's
	conn  connector.Connector
	l     Lease
	q     session.Question // the zero Question then
	c     session.Copy
	slot  session.MessageID // into which the answer is edited; see slotted
	began time.Time
	wait  time.Duration // for a token, when there was none; the lease was given back
}

// bring takes one leased delivery to an outcome, or says how long to wait for a token.
// The work goes on when ctx ends, so that stopping the program leaves nothing in the
// dark; its deadline is the lease's.
func (w *Worker) bring(ctx context.Context, id session.ID, conn connector.Connector, l Lease) (wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeoutOf(conn)+margin/2)
	defer cancel()
	j := job{w: w, ref: session.QuestionRef{Session: id, Number: l.Question}, conn: conn, l: l, q: l.Read, began: w.Now()}
	j.c, _ = l.Copies.Get(l.Copy)
	if j.slot, err = j.slotted(ctx); err != nil {
		return 0, errors.Join(err, j.deferred(ctx, 0, Unused))
	}
	err = j.work(ctx)
	if errors.Is(err, session.ErrFenced) {
		w.Log.Warn("lease lost", "session", id, "question", l.Question, "connector", l.Lane.Connector)
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("deliver %s %s: %w", j.ref, l.Copy, err)
	}
	return j.wait, nil
}

// token takes a token for one call, a look included. Without one the lease goes back:
// whoever waits holds nobody up.
func (j *job) token(ctx context.Context) (ok bool, err error) {
	j.wait, err = j.w.Outbox.Token(ctx, j.l.Lane.Connector, budgets(j.conn.Limits(), j.l.Lane)...)
	if err == nil && j.wait <= 0 {
		return true, nil
	}
	return false, errors.Join(err, j.deferred(ctx, 0, Unused))
}

// work decides what the delivery needs: an open intent first, then what is wanted.
func (j *job) work(ctx context.Context) error {
	switch {
	case j.conn == nil:
		return j.finish(ctx, attempt{err: refused("connector is not configured")})
	case j.unsettled():
		return j.settle(ctx)
	case !j.c.Due() || j.c.Wanted != j.l.Wanted:
		return j.deferred(ctx, 0, Known) // changed since the lease; look again
	}
	return j.attempt(ctx)
}

// attempt sends once there is a token.
func (j *job) attempt(ctx context.Context) error {
	if ok, err := j.token(ctx); !ok {
		return err
	}
	return j.finish(ctx, j.send(ctx))
}

// unsettled reports whether a former attempt at a new post may have arrived. What a
// platform says to a later one tells nothing about it. An edit of a slot is no new post,
// and what replaces a former post need not know of it.
func (j *job) unsettled() bool {
	return j.l.Open && j.l.Intent != 0 && j.posts() && j.slot == "" && !j.replaces()
}

// posts reports whether the copy is brought out by a new post: nothing stands there, or
// what does can be neither edited nor taken back and, of an announcement, may stay beside
// a newer one.
func (j *job) posts() bool {
	_, edits := connector.As[connector.Editor](j.conn)
	_, retracts := connector.As[connector.Retractor](j.conn)
	return j.c.Out == 0 || j.c.Wanted != 0 && j.c.Kind == session.KindAnnouncement && !edits && !retracts
}

func (j *job) replaces() bool { return j.conn != nil && j.conn.Limits().Replaces }

// attempt is what a call to a platform came to.
type attempt struct {
	brought int // what stands there after a success
	sent    connector.Sent
	err     error
	fresh   bool // a new post: repeating it blindly could double it
}

// send makes the one call that brings the copy nearer to what is wanted.
func (j *job) send(ctx context.Context) attempt {
	ctx, cancel := context.WithTimeout(ctx, timeoutOf(j.conn))
	defer cancel()
	switch {
	case j.slot != "":
		return j.edit(ctx, j.slot)
	case j.posts():
		return j.reply(ctx)
	case j.c.Message == "":
		// A person saw it there. To a platform, taking nothing back is a success.
		return attempt{err: refused("nobody knows which post it is: please change it there by hand")}
	case j.c.Wanted != 0:
		if _, ok := connector.As[connector.Editor](j.conn); ok {
			return j.edit(ctx, j.c.Message)
		}
	}
	return j.retract(ctx) // what cannot be edited is taken back first, then posted anew
}

func (j *job) reply(ctx context.Context) attempt {
	r, ok := connector.As[connector.Replier](j.conn)
	if !ok {
		return attempt{err: refused("connector cannot post")}
	}
	sent, err := r.Reply(ctx, j.post(j.c.Wanted, j.c.Text))
	return attempt{brought: j.c.Wanted, sent: sent, err: err, fresh: !j.replaces()}
}

// edit puts the text into a message that stands already; twice is harmless.
func (j *job) edit(ctx context.Context, at session.MessageID) attempt {
	e, ok := connector.As[connector.Editor](j.conn)
	if !ok {
		return attempt{err: refused("connector cannot edit")}
	}
	sent, err := e.Edit(ctx, at, j.post(j.c.Wanted, j.c.Text))
	if sent.Message == "" {
		sent.Message = at
	}
	return attempt{brought: j.c.Wanted, sent: sent, err: err}
}

// slotted finds the receipt under the original into which an answer that is not out
// yet is edited, if the platform works that way. Once a person has said "try again",
// the receipt is no help any more and the answer is posted.
func (j *job) slotted(ctx context.Context) (session.MessageID, error) {
	if j.conn == nil || !j.conn.Limits().Slots || j.c.Kind != session.KindAnswer || j.c.Out != 0 || j.c.Wanted == 0 || j.c.Attempt > 0 {
		return "", nil
	}
	asked := j.q
	if j.c.Original != j.q.Ref.Number { // a follower's receipt is its own question's
		qs, err := j.w.Reader.Questions(ctx, j.q.Ref.Session, j.c.Original)
		if err != nil {
			return "", err
		}
		asked = qs[0]
	}
	return asked.Receipt(j.c.Connector, j.c.Place), nil
}

func (j *job) retract(ctx context.Context) attempt {
	r, ok := connector.As[connector.Retractor](j.conn)
	if !ok {
		return attempt{err: refused("connector cannot take a post back")}
	}
	return attempt{err: r.Retract(ctx, j.c.Message, j.post(j.c.Out, ""))}
}

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}

// post is the message as the connector gets it. Its key is the same for every
// attempt at the same text of the same copy, and for no other.
func (j *job) post(counter int, text string) connector.Post {
	p := connector.Post{Key: fmt.Sprintf("%s:%s:a%d", j.ref, j.c.Key(), counter), Place: j.c.Place, Language: j.c.Language, Text: text,
		Kind: j.c.Kind, Number: j.c.Original}
	if o, ok := j.q.OriginOf(j.c.Original); ok && o.Connector == j.c.Connector && o.Place == j.c.Place {
		p.Original = o
	}
	return p
}

// finish records what an attempt came to.
func (j *job) finish(ctx context.Context, a attempt) error {
	if a.err == nil {
		j.done("sent")
		return j.record(ctx, session.RecordSent{On: session.On{Question: j.ref}, Copy: j.l.Copy, Brought: a.brought,
			Message: a.sent.Message, URL: a.sent.URL})
	}
	e := connector.OutcomeOf(a.err)
	switch {
	case e.Outcome == connector.Refused && e.Unreachable:
		return j.park(ctx, session.Dropped, e.Detail)
	case e.Outcome == connector.Refused && j.unsettled():
		return j.park(ctx, session.Unsure, e.Detail)
	case e.Outcome == connector.Refused:
		return j.park(ctx, session.RefusedIt, e.Detail)
	case e.Outcome == connector.Deferred:
		j.done("deferred")
		return errors.Join(holdBack(ctx, j.w.Outbox, j.l.Lane.Connector, budgets(j.conn.Limits(), j.l.Lane), e),
			j.deferred(ctx, max(e.Wait, poll), fate(j.unsettled())))
	case a.fresh:
		return j.unknown(ctx, e)
	case j.l.Tries >= patience:
		return j.park(ctx, session.RefusedIt, e.Detail)
	}
	j.done("repeated")
	return j.deferred(ctx, afterTries(j.l.Tries), Known)
}

// afterTries waits longer after each try, up to half a minute.
func afterTries(tries int) time.Duration {
	return min(time.Second<<min(tries, 5), 30*time.Second)
}

// unknown is a new post of which nobody knows whether it arrived.
func (j *job) unknown(ctx context.Context, e *connector.SendError) error {
	_, keyed := connector.As[connector.Keyed](j.conn)
	_, readable := connector.As[connector.Finder](j.conn)
	if keyed || readable {
		j.done("unsure")
		return j.deferred(ctx, max(grace, j.conn.Limits().LookAfter), Unknown)
	}
	return j.park(ctx, session.Unsure, e.Detail)
}

// settle finds out what became of a new post whose outcome was never recorded. Whoever can
// look, looks, also where there are keys: a platform may know a key only once the call
// that brought it is done.
func (j *job) settle(ctx context.Context) error {
	f, ok := connector.As[connector.Finder](j.conn)
	switch {
	case !ok && j.repeatable():
		return j.attempt(ctx)
	case !ok:
		return j.park(ctx, session.Unsure, "")
	}
	if ok, err := j.token(ctx); !ok {
		return err
	}
	text, _ := j.c.TextOf(j.l.Intent)
	sent, found, err := f.Find(ctx, j.post(j.l.Intent, text))
	switch {
	case err != nil && j.l.Tries >= patience:
		return j.park(ctx, session.Unsure, connector.OutcomeOf(err).Detail)
	case err != nil:
		return j.deferred(ctx, afterTries(j.l.Tries), Unknown)
	case found:
		return j.finish(ctx, attempt{brought: j.l.Intent, sent: sent})
	}
	return j.deferred(ctx, 0, Known) // it is not there: a fresh intent may be written
}

// repeatable reports whether the platform refuses a second post with the key of the one
// whose fate is unknown.
func (j *job) repeatable() bool {
	k, ok := connector.As[connector.Keyed](j.conn)
	_, known := j.c.TextOf(j.l.Intent)
	return ok && known && j.l.Intent == j.c.Wanted && j.w.Now().Sub(j.l.Since) < k.KeyWindow()/2
}
