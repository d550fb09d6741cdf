package session

import "slices"

// The verbs on sessions.
const (
	Schedule          Verb = "schedule"
	Reschedule        Verb = "reschedule"
	Edit              Verb = "edit"
	Start             Verb = "start"
	Extend            Verb = "extend"
	Stop              Verb = "stop"
	Pause             Verb = "pause"
	Resume            Verb = "resume"
	PauseIntake       Verb = "pause_intake"
	ResumeIntake      Verb = "resume_intake"
	Close             Verb = "close"
	Cancel            Verb = "cancel"
	Archive           Verb = "archive"
	Reopen            Verb = "reopen"
	Renew             Verb = "renew"
	RemindVerb        Verb = "remind"
	AllowSelfApproval Verb = "allow_self_approval"
	Await             Verb = "await_money"
	Lift              Verb = "lift"
)

var (
	pausable = []SessionState{Scheduled, Open, Closing, Closed, Archived}
	toldIn   = append(slices.Clip(pausable), Cancelled) // in which the public is told something
	askable  = []SessionState{Scheduled, Open, Closing}
	byClock  = []Role{Moderator, System}

	// shaping are the verbs that Session.Stage changes with.
	shaping = []Verb{Schedule, Reschedule, Edit, Start, Extend, Stop, Pause, Resume, PauseIntake, ResumeIntake, Close, Cancel, Reopen}
)

var hours = machine[Session, SessionState]{
	{Schedule, triage, always, anyway, []move[SessionState]{{[]SessionState{Draft}, Scheduled}},
		"end after start, early questions not after start, a known zone, experts; no other hour at the same desk place"},
	{Reschedule, triage, always, anyway, []move[SessionState]{{[]SessionState{Scheduled}, Scheduled}}, "as schedule"},
	{Edit, triage, always, anyway, stay(editable),
		"as schedule; early questions only before the start, places only while questions are taken"},
	{Start, byClock, always, anyway, []move[SessionState]{{[]SessionState{Scheduled}, Open}}, ""},
	{Extend, triage, always, anyway, []move[SessionState]{{[]SessionState{Open}, Open}, {[]SessionState{Closing}, Open}},
		"the new end is ahead and at most 12 hours away"},
	{Stop, byClock, always, anyway, []move[SessionState]{{[]SessionState{Open}, Closing}}, ""},
	{Pause, triage, always, anyway, stay(pausable), "nothing leaves but take-backs; only resume lifts it"},
	{Resume, triage, always, anyway, stay(toldIn), "also a cancelled hour, of which the public is not told before"},
	{PauseIntake, triage, always, anyway, stay(askable), "no question is taken from anywhere; answering goes on"},
	{ResumeIntake, triage, always, anyway, stay(askable), ""},
	{Close, triage, always, anyway, []move[SessionState]{{[]SessionState{Closing}, Closed}},
		"publishing is not paused; every question has an outcome and no copy of it is due, leased or parked; or forced with a reason"},
	{Cancel, triage, always, anyway, []move[SessionState]{{[]SessionState{Scheduled}, Cancelled}}, ""},
	{Archive, program, always, anyway, []move[SessionState]{{[]SessionState{Closed}, Archived}, {[]SessionState{Archived}, Archived}},
		"seals the record; again after a late correction"},
	{Reopen, triage, always, anyway, []move[SessionState]{{[]SessionState{Closed, Archived}, Closing}}, ""},
	{Renew, program, always, anyway, stay([]SessionState{Open, Closing, Closed, Archived}),
		"a question is not any more as the transcript has it that stands at a place"},
	{Forget, program, always, anyway, stay([]SessionState{Closed, Archived, Cancelled}), "once each, when all questions are done"},
	{RemindVerb, program, always, anyway, stay([]SessionState{Scheduled, Open}), "once each"},
	{AllowSelfApproval, triage, always, anyway, stay([]SessionState{Scheduled, Open, Closing}), "a reason, which is printed"},

	{Await, program, always, anyway, stay(toldIn),
		"the next copy at a place costs more than is left of the ceiling of the hour; or none waits any more"},
	{Lift, triage, always, anyway, stay(toldIn), "a copy waits for money; how many dollars more"},

	{Sent, program, always, anyway, stay(SessionStates), "never refused"},
	{Parked, program, always, anyway, stay(SessionStates), "never refused"},
	{Retry, triage, always, anyway, stay(SessionStates), "the announcement was refused, dropped or not told in time"},
	{Drop, triage, always, anyway, stay(SessionStates), "the announcement was refused"},
	{IsOut, triage, always, anyway, stay(SessionStates), "the outcome of the announcement is unknown"},
	{SendAgain, triage, always, anyway, stay(SessionStates),
		"the outcome of the announcement is unknown, and a person saw that it is not out"},
}

// AllowedOnSession lists the verbs that actor a may use on s now, in the order of
// the table: the buttons of the board. What can be decided about an announcement is
// CopyVerbs.
func AllowedOnSession(s Session, a Actor) []Verb {
	return hours.allowed(s, Context{By: a}, func(v Verb) bool {
		over := s.State == Closing // no question is taken then in any case
		idle := map[Verb]bool{Pause: s.Paused, Resume: !s.Paused, PauseIntake: s.IntakePaused || over, ResumeIntake: !s.IntakePaused || over,
			AllowSelfApproval: s.SelfApproval != nil, Lift: len(s.Unpaid()) == 0}
		return !idle[v]
	})
}
