package session

import (
	"slices"
	"time"
)

// SessionCommand is what somebody wants done to a session.
type SessionCommand interface {
	Verb() Verb
	settled(s Session) bool
	apply(s *Session, c SessionContext) error
}

// SessionContext is everything a session command may look at besides its session.
type SessionContext struct {
	By   Actor
	At   time.Time
	Open Unsettled // what Close must know
	Head Hash      // what Archive seals: the heads of all records
	// Locate reads addresses of copies; nil where nobody can.
	Locate Locate
}

// Unsettled counts what keeps a session from closing.
type Unsettled struct {
	Questions int // without an outcome
	Copies    int // questions with a copy that is due, leased or parked
}

// DecideSession applies cmd to s. Errors are *Error as for Decide.
func DecideSession(cmd SessionCommand, c SessionContext, s Session) (after Session, settled bool, err error) {
	r, ok := sessionRuleOf(cmd.Verb())
	if !ok {
		return s, false, Fail(Invalid, "verb_unknown", "verb", cmd.Verb())
	}
	if !slices.Contains(r.roles, c.By.Role) {
		return s, false, Fail(Forbidden, "forbidden", "role", c.By.Role, "verb", r.verb)
	}
	if cmd.settled(s) {
		return s, true, nil
	}
	next, ok := r.next(s.State)
	if !ok {
		return s, false, sessionTooLate(r.verb, s)
	}
	after = s.clone()
	if err := cmd.apply(&after, c); err != nil {
		return s, false, err
	}
	after.State = next
	after.Acts[r.verb] = Act{By: c.By, At: c.At}
	if !copyVerb(r.verb) { // what becomes of an announcement decides nothing about the hour
		after.Last = r.verb
	}
	return after, false, nil
}

// sessionTooLate names whoever brought the session to where it is.
func sessionTooLate(v Verb, s Session) error {
	moved := s.movedBy()
	if by := s.Acts[moved].By; by.Name != "" {
		return Fail(Already, "already", "verb", moved, "by", by.Name, "wanted", v)
	}
	return Fail(Refused, "session_not_now", "verb", v, "state", s.State)
}

// movedBy is the verb that was given last of those that lead to the session's state.
func (s Session) movedBy() Verb {
	var last Verb
	for _, r := range sessionRules {
		leads := slices.ContainsFunc(r.moves, func(m sessionMove) bool { return m.to == s.State && !slices.Contains(m.from, s.State) })
		if leads && s.Acts[r.verb].At.After(s.Acts[last].At) {
			last = r.verb
		}
	}
	return last
}

// StartSession opens the hour.
type StartSession struct{}

// Verb is Start.
func (StartSession) Verb() Verb { return Start }

func (StartSession) settled(s Session) bool { return s.State == Open && s.Last == Start }

