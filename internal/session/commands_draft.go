package session

import (
	"slices"
	"time"
)

// WriteMessage is a message that staff wrote, edited or deleted near the card. A
// person just replies; what that is to the answer is decided here and nowhere else:
// a part of the holder's draft, a message to ask about, or nothing but talk, of which
// nothing is stored.
type WriteMessage struct {
	On
	Message MessageID `json:"message"`
	At      time.Time `json:"at"` // when it was first written, as the platform orders messages
	// Edited is when this version was written; zero is the first one. Versions may arrive
	// in any order.
	Edited  time.Time  `json:"edited"`
	Lines   []ChatLine `json:"lines"`
	Full    bool       `json:"full,omitempty"` // see Said
	Deleted bool       `json:"deleted"`
	// Awaits says that pictures came with it, which are still being read: until then it is not
	// submitted. Pictures are those that were read, without what is to be said of them; nil says
	// nothing about any.
	Awaits   bool       `json:"awaits,omitempty"`
	Pictures *[]Picture `json:"pictures,omitempty"`
}

// Verb is Write.
func (WriteMessage) Verb() Verb { return Write }

// seen leaves the check out: a person writes when they like.
func (WriteMessage) seen() string { return "" }

func (c WriteMessage) text() string {
	if c.Deleted {
		return ""
	}
	return AnswerText(c.Lines)
}

// empty reports whether nothing of the message could be in an answer.
func (c WriteMessage) empty() bool {
	return c.text() == "" && (c.Deleted || !c.Awaits && (c.Pictures == nil || len(*c.Pictures) == 0))
}

// outdated reports whether a newer version of the message is known.
func (c WriteMessage) outdated(s Said) bool { return !c.Deleted && c.Edited.Before(s.Edited) }

// becomes says what a message that is not known yet is, "" for talk. A new version of
// something that was never taken is not taken either, but asked about.
func (c WriteMessage) becomes(q Question, by Actor) Use {
	rev := q.Latest()
	switch {
	case c.empty():
	case q.State == Claimed && q.Holder == by.Name, q.State == Queued && by.Role == ExpertRole:
		if c.Edited.IsZero() {
			return Drafted
		}
		return Asking
	case q.State == Review && (rev.Author == by.Name || q.Holder == by.Name):
		return Asking
	case (q.State == Approved || q.State == Published) && (q.Revision(q.Wanted).Author == by.Name || q.Revision(q.Wanted).Over == by.Name):
		return Asking
	}
	return ""
}

func (c WriteMessage) already(q Question, by Actor) bool {
	s, kept := q.SaidBy(c.Message)
	switch {
	case !kept:
		return c.becomes(q, by) == "" && !c.remembers(q, by)
	case s.By != by.Name, s.Use == NotUsed, c.outdated(s): // nobody writes in another's name
		return true
	case c.empty() && s.Use == Used:
		return q.State == Approved || q.State == Published
	case c.empty(), s.Use != Used && !c.showsSame(s):
		return false
	}
	return c.text() == s.Text && s.Edit == "" || c.text() == s.Edit
}

// showsSame reports whether a message that waits has the pictures already. Those of a version
// that is known are not read again.
func (c WriteMessage) showsSame(s Said) bool {
	switch {
	case c.Awaits:
		return s.Awaits || c.Edited.Equal(s.Edited)
	case c.Pictures == nil:
		return !s.Awaits
	}
	same := func(a, b Picture) bool { return a.Hash == b.Hash }
	return !s.Awaits && slices.EqualFunc(*c.Pictures, s.Pictures, same)
}

// shown gives a message that waits its pictures.
func (c WriteMessage) shown(s *Said) error {
	s.Awaits = c.Awaits
	if c.Pictures == nil {
		return nil
	}
	return s.shows(*c.Pictures)
}

// remembers reports whether a message that is gone should be remembered as that: its
// first version may still be on its way.
func (c WriteMessage) remembers(q Question, by Actor) bool {
	first := c
	first.Deleted, first.Edited, first.Lines = false, time.Time{}, []ChatLine{{Text: "x"}}
	return (c.Deleted || !c.Edited.IsZero() && c.empty()) && first.becomes(q, by) != ""
}

