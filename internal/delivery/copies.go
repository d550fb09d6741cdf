package delivery

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// copies takes what waits in one lane, in order.
func (w *Worker) copies(p place) queue {
	return func(ctx context.Context) (task, time.Duration, error) {
		l, wait, ok, err := w.Outbox.Lease(ctx, p.session, p.lane, p.ttl())
		if !ok || err != nil {
			return nil, wait, err
		}
		t := &copyTask{place: p, w: w, Lease: l, began: w.Now(), ref: session.QuestionRef{Session: p.session, Number: l.Question}}
		t.copy, _ = l.Copies.Get(l.Copy)
		if l.Lost {
			w.Log.Warn("redis changed over: what waited is looked up, or shown to a person, before it is sent",
				"session", p.session, "question", l.Question, "connector", p.lane.Connector)
		}
		return t, 0, nil
	}
}

// copyTask is one copy of a question or of a session. It is brought out at each change of
// what is wanted of it, and parked when a person must be asked.
type copyTask struct {
	place
	Lease
	w       *Worker
	ref     session.QuestionRef // without a number when the copy is the session's
	copy    session.Copy
	receipt session.MessageID // into which the answer is edited; see findReceipt
	asker   session.Question  // to whom a letter goes; see findAsker
	began   time.Time

	brought int            // what stands there after a success
	sent    connector.Sent // where
	fresh   bool           // it was a new post: repeating it blindly could double it
	edited  bool           // it was put into a message that stood there already
}

func (t *copyTask) at() place { return t.place }

func (t *copyTask) budgets() []connector.Budget { return budgets(t.limits(), t.lane) }

// plan decides what the copy needs: an open intent first, then what is wanted.
func (t *copyTask) plan(ctx context.Context) (request, outcome) {
	if err := cmp.Or(t.findReceipt(ctx), t.findAsker(ctx)); err != nil {
		return request{}, outcome{result: unused, fault: err}
	}
	f, findable := connector.As[connector.Finder](t.conn)
	switch {
	case t.conn == nil:
		return request{}, refusal("connector is not configured")
	case t.underHidden() && t.posts() && !t.unknown():
		return request{}, outcome{result: refused, err: errHidden}
	case t.unknown() && findable: // also where there are keys: one may be known only once the request that brought it is done
		return request{connector.RequestFind, func(ctx context.Context) outcome { return t.find(ctx, f) }}, outcome{}
	case t.unknown() && !t.repeatable():
		return request{}, outcome{detail: t.why()}
	case !t.unknown() && (!t.copy.Due() || t.copy.Wanted != t.Wanted): // changed since the lease
		return request{}, outcome{result: absent}
	}
	return t.send()
}

// unknown reports whether a former attempt at a new post may have arrived. What a
// platform says to a later one tells nothing about it. An edit of a receipt is no new post,
// and what replaces a former post need not know of it.
func (t *copyTask) unknown() bool {
	return t.Open && t.Intent != 0 && t.posts() && t.receipt == "" && !t.limits().Replaces
}

// why says at the desk why a person is asked, where no attempt was seen to fail.
func (t *copyTask) why() string {
	if t.Lost {
		return "Redis changed over to another server, which may not know that this was sent: please look"
	}
	return ""
}

// posts reports whether the copy is brought out by a new post: nothing stands there, or
// what does can be neither edited nor taken back and, of an announcement, may stay beside
// a newer one. A letter is followed by the next.
func (t *copyTask) posts() bool {
	_, edits := connector.As[connector.Editor](t.conn)
	_, retracts := connector.As[connector.Retractor](t.conn)
	if t.copy.Kind == session.KindHidden || t.copy.Kind == session.KindPinned {
		return false
	}
	if t.copy.Out != 0 && t.copy.Wanted != 0 && t.limits().Letters {
		return true
	}
	return t.copy.Out == 0 || t.copy.Wanted != 0 && t.copy.Kind == session.KindAnnouncement && !edits && !retracts
}

// repeatable reports whether the platform refuses a second post with the key of the one
// whose fate is unknown.
func (t *copyTask) repeatable() bool {
	k, ok := connector.As[connector.Keyed](t.conn)
	_, known := t.copy.WishOf(t.Intent)
	return ok && known && t.Intent == t.copy.Wanted && t.w.Now().Sub(t.Since) < k.KeyWindow()/2
}

// findReceipt finds the receipt under the original into which an answer that is not out
// yet is edited, if the platform works that way. Once a person has said "try again",
// the receipt is no help any more and the answer is posted.
func (t *copyTask) findReceipt(ctx context.Context) error {
	c, asked := t.copy, t.Read
	if !t.limits().Slots || c.Kind != session.KindAnswer || c.Out != 0 || c.Wanted == 0 || c.Attempt > 0 {
		return nil
	}
	if c.Original != asked.Ref.Number { // a follower's receipt is its own question's
		qs, err := t.w.Reader.Questions(ctx, t.session, c.Original)
		if err != nil {
			return err
		}
		asked = qs[0]
	}
	t.receipt = asked.Receipt(c.Connector, c.Place)
	return nil
}

