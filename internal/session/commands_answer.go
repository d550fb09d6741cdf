package session

import "slices"

// ClaimQuestion makes the actor the holder. Holder is who the actor saw holding
// it, so that nobody takes over from a colleague unawares.
type ClaimQuestion struct {
	On
	Holder PersonName `json:"holder"`
}

// Verb is Claim.
func (ClaimQuestion) Verb() Verb { return Claim }

func (c ClaimQuestion) already(q Question, by Actor) bool {
	return q.State == Claimed && q.Holder == by.Name
}

func (c ClaimQuestion) apply(q *Question, x Context) error {
	if q.Holder != "" && q.Holder != c.Holder {
		return Fail(Already, "already", "verb", Claim, "wanted", Claim).Of(q.Holder)
	}
	q.hold(x.By.Name)
	return nil
}

// ReleaseQuestion gives a claimed question back to the queue.
type ReleaseQuestion struct {
	On
}

// Verb is Release.
func (ReleaseQuestion) Verb() Verb { return Release }

func (ReleaseQuestion) already(q Question, by Actor) bool {
	return q.State == Queued && q.Last == Release && q.By(Release) == by
}

// apply lets the program release what somebody holds who was taken off the hour, once what
// they wrote is submitted.
func (ReleaseQuestion) apply(q *Question, x Context) error {
	switch {
	case x.By.Role == System && (!x.Session.TakenOff(q.Holder) || !q.Settle.IsZero()):
		return Fail(Refused, "not_now", "verb", Release, "state", q.State)
	case x.By.Role == ExpertRole && q.Holder != x.By.Name:
		return Fail(Forbidden, "not_holder").Of(q.Holder)
	}
	q.Holder = ""
	q.forget(Drafted, Used)
	return nil
}

// SubmitAnswer adds a revision of the answer and asks for its review. Base is the
// number of the newest revision that the author saw, 0 when there was none.
type SubmitAnswer struct {
	On
	Text string `json:"text"`
	Base *int   `json:"base"` // nil leaves the check out
	// Draft is the Question.DraftMark that the author saw; nil leaves the check out.
	Draft *string `json:"draft"`
	// Pictures are those of the answer; nil leaves the ones that it has.
	Pictures *[]Picture `json:"pictures"`
}

// Verb is Submit.
func (SubmitAnswer) Verb() Verb { return Submit }

func (c SubmitAnswer) already(q Question, by Actor) bool {
	r := q.Latest()
	return q.State == Review && r.Author == by.Name && r.Text == CleanText(c.Text) && !r.showsOther(c.Pictures)
}

func (c SubmitAnswer) apply(q *Question, x Context) error {
	if q.State != Review && q.Holder != "" && q.Holder != x.By.Name && x.By.Role != Moderator {
		return Fail(Already, "already", "verb", Claim, "wanted", Submit).Of(q.Holder)
	}
	if err := q.sawAnswer(c.Base, c.Draft); err != nil {
		return err
	}
	if q.Holder == "" {
		q.Holder = x.By.Name
	}
	ps := q.drawn(c.Pictures)
	if err := q.revise(c.Text, x); err != nil {
		return err
	}
	return q.illustrate(ps)
}

// sawAnswer refuses a text that its author wrote without having seen the newest revision
// or all of the draft.
func (q *Question) sawAnswer(base *int, draft *string) error {
	if base != nil && *base != len(q.Revisions) {
		return Fail(Stale, "stale_revision").Of(q.Latest().Author)
	}
	if draft != nil && *draft != q.DraftMark() {
		return Fail(Stale, "stale_draft").Of(q.Holder)
	}
	return nil
}