// moves: whoever answers a question that nobody holds, holds it; and an answer that its
// author took away, message by message, is theirs to write again.
func (c WriteMessage) moves(q Question, by Actor) bool {
	s, kept := q.SaidBy(c.Message)
	if q.State == Review {
		return kept && s.Use == Used && s.By == by.Name && c.empty() && q.Latest().Author == by.Name && !c.leaves(q)
	}
	return q.State == Queued && !kept && c.becomes(q, by) == Drafted
}

// leaves reports whether anything of the answer is left without the message.
func (c WriteMessage) leaves(q Question) bool {
	return q.joined(func(s Said) bool { return s.Use == Used && s.Message != c.Message }) != ""
}

func (c WriteMessage) apply(q *Question, x Context) error {
	s, kept := q.SaidBy(c.Message)
	switch {
	case !kept:
		return c.add(q, x)
	case c.empty():
		return c.drop(q, s, x)
	case s.Use == Used:
		return c.editUsed(q, s, x)
	}
	s.Text, s.Edited = c.text(), c.Edited
	if err := c.shown(&s); err != nil {
		return err
	}
	if s.Use == Drafted {
		q.rest(x)
	}
	return q.keep(s)
}

func (c WriteMessage) add(q *Question, x Context) error {
	s := Said{Message: c.Message, By: x.By.Name, At: c.At.UTC(), Edited: c.Edited, Text: c.text(), Use: c.becomes(*q, x.By), Full: c.Full}
	switch s.Use {
	case "":
		s.Use = NotUsed
	case Drafted:
		if len(q.Revisions) >= maxRevisions {
			return Fail(TooMany, "revisions_full", "limit", maxRevisions)
		}
		q.hold(x.By.Name)
		q.rest(x)
	}
	if s.Use != NotUsed {
		if err := c.shown(&s); err != nil {
			return err
		}
	}
	return q.keep(s)
}

// drop takes a message that was deleted or made an aside out of the answer: out of the
// draft, or out of what its author has in review as its next revision.
func (c WriteMessage) drop(q *Question, s Said, x Context) error {
	was, without := s.Use, s.Pictures
	s = Said{Message: s.Message, By: s.By, At: s.At, Edited: c.Edited, Use: NotUsed}
	if err := q.keep(s); err != nil {
		return err
	}
	switch {
	case was != Used || q.State != Review || q.Latest().Author != x.By.Name:
		return nil
	case q.joined(used) == "": // nothing is left: see moves
		q.Holder = x.By.Name
		return nil
	}
	return q.reviseSaid(x, without...)
}

// editUsed takes an edit of a message that the newest revision is made of: the next
// revision while that waits for approval, a draft again while its author works on it,
// and later only a proposal.
func (c WriteMessage) editUsed(q *Question, s Said, x Context) error {
	rev := q.Latest()
	s.Edited = c.Edited
	switch {
	case q.State == Review && rev.Author == x.By.Name:
		s.Text, s.Edit = c.text(), ""
		if err := q.keep(s); err != nil {
			return err
		}
		return q.reviseSaid(x)
	case q.State == Claimed && q.Holder == x.By.Name:
		q.use(Used, Drafted)
		s.Text, s.Edit, s.Use = c.text(), "", Drafted
		q.rest(x)
	default:
		s.Edit = c.text()
		if s.Edit == s.Text {
			s.Edit = ""
		}
	}
	return q.keep(s)
}

// SettleDraft submits the holder's draft: by the clock when its author rests, or by
// the author at once.
type SettleDraft struct {
	On
}

// Verb is Settle.
func (SettleDraft) Verb() Verb { return Settle }

func (SettleDraft) already(q Question, by Actor) bool {
	return q.State == Review && q.Latest().Author == by.Name && q.joined(used) != ""
}

// moves: a draft that the clock cannot submit waits for its author instead of stopping
// the clock.
func (SettleDraft) moves(q Question, by Actor) bool {
	return by.Role != System || len(q.Revisions) < maxRevisions
}