// findAsker finds the question of whom a letter is for: who asked what was merged into this
// one has an address of their own.
func (t *copyTask) findAsker(ctx context.Context) error {
	t.asker = t.Read
	if !t.limits().Letters || t.copy.Original == t.Read.Ref.Number {
		return nil
	}
	qs, err := t.w.Reader.Questions(ctx, t.session, t.copy.Original)
	if err == nil {
		t.asker = qs[0]
	}
	return err
}

// find looks what became of a new post whose outcome was never recorded.
func (t *copyTask) find(ctx context.Context, f connector.Finder) outcome {
	where, found, err := f.Find(ctx, t.post(t.Intent))
	t.brought, t.sent = t.Intent, where
	return lookOutcome(found, err)
}

// send is the one request that brings the copy nearer to what is wanted.
func (t *copyTask) send() (request, outcome) {
	t.brought = t.copy.Wanted
	_, edits := connector.As[connector.Editor](t.conn)
	switch {
	case t.copy.Kind == session.KindHidden:
		return request{connector.RequestEdit, t.hide}, outcome{}
	case t.copy.Kind == session.KindPinned:
		return request{connector.RequestEdit, t.pin}, outcome{}
	case t.receipt != "":
		return request{connector.RequestEdit, t.edit(t.receipt)}, outcome{}
	case t.posts():
		return request{t.kind(), t.reply}, outcome{}
	case t.limits().Letters: // nothing takes a letter back: what the asker is told instead is a notice
		t.brought = 0
		return request{connector.RequestRetract, func(context.Context) outcome { return outcome{result: sent} }}, outcome{}
	case t.copy.Message == "":
		// A person saw it there. To a platform, taking nothing back is a success.
		return request{}, refusal("nobody knows which post it is: please change it there by hand")
	case t.copy.Wanted != 0 && edits && !t.limits().Reposts(t.copy.Shows, t.copy.Pictures):
		return request{connector.RequestEdit, t.edit(t.copy.Message)}, outcome{}
	}
	return request{connector.RequestRetract, t.retract}, outcome{} // what cannot be edited is taken back first, then posted anew
}

// kind is what the new post is to the budgets.
func (t *copyTask) kind() connector.Request {
	if t.post(t.copy.Wanted).Original.Message == "" {
		return connector.RequestAlone
	}
	return connector.RequestPost
}

func (t *copyTask) reply(ctx context.Context) outcome {
	r, ok := connector.As[connector.Replier](t.conn)
	if !ok {
		return refusal("connector cannot post")
	}
	var err error
	t.fresh = !t.limits().Replaces
	t.sent, err = r.Reply(ctx, t.post(t.copy.Wanted))
	return outcomeOf(err)
}

// edit puts the text into a message that stands already; twice is harmless.
func (t *copyTask) edit(at session.MessageID) func(context.Context) outcome {
	return func(ctx context.Context) outcome {
		e, ok := connector.As[connector.Editor](t.conn)
		if !ok {
			return refusal("connector cannot edit")
		}
		var err error
		t.edited = true
		if t.sent, err = e.Edit(ctx, at, t.post(t.copy.Wanted)); t.sent.Message == "" {
			t.sent.Message = at
		}
		return outcomeOf(err)
	}
}

func (t *copyTask) retract(ctx context.Context) outcome {
	r, ok := connector.As[connector.Retractor](t.conn)
	if !ok {
		return refusal("connector cannot take a post back")
	}
	t.brought = 0
	o := outcomeOf(r.Retract(ctx, t.copy.Message, t.post(t.copy.Out)))
	if stands := t.stands(); o.result == sent && stands != nil {
		o.then = request{connector.RequestFind, func(ctx context.Context) outcome { return t.readBack(stands(ctx)) }}
	}
	return o
}

// stands looks whether what was taken back is still there; nil where nobody can.
func (t *copyTask) stands() func(context.Context) (bool, error) {
	if r, ok := connector.As[connector.Reader](t.conn); ok {
		return func(ctx context.Context) (bool, error) { return r.Stands(ctx, t.copy.Message, t.post(t.copy.Out)) }
	}
	f, ok := connector.As[connector.Finder](t.conn)
	if !ok {
		return nil
	}
	return func(ctx context.Context) (bool, error) {
		_, found, err := f.Find(ctx, t.post(t.copy.Out))
		return found, err
	}
}

// readBack is what a take-back came to. A platform may show for a moment what is gone, so
// it is asked again before a person is.
func (t *copyTask) readBack(there bool, err error) outcome {
	o := outcomeOf(err)
	switch {
	case err == nil && there && t.Tries >= stillThere:
		return refusal("the platform says that it was taken back, and it still stands there: please take it back by hand")
	case err != nil || there:
		o.result = unsure
	}
	return o
}

func refusal(detail string) outcome { return outcome{result: refused, detail: detail} }