// revise appends the next revision as somebody typed it. What was drafted or used before
// is no part of it.
func (q *Question) revise(text string, x Context) error {
	text = CleanText(text)
	if text == "" {
		return Fail(Invalid, "answer_empty").At("text")
	}
	if err := tooLong("text", text, maxAnswer); err != nil {
		return err
	}
	if len(q.Revisions) >= maxRevisions {
		return Fail(TooMany, "revisions_full", "limit", maxRevisions)
	}
	r := Revision{Number: len(q.Revisions) + 1, Author: x.By.Name, Text: text, At: x.At}
	if over := q.Latest().Author; over != x.By.Name && x.By.Role == Moderator {
		r.Over = over
	}
	r.Pictures = q.Latest().Pictures
	q.Revisions = append(q.Revisions, r)
	q.retire(Drafted, Used)
	q.Said = append(q.Said, Said{By: r.Author, Text: text, Use: Used}) // typed: what messages add comes after it
	return nil
}

// CorrectAnswer proposes a new text for a published answer. The public text stays
// until the correction is approved.
type CorrectAnswer struct {
	On
	Text     string     `json:"text"`
	Base     *int       `json:"base"`
	Draft    *string    `json:"draft"` // as of SubmitAnswer
	Pictures *[]Picture `json:"pictures"`
}

// Verb is Correct.
func (CorrectAnswer) Verb() Verb { return Correct }

func (c CorrectAnswer) already(q Question, by Actor) bool {
	return q.Wanted != 0 && SubmitAnswer(c).already(q, by)
}

func (c CorrectAnswer) apply(q *Question, x Context) error {
	if err := q.sawAnswer(c.Base, c.Draft); err != nil {
		return err
	}
	if public := q.Revision(q.Wanted); CleanText(c.Text) == public.Text && !public.showsOther(c.Pictures) {
		return Fail(Invalid, "correction_same").At("text")
	}
	q.Holder = x.By.Name
	if err := q.revise(c.Text, x); err != nil {
		return err
	}
	return q.illustrate(c.Pictures)
}

// KeepAnswer gives a correction up: what is public stays.
type KeepAnswer struct {
	On
}

// Verb is Keep.
func (KeepAnswer) Verb() Verb { return Keep }

func (KeepAnswer) already(q Question, _ Actor) bool {
	return q.State == Published && q.Last == Keep
}

func (KeepAnswer) apply(q *Question, _ Context) error {
	q.Holder = ""
	q.retire(Drafted, Used, Asking)
	rev := q.Revision(q.Wanted)
	q.Said = append(q.Said, Said{By: rev.Author, Text: rev.Text, Use: Used})
	return nil
}

// SendBackAnswer returns an answer to its holder with a comment, or takes an
// approval back before anything went out.
type SendBackAnswer struct {
	On
	Comment string `json:"comment"`
}

// Verb is SendBack.
func (SendBackAnswer) Verb() Verb { return SendBack }

func (c SendBackAnswer) note() string { return c.Comment }

func (c SendBackAnswer) already(q Question, by Actor) bool {
	return q.State == Claimed && q.Last == SendBack && q.By(SendBack) == by && q.Acts[SendBack].Note == c.Comment
}

func (c SendBackAnswer) apply(q *Question, x Context) error {
	if x.By.Role != System && CleanText(c.Comment) == "" {
		return Fail(Invalid, "comment_missing").At("comment")
	}
	if q.State == Approved {
		q.unapprove()
	}
	if q.State == Review {
		q.Calls++
	}
	if q.Holder == "" {
		q.Holder = q.Latest().Author
	}
	return tooLong("comment", c.Comment, maxRemark)
}

// TakeBackAnswer is the author's own way back from review.
type TakeBackAnswer struct {
	On
}

// Verb is TakeBack.
func (TakeBackAnswer) Verb() Verb { return TakeBack }

func (TakeBackAnswer) already(q Question, by Actor) bool {
	return q.State == Claimed && q.Last == TakeBack && q.By(TakeBack) == by
}

func (TakeBackAnswer) apply(q *Question, x Context) error {
	if q.Latest().Author != x.By.Name {
		return Fail(Forbidden, "not_author").Of(q.Latest().Author)
	}
	q.Holder = x.By.Name
	q.use(Used, Drafted) // to go on writing where it stopped; only a new message or "send now" submits it
	return nil
}

