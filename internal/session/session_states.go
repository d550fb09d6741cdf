package session

import "slices"

// The verbs on sessions.
const (
	Schedule          Verb = "schedule"
	Reschedule        Verb = "reschedule"
	Start             Verb = "start"
	Extend            Verb = "extend"
	Stop              Verb = "stop"
	Pause             Verb = "pause"
	Resume            Verb = "resume"
	Close             Verb = "close"
	Cancel            Verb = "cancel"
	Archive           Verb = "archive"
	Reopen            Verb = "reopen"
	RemindVerb        Verb = "remind"
	AllowSelfApproval Verb = "allow_self_approval"
)

// sessionRule is one row of the session's state table.
type sessionRule struct {
	verb   Verb
	roles  []Role
	moves  []sessionMove
	guards string
}

type sessionMove struct {
	from []SessionState
	to   SessionState
}

var (
	pausable = []SessionState{Scheduled, Open, Closing, Closed, Archived}
	byClock  = []Role{Moderator, System}
)

var sessionRules = []sessionRule{
	{Schedule, triage, []sessionMove{{[]SessionState{Draft}, Scheduled}},
		"end after start, early questions not after start, a known zone, experts; no other hour at the same desk place"},
	{Reschedule, triage, []sessionMove{{[]SessionState{Scheduled}, Scheduled}}, "as schedule"},
	{Start, byClock, []sessionMove{{[]SessionState{Scheduled}, Open}}, ""},
	{Extend, triage, []sessionMove{{[]SessionState{Open}, Open}, {[]SessionState{Closing}, Open}},
		"the new end is ahead and at most 12 hours away"},
	{Stop, byClock, []sessionMove{{[]SessionState{Open}, Closing}}, ""},
	{Pause, triage, stayIn(pausable), "nothing leaves but take-backs; only resume lifts it"},
	{Resume, triage, append(stayIn(pausable), stayIn([]SessionState{Cancelled})...),
		"also a cancelled hour, of which the public is not told before"},
	{Close, triage, []sessionMove{{[]SessionState{Closing}, Closed}},
		"every question has an outcome and no copy of it is due, leased or parked; or forced with a reason"},
	{Cancel, triage, []sessionMove{{[]SessionState{Scheduled}, Cancelled}}, ""},
	{Archive, program, []sessionMove{{[]SessionState{Closed}, Archived}, {[]SessionState{Archived}, Archived}},
		"seals the record; again after a late correction"},
	{Reopen, triage, []sessionMove{{[]SessionState{Closed, Archived}, Closing}}, ""},
	{RemindVerb, program, stayIn([]SessionState{Scheduled, Open}), "once each"},
	{AllowSelfApproval, triage, stayIn([]SessionState{Scheduled, Open, Closing}), "a reason, which is printed"},

	{Sent, program, stayIn(SessionStates), "never refused"},
	{Parked, program, stayIn(SessionStates), "never refused"},
	{Retry, triage, stayIn(SessionStates), "the announcement was refused, dropped or not told in time"},
	{Drop, triage, stayIn(SessionStates), "the announcement was refused"},
	{IsOut, triage, stayIn(SessionStates), "the outcome of the announcement is unknown"},
	{SendAgain, triage, stayIn(SessionStates), "the outcome of the announcement is unknown, and a person saw that it is not out"},
}

func stayIn(states []SessionState) []sessionMove {
	var ms []sessionMove
	for _, s := range states {
		ms = append(ms, sessionMove{[]SessionState{s}, s})
	}
	return ms
}

func (r sessionRule) next(s SessionState) (SessionState, bool) {
	for _, m := range r.moves {
		if slices.Contains(m.from, s) {
			return m.to, true
		}
	}
	return "", false
}

func sessionRuleOf(v Verb) (sessionRule, bool) {
	i := slices.IndexFunc(sessionRules, func(r sessionRule) bool { return r.verb == v })
	if i < 0 {
		return sessionRule{}, false
	}
	return sessionRules[i], true
}

// AllowedOnSession lists the verbs that actor a may use on s now, in the order of
// the table: the buttons of the board. What can be decided about an announcement is
// CopyVerbs.
func AllowedOnSession(s Session, a Actor) []Verb {
	var vs []Verb
	for _, r := range sessionRules {
		_, ok := r.next(s.State)
		idle := r.verb == Pause && s.Paused || r.verb == Resume && !s.Paused || r.verb == AllowSelfApproval && s.SelfApproval != nil
		if ok && !idle && !copyVerb(r.verb) && slices.Contains(r.roles, a.Role) {
			vs = append(vs, r.verb)
		}
	}
	return vs
}
