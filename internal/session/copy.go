package session

import (
	"slices"
	"time"
)

// Problem is why a copy waits for a person.
type Problem string

// The problems of a copy.
const (
	NoProblem Problem = ""
	RefusedIt Problem = "refused" // the platform said no; Retry or Drop
	Unsure    Problem = "unsure"  // it may be out: "It is out" or "Send again"
	Dropped   Problem = "dropped" // a person gave it up, or its time is over; listed, not asked again
)

// Copy is one public copy: what is wanted there, and what is known to be there.
// Values of Wanted and Out are the Counter of its question or session at the approval
// that wanted them; 0 is nothing. A copy is at rest when they are equal.
type Copy struct {
	Slot
	Language Language `json:"language"`
	Text     string   `json:"text,omitempty"`     // the exact text of Wanted, as approved; never rendered again
	Revision int      `json:"revision,omitempty"` // of the answer that Text belongs to; 0 for a notice or an announcement
	Wanted   int      `json:"wanted"`
	// Approved is when Wanted began to be wanted: the same for every attempt at the same text.
	Approved time.Time `json:"approved,omitzero"`
	Pictures int       `json:"pictures,omitempty"` // how many of the revision's go along: the first ones
	Silent   bool      `json:"silent,omitempty"`   // whom it is for is told without a sound
	Before   *Wish     `json:"before,omitempty"`   // while approved: what send_back restores

	Out     int       `json:"out"`
	Message MessageID `json:"message,omitempty"`
	URL     string    `json:"url,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Shows   int       `json:"shows,omitempty"` // how many pictures stand there
	Quiet   Quiet     `json:"quiet,omitempty"`

	Problem Problem `json:"problem,omitempty"`
	Trying  int     `json:"trying,omitempty"` // what the parked attempt tried to bring out
	// Since is when Problem was found by an attempt.
	Since   time.Time `json:"since,omitzero"`
	Attempt int       `json:"attempt,omitempty"` // rises with every parking, so an old button does not resolve a new problem
	Detail  string    `json:"detail,omitempty"`  // the platform's words, for the desk only

	// Leaving says that whoever it was for has withdrawn: it is forgotten once it rests.
	Leaving bool `json:"leaving,omitempty"`
}

// Wish is what is wanted of a copy: a text of a revision, under the counter that asked for it.
type Wish struct {
	Wanted   int       `json:"wanted"`
	Revision int       `json:"revision,omitempty"`
	Text     string    `json:"text,omitempty"`
	Approved time.Time `json:"approved,omitzero"`
	Pictures int       `json:"pictures,omitempty"`
}

// Quiet says how an answer came to stand in a message that was there already, of which some
// platforms tell nobody; empty is a post of its own.
type Quiet string

// The quiet ways of an answer.
const (
	QuietAnswer     Quiet = "answered"  // in place of a receipt
	QuietCorrection Quiet = "corrected" // in place of an answer
)

// Due reports whether the worker has something to do: the copy is not as wanted
// and no person is asked about it.
func (c Copy) Due() bool { return c.Out != c.Wanted && c.Problem == NoProblem }

// Parked reports whether the copy waits for a person.
func (c Copy) Parked() bool { return c.Problem == RefusedIt || c.Problem == Unsure }

// unsureFor is for how long it is thought of what may stand there because a person is asked.
const unsureFor = 30 * time.Minute

// Stray reports whether what was posted at its place at some time (zero is not known) may be the
// copy although its Message is another one: if it may, because a person is asked about that, or if
// it is, should an attempt be under way.
func (c Copy) Stray(posted, now time.Time) (may, tried bool) {
	const clocks = time.Minute // how far a platform's may be behind
	switch {
	case c.Out == c.Wanted && c.Out != 0, !posted.IsZero() && posted.Before(c.Approved.Add(-clocks)):
		return false, false
	}
	return c.Problem == Unsure && now.Sub(c.Since) < unsureFor, c.Problem != Unsure
}

// rests reports whether neither the worker nor a person has anything to do about the copy.
func (c Copy) rests() bool { return !c.Due() && !c.Parked() }

// Shown returns the text that stands there now and the revision it belongs to; ok is
// false when nothing does or when it is to go.
func (c Copy) Shown() (text string, revision int, ok bool) {
	switch {
	case c.Wanted == 0 || c.Out == 0:
		return "", 0, false
	case c.Out == c.Wanted:
		return c.Text, c.Revision, true
	case c.Before != nil && c.Before.Wanted == c.Out:
		return c.Before.Text, c.Before.Revision, true
	}
	return "", 0, false
}

// want changes what is wanted. A refusal or a dropped copy is about the old wish
// and ends with it; an unknown outcome stays until a person has looked.
func (c *Copy) want(w Wish) {
	if c.Wanted == w.Wanted {
		return
	}
	c.Wanted, c.Revision, c.Text, c.Approved, c.Pictures = w.Wanted, w.Revision, w.Text, w.Approved, w.Pictures
	if c.Problem != Unsure {
		c.Problem, c.Detail = NoProblem, ""
	}
	c.forgo()
}

// forgo asks nobody about a notice of unknown fate that is not wanted any more, nor about a ring:
// the answer that it tells of stands, and often its asker alone could look. Nor is anybody asked
// about a pin: the hour goes on without it.
func (c *Copy) forgo() {
	if c.Problem == Unsure && (c.Kind == KindRing || c.Kind.Notice() && c.Wanted == 0) || c.Kind == KindPinned && c.Parked() {
		c.Problem = Dropped
	}
}

// Copies are the public copies of one question, or of one session.
type Copies []Copy

// Get returns the copy in slot key.
func (cs Copies) Get(key string) (Copy, bool) {
	i := cs.index(key)
	if i < 0 {
		return Copy{}, false
	}
	return cs[i], true
}

func (cs Copies) index(key string) int {
	return slices.IndexFunc(cs, func(c Copy) bool { return c.Key() == key })
}

// slot returns the copy in s, adding it when it is new.
func (cs *Copies) slot(s Slot) *Copy {
	i := cs.index(s.Key())
	if i < 0 {
		*cs = append(*cs, Copy{Slot: s})
		i = len(*cs) - 1
	}
	return &(*cs)[i]
}

// Parked lists the copies that wait for a person.
func (cs Copies) Parked() Copies {
	return slices.DeleteFunc(slices.Clone(cs), func(c Copy) bool { return !c.Parked() })
}

// Copy returns the question's copy in slot key.
func (q Question) Copy(key string) (Copy, bool) { return q.Copies.Get(key) }

// Rendered is one public copy as it would read: exactly these bytes.
type Rendered struct {
	Slot
	Language Language
	Text     string
	Unit     Unit // what the platform counts in
	Length   int  // in Unit, by the limit that is tightest here
	Limit    int  // in Unit; 0 is none
	Assumed  bool // the platform has not said yet that this is its limit
	Pictures int  // how many of the revision's go along: the first ones
	LeftOut  int  // how many do not, because the place takes no more
	Caption  int  // in Unit: with those that are left out the text may have as many; 0 is another reason
	Anew     bool // no edit takes the pictures off what stands there: it is taken back, and posted anew
	Silent   bool // see Copy
	Price    int  // what posting it costs, in thousandths of a US dollar
}

// TooLong reports whether the platform would refuse the copy.
func (r Rendered) TooLong() bool { return r.Limit > 0 && r.Length > r.Limit }

// wantCopies makes the rendered copies of revision rev the wanted ones, under a new counter; what
// is wanted no longer is taken back. The old wishes are kept for send_back.
func (q *Question) wantCopies(rev int, rs []Rendered, at time.Time) {
	q.Counter++
	for i := range q.Copies {
		if c := &q.Copies[i]; c.Kind == KindAnswer {
			wish := c.wish()
			c.Before = &wish
			c.want(Wish{})
		}
	}
	for _, r := range rs {
		c := q.Copies.slot(r.Slot)
		c.Language = r.Language
		if c.Before == nil { // a copy that is new with this approval
			c.Before = &Wish{}
		}
		c.want(Wish{Wanted: q.Counter, Revision: rev, Text: r.Text, Approved: at, Pictures: r.Pictures})
	}
}

// unwantCopies takes back every copy of the answer that pick selects.
func (q *Question) unwantCopies(pick func(Copy) bool) {
	q.Counter++
	for i := range q.Copies {
		if c := &q.Copies[i]; c.Kind == KindAnswer && pick(*c) {
			c.want(Wish{})
			c.Before = nil
		}
	}
}

// unapprove gives every copy back the wish that the approval replaced.
func (q *Question) unapprove() {
	for i := range q.Copies {
		c := &q.Copies[i]
		if c.Before != nil {
			c.want(*c.Before)
			c.Before = nil
		}
	}
	q.Wanted, q.Prior = q.Prior, 0
}

func (c Copy) wish() Wish {
	return Wish{Wanted: c.Wanted, Revision: c.Revision, Text: c.Text, Approved: c.Approved, Pictures: c.Pictures}
}

// WishOf returns the wish that counter stands for, if the copy still has it.
func (c Copy) WishOf(counter int) (Wish, bool) {
	switch {
	case counter == 0:
		return Wish{}, false
	case counter == c.Wanted:
		return c.wish(), true
	case c.Before != nil && counter == c.Before.Wanted:
		return *c.Before, true
	}
	return Wish{}, false
}
