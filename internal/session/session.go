package session

import (
	"slices"
	"sync"
	"time"
)

// SessionState is where a session stands. The moves between states are the
// table hours.
type SessionState string

// The states of a session, in the order of its life.
const (
	Draft     SessionState = "draft"
	Scheduled SessionState = "scheduled"
	Open      SessionState = "open"
	Closing   SessionState = "closing"
	Closed    SessionState = "closed"
	Archived  SessionState = "archived"
	Cancelled SessionState = "cancelled"
)

// SessionStates lists every state in the order of a session's life.
var SessionStates = []SessionState{Draft, Scheduled, Open, Closing, Closed, Archived, Cancelled}

// Held reports whether an hour took place and is closed.
func (s SessionState) Held() bool { return s == Closed || s == Archived }

// Over reports whether nothing of an hour is to come: it was held, or called off.
func (s SessionState) Over() bool { return s.Held() || s == Cancelled }

// FormGrace is how long after the end a form that was opened before it is still
// taken: the citizen was writing while the hour ended.
const FormGrace = 2 * time.Minute

// EndingSoon is how long before its end the board offers to extend or stop.
const EndingSoon = 5 * time.Minute

// Session is the document of one expert hour.
type Session struct {
	Schema  int   `json:"schema"`
	ID      ID    `json:"id"`
	Version int64 `json:"-"`
	Head    Hash  `json:"-"` // the last entry of the session's own record
	// Upgraded says that it was stored in an earlier schema; see Written.
	Upgraded bool `json:"-"`

	State  SessionState `json:"state"`
	Paused bool         `json:"paused,omitempty"`
	// IntakePaused is set while a moderator takes no questions.
	IntakePaused bool `json:"intake_paused,omitempty"`

	Title    string   `json:"title"`
	Topic    string   `json:"topic,omitempty"`
	Language Language `json:"language"`
	Zone     string   `json:"zone"` // IANA name, for people; every time here is UTC
	Experts  []Expert `json:"experts"`
	Targets  []Target `json:"targets,omitempty"`
	Desk     Desk     `json:"desk"`
	// PastExperts and PastTargets were taken off the hour: what somebody answered there keeps
	// its name, and who asked there is answered there.
	PastExperts []Expert `json:"past_experts,omitempty"`
	PastTargets []Target `json:"past_targets,omitempty"`

	AskFrom time.Time `json:"ask_from"`
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	Stopped time.Time `json:"stopped,omitzero"`
	Closed  time.Time `json:"closed,omitzero"`

	Reasons       []string `json:"reasons"` // ids of the configured reasons for declining
	QuestionLimit int      `json:"question_limit,omitempty"`
	QuestionCount int      `json:"question_count,omitempty"` // most questions without an outcome; 0 is no bound of its own
	SettleSeconds int      `json:"settle_seconds,omitempty"` // how long a draft rests before it is submitted

	SelfApproval *Exception `json:"self_approval,omitempty"`
	Forced       *Exception `json:"forced,omitempty"`
	CalledOff    *CalledOff `json:"called_off,omitempty"`

	Money []Spending `json:"money,omitempty"` // where posts cost something and the ceiling of the hour was reached

	Copies  Copies `json:"copies,omitempty"`  // what the public is told about the hour itself
	Counter int    `json:"counter,omitempty"` // rises with every change of what is wanted there
	Moved   int    `json:"moved,omitempty"`   // since which Counter the start is what it is now; 0: it was never moved

	Reminded []Reminder `json:"reminded,omitempty"`
	// Toggled is how often publishing or intake was paused or resumed, or something began to wait for money or
	// ceased to: the desk is told each time.
	Toggled int    `json:"toggled,omitempty"`
	Seals   []Seal `json:"seals,omitempty"`
	// Minutes is the state of the questions that the transcript is of where it is posted: the hash
	// over their heads.
	Minutes Hash         `json:"minutes,omitempty"`
	Forgot  []Expiry     `json:"forgot,omitempty"` // what has expired of all its questions
	Acts    map[Verb]Act `json:"acts,omitempty"`
	Last    Verb         `json:"last,omitempty"`
}

// Expert is who answers, as the public reads it.
type Expert struct {
	Name   PersonName `json:"name"`
	Office string     `json:"office,omitempty"`
}

// Target is a public place of the session besides the page. Every means that every
// answer is posted there, not only answers to what was asked there.
type Target struct {
	Connector ConnectorID `json:"connector"`
	Place     PlaceID     `json:"place,omitempty"`
	Every     bool        `json:"every,omitempty"`
	// TellDeclined tells askers also where others read along what became of a question that
	// no moderator has accepted.
	TellDeclined bool `json:"tell_declined,omitempty"`
	// Pin has an announcement pinned while the session lasts, where the platform can.
	Pin bool `json:"pin,omitempty"`
}

