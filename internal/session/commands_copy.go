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
	change(cs Copies, at time.Time, locate Locate) error
}

// Locate gives the post at an address that a person has copied from where a copy stands.
// It is "" where nobody can read such addresses; ok is false for what is none.
type Locate func(s Slot, address string) (m MessageID, ok bool)

// RecordSent is the fact that a copy stands as the attempt Brought wanted it: the
// counter value of a text, or 0 after a take-back. Facts are never refused. A target
// without a number is the session itself, here as in the other commands on copies.
type RecordSent struct {
	On
	Copy    string    `json:"copy"`
	Brought int       `json:"brought"`
	Message MessageID `json:"message"`
	URL     string    `json:"url"`
	// Edited says that it was put into a message that stood there already.
	Edited bool `json:"edited,omitempty"`
	// Pictures are how many stand there with it.
	Pictures int `json:"pictures,omitempty"`
}

// Verb is Sent.
func (RecordSent) Verb() Verb { return Sent }

func (c RecordSent) moves(q Question, _ Actor) bool { return q.approvedCopy(c.Copy, c.Brought) }

func (c RecordSent) apply(q *Question, x Context) error {
	was, _ := q.Copy(c.Copy)
	if err := q.changeCopy(c, c.moves(*q, x.By), x); err != nil {
		return err
	}
	if c.Brought == 0 && was.Kind == KindAnswer {
		q.dropReceipt(was)
	}
	q.settleReceipts()
	return nil
}

func (c RecordSent) change(cs Copies, at time.Time, _ Locate) error {
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
	if err := c.change(q.Copies, x.At, x.Locate); err != nil {
		return err
	}
	if publishes {
		q.published(x)
	}
	return nil
}

// published ends the approval: what was wanted before needs no keeping.
func (q *Question) published(x Context) {
	q.Publications = append(q.kept(), Publication{q.Wanted, x.At})
	q.Corrected = q.Corrected || q.Prior != 0
	q.Prior, q.Holder, q.PublishedAt = 0, "", x.At
}

// kept are the publications until now. Early versions kept the last one, and what was public before
// it stands as the zero Publication.
func (q *Question) kept() []Publication {
	ps := q.Publications
	if len(ps) > 0 {
		return ps
	}
	if q.Corrected {
		ps = append(ps, Publication{})
	}
	if q.Prior != 0 {
		ps = append(ps, Publication{q.Prior, q.PublishedAt})
	}
	return ps
}

func (c *Copy) arrived(f RecordSent, at time.Time) {
	c.Quiet = f.quiet(*c)
	c.Out, c.At, c.Problem, c.Detail, c.Trying = f.Brought, at, NoProblem, "", 0
	c.Message, c.URL, c.Shows = f.Message, f.URL, f.Pictures
	if f.Brought == 0 {
		c.Message, c.URL = "", ""
	}
}

func (f RecordSent) quiet(before Copy) Quiet {
	switch {
	case !f.Edited || before.Kind != KindAnswer:
		return ""
	case before.Out == 0:
		return QuietAnswer
	}
	return QuietCorrection
}

// RecordParked is the fact that an attempt was refused, that nobody can know whether it
// arrived, or that nobody can be reached there, which is Dropped at once. Detail is what
// the platform said, for the desk. Of a notice that is not wanted any more nobody is
// asked whether it is out: it says nothing that must not stand there.
type RecordParked struct {
	On
	Copy    string  `json:"copy"`
	Trying  int     `json:"trying"`
	Problem Problem `json:"problem"`
	Detail  string  `json:"-"`
	// Returned is a letter that was sent and came back, so that the copy stands nowhere; empty
	// is an attempt that failed. A letter that was followed by another one changes nothing.
	Returned MessageID `json:"returned,omitempty"`
}

// Verb is Parked.
func (RecordParked) Verb() Verb { return Parked }

func (c RecordParked) apply(q *Question, x Context) error { return q.changeCopy(c, false, x) }

