package session

import (
	"fmt"
	"slices"
	"time"
)

// SessionCommand is what somebody wants done to a session.
type SessionCommand interface{ command[Session] }

// Unfinished counts what keeps a session from closing.
type Unfinished struct {
	Questions int // without an outcome
	Copies    int // questions with a copy that is due, leased or parked
}

// DecideSession applies cmd to s. Errors are *Error as for Decide.
func DecideSession(cmd SessionCommand, c Context, s Session) (after Session, already bool, err error) {
	return hours.decide(cmd, c, s)
}

func (s Session) state() SessionState { return s.State }

func (Session) admits(rule[SessionState], Context) error { return nil }

// Stage changes whenever a person decides what all see of the hour: when it is, where it
// stands, and whether anything leaves. What the clock does is no decision: people know that
// it comes, and the table says what can still be done afterwards.
func (s Session) Stage() string {
	v := s.decided()
	return fmt.Sprintf("%s/%d", v, s.Acts[v].At.UnixMilli())
}

// SeenAt refuses a verb of a person who saw the hour before somebody else decided about it.
func (s Session) SeenAt(stage string, by Actor, wanted Verb) error {
	v := s.decided()
	if stage == "" || stage == s.Stage() || s.Acts[v].By.Name == by.Name {
		return nil
	}
	return s.faster(v, wanted)
}

// decided is the verb that a person gave last of those that shape the hour.
func (s Session) decided() Verb {
	return s.last(func(r rule[SessionState]) bool {
		return slices.Contains(shaping, r.verb) && s.Acts[r.verb].By.Name != ""
	})
}

// tooLate names whoever brought the session to where it is.
func (s Session) tooLate(wanted Verb) error {
	moved := s.last(func(r rule[SessionState]) bool {
		return slices.ContainsFunc(r.moves, func(m move[SessionState]) bool { return m.to == s.State && !slices.Contains(m.from, s.State) })
	})
	if s.Acts[moved].By.Name == "" {
		return Fail(Refused, "session_not_now", "verb", wanted, "state", s.State)
	}
	return s.faster(moved, wanted)
}

// faster is the error of a verb that came after another one, with what the hour is now.
func (s Session) faster(did, wanted Verb) error {
	return Fail(Already, "already", "verb", did, "wanted", wanted, "state", s.State, "times", s.Times()).Of(s.Acts[did].By.Name)
}

// last is the verb that was given last, of the rows that pick selects; of those of one
// moment it is the later row.
func (s Session) last(pick func(rule[SessionState]) bool) Verb {
	var last Verb
	for _, r := range hours {
		if a, given := s.Acts[r.verb]; given && pick(r) && !a.At.Before(s.Acts[last].At) {
			last = r.verb
		}
	}
	return last
}

func (s Session) acted(v Verb, next SessionState, a Act) Session {
	s.State, s.Acts[v] = next, a
	if !copyVerb(v) { // what becomes of an announcement decides nothing about the hour
		s.Last = v
	}
	return s
}

// StartSession opens the hour.
type StartSession struct{ Seen }

// Verb is Start.
func (StartSession) Verb() Verb { return Start }

func (StartSession) already(s Session, _ Actor) bool { return s.State == Open && s.Last == Start }