func (StartSession) apply(s *Session, c SessionContext) error {
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
type StopSession struct{}

// Verb is Stop.
func (StopSession) Verb() Verb { return Stop }

func (StopSession) settled(s Session) bool { return s.State == Closing && s.Last == Stop }

func (StopSession) apply(s *Session, c SessionContext) error {
	s.Stopped = c.At
	s.End = earlier(s.End, c.At)
	return nil
}

// longestExtension bounds a slip of the finger.
const longestExtension = 12 * time.Hour

// ExtendSession moves the end, or opens a closing session again.
type ExtendSession struct {
	End     time.Time `json:"end"`
	Minutes int       `json:"minutes"` // instead of End: that much after the end, or after now when that is past
}

// Verb is Extend.
func (ExtendSession) Verb() Verb { return Extend }

func (c ExtendSession) settled(s Session) bool {
	return !c.End.IsZero() && s.State == Open && s.End.Equal(c.End)
}

func (c ExtendSession) apply(s *Session, x SessionContext) error {
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
type PauseSession struct{}

// Verb is Pause.
func (PauseSession) Verb() Verb { return Pause }

func (PauseSession) settled(s Session) bool { return s.Paused }

func (PauseSession) apply(s *Session, _ SessionContext) error {
	s.Paused = true
	return nil
}

// ResumeSession lets go what a pause held back.
type ResumeSession struct{}

// Verb is Resume.
func (ResumeSession) Verb() Verb { return Resume }

func (ResumeSession) settled(s Session) bool { return !s.Paused }

func (ResumeSession) apply(s *Session, _ SessionContext) error {
	s.Paused = false
	return nil
}

// CloseSession ends the hour. With Force, what has no outcome is settled by the
// system afterwards: a correction is kept back, everything else expires.
type CloseSession struct {
	Force  bool   `json:"force"`
	Reason string `json:"reason"`
}

// Verb is Close.
func (CloseSession) Verb() Verb { return Close }

func (CloseSession) settled(s Session) bool { return s.State == Closed || s.State == Archived }

func (c CloseSession) apply(s *Session, x SessionContext) error {
	if x.Open != (Unsettled{}) && !c.Force {
		return Fail(Refused, "close_unsettled", "questions", x.Open.Questions, "copies", x.Open.Copies)
	}
	if c.Force {
		reason := CleanLine(c.Reason)
		if reason == "" {
			return Fail(Invalid, "reason_missing").At("reason")
		}
		if err := tooLong("reason", reason, maxRemark); err != nil {
			return err
		}
		s.Forced = &Exception{By: x.By.Name, Reason: reason, At: x.At}
	}
	s.Closed = x.At
	return nil
}

// CancelSession calls the hour off before it starts.
type CancelSession struct {
	Reason string `json:"reason"`
	Digest string `json:"digest,omitempty"` // as of Hour
}

// Verb is Cancel.
func (CancelSession) Verb() Verb { return Cancel }

func (c CancelSession) seen() string { return c.Digest }

func (CancelSession) settled(s Session) bool { return s.State == Cancelled }

func (c CancelSession) apply(s *Session, x SessionContext) error {
	s.Closed = x.At
	return tooLong("reason", c.Reason, maxRemark)
}

// ReopenSession takes a closing back, for more answers.
type ReopenSession struct{}

// Verb is Reopen.
func (ReopenSession) Verb() Verb { return Reopen }

func (ReopenSession) settled(s Session) bool { return s.State == Closing && s.Last == Reopen }

func (ReopenSession) apply(s *Session, _ SessionContext) error {
	s.Closed, s.Forced = time.Time{}, nil
	return nil
}

// ArchiveSession seals the record. After a late correction it is given again; the
// new seal names the old one.
type ArchiveSession struct{}

// Verb is Archive.
func (ArchiveSession) Verb() Verb { return Archive }

func (ArchiveSession) settled(Session) bool { return false }

func (ArchiveSession) apply(s *Session, c SessionContext) error {
	if n := len(s.Seals); n > 0 && s.Seals[n-1].covers(*s, c.Head) {
		return Fail(Already, "already", "verb", Archive, "by", c.By.Name)
	}
	s.Seals = append(s.Seals, s.seal(c))
	return nil
}

// Remind records that the desk was told something.
type Remind struct {
	Of Reminder `json:"of"`
}

// Verb is RemindVerb.
func (Remind) Verb() Verb { return RemindVerb }

func (c Remind) settled(s Session) bool { return s.reminded(c.Of) }

func (c Remind) apply(s *Session, _ SessionContext) error {
	s.Reminded = append(s.Reminded, c.Of)
	return nil
}

// SelfApprovalExcept lets moderators approve their own answers in this session.
type SelfApprovalExcept struct {
	Reason string `json:"reason"`
}

// Verb is AllowSelfApproval.
func (SelfApprovalExcept) Verb() Verb { return AllowSelfApproval }

func (c SelfApprovalExcept) settled(s Session) bool {
	return s.SelfApproval != nil && s.SelfApproval.Reason == CleanLine(c.Reason)
}

func (c SelfApprovalExcept) apply(s *Session, x SessionContext) error {
	reason := CleanLine(c.Reason)
	if reason == "" {
		return Fail(Invalid, "reason_missing").At("reason")
	}
	s.SelfApproval = &Exception{By: x.By.Name, Reason: reason, At: x.At}
	return tooLong("reason", reason, maxRemark)
}