// post is the message as the connector gets it. Its key and its time are the same for
// every attempt at the same text of the same copy, and its key for no other.
func (t *copyTask) post(counter int) connector.Post {
	c := t.copy
	w, _ := c.WishOf(counter)
	p := connector.Post{Copy: t.ref.String() + ":" + c.Key(), Place: c.Place, Language: c.Language, Text: w.Text,
		Kind: c.Kind, Number: c.Original, Silent: c.Silent, Approved: w.Approved}
	p.Key = fmt.Sprintf("%s:a%d", p.Copy, counter)
	p.KeepNote = func(ctx context.Context, note string) error {
		return t.w.Outbox.Note(ctx, t.session, t.Finish, counter, note)
	}
	if counter == t.Noted {
		p.Note = t.Note
	}
	if t.limits().Letters {
		p.Recipient = &connector.Recipient{To: t.asker.Email, About: t.asker.Ref}
		if t.w.Leave != nil {
			p.Recipient.Leave = t.w.Leave(t.asker.Ref)
		}
	}
	if of := t.Read.Revision(w.Revision).Pictures; w.Pictures <= len(of) {
		p.Pictures = of[:w.Pictures]
	}
	if t.w.Pictures != nil {
		p.Open = func(ctx context.Context, of session.Picture) ([]byte, error) {
			_, b, err := t.w.Pictures.Picture(ctx, t.ref, of.Hash)
			return b, err
		}
	}
	if of := t.w.Document; of != nil && c.News == session.NewsTranscript {
		p.Document = func(ctx context.Context) (connector.Document, error) { return of(ctx, t.session) }
	}
	if of := t.w.Poster; of != nil && c.Kind == session.KindAnnouncement && t.limits().Posters {
		p.Poster = func(ctx context.Context) (connector.Poster, error) { return of(ctx, t.session, c.News) }
	}
	if p.Approved.IsZero() { // wanted before that was stored
		p.Approved = t.Read.Asked
	}
	if o, ok := t.Read.OriginOf(c.Original); ok && o.Connector == c.Connector && o.Place == c.Place {
		p.Original = o
	}
	return p
}

// end stores what became of a copy, or gives its lease back.
func (t *copyTask) end(o outcome) ending {
	switch o.result {
	case sent:
		return t.keep("sent", session.RecordSent{On: session.On{Question: t.ref}, Copy: t.Lease.Copy, Brought: t.brought,
			Message: t.sent.Message, URL: t.sent.URL, Edited: t.edited, Pictures: len(t.post(t.brought).Pictures)})
	case refused:
		return t.park(t.problem(o), o.detail)
	case later:
		return t.back("deferred", o.later(t.Tries), fate(t.unknown()))
	case absent:
		return t.back("", 0, Known)
	case unused:
		return t.back("", 0, Unused)
	}
	return t.inTheDark(o)
}

// problem is what a person is told of a refusal. Nobody is asked about a person whom
// nothing reaches any more.
func (t *copyTask) problem(o outcome) session.Problem {
	switch {
	case o.err != nil && connector.OutcomeOf(o.err).Unreachable:
		return session.Dropped
	case t.unknown():
		return session.Unsure
	}
	return session.RefusedIt
}

// inTheDark: nobody knows whether a new post arrived, a look failed, or something harmless did.
func (t *copyTask) inTheDark(o outcome) ending {
	_, keyed := connector.As[connector.Keyed](t.conn)
	_, findable := connector.As[connector.Finder](t.conn)
	switch {
	case t.fresh && (keyed || findable):
		return t.back("unsure", max(grace, t.limits().LookAfter), Unknown)
	case t.fresh || t.unknown() && (!findable || t.Tries >= patience):
		return t.park(session.Unsure, o.detail)
	case t.unknown():
		return t.back("", max(o.wait, afterTries(t.Tries)), Unknown)
	case t.Tries >= patience:
		return t.park(session.RefusedIt, o.detail)
	}
	return t.back("repeated", afterTries(t.Tries), Known)
}

// park asks a person about the copy.
func (t *copyTask) park(p session.Problem, detail string) ending {
	trying := t.Wanted
	if t.Open {
		trying = t.Intent
	}
	return t.keep(string(p), session.RecordParked{On: session.On{Question: t.ref}, Copy: t.Lease.Copy, Trying: trying, Problem: p,
		Detail: detail})
}

// keep stores a fact about the copy and ends the lease in one step.
func (t *copyTask) keep(outcome string, fact session.Command) ending {
	t.done(outcome)
	return func(ctx context.Context) (bool, error) {
		_, err := t.w.Recorder.Record(ctx, fact, t.Finish)
		return true, err
	}
}

// back gives the lease back.
func (t *copyTask) back(outcome string, wait time.Duration, how Back) ending {
	t.done(outcome)
	return func(ctx context.Context) (bool, error) {
		return true, t.w.Outbox.Defer(ctx, t.session, t.Finish, wait, how)
	}
}

// done tells the operator what a request came to. What it was about stays in the store.
func (t *copyTask) done(outcome string) {
	if outcome == "" {
		return
	}
	t.w.Log.Info("delivery", "session", t.session, "question", t.ref.Number, "connector", t.lane.Connector, "kind", t.copy.Kind,
		"outcome", outcome, "attempt", t.Tries, "took", t.w.Now().Sub(t.began))
	if t.w.Done != nil {
		t.w.Done(t.lane.Connector, outcome)
	}
}
