package session

import "slices"

// Verb names a command. The words are those of buttons, of the JSON API and of
// the record.
type Verb string

// The verbs on questions.
const (
	Ask             Verb = "ask"
	Greet           Verb = "greet"
	Accept          Verb = "accept"
	Claim           Verb = "claim"
	Release         Verb = "release"
	Submit          Verb = "submit"
	SendBack        Verb = "send_back"
	TakeBack        Verb = "take_back"
	Approve         Verb = "approve"
	Correct         Verb = "correct"
	Keep            Verb = "keep"
	Reword          Verb = "reword"
	Decline         Verb = "decline"
	DeclineTogether Verb = "decline_alike"
	Merge           Verb = "merge"
	MergeTogether   Verb = "merge_alike"
	Redirect        Verb = "redirect"
	Expire          Verb = "expire"
	Retract         Verb = "retract"
	Withdraw        Verb = "withdraw"
	Forget          Verb = "forget"
	Restore         Verb = "restore"
	Undo            Verb = "undo"
	Conclude        Verb = "conclude"
	AddNote         Verb = "note"
	AllowName       Verb = "allow_name"
	HideAsked       Verb = "hide"
	Write           Verb = "write"
	Settle          Verb = "settle"
	UseIt           Verb = "use"
	Enclose         Verb = "enclose"
	Describe        Verb = "describe"
	LeaveEmail      Verb = "leave_email"
	CallTo          Verb = "call"
	NudgeVerb       Verb = "nudge"
)

// The verbs on copies: facts that the worker records, and what a person decides
// about a parked copy.
const (
	Sent      Verb = "sent"
	Parked    Verb = "parked"
	Retry     Verb = "retry"
	Drop      Verb = "drop"
	IsOut     Verb = "is_out"
	SendAgain Verb = "send_again"
)

// phase says in which states of the session a verb is allowed.
type phase uint8

const (
	always    phase = iota
	working         // scheduled, open, closing
	late            // working; also closed and archived while something is public
	finishing       // working; afterwards only by the system, for what a forced close or a cancellation left open
)

// publicity is what a verb needs to be true of the public answer.
type publicity uint8

const (
	anyway  publicity = iota
	nothing           // nothing may be public
	some              // something must be public
)

var (
	undecided = []State{Received, Queued, Claimed, Review}
	answering = []State{Queued, Claimed, Review}
	shown     = []State{Queued, Claimed, Review, Approved, Published}
	living    = []State{Received, Queued, Claimed, Review, Approved, Published}
	ended     = []State{Declined, Merged, Redirected, Expired, Retracted}

	staff   = []Role{ExpertRole, Moderator}
	triage  = []Role{Moderator}
	program = []Role{System}
)

