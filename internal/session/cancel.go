package session

import (
	"errors"
	"time"
)

// CalledOff is what the public is told of a cancelled hour besides that it is cancelled.
type CalledOff struct {
	Reason  string `json:"reason,omitempty"`
	NewDate string `json:"new_date,omitempty"` // 2006-01-02, in the zone of the hour
}

// Day is the new date, zero where none is given.
func (c CalledOff) Day() time.Time {
	day, _ := time.Parse(time.DateOnly, c.NewDate) // what is stored was read once
	return day
}

// CancelSession calls the hour off before it starts.
type CancelSession struct {
	Seen
	Reason  string `json:"reason"` // internal
	Public  string `json:"public_reason,omitempty"`
	NewDate string `json:"new_date,omitempty"` // as in CalledOff; of an hour that is scheduled by itself
	Digest  string `json:"digest,omitempty"`   // as of Hour
}

// Verb is Cancel.
func (CancelSession) Verb() Verb { return Cancel }

func (c CancelSession) shown() string { return c.Digest }

func (CancelSession) already(s Session, _ Actor) bool { return s.State == Cancelled }

// maxPublicReason leaves room for the rest of an announcement.
const maxPublicReason = 300

func (c CancelSession) apply(s *Session, x Context) error {
	s.Closed = x.At
	if off := (CalledOff{CleanLine(c.Public), c.NewDate}); off != (CalledOff{}) {
		s.CalledOff = &off
	}
	return errors.Join(tooLong("reason", c.Reason, maxRemark), tooLong("public_reason", CleanLine(c.Public), maxPublicReason),
		c.checkDate(x.At.In(s.Location())))
}

// checkDate refuses a new date that is no day, or past.
func (c CancelSession) checkDate(now time.Time) error {
	if c.NewDate == "" {
		return nil
	}
	switch _, err := time.Parse(time.DateOnly, c.NewDate); {
	case err != nil:
		return Fail(Invalid, "new_date_form").At("new_date").Because(err)
	case c.NewDate < now.Format(time.DateOnly):
		return Fail(Invalid, "new_date_past").At("new_date")
	}
	return nil
}
