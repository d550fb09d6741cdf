package session

import (
	"encoding/json"
	"slices"
	"time"
)

// copyCommand is a fact or a decision about one copy, of a question or of a session.
type copyCommand interface {
	Command
	// change does to one of cs what the command says; a failed one has changed nothing.
	change(cs Copies, at time.Time) error
}

// RecordSent is the fact that a copy stands as the attempt Brought wanted it: the
// counter value of a text, or 0 after a take-back. Facts are never refused. A target
// without a number is the session itself, here as in the other commands on copies.
type RecordSent struct {
	On
	Copy    string    `json:"copy"`
	Brought int       `json:"brought"`
	Message MessageID `json:"message"`
	URL     string    `json:"url"`
}

// Verb is Sent.
func (RecordSent) Verb() Verb { return Sent }

func (c RecordSent) moves(q Question, _ Actor) bool { return q.approvedCopy(c.Copy, c.Brought) }

func (c RecordSent) apply(q *Question, _ kin, x Context) error {
	return q.changeCopy(c, c.moves(*q, x.By), x)
}

func (c RecordSent) change(cs Copies, at time.Time) error {
	i := cs.index(c.Copy)
	if i < 0 {
		return Fail(Internal, "copy_unknown")
	}
	cs[i].arrived(c, at)
	return nil
}

// approvedCopy reports whether bringing out `brought` in slot key publishes q.
func (q Question) approvedCopy(key string, brought int) bool {
	c, ok := q.Copy(key)
	return ok && q.State == Approved && c.Kind == KindAnswer && brought != 0 && brought == c.Wanted && c.Before != nil
}

// changeCopy changes a copy of q, which may publish its answer.
func (q *Question) changeCopy(c copyCommand, publishes bool, x Context) error {
	if err := c.change(q.Copies, x.At); err != nil {
		return err
	}
	if publishes {
		q.published(x)
	}
	return nil
}

// published ends the approval: what was wanted before needs no keeping.
func (q *Question) published(x Context) {
	q.Corrected = q.Corrected || q.Prior != 0
	q.Prior, q.Holder, q.PublishedAt = 0, "", x.At
}

func (c *Copy) arrived(f RecordSent, at time.Time) {
	c.Out, c.At, c.Problem, c.Detail, c.Trying = f.Brought, at, NoProblem, "", 0
	c.Message, c.URL = f.Message, f.URL
	if f.Brought == 0 {
		c.Message, c.URL = "", ""
	}
}

// RecordParked is the fact that an attempt was refused, or that nobody can know
// whether it arrived. Detail is what the platform said, for the desk.
type RecordParked struct {
	On
	Copy    string  `json:"copy"`
	Trying  int     `json:"trying"`
	Problem Problem `json:"problem"`
	Detail  string  `json:"-"`
}

// Verb is Parked.
func (RecordParked) Verb() Verb { return Parked }

func (c RecordParked) apply(q *Question, _ kin, x Context) error { return q.changeCopy(c, false, x) }

func (c RecordParked) change(cs Copies, _ time.Time) error {
	i := cs.index(c.Copy)
	if i < 0 {
		return Fail(Internal, "copy_unknown")
	}
	cp := &cs[i]
	if c.Problem == RefusedIt && (c.Trying != cp.Wanted || cp.Problem == Dropped) {
		return nil // refused, and nobody wants it any more
	}
	cp.Problem, cp.Trying, cp.Detail = c.Problem, c.Trying, Shorten(c.Detail, maxDetail)
	cp.Attempt++
	return nil
}

// SettleCopy is a person's decision about a parked copy. Attempt is the parking
// that the person saw; 0 leaves the check out. URL is where the person saw it.
type SettleCopy struct {
	On
	Decision Verb   `json:"-"` // Retry, Drop, IsOut or SendAgain
	Copy     string `json:"copy"`
	Attempt  int    `json:"attempt"`
	URL      string `json:"url"`
}

// Verb is the decision.
func (c SettleCopy) Verb() Verb { return c.Decision }

// seen leaves the check out: a copy changes without the question, and Attempt names it.
func (SettleCopy) seen() string { return "" }

func (c SettleCopy) moves(q Question, _ Actor) bool {
	cp, _ := q.Copy(c.Copy)
	return c.Decision == IsOut && q.approvedCopy(c.Copy, cp.Trying)
}

var settles = map[Verb][]Problem{
	Retry:     {RefusedIt, Dropped},
	Drop:      {RefusedIt},
	IsOut:     {Unsure},
	SendAgain: {Unsure},
}

func (c SettleCopy) apply(q *Question, _ kin, x Context) error {
	return q.changeCopy(c, c.moves(*q, x.By), x)
}

func (c SettleCopy) change(cs Copies, at time.Time) error {
	i := cs.index(c.Copy)
	if i < 0 {
		return Fail(NotFound, "copy_unknown")
	}
	cp := &cs[i]
	if !slices.Contains(settles[c.Decision], cp.Problem) || c.Attempt != 0 && c.Attempt != cp.Attempt {
		return Fail(Already, "copy_settled")
	}
	switch c.Decision {
	case Drop:
		cp.Problem = Dropped
	case IsOut:
		cp.arrived(RecordSent{Brought: cp.Trying, Message: cp.Message, URL: Shorten(c.URL, maxDetail)}, at)
	default:
		cp.Problem, cp.Detail, cp.Trying = NoProblem, "", 0
	}
	return nil
}

// onSession gives a command on a copy to the session whose announcement it is.
type onSession struct{ copyCommand }

func (onSession) settled(Session) bool { return false }

func (c onSession) apply(s *Session, x SessionContext) error { return c.change(s.Copies, x.At) }

// MarshalJSON writes what the record commits to: the command alone.
func (c onSession) MarshalJSON() ([]byte, error) { return json.Marshal(c.copyCommand) }
