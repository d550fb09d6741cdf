package session

import "slices"

// Verb names a command. The words are those of buttons, of the JSON API and of
// the record.
type Verb string

// The verbs on questions.
const (
	Ask      Verb = "ask"
	Greet    Verb = "greet"
	Accept   Verb = "accept"
	Claim    Verb = "claim"
	Release  Verb = "release"
	Submit   Verb = "submit"
	SendBack Verb = "send_back"
	TakeBack Verb = "take_back"
	Approve  Verb = "approve"
	Correct  Verb = "correct"
	Keep     Verb = "keep"
	Reword   Verb = "reword"
	Decline  Verb = "decline"
	Merge    Verb = "merge"
	Redirect Verb = "redirect"
	Expire   Verb = "expire"
	Retract  Verb = "retract"
	Withdraw Verb = "withdraw"
	Restore  Verb = "restore"
	AddNote  Verb = "note"
	Write    Verb = "write"
	Settle   Verb = "settle"
	UseIt    Verb = "use"
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
	always   phase = iota
	working        // scheduled, open, closing
	late           // working; also closed and archived while something is public
	settling       // working; afterwards only by the system, for what a forced close or a cancellation left open
)

// publicity is what a verb needs to be true of the public answer.
type publicity uint8

const (
	anyway  publicity = iota
	nothing           // nothing may be public
	some              // something must be public
)

// move is one step between states; a move to the same state changes data only.
type move struct {
	from []State
	to   State
}

// rule is one row of the state table. Do, the buttons of the desk and
// docs/states.md are all read from these rows, so they cannot disagree.
type rule struct {
	verb   Verb
	roles  []Role
	phase  phase
	public publicity
	moves  []move
	guards string // for docs/states.md: what the command checks besides
}

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

var rules = []rule{
	{Accept, triage, working, anyway, []move{{[]State{Received}, Queued}, {[]State{Queued}, Queued}, {[]State{Claimed}, Claimed},
		{[]State{Review}, Review}},
		"names the wording that was seen; after the first time only to accept a new wording"},
	{Greet, program, working, anyway, []move{{[]State{Received}, Received}}, "sends the receipt to an asker who asked in private"},
	{Claim, staff, late, anyway, []move{{[]State{Queued, Claimed}, Claimed}}, "names the holder that was seen, so nobody takes over unawares"},
	{Release, staff, late, anyway, []move{{[]State{Claimed}, Queued}}, "the holder or a moderator"},
	{Submit, staff, late, anyway, []move{{answering, Review}}, "the holder, unless nobody holds it; names the revision it is based on"},
	{SendBack, []Role{Moderator, System}, late, anyway, []move{{[]State{Review}, Claimed}, {[]State{Approved}, Review}},
		"a copy in flight is taken back afterwards"},
	{TakeBack, staff, late, anyway, []move{{[]State{Review}, Claimed}}, "its author"},
	{Approve, staff, late, anyway, []move{{[]State{Review}, Approved}},
		"the newest revision, with the digest of the copies as they would go out now; never the author without an exception; " +
			"an expert only when a moderator edited the expert's answer"},
	{Correct, staff, late, some, []move{{[]State{Published}, Review}}, "the public text stays until the correction is approved"},
	{Keep, []Role{ExpertRole, Moderator, System}, late, some, []move{{answering, Published}}, "gives a correction up"},
	{Reword, []Role{Asker}, working, nothing, []move{{[]State{Received}, Received}, {[]State{Queued}, Queued}, {[]State{Claimed}, Claimed},
		{[]State{Review}, Review}},
		"all of it, or one of its messages; pending until accepted; voids the preview"},
	{Decline, triage, working, nothing, []move{{undecided, Declined}}, "a configured reason; a free remark stays internal"},
	{Merge, triage, working, nothing, []move{{undecided, Merged}}, "the target is live and not merged; followers move along"},
	{Redirect, triage, working, nothing, []move{{undecided, Redirected}}, "an institution, e-mail, or an earlier answer"},
	{Expire, []Role{Moderator, System}, settling, nothing, []move{{undecided, Expired}}, ""},
	{Retract, triage, late, some, []move{{shown, Retracted}}, ""},
	{Withdraw, []Role{Asker, Moderator}, always, anyway, []move{{append(slices.Clone(living), ended...), Withdrawn}},
		"erases the texts; followers are restored (received, if nobody had accepted them), after closing expired"},
	{Restore, triage, working, anyway, []move{{ended, Queued}}, "the session is not closed"},
	{Write, staff, late, anyway, stay(living, move{[]State{Queued}, Claimed}, move{[]State{Review}, Claimed}),
		"a message at the desk: a draft of the holder, or of the first expert who replies; of others nothing is stored. " +
			"Back to claimed when its author took all of it away"},
	{Settle, []Role{ExpertRole, Moderator, System}, late, anyway, []move{{[]State{Claimed}, Review}},
		"the holder's draft, once it rests; the holder at any time"},
	{UseIt, staff, late, anyway, stay(living, move{[]State{Published}, Review}),
		"the message's author; after publication it proposes a correction"},
	{AddNote, []Role{ExpertRole, Moderator}, always, anyway, stay(append(slices.Clone(living), ended...)), "internal"},

	{Sent, program, always, anyway, stay(without(States, Approved), move{[]State{Approved}, Published}),
		"never refused; published when the copy is of the approved answer"},
	{Parked, program, always, anyway, stay(States), "never refused"},
	{Retry, triage, always, anyway, stay(States), "the copy was refused or dropped"},
	{Drop, triage, always, anyway, stay(States), "the copy was refused"},
	{IsOut, triage, always, anyway, stay(without(States, Approved), move{[]State{Approved}, Published}), "the outcome of the copy is unknown"},
	{SendAgain, triage, always, anyway, stay(States), "the outcome of the copy is unknown, and a person saw that it is not out"},
}

