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

func (c ClaimQuestion) settled(q Question, by Actor) bool {
	return q.State == Claimed && q.Holder == by.Name
}

func (c ClaimQuestion) apply(q *Question, _ kin, x Context) error {
	if q.Holder != "" && q.Holder != c.Holder {
		return Fail(Already, "already", "verb", Claim, "by", q.Holder, "wanted", Claim)
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

func (ReleaseQuestion) settled(q Question, by Actor) bool {
	return q.State == Queued && q.Last == Release && q.By(Release) == by
}

func (ReleaseQuestion) apply(q *Question, _ kin, x Context) error {
	if q.Holder != x.By.Name && x.By.Role != Moderator {
		return Fail(Forbidden, "not_holder", "by", q.Holder)
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
	// Draft is the DraftMark of the draft that the author saw; nil leaves the check out.
	Draft *string `json:"draft"`
}

// Verb is Submit.
func (SubmitAnswer) Verb() Verb { return Submit }

func (c SubmitAnswer) settled(q Question, by Actor) bool {
	r := q.Latest()
	return q.State == Review && r.Author == by.Name && r.Text == CleanText(c.Text)
}

func (c SubmitAnswer) apply(q *Question, _ kin, x Context) error {
	if q.State != Review && q.Holder != "" && q.Holder != x.By.Name && x.By.Role != Moderator {
		return Fail(Already, "already", "verb", Claim, "by", q.Holder, "wanted", Submit)
	}
	if err := q.sawAnswer(c.Base, c.Draft); err != nil {
		return err
	}
	if q.Holder == "" {
		q.Holder = x.By.Name
	}
	return q.revise(c.Text, x)
}

// sawAnswer refuses a text that its author wrote without having seen the newest revision
// or all of the draft.
func (q *Question) sawAnswer(base *int, draft *string) error {
	if base != nil && *base != len(q.Revisions) {
		return Fail(Stale, "stale_revision", "by", q.Latest().Author)
	}
	if draft != nil && *draft != DraftMark(q.Draft()) {
		return Fail(Stale, "stale_draft", "by", q.Holder)
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
	q.Revisions = append(q.Revisions, r)
	q.retire(Drafted, Used)
	q.Said = append(q.Said, Said{By: r.Author, Text: text, Use: Used}) // typed: what messages add comes after it
	return nil
}

// CorrectAnswer proposes a new text for a published answer. The public text stays
// until the correction is approved.
type CorrectAnswer struct {
	On
	Text  string  `json:"text"`
	Base  *int    `json:"base"`
	Draft *string `json:"draft"` // as of SubmitAnswer
}

// Verb is Correct.
func (CorrectAnswer) Verb() Verb { return Correct }

func (c CorrectAnswer) settled(q Question, by Actor) bool {
	return q.Wanted != 0 && SubmitAnswer(c).settled(q, by)
}

func (c CorrectAnswer) apply(q *Question, _ kin, x Context) error {
	if err := q.sawAnswer(c.Base, c.Draft); err != nil {
		return err
	}
	if CleanText(c.Text) == q.Revision(q.Wanted).Text {
		return Fail(Invalid, "correction_same").At("text")
	}
	q.Holder = x.By.Name
	return q.revise(c.Text, x)
}

// KeepAnswer gives a correction up: what is public stays.
type KeepAnswer struct {
	On
}

// Verb is Keep.
func (KeepAnswer) Verb() Verb { return Keep }

func (KeepAnswer) settled(q Question, _ Actor) bool {
	return q.State == Published && q.Last == Keep
}

func (KeepAnswer) apply(q *Question, _ kin, _ Context) error {
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

func (c SendBackAnswer) settled(q Question, by Actor) bool {
	return q.State == Claimed && q.Last == SendBack && q.By(SendBack) == by && q.Acts[SendBack].Note == c.Comment
}

func (c SendBackAnswer) apply(q *Question, _ kin, x Context) error {
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

func (TakeBackAnswer) settled(q Question, by Actor) bool {
	return q.State == Claimed && q.Last == TakeBack && q.By(TakeBack) == by
}

func (TakeBackAnswer) apply(q *Question, _ kin, x Context) error {
	if q.Latest().Author != x.By.Name {
		return Fail(Forbidden, "not_author", "by", q.Latest().Author)
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
}

// Verb is Approve.
func (ApproveAnswer) Verb() Verb { return Approve }

func (c ApproveAnswer) settled(q Question, _ Actor) bool {
	a, ok := q.ApprovalOf(c.Revision)
	return ok && a.Digest == c.Digest && q.Wanted == c.Revision && (q.State == Approved || q.State == Published)
}

func (c ApproveAnswer) apply(q *Question, _ kin, x Context) error {
	rev := q.Latest()
	if c.Revision != rev.Number {
		return Fail(Stale, "stale_revision", "by", rev.Author)
	}
	self, err := mayApprove(rev, x)
	if err != nil {
		return err
	}
	copies, digest := x.Render(*q, rev)
	if digest != c.Digest {
		return Fail(Stale, "stale_preview")
	}
	if i := slices.IndexFunc(copies, Rendered.TooLong); i >= 0 {
		return Fail(Invalid, "copy_too_long", "target", copies[i].Connector, "length", copies[i].Length, "limit", copies[i].Limit)
	}
	q.approve(rev.Number, copies, Approval{rev.Number, x.By, x.At, digest, self})
	return nil
}

func (q *Question) approve(rev int, copies []Rendered, a Approval) {
	q.Prior, q.Wanted = q.Wanted, rev
	q.wantCopies(rev, copies)
	q.Approvals = slices.DeleteFunc(q.Approvals, func(o Approval) bool { return o.Revision == rev })
	q.Approvals = append(q.Approvals, a)
}

// mayApprove is the two-person rule. self reports that an exception was used.
func mayApprove(rev Revision, x Context) (self bool, err error) {
	if rev.Author != x.By.Name {
		if x.By.Role == Moderator || rev.Over == x.By.Name {
			return false, nil
		}
		return false, Fail(Forbidden, "forbidden", "role", x.By.Role, "verb", Approve)
	}
	if x.By.Role == Moderator && x.Session.SelfApproval != nil {
		return true, nil
	}
	return false, Fail(Forbidden, "own_answer")
}

// RetractAnswer takes every public copy of the answer back.
type RetractAnswer struct {
	On
	Remark string `json:"reason"`
}

// Verb is Retract.
func (RetractAnswer) Verb() Verb { return Retract }

func (c RetractAnswer) note() string { return c.Remark }

func (RetractAnswer) settled(q Question, _ Actor) bool { return q.State == Retracted }

func (c RetractAnswer) apply(q *Question, _ kin, _ Context) error {
	q.unpublish()
	return tooLong("reason", c.Remark, maxRemark)
}

// unpublish wants no copy of the answer public any more.
func (q *Question) unpublish() {
	q.Wanted, q.Prior, q.Holder = 0, 0, ""
	q.unwantCopies(func(Copy) bool { return true })
}