var questions = machine[Question, State]{
	{Accept, triage, working, anyway, []move[State]{{[]State{Received}, Queued}, {[]State{Queued}, Queued}, {[]State{Claimed}, Claimed},
		{[]State{Review}, Review}},
		"names the wording that was seen; after the first time only to accept a new wording"},
	{Greet, program, working, anyway, []move[State]{{[]State{Received}, Received}}, "sends the receipt to an asker who asked in private"},
	{Claim, staff, late, anyway, []move[State]{{[]State{Queued, Claimed}, Claimed}},
		"names the holder that was seen, so nobody takes over unawares"},
	{Release, []Role{ExpertRole, Moderator, System}, late, anyway, []move[State]{{[]State{Claimed}, Queued}},
		"the holder or a moderator; the program once the holder was taken off the hour"},
	{Submit, staff, late, anyway, []move[State]{{answering, Review}}, "the holder, unless nobody holds it; names the revision it is based on"},
	{SendBack, []Role{Moderator, System}, late, anyway, []move[State]{{[]State{Review}, Claimed}, {[]State{Approved}, Review}},
		"a comment that says what should change; a copy in flight is taken back afterwards"},
	{TakeBack, staff, late, anyway, []move[State]{{[]State{Review}, Claimed}}, "its author"},
	{Approve, staff, late, anyway, []move[State]{{[]State{Review}, Approved}},
		"the newest revision, with the digest of the copies as they would go out now; never the author without an exception; " +
			"an expert only when a moderator edited the expert's answer"},
	{Correct, staff, late, some, []move[State]{{[]State{Published}, Review}}, "the public text stays until the correction is approved"},
	{Keep, []Role{ExpertRole, Moderator, System}, late, some, []move[State]{{answering, Published}}, "gives a correction up"},
	{Reword, []Role{Asker}, working, nothing, stay(undecided),
		"all of it, or one of its messages; pending until accepted; voids the preview"},
	{LeaveEmail, []Role{Asker}, working, nothing, stay(append(slices.Clone(undecided), Declined, Merged, Redirected)),
		"an address for what becomes of a question that was asked on the page; a later one replaces it; once an outcome is told " +
			"only while what it was merged into has none; the first one voids the preview"},
	{Decline, triage, working, nothing, []move[State]{{undecided, Declined}}, "a configured reason; a free remark stays internal"},
	{DeclineTogether, triage, working, nothing, []move[State]{{[]State{Received}, Declined}},
		"with every other new question that has the same text or came from the same network, as they were shown"},
	{Merge, triage, working, nothing, []move[State]{{undecided, Merged}}, "the target is live and not merged; followers move along"},
	{MergeTogether, triage, working, anyway, stay(living), "merges others into this one, those that were shown and chosen"},
	{Redirect, triage, working, nothing, []move[State]{{undecided, Redirected}}, "an institution, e-mail, or an earlier answer"},
	{Expire, []Role{Moderator, System}, finishing, nothing, []move[State]{{undecided, Expired}}, ""},
	{Retract, triage, late, some, []move[State]{{shown, Retracted}}, "a reason"},
	{Withdraw, []Role{Asker, Moderator}, always, anyway, []move[State]{{append(slices.Clone(living), ended...), Withdrawn}},
		"a reason, unless the asker does it; erases the texts; followers are restored (received, if nobody had accepted them), " +
			"after closing expired"},
	{Forget, program, always, anyway, stay(States), "what has expired after the hour, see [retention]; and who has withdrawn"},
	{Restore, triage, working, anyway, []move[State]{{ended, Queued}, {ended, Received}},
		"the session is not closed; received, if nobody had accepted it"},
	{HideAsked, triage, working, nothing, stay([]State{Declined}),
		"a configured reason; where the platform lets the owner of the place hide what others wrote, once the decision can no " +
			"longer be undone; restoring shows it again"},
	{Undo, triage, working, anyway, undone(),
		"accept, decline, merge or redirect, until the clock concludes it; exactly to where it was"},
	{Conclude, program, always, anyway, stay(States), "a decision can no longer be undone, and the public is told"},
	{Write, staff, late, anyway, stay(living, move[State]{[]State{Queued}, Claimed}, move[State]{[]State{Review}, Claimed}),
		"a message at the desk: a draft of the holder, or of the first expert who replies; of others nothing is stored. " +
			"Back to claimed when its author took all of it away"},
	{Settle, []Role{ExpertRole, Moderator, System}, late, anyway, []move[State]{{[]State{Claimed}, Review}},
		"the holder's draft, once it rests; the holder at any time"},
	{UseIt, staff, late, anyway, stay(living, move[State]{[]State{Published}, Review}),
		"the message's author; after publication it proposes a correction"},
	{Enclose, program, always, anyway, stay(append(slices.Clone(living), ended...)),
		"a picture that came with the question, for staff only; or why it is not there. Nothing has expired yet"},
	{Describe, staff, late, anyway, stay([]State{Claimed, Review, Approved, Published}),
		"a picture of a message at the desk: what it shows and who made it; the message's author, or a moderator. " +
			"Until then the draft does not settle"},
	{CallTo, program, working, anyway, stay([]State{Queued}),
		"the expert whose turn it is; the next one when nobody has claimed it, see `[desk] call_next`; each once while it is queued"},
	{NudgeVerb, program, working, anyway, stay([]State{Review}),
		"who is on duty, once, when the answer waits for `[desk] nudge`; not while publishing is paused"},
	{AddNote, []Role{ExpertRole, Moderator}, always, anyway, stay(append(slices.Clone(living), ended...)), "internal"},
	{AllowName, triage, always, anyway, stay(append(slices.Clone(living), ended...)),
		"the asker's name looks like staff or the institution; from now on the public reads it"},

	{Sent, program, always, anyway, stay(without(States, Approved), move[State]{[]State{Approved}, Published}),
		"never refused; published when the copy is of the approved answer"},
	{Parked, program, always, anyway, stay(States), "never refused"},
	{Retry, triage, always, anyway, stay(States), "the copy was refused or dropped"},
	{Drop, triage, always, anyway, stay(States), "the copy was refused"},
	{IsOut, triage, always, anyway, stay(without(States, Approved), move[State]{[]State{Approved}, Published}),
		"the outcome of the copy is unknown"},
	{SendAgain, triage, always, anyway, stay(States), "the outcome of the copy is unknown, and a person saw that it is not out"},
}