func (c SettleDraft) apply(q *Question, x Context) error {
	switch {
	case q.Draft() == "":
		return Fail(Refused, "draft_none")
	case x.By.Role == System && (q.Settle.IsZero() || x.At.Before(q.Settle)):
		return Fail(Refused, "draft_rests")
	case x.By.Role != System && x.By.Name != q.Holder:
		return Fail(Forbidden, "not_holder").Of(q.Holder)
	case !c.moves(*q, x.By):
		q.Settle = time.Time{}
		return nil
	case !q.Ready():
		return Fail(Refused, "pictures_wait")
	}
	var without []Picture
	if len(q.picturesOf(q.drafted)) > 0 { // they take the place of those before
		without = q.Latest().Pictures
	}
	x.By = Actor{Name: q.Holder, Role: ExpertRole} // whoever presses: it is the holder's answer
	q.retire(Used)
	q.use(Drafted, Used)
	return q.reviseSaid(x, without...)
}

// UseMessage is what the author of a message says it is.
type UseMessage struct {
	On
	Message MessageID `json:"message"`
	As      Choice    `json:"as"`
}

// Choice is what a message may be taken as.
type Choice string

// The choices.
const (
	Add     Choice = "add"
	Replace Choice = "replace"
	Aside   Choice = "aside"
)

// Verb is UseIt.
func (UseMessage) Verb() Verb { return UseIt }

// seen leaves the check out: it is about a message, which says itself whether it is open.
func (UseMessage) seen() string { return "" }

func (c UseMessage) already(q Question, by Actor) bool {
	s, kept := q.SaidBy(c.Message)
	if c.As == Aside {
		return !kept || s.Use == NotUsed
	}
	return kept && s.By == by.Name && !s.Open() && s.Use != NotUsed
}

func (c UseMessage) moves(q Question, _ Actor) bool {
	return q.State == Published && c.As != Aside
}

func (c UseMessage) apply(q *Question, x Context) error {
	s, kept := q.SaidBy(c.Message)
	switch {
	case !kept || s.Use == NotUsed:
		return Fail(NotFound, "message_unknown")
	case s.By != x.By.Name:
		return Fail(Forbidden, "not_writer").Of(s.By)
	case c.As == Aside:
		return c.aside(q, s)
	case c.As != Add && c.As != Replace:
		return Fail(Invalid, "choice_unknown").At("as")
	}
	switch q.State {
	case Claimed:
		return c.draft(q, s, x)
	case Review, Published:
		return c.submit(q, s, x)
	}
	return Fail(Refused, "not_now", "verb", UseIt, "state", q.State)
}

// aside keeps the message out of the answer for good, or leaves a used one as it was.
func (c UseMessage) aside(q *Question, s Said) error {
	switch {
	case s.Use == Used && s.Edit == "":
		return Fail(Refused, "message_used")
	case s.Use == Used:
		s.Edit = ""
	default:
		s = Said{Message: s.Message, By: s.By, At: s.At, Edited: s.Edited, Use: NotUsed}
	}
	return q.keep(s)
}

// draft makes the message a part of the draft, or all of it.
func (c UseMessage) draft(q *Question, s Said, x Context) error {
	if q.Holder != x.By.Name {
		return Fail(Forbidden, "not_holder").Of(q.Holder)
	}
	switch {
	case s.Edit != "": // of a message of the revision that was sent back
		q.use(Used, Drafted)
		s.Text, s.Edit = s.Edit, ""
	case c.As == Replace:
		q.retire(Drafted)
	}
	s.Use = Drafted
	q.rest(x)
	return q.keep(s)
}

// submit makes the message a part of the next revision, or all of it.
func (c UseMessage) submit(q *Question, s Said, x Context) error {
	var without []Picture
	switch {
	case !s.ready():
		return Fail(Refused, "pictures_wait")
	case s.Edit != "":
		s.Text, s.Edit = s.Edit, ""
	case c.As == Replace:
		if len(s.Pictures) > 0 {
			without = q.Latest().Pictures
		}
		q.retire(Used)
	}
	s.Use = Used
	if err := q.keep(s); err != nil {
		return err
	}
	if q.Wanted != 0 && q.joined(used) == q.Revision(q.Wanted).Text && q.redrawn(without) == nil {
		return Fail(Invalid, "correction_same")
	}
	q.Holder = x.By.Name
	return q.reviseSaid(x, without...)
}
