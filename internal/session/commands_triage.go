package session

import (
	"slices"
	"strings"
)

// maxFollowers bounds how many questions may be merged into one: their documents
// move together in one commit.
const maxFollowers = 200

// AcceptQuestion shows the question's text to the public and queues it for an
// expert; with a pending rewording it accepts that. Wording is the one that was
// seen; 0 leaves the check out.
type AcceptQuestion struct {
	On
	Wording int `json:"wording"`
}

// Verb is Accept.
func (AcceptQuestion) Verb() Verb { return Accept }

func (c AcceptQuestion) settled(q Question, _ Actor) bool {
	return q.State != Received && q.Accepted() && q.Pending == "" && q.State != Retracted && q.State != Expired
}

func (c AcceptQuestion) apply(q *Question, _ kin, _ Context) error {
	if c.Wording != 0 && c.Wording != q.Wording {
		return Fail(Stale, "stale_wording")
	}
	if q.Pending != "" {
		q.Text, q.Pending = q.Pending, ""
	}
	return nil
}

// DeclineQuestion gives the question the outcome "declined". Reason is the id of a
// configured reason, which the asker reads; Remark is internal.
type DeclineQuestion struct {
	On
	Reason string `json:"reason"`
	Remark string `json:"remark"`
}

// Verb is Decline.
func (DeclineQuestion) Verb() Verb { return Decline }

func (c DeclineQuestion) settled(q Question, _ Actor) bool {
	return q.State == Declined && q.Reason == c.Reason
}

func (c DeclineQuestion) note() string { return c.Remark }

func (c DeclineQuestion) apply(q *Question, _ kin, x Context) error {
	if !slices.Contains(x.Session.Reasons, c.Reason) {
		return Fail(Invalid, "reason_unknown", "known", strings.Join(x.Session.Reasons, ", ")).At("reason")
	}
	q.Reason = c.Reason
	return tooLong("remark", c.Remark, maxRemark)
}

// ExpireQuestion gives an open question the outcome "not reached".
type ExpireQuestion struct {
	On
}

// Verb is Expire.
func (ExpireQuestion) Verb() Verb { return Expire }

func (ExpireQuestion) settled(q Question, _ Actor) bool { return q.State == Expired }

func (ExpireQuestion) apply(q *Question, _ kin, _ Context) error {
	q.Reason = NotReached
	q.Holder = ""
	return nil
}

// NotReached is the reason that closing gives to what found no answer.
const NotReached = "not_reached"

// RedirectQuestion sends the asker elsewhere: to another institution, to e-mail,
// or to an answer that was given already.
type RedirectQuestion struct {
	On
	Forward
}

// Verb is Redirect.
func (RedirectQuestion) Verb() Verb { return Redirect }

func (c RedirectQuestion) settled(q Question, _ Actor) bool {
	return q.State == Redirected && q.Forward != nil && *q.Forward == c.Forward
}

func (c RedirectQuestion) apply(q *Question, _ kin, _ Context) error {
	if c.Forward == (Forward{}) {
		return Fail(Invalid, "forward_empty").At("institution")
	}
	if c.Answered == q.Ref.Number || c.Answered < 0 {
		return Fail(Invalid, "forward_itself").At("answered")
	}
	if c.Forward.Email && q.Email == "" && q.Origin.Connector == Page {
		return Fail(Invalid, "forward_no_email").At("email")
	}
	f := c.Forward
	f.Institution = CleanLine(f.Institution)
	q.Forward = &f
	return tooLong("institution", f.Institution, maxTitle)
}

// MergeQuestion makes the question follow another one, whose answer it will get.
type MergeQuestion struct {
	On
	Into int `json:"into"`
}

// Verb is Merge.
func (MergeQuestion) Verb() Verb { return Merge }

func (c MergeQuestion) others() []int { return []int{c.Into} }

func (c MergeQuestion) settled(q Question, _ Actor) bool {
	return q.State == Merged && q.Into == c.Into
}

func (c MergeQuestion) apply(q *Question, k kin, _ Context) error {
	switch c.Into {
	case 0:
		return Fail(Invalid, "number_form").At("into")
	case q.Ref.Number:
		return Fail(Invalid, "merge_itself").At("into")
	}
	into, ok := k.touch(c.Into, Merge)
	if !ok {
		return Fail(NotFound, "question_unknown", "number", c.Into).At("into")
	}
	if !slices.Contains(living, into.State) {
		return Fail(Refused, "merge_target", "number", c.Into, "state", into.State).At("into")
	}
	if len(into.Followers)+len(q.Followers)+1 > maxFollowers {
		return Fail(TooMany, "merge_full", "limit", maxFollowers).At("into")
	}
	into.Followers = append(into.Followers, Follow{q.Ref.Number, q.Origin, q.Language})
	q.moveFollowers(into, k)
	q.Into, q.Holder = c.Into, ""
	return nil
}

// moveFollowers brings everybody who followed q along to its target, so that
// nothing is ever merged into a merged question.
func (q *Question) moveFollowers(into *Question, k kin) {
	for _, f := range q.Followers {
		if o, ok := k.touch(f.Number, Merge); ok {
			o.Into = into.Ref.Number
		}
		into.Followers = append(into.Followers, f)
	}
	q.Followers = nil
}

// RestoreQuestion takes an outcome back and queues the question again.
type RestoreQuestion struct {
	On
}

// Verb is Restore.
func (RestoreQuestion) Verb() Verb { return Restore }

func (RestoreQuestion) others() []int { return nil }

func (RestoreQuestion) settled(q Question, _ Actor) bool {
	return q.Last == Restore && q.State == Queued
}

func (c RestoreQuestion) apply(q *Question, k kin, _ Context) error {
	if q.Into != 0 {
		if root, ok := k.touch(q.Into, Restore); ok {
			root.unfollow(q.Ref.Number)
		}
	}
	q.free()
	return nil
}

// free forgets the outcome of a question that goes on.
func (q *Question) free() {
	q.Into, q.Reason, q.Forward, q.Holder = 0, "", nil, ""
	q.forget(Drafted, Used, Asking)
}

// unfollow lets follower n go: its copy of the answer is taken back.
func (q *Question) unfollow(n int) {
	q.Followers = slices.DeleteFunc(q.Followers, func(f Follow) bool { return f.Number == n })
	q.unwantCopies(func(c Copy) bool { return c.Original == n })
}

// NoteQuestion adds an internal remark.
type NoteQuestion struct {
	On
	Text string `json:"text"`
}

// Verb is AddNote.
func (NoteQuestion) Verb() Verb { return AddNote }

// seen leaves the check out: a remark decides nothing.
func (NoteQuestion) seen() string { return "" }

func (c NoteQuestion) settled(q Question, by Actor) bool {
	n := len(q.Notes)
	return n > 0 && q.Notes[n-1].By == by.Name && q.Notes[n-1].Text == CleanText(c.Text)
}

func (c NoteQuestion) apply(q *Question, _ kin, x Context) error {
	text := CleanText(c.Text)
	if text == "" {
		return Fail(Invalid, "note_empty").At("text")
	}
	if len(q.Notes) >= maxNotes {
		return Fail(TooMany, "notes_full", "limit", maxNotes)
	}
	q.Notes = append(q.Notes, Note{x.By.Name, x.At, text})
	return tooLong("text", text, maxRemark)
}