// ApproveAnswer wants exactly the copies whose digest the approver saw public.
type ApproveAnswer struct {
	On
	Revision int    `json:"revision"`
	Digest   string `json:"digest"`
	// Remark says why it is approved although a guideline that blocks is not kept to.
	Remark string `json:"reason,omitempty"`
}

// Verb is Approve.
func (ApproveAnswer) Verb() Verb { return Approve }

func (c ApproveAnswer) note() string { return CleanLine(c.Remark) }

func (c ApproveAnswer) already(q Question, _ Actor) bool {
	a, ok := q.ApprovalOf(c.Revision)
	return ok && a.Digest == c.Digest && q.Wanted == c.Revision && (q.State == Approved || q.State == Published)
}

func (c ApproveAnswer) apply(q *Question, x Context) error {
	rev := q.Latest()
	if c.Revision != rev.Number {
		return Fail(Stale, "stale_revision").Of(rev.Author)
	}
	self, err := mayApprove(rev, x)
	if err != nil {
		return err
	}
	if q.keepsBack(0) {
		return Fail(Refused, "undo_open")
	}
	copies, digest := x.Render(*q, rev)
	if digest != c.Digest {
		return Fail(Stale, "stale_preview")
	}
	if i := slices.IndexFunc(copies, Rendered.TooLong); i >= 0 {
		c := copies[i]
		return Fail(Invalid, "copy_too_long", "target", c.Connector, "length", c.Length, "limit", c.Limit, "unit", c.Unit)
	}
	broken, err := x.despite(*q, rev, copies, c.Remark)
	if err != nil {
		return err
	}
	q.approve(rev.Number, copies, Approval{rev.Number, x.By, x.At, digest, self, broken})
	return nil
}

// despite lists the guidelines that block and are not kept to: approving all the same needs a reason.
func (x Context) despite(q Question, rev Revision, copies []Rendered, reason string) ([]string, error) {
	if x.Broken == nil {
		return nil, nil
	}
	broken := x.Broken(q, rev, copies)
	if len(broken) > 0 && CleanLine(reason) == "" {
		return nil, Fail(Invalid, "guideline_reason").At("reason")
	}
	return broken, tooLong("reason", CleanLine(reason), maxRemark)
}

func (q *Question) approve(rev int, copies []Rendered, a Approval) {
	q.Prior, q.Wanted = q.Wanted, rev
	q.wantCopies(rev, copies, a.At)
	q.Approvals = slices.DeleteFunc(q.Approvals, func(o Approval) bool { return o.Revision == rev })
	q.Approvals = append(q.Approvals, a)
}

// mayApprove is the two-person rule. self reports that an exception was used.
func mayApprove(rev Revision, x Context) (self bool, err error) {
	if rev.Author != x.By.Name {
		if x.By.Role == Moderator || rev.Over == x.By.Name {
			return false, nil
		}
		return false, Fail(Forbidden, "forbidden", "who", Roles{Moderator}, "verb", Approve)
	}
	if x.By.Role == Moderator && x.Session.SelfApproval != nil {
		return true, nil
	}
	return false, Fail(Forbidden, "own_answer")
}

// RetractAnswer takes every public copy of the answer back. The record says why.
type RetractAnswer struct {
	On
	Remark string `json:"reason"`
}

// Verb is Retract.
func (RetractAnswer) Verb() Verb { return Retract }

func (c RetractAnswer) note() string { return CleanLine(c.Remark) }

func (RetractAnswer) already(q Question, _ Actor) bool { return q.State == Retracted }

func (c RetractAnswer) apply(q *Question, _ Context) error {
	q.unpublish()
	return said(c.Remark)
}

// said checks the reason of what nobody does alone without one.
func said(reason string) error {
	reason = CleanLine(reason)
	if reason == "" {
		return Fail(Invalid, "reason_missing").At("reason")
	}
	return tooLong("reason", reason, maxRemark)
}

// unpublish wants no copy of the answer public any more.
func (q *Question) unpublish() {
	q.Wanted, q.Prior, q.Holder = 0, 0, ""
	q.unwantCopies(func(Copy) bool { return true })
}