// stay lists moves that change data but no state, after those that do.
func stay(states []State, ms ...move) []move {
	for _, s := range states {
		ms = append(ms, move{[]State{s}, s})
	}
	return ms
}

func without(states []State, s State) []State {
	return slices.DeleteFunc(slices.Clone(states), func(x State) bool { return x == s })
}

func ruleOf(v Verb) (rule, bool) {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.verb == v })
	if i < 0 {
		return rule{}, false
	}
	return rules[i], true
}

// next returns the state after the verb, from state s.
func (r rule) next(s State) (State, bool) {
	for _, m := range r.moves {
		if slices.Contains(m.from, s) {
			return m.to, true
		}
	}
	return "", false
}

// in reports whether the phase includes the session's state for a question that
// is (or is not) public.
func (p phase) in(s SessionState, public bool, role Role) bool {
	switch s {
	case Scheduled, Open, Closing:
		return true
	case Closed, Archived:
		return p == always || p == late && public || p == settling && role == System
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
// what the command carries are checked by Decide. Facts about copies and what a
// person decides about a parked copy are not among them: those belong to a copy.
func Allowed(s Session, q Question, a Actor) []Verb {
	a = s.effective(a)
	var vs []Verb
	for _, r := range rules {
		_, moves := r.next(q.State)
		if moves && !copyVerb(r.verb) && slices.Contains(r.roles, a.Role) && r.phase.in(s.State, q.Wanted != 0, a.Role) &&
			r.public.holds(q) && useful(r.verb, q, a) {
			vs = append(vs, r.verb)
		}
	}
	return vs
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

// SettlesCopy reports whether v is what a person decides about a parked copy.
func SettlesCopy(v Verb) bool { return settles[v] != nil }

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
		return q.Draft() != "" && q.Holder == a.Name
	case Accept:
		return q.State == Received || q.Pending != ""
	case Claim:
		return q.Holder != a.Name
	case Release:
		return q.Holder == a.Name || a.Role == Moderator
	case Submit:
		return q.Holder == "" || q.Holder == a.Name || a.Role == Moderator
	case TakeBack:
		return q.Latest().Author == a.Name
	case Approve:
		return a.Role == Moderator || q.Latest().Over == a.Name && q.Latest().Author != a.Name
	}
	return true
}
