package session

import (
	"slices"
	"strings"
	"time"
)

// WriteMessage is a message that staff wrote, edited or deleted near the card. A
// person just replies; what that is to the answer is decided here and nowhere else:
// a part of the holder's draft, a message to ask about, or nothing but talk, of which
// nothing is stored.
type WriteMessage struct {
	On
	Message MessageID  `json:"message"`
	At      time.Time  `json:"at"` // when it was first written, as the platform orders messages
	Lines   []ChatLine `json:"lines"`
	Deleted bool       `json:"deleted"`
}

// Verb is Write.
func (WriteMessage) Verb() Verb { return Write }

func (c WriteMessage) text() string {
	if c.Deleted {
		return ""
	}
	return AnswerText(c.Lines)
}

// becomes says what a new message of that person is, "" for talk.
func (c WriteMessage) becomes(q Question, by Actor) Use {
	rev := q.Latest()
	switch {
	case c.text() == "":
	case q.State == Claimed && q.Holder == by.Name, q.State == Queued && by.Role == ExpertRole:
		return Drafted
	case q.State == Review && (rev.Author == by.Name || q.Holder == by.Name):
		return Asking
	case (q.State == Approved || q.State == Published) && (q.Revision(q.Wanted).Author == by.Name || q.Revision(q.Wanted).Over == by.Name):
		return Asking
	}
	return ""
}

func (c WriteMessage) settled(q Question, by Actor) bool {
	s, kept := q.SaidBy(c.Message)
	switch {
	case !kept:
		return c.becomes(q, by) == ""
	case s.By != by.Name: // nobody writes in another's name
		return true
	case c.text() == "":
		return s.Use == Used && s.Edit == ""
	}
	return c.text() == s.Text && s.Edit == "" || c.text() == s.Edit
}

// moves: whoever answers a question that nobody holds, holds it.
func (c WriteMessage) moves(q Question, by Actor) bool {
	return q.State == Queued && c.becomes(q, by) == Drafted
}

func (c WriteMessage) apply(q *Question, _ kin, x Context) error {
	s, kept := q.SaidBy(c.Message)
	switch {
	case !kept:
		return c.add(q, x)
	case c.text() == "":
		return c.drop(q, s)
	case s.Use == Used:
		return c.editUsed(q, s, x)
	}
	s.Text = c.text()
	if s.Use == Drafted {
		q.rest(x)
	}
	return q.keep(s)
}

func (c WriteMessage) add(q *Question, x Context) error {
	s := Said{Message: c.Message, By: x.By.Name, At: c.At.UTC(), Text: c.text(), Use: c.becomes(*q, x.By)}
	if s.Use == Drafted {
		if len(q.Revisions) >= maxRevisions {
			return Fail(TooMany, "revisions_full", "limit", maxRevisions)
		}
		q.hold(x.By.Name)
		q.rest(x)
	}
	return q.keep(s)
}

// drop forgets a message that was deleted or made an aside. What a revision is made
// of stays: the desk has seen it.
func (c WriteMessage) drop(q *Question, s Said) error {
	if s.Use == Used {
		s.Edit = ""
		return q.keep(s)
	}
	i := q.said(s.Message)
	q.Said = append(q.Said[:i:i], q.Said[i+1:]...)
	return nil
}

