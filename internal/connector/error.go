package connector

import (
	"errors"
	"fmt"
	"time"
)

// Outcome is what is known about a send that failed.
type Outcome uint8

const (
	// Unsure means that it may have arrived: never again without looking. It is the
	// zero value, and the outcome of every error that says nothing else.
	Unsure Outcome = iota
	// Refused means that it did not arrive and will not: the desk is told.
	Refused
	// Deferred means that it did not arrive: again after Wait.
	Deferred
)

// SendError is how a connector reports a failed send.
type SendError struct {
	Outcome Outcome
	Wait    time.Duration // with Deferred
	// Unreachable is set, with Refused, when the one person whom it is for wants no messages
	// or has gone: nobody can mend that, so nobody is asked about it.
	Unreachable bool
	Detail      string // the platform's own words for the desk, without secrets
	Cause       error  // for the log
}

// Error is the text for the log.
func (e *SendError) Error() string {
	return fmt.Sprintf("%s: %s: %v", [...]string{"unsure", "refused", "deferred"}[e.Outcome], e.Detail, e.Cause)
}

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Cause }

// OutcomeOf classifies any error of a send.
func OutcomeOf(err error) *SendError {
	if e, ok := errors.AsType[*SendError](err); ok {
		return e
	}
	return &SendError{Outcome: Unsure, Cause: err}
}

// Repeatable is the error of a call that may be made again whatever became of it, because
// nobody sees what it makes: what is in doubt is put off.
func Repeatable(err error) error {
	if e := OutcomeOf(err); err != nil && e.Outcome == Unsure {
		return &SendError{Outcome: Deferred, Detail: e.Detail, Cause: err}
	}
	return err
}