func (StartSession) apply(s *Session, c Context) error {
	if c.At.Before(s.Start) { // started by hand, early: the length stays
		s.End = c.At.Add(s.End.Sub(s.Start))
		s.Start = c.At
		s.AskFrom = earlier(s.AskFrom, c.At)
	}
	return nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// StopSession ends intake; answering goes on.
type StopSession struct{ Seen }

// Verb is Stop.
func (StopSession) Verb() Verb { return Stop }

func (StopSession) already(s Session, _ Actor) bool { return s.State == Closing && s.Last == Stop }

func (StopSession) apply(s *Session, c Context) error {
	s.Stopped = c.At
	s.End = earlier(s.End, c.At)
	return nil
}

// longestExtension bounds a slip of the finger.
const longestExtension = 12 * time.Hour

// ExtendSession moves the end, or opens a closing session again.
type ExtendSession struct {
	Seen
	End     time.Time `json:"end"`
	Minutes int       `json:"minutes"` // instead of End: that much after the end, or after now when that is past
}

// Verb is Extend.
func (ExtendSession) Verb() Verb { return Extend }

// already: the end is there, or the same person pressed twice on the same board, which
// must not move it twice.
func (c ExtendSession) already(s Session, by Actor) bool {
	twice := c.Stage != "" && c.Stage != s.Stage() && s.Last == Extend && s.Acts[Extend].By.Name == by.Name
	return s.State == Open && (twice || !c.End.IsZero() && s.End.Equal(c.End))
}

func (c ExtendSession) apply(s *Session, x Context) error {
	end := c.End
	if c.Minutes > 0 {
		from := s.End
		if from.Before(x.At) {
			from = x.At
		}
		end = from.Add(time.Duration(c.Minutes) * time.Minute)
	}
	if !end.After(x.At) || end.Sub(x.At) > longestExtension {
		return Fail(Invalid, "extend_end").At("minutes")
	}
	s.End, s.Stopped = end.UTC(), time.Time{}
	s.Reminded = slices.DeleteFunc(s.Reminded, func(r Reminder) bool { return r == RemindEnd })
	return nil
}

// PauseSession holds back everything that would go out, but take-backs.
type PauseSession struct{ Seen }

// Verb is Pause.
func (PauseSession) Verb() Verb { return Pause }

// seen leaves the check out: holding everything back hurts nobody, whatever was seen.
func (PauseSession) seen() string { return "" }

func (PauseSession) already(s Session, _ Actor) bool { return s.Paused }

func (PauseSession) apply(s *Session, _ Context) error {
	s.Paused = true
	s.Toggled++
	return nil
}

// ResumeSession lets go what a pause held back.
type ResumeSession struct{ Seen }

// Verb is Resume.
func (ResumeSession) Verb() Verb { return Resume }

func (ResumeSession) already(s Session, _ Actor) bool { return !s.Paused }

func (ResumeSession) apply(s *Session, _ Context) error {
	s.Paused = false
	s.Toggled++
	return nil
}

// PauseIntakeSession takes no more questions for now; what is there is worked at.
type PauseIntakeSession struct{ Seen }

// Verb is PauseIntake.
func (PauseIntakeSession) Verb() Verb { return PauseIntake }

// seen leaves the check out: in a flood it must work at once, whatever was seen.
func (PauseIntakeSession) seen() string { return "" }

func (PauseIntakeSession) already(s Session, _ Actor) bool { return s.IntakePaused }

func (PauseIntakeSession) apply(s *Session, _ Context) error {
	s.IntakePaused = true
	s.Toggled++
	return nil
}

// ResumeIntakeSession takes questions again.
type ResumeIntakeSession struct{ Seen }

// Verb is ResumeIntake.
func (ResumeIntakeSession) Verb() Verb { return ResumeIntake }

func (ResumeIntakeSession) already(s Session, _ Actor) bool { return !s.IntakePaused }

func (ResumeIntakeSession) apply(s *Session, _ Context) error {
	s.IntakePaused = false
	s.Toggled++
	return nil
}

// CloseSession ends the hour. With Force, what has no outcome gets one from the
// system afterwards: a correction is kept back, everything else expires.
type CloseSession struct {
	Seen
	Force  bool   `json:"force"`
	Reason string `json:"reason"`
}

// Verb is Close.
func (CloseSession) Verb() Verb { return Close }

func (CloseSession) already(s Session, _ Actor) bool { return s.State == Closed || s.State == Archived }

// Closable refuses while publishing is paused: what is approved would get another outcome
// because it was not let out.
func (s Session) Closable() error {
	if s.Paused {
		return Fail(Refused, "close_paused")
	}
	return nil
}

func (c CloseSession) apply(s *Session, x Context) error {
	if err := s.Closable(); err != nil {
		return err
	}
	if x.Open != (Unfinished{}) && !c.Force {
		return Fail(Refused, "close_unsettled", "questions", x.Open.Questions, "copies", x.Open.Copies)
	}
	if c.Force {
		if err := said(c.Reason); err != nil {
			return err
		}
		s.Forced = &Exception{By: x.By.Name, Reason: CleanLine(c.Reason), At: x.At}
	}
	s.Closed = x.At
	return nil
}

// ReopenSession takes a closing back, for more answers.
type ReopenSession struct{ Seen }

// Verb is Reopen.
func (ReopenSession) Verb() Verb { return Reopen }

func (ReopenSession) already(s Session, _ Actor) bool { return s.State == Closing && s.Last == Reopen }

func (ReopenSession) apply(s *Session, _ Context) error {
	s.Closed, s.Forced, s.Forgot = time.Time{}, nil, nil
	return nil
}

// ArchiveSession seals the record. After a late correction it is given again; the
// new seal names the old one.
type ArchiveSession struct{}

// Verb is Archive.
func (ArchiveSession) Verb() Verb { return Archive }

func (ArchiveSession) already(Session, Actor) bool { return false }

func (ArchiveSession) apply(s *Session, c Context) error {
	if n := len(s.Seals); n > 0 && s.Seals[n-1].covers(*s, c.Head) {
		return Fail(Already, "already", "verb", Archive).Of(c.By.Name)
	}
	s.Seals = append(s.Seals, s.seal(c))
	s.Minutes = c.Head
	return nil
}

// RenewMinutes says that the questions are not any more as a transcript has them that is posted.
type RenewMinutes struct{}

// Verb is Renew.
func (RenewMinutes) Verb() Verb { return Renew }

func (RenewMinutes) already(Session, Actor) bool { return false }

func (RenewMinutes) apply(s *Session, c Context) error {
	if s.Minutes == c.Head {
		return Fail(Already, "already", "verb", Renew).Of(c.By.Name)
	}
	s.Minutes = c.Head
	return nil
}

// Remind records that the desk was told something.
type Remind struct {
	Of Reminder `json:"of"`
}

// Verb is RemindVerb.
func (Remind) Verb() Verb { return RemindVerb }

func (c Remind) already(s Session, _ Actor) bool { return s.reminded(c.Of) }

func (c Remind) apply(s *Session, _ Context) error {
	s.Reminded = append(s.Reminded, c.Of)
	return nil
}

// SelfApprovalExcept lets moderators approve their own answers in this session.
type SelfApprovalExcept struct {
	Seen
	Reason string `json:"reason"`
}

// Verb is AllowSelfApproval.
func (SelfApprovalExcept) Verb() Verb { return AllowSelfApproval }

// seen leaves the check out: it is about who approves, not about where the hour stands.
func (SelfApprovalExcept) seen() string { return "" }

func (c SelfApprovalExcept) already(s Session, _ Actor) bool {
	return s.SelfApproval != nil && s.SelfApproval.Reason == CleanLine(c.Reason)
}

func (c SelfApprovalExcept) apply(s *Session, x Context) error {
	s.SelfApproval = &Exception{By: x.By.Name, Reason: CleanLine(c.Reason), At: x.At}
	return said(c.Reason)
}