// editUsed takes an edit of a message that the newest revision is made of: the next
// revision while that waits for approval, a draft again while its author works on it,
// and later only a proposal.
func (c WriteMessage) editUsed(q *Question, s Said, x Context) error {
	rev := q.Latest()
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

// hold makes a person the holder; what another one drafted is not submitted for them.
func (q *Question) hold(name PersonName) {
	if q.Holder != name {
		q.forgetSaid(Drafted)
	}
	q.Holder = name
}

// rest starts the pause after which the draft is submitted anew.
func (q *Question) rest(x Context) {
	q.Settle = x.At.Add(time.Duration(x.Session.SettleSeconds) * time.Second)
}

// reviseSaid makes the used messages the next revision.
func (q *Question) reviseSaid(x Context) error {
	used := slices.Clone(q.Said) // revise forgets them
	if err := q.revise(q.joined(Used, x.By.Name), x); err != nil {
		return err
	}
	q.Said = used
	return nil
}

// SettleDraft submits the holder's draft: by the clock when its author rests, or by
// the author at once.
type SettleDraft struct {
	On
}

// Verb is Settle.
func (SettleDraft) Verb() Verb { return Settle }

func (SettleDraft) settled(q Question, by Actor) bool {
	return q.State == Review && q.Latest().Author == by.Name && q.joined(Used, by.Name) != ""
}

func (SettleDraft) apply(q *Question, _ kin, x Context) error {
	switch {
	case q.Draft() == "":
		return Fail(Refused, "draft_none")
	case x.By.Role == System && x.At.Before(q.Settle):
		return Fail(Refused, "draft_rests")
	case x.By.Role != System && x.By.Name != q.Holder:
		return Fail(Forbidden, "not_holder", "by", q.Holder)
	}
	x.By = Actor{Name: q.Holder, Role: ExpertRole} // whoever presses: it is the holder's answer
	q.forgetSaid(Used)
	q.use(Drafted, Used)
	return q.reviseSaid(x)
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

func (c UseMessage) settled(q Question, by Actor) bool {
	s, kept := q.SaidBy(c.Message)
	if c.As == Aside {
		return !kept
	}
	return kept && s.By == by.Name && !s.Open()
}

func (c UseMessage) moves(q Question, _ Actor) bool {
	return q.State == Published && c.As != Aside
}

func (c UseMessage) apply(q *Question, _ kin, x Context) error {
	s, kept := q.SaidBy(c.Message)
	switch {
	case !kept:
		return Fail(NotFound, "message_unknown")
	case s.By != x.By.Name:
		return Fail(Forbidden, "not_author", "by", s.By)
	case c.As == Aside:
		return c.aside(q, s)
	case c.As != Add && c.As != Replace:
		return Fail(Invalid, "choice_unknown")
	}
	switch q.State {
	case Claimed:
		return c.draft(q, s, x)
	case Review, Published:
		return c.submit(q, s, x)
	}
	return Fail(Refused, "not_now", "verb", UseIt, "state", q.State)
}

func (c UseMessage) aside(q *Question, s Said) error {
	if s.Use == Used && s.Edit == "" {
		return Fail(Refused, "message_used")
	}
	return WriteMessage{On: c.On, Message: c.Message, Deleted: true}.drop(q, s)
}

// draft makes the message a part of the draft, or all of it.
func (c UseMessage) draft(q *Question, s Said, x Context) error {
	if c.As == Replace {
		q.forgetSaid(Drafted)
	}
	s.Use = Drafted
	q.rest(x)
	return q.keep(s)
}

// submit makes the message a part of the next revision, or all of it.
func (c UseMessage) submit(q *Question, s Said, x Context) error {
	old := q.Latest()
	if q.State == Published {
		old = q.Revision(q.Wanted)
	}
	text := s.Text
	switch {
	case s.Edit != "":
		text = strings.Replace(old.Text, s.Text, s.Edit, 1)
		if text == old.Text { // a colleague rewrote it since
			text = s.Edit
		}
		s.Text, s.Edit = s.Edit, ""
	case c.As == Add:
		text = old.Text + "\n\n" + s.Text
	default:
		q.forgetSaid(Used)
	}
	if q.Wanted != 0 && CleanText(text) == q.Revision(q.Wanted).Text {
		return Fail(Invalid, "correction_same")
	}
	s.Use = Used
	if err := q.keep(s); err != nil {
		return err
	}
	said := slices.Clone(q.Said) // revise forgets them
	if err := q.revise(text, x); err != nil {
		return err
	}
	q.Said, q.Holder = said, x.By.Name
	return nil
}
