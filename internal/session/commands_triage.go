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

func (c AcceptQuestion) already(q Question, _ Actor) bool {
	return q.State != Received && q.Accepted() && q.Pending == "" && q.State != Retracted && q.State != Expired
}

func (c AcceptQuestion) apply(q *Question, _ Context) error {
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

	with []int // what was declined by the same press before
}

// Verb is Decline.
func (DeclineQuestion) Verb() Verb { return Decline }

func (c DeclineQuestion) already(q Question, _ Actor) bool {
	return q.State == Declined && q.Reason == c.Reason
}

func (c DeclineQuestion) note() string { return c.Remark }

func (c DeclineQuestion) apply(q *Question, x Context) error {
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

func (ExpireQuestion) already(q Question, _ Actor) bool { return q.State == Expired }

func (ExpireQuestion) apply(q *Question, _ Context) error {
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

func (c RedirectQuestion) already(q Question, _ Actor) bool {
	return q.State == Redirected && q.Forward != nil && *q.Forward == c.forward()
}

// forward is where to, without what nobody sees.
func (c RedirectQuestion) forward() Forward {
	f := c.Forward
	f.Institution = CleanLine(f.Institution)
	return f
}

func (c RedirectQuestion) apply(q *Question, _ Context) error {
	f := c.forward()
	if f == (Forward{}) {
		return Fail(Invalid, "forward_empty").At("institution")
	}
	if c.Answered == q.Ref.Number || c.Answered < 0 {
		return Fail(Invalid, "forward_itself").At("answered")
	}
	if c.Forward.Email && q.Email == "" && q.Origin.Connector == Page {
		return Fail(Invalid, "forward_no_email").At("email")
	}
	q.Forward = &f
	return tooLong("institution", f.Institution, maxTitle)
}

// MergeQuestion makes the question follow another one, whose answer it will get.
type MergeQuestion struct {
	On
	Into int `json:"into"`

	with []int // what was merged by the same press before
}

// Verb is Merge.
func (MergeQuestion) Verb() Verb { return Merge }

func (c MergeQuestion) others() []int { return []int{c.Into} }

func (c MergeQuestion) already(q Question, _ Actor) bool {
	return q.State == Merged && q.Into == c.Into
}

func (c MergeQuestion) apply(q *Question, x Context) error {
	switch c.Into {
	case 0:
		return Fail(Invalid, "number_form").At("into")
	case q.Ref.Number:
		return Fail(Invalid, "merge_itself").At("into")
	}
	into, ok := x.kin.touch(c.Into, Merge)
	if !ok {
		return Fail(NotFound, "question_unknown", "number", c.Into).At("into")
	}
	if !slices.Contains(living, into.State) {
		return Fail(Refused, "merge_target", "number", c.Into, "state", into.State).At("into")
	}
	if len(into.Followers)+len(q.Followers)+1 > maxFollowers {
		return Fail(TooMany, "merge_full", "limit", maxFollowers).At("into")
	}
	into.Followers = append(into.Followers, Follow{Number: q.Ref.Number, Origin: q.Origin, Language: q.Language, Held: x.Undo > 0,
		Letters: q.Email != "" && q.Origin.Connector == Page})
	q.moveFollowers(into, x)
	q.Into, q.Holder = c.Into, ""
	return nil
}

// moveFollowers brings everybody who followed q along to its target, so that
// nothing is ever merged into a merged question.
func (q *Question) moveFollowers(into *Question, x Context) {
	for _, f := range q.Followers {
		if o, ok := x.kin.touch(f.Number, Merge); ok {
			before := *o
			o.Into = into.Ref.Number
			if f.Held = f.Held || x.Undo > 0; x.Undo > 0 {
				o.Undo = before.replaced(Merge, *o, x)
				o.Undo.With = q.Ref.Number
			}
		}
		into.Followers = append(into.Followers, f)
	}
	q.Followers = nil
}

// RestoreQuestion takes an outcome back and queues the question again. One that no moderator
// ever accepted waits for that: taking a wrong outcome back must not make its text public.
type RestoreQuestion struct {
	On
}

// Verb is Restore.
func (RestoreQuestion) Verb() Verb { return Restore }

func (RestoreQuestion) others() []int { return nil }

func (RestoreQuestion) already(q Question, _ Actor) bool {
	return q.Last == Restore && q.State == q.again()
}

func (RestoreQuestion) to(q Question) State { return q.again() }

// again is where a question goes on that has no outcome any more.
func (q Question) again() State {
	if _, accepted := q.Acts[Accept]; accepted {
		return Queued
	}
	return Received
}

func (c RestoreQuestion) apply(q *Question, x Context) error {
	if q.Into != 0 {
		if root, ok := x.kin.touch(q.Into, Restore); ok {
			root.unfollow(q.Ref.Number)
		}
	}
	q.free()
	return nil
}

// free forgets the outcome of a question that goes on, and shows again what was hidden of it.
func (q *Question) free() {
	q.uncover()
	q.outcomeless()
}

func (q *Question) outcomeless() {
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

func (c NoteQuestion) already(q Question, by Actor) bool {
	n := len(q.Notes)
	return n > 0 && q.Notes[n-1].By == by.Name && q.Notes[n-1].Text == CleanText(c.Text)
}

func (c NoteQuestion) apply(q *Question, x Context) error {
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

// AllowNameOf lets a name stand that looks like staff or the institution: the moderator knows
// that it is the asker's own, and from now on the public reads it.
type AllowNameOf struct {
	On
}

// Verb is AllowName.
func (AllowNameOf) Verb() Verb { return AllowName }

func (AllowNameOf) already(q Question, _ Actor) bool { return !q.Posing }

func (AllowNameOf) apply(q *Question, _ Context) error {
	q.Posing = false
	return nil
}