// Desk is the internal place from which the session is run.
type Desk struct {
	Connector ConnectorID `json:"connector"`
	Place     PlaceID     `json:"place,omitempty"`
}

// Exception is a rule that somebody lifted, with the reason. It is printed in the
// transcript.
type Exception struct {
	By     PersonName `json:"by"`
	Reason string     `json:"reason"`
	At     time.Time  `json:"at"`
}

// Reminder is something the desk is told once.
type Reminder string

// The reminders.
const (
	RemindStart Reminder = "start" // the hour begins in 15 minutes
	RemindEnd   Reminder = "end"   // the hour ends in EndingSoon
)

const startSoon = 15 * time.Minute

// Location is the zone in which people read this session's times; UTC when the
// zone is not known to this machine.
func (s Session) Location() *time.Location {
	if l, ok := zones.Load(s.Zone); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(s.Zone)
	if err != nil {
		return time.UTC
	}
	zones.Store(s.Zone, l)
	return l
}

// zones are those that were read from the disk, by name.
var zones sync.Map

// Span is from when to when.
type Span struct{ From, To time.Time }

// Since is the moment from which something is: languages may write it in a case of its own.
type Since time.Time

// Times is the hour in the zone in which people read it.
func (s Session) Times() Span {
	zone := s.Location()
	return Span{s.Start.In(zone), s.End.In(zone)}
}

// Expert returns the expert of that name.
func (s Session) Expert(name PersonName) (Expert, bool) {
	i := slices.IndexFunc(s.Experts, func(e Expert) bool { return e.Name == name })
	if i < 0 {
		return Expert{}, false
	}
	return s.Experts[i], true
}

// Signer is who stands under revision rev of q's answer in public: the expert who
// wrote it or whose text it edits, also one who was taken off the hour since. It is the
// zero Expert when no expert of this session is among the authors; then the institution
// itself speaks.
func (s Session) Signer(q Question, rev Revision) Expert {
	all := slices.Concat(s.Experts, s.PastExperts)
	for n := rev.Number; n > 0; n-- {
		by := q.Revision(n).Author
		if i := slices.IndexFunc(all, func(e Expert) bool { return e.Name == by }); i >= 0 {
			return all[i]
		}
	}
	return Expert{}
}

// CardLane is where the session's cards are posted; nil for the desk page, which
// has none.
func (s Session) CardLane() *Lane {
	if s.Desk.Connector == DeskPage || s.Desk.Connector == "" {
		return nil
	}
	return &Lane{s.Desk.Connector, s.Desk.Place}
}

// effective is what a person is in this session: an expert of another hour only
// looks on.
func (s Session) effective(a Actor) Actor {
	if _, ok := s.Expert(a.Name); a.Role == ExpertRole && !ok {
		a.Role = Observer
	}
	return a
}

// Asking reports whether a question that reached the program at `at` is taken.
func (s Session) Asking(at time.Time) bool {
	if s.IntakePaused {
		return false
	}
	switch s.State {
	case Scheduled:
		return !at.Before(s.AskFrom)
	case Open:
		return true
	case Closing:
		return !at.After(s.Stopped)
	}
	return false
}

// Running reports whether answers may leave.
func (s Session) Running() bool { return s.Leaves(ClassAnswer) }

// Due lists what the clock asks for now, in order. Every replica tries; the
// version check lets one win.
func (s Session) Due(now time.Time) []SessionCommand {
	var cs []SessionCommand
	switch {
	case s.State == Scheduled && !now.Before(s.Start):
		cs = append(cs, StartSession{})
	case s.State == Scheduled && !now.Before(s.Start.Add(-startSoon)) && !s.reminded(RemindStart):
		cs = append(cs, Remind{RemindStart})
	case s.State == Open && !now.Before(s.End):
		cs = append(cs, StopSession{})
	case s.State == Open && !now.Before(s.End.Add(-EndingSoon)) && !s.reminded(RemindEnd):
		cs = append(cs, Remind{RemindEnd})
	}
	return cs
}

func (s Session) reminded(r Reminder) bool { return slices.Contains(s.Reminded, r) }

func (s Session) clone() Session {
	s.Reminded = slices.Clone(s.Reminded)
	s.Seals = slices.Clone(s.Seals)
	s.Copies = slices.Clone(s.Copies)
	acts := make(map[Verb]Act, len(s.Acts)+1)
	for v, a := range s.Acts {
		acts[v] = a
	}
	s.Acts = acts
	return s
}