func (c RecordParked) change(cs Copies, at time.Time, _ Locate) error {
	i := cs.index(c.Copy)
	if i < 0 {
		return Fail(Internal, "copy_unknown")
	}
	cp := &cs[i]
	if c.Returned != "" {
		cp.returned(c)
		return nil
	}
	if c.Problem != Unsure && (c.Trying != cp.Wanted || cp.Problem == Dropped) {
		return nil // refused, and nobody wants it any more
	}
	cp.Problem, cp.Trying, cp.Detail, cp.Since = c.Problem, c.Trying, Shorten(c.Detail, maxDetail), at
	cp.forgo()
	cp.Attempt++
	return nil
}

// returned is the fact that a letter came back, of which it may not be known that it went out.
func (c *Copy) returned(f RecordParked) {
	if c.Message != f.Returned && c.Problem != Unsure {
		return
	}
	c.Problem, c.Trying, c.Detail = f.Problem, c.Wanted, Shorten(f.Detail, maxDetail)
	c.Out, c.Message, c.URL = 0, "", ""
	c.Attempt++
}

// ResolveCopy is a person's decision about a parked copy. Attempt is the parking
// that the person saw; 0 leaves the check out. URL is where the person saw it: by that
// the copy can be corrected and taken back later.
type ResolveCopy struct {
	On
	Decision Verb   `json:"-"` // Retry, Drop, IsOut or SendAgain
	Copy     string `json:"copy"`
	Attempt  int    `json:"attempt"`
	URL      string `json:"url"`
}

// Verb is the decision.
func (c ResolveCopy) Verb() Verb { return c.Decision }

// seen leaves the check out: a copy changes without the question, and Attempt names it.
func (ResolveCopy) seen() string { return "" }

func (c ResolveCopy) moves(q Question, _ Actor) bool {
	cp, _ := q.Copy(c.Copy)
	return c.Decision == IsOut && q.approvedCopy(c.Copy, cp.Trying)
}

var resolutions = map[Verb][]Problem{
	Retry:     {RefusedIt, Dropped},
	Drop:      {RefusedIt},
	IsOut:     {Unsure},
	SendAgain: {Unsure},
}

func (c ResolveCopy) apply(q *Question, x Context) error {
	return q.changeCopy(c, c.moves(*q, x.By), x)
}

func (c ResolveCopy) change(cs Copies, at time.Time, locate Locate) error {
	i := cs.index(c.Copy)
	if i < 0 {
		return Fail(NotFound, "copy_unknown")
	}
	cp := &cs[i]
	if !slices.Contains(resolutions[c.Decision], cp.Problem) || c.Attempt != 0 && c.Attempt != cp.Attempt {
		return Fail(Already, "copy_settled")
	}
	switch c.Decision {
	case Drop:
		cp.Problem = Dropped
	case IsOut:
		return cp.seen(CleanLine(c.URL), at, locate)
	default:
		cp.Problem, cp.Detail, cp.Trying = NoProblem, "", 0
	}
	return nil
}

// seen is the fact that a person saw the copy, at an address if they say so.
func (c *Copy) seen(address string, at time.Time, locate Locate) error {
	w, _ := c.WishOf(c.Trying)
	f := RecordSent{Brought: c.Trying, Message: c.Message, URL: address, Pictures: w.Pictures}
	if address != "" && locate != nil {
		m, ok := locate(c.Slot, address)
		if !ok {
			return Fail(Invalid, "copy_address").At("url")
		}
		if m != "" {
			f.Message = m
		}
	}
	if err := tooLong("url", address, maxDetail); err != nil {
		return err
	}
	c.arrived(f, at)
	return nil
}

// onSession gives a command on a copy to the session whose announcement it is.
type onSession struct{ copyCommand }

func (onSession) already(Session, Actor) bool { return false }

func (c onSession) apply(s *Session, x Context) error {
	return c.change(s.Copies, x.At, x.Locate)
}

// MarshalJSON writes what the record commits to: the command alone.
func (c onSession) MarshalJSON() ([]byte, error) { return json.Marshal(c.copyCommand) }