// undone leads from where a decision of triage leads to back to where it began.
func undone() []move[State] {
	ms := []move[State]{{[]State{Queued}, Received}}
	for _, s := range undecided {
		ms = append(ms, move[State]{[]State{Declined, Merged, Redirected}, s})
	}
	return stay(answering, ms...)
}

func without(states []State, s State) []State {
	return slices.DeleteFunc(slices.Clone(states), func(x State) bool { return x == s })
}

// in reports whether the phase includes the session's state for a question that
// is (or is not) public.
func (p phase) in(s SessionState, public bool, role Role) bool {
	switch s {
	case Scheduled, Open, Closing:
		return true
	case Closed, Archived:
		return p == always || p == late && public || p == finishing && role == System
	}
	return p == always || p != working && role == System // cancelled
}

func (p publicity) holds(q Question) bool {
	switch p {
	case nothing:
		return q.Wanted == 0
	case some:
		return q.Wanted != 0
	}
	return true
}

// Allowed lists the verbs that actor a may use on q now, by role, state and
// phase, in the order of the table: the buttons of a card. Guards that depend on
// what the command carries are checked by Decide. What can be decided about a copy is
// CopyVerbs.
func Allowed(s Session, q Question, a Actor) []Verb {
	a = s.effective(a)
	return questions.allowed(q, Context{By: a, Session: s}, func(v Verb) bool { return useful(v, q, a) })
}

// CopyVerbs lists what a moderator may decide about a parked or dropped copy.
func CopyVerbs(c Copy, a Actor) []Verb {
	if a.Role != Moderator {
		return nil
	}
	switch c.Problem {
	case RefusedIt:
		return []Verb{Retry, Drop}
	case Unsure:
		return []Verb{IsOut, SendAgain}
	case Dropped:
		return []Verb{Retry}
	}
	return nil
}

// ResolvesCopy reports whether v is what a person decides about a parked copy.
func ResolvesCopy(v Verb) bool { return resolutions[v] != nil }

func copyVerb(v Verb) bool {
	return slices.Contains([]Verb{Sent, Parked, Retry, Drop, IsOut, SendAgain}, v)
}

// useful leaves out moves that the table allows and that would change nothing,
// or that the guards refuse to this person whatever they send.
func useful(v Verb, q Question, a Actor) bool {
	switch v {
	case Write, UseIt: // a message gives them, or a button next to one
		return false
	case Settle:
		return q.Ready() && q.Holder == a.Name
	case Describe:
		_, by, ok := q.Undescribed()
		return ok && (by == a.Name || a.Role == Moderator)
	case Accept:
		return q.State == Received || q.Pending != ""
	case Undo:
		return q.CanUndo()
	case Claim:
		return q.Holder != a.Name
	case Release:
		return q.Holder == a.Name || a.Role == Moderator
	case Submit:
		return q.Holder == "" || q.Holder == a.Name || a.Role == Moderator
	case TakeBack:
		return q.Latest().Author == a.Name
	case AllowName:
		return q.Posing
	case HideAsked:
		return !q.Covered() && !q.CanUndo()
	case Approve:
		return a.Role == Moderator || q.Latest().Over == a.Name && q.Latest().Author != a.Name
	}
	return true
}
