package connectortest

import (
	"context"
	"errors"
	"time"

	"experthour/internal/connector"
)

// Op names a method of a platform or a desk.
type Op string

// The operations of the fakes.
const (
	OpReply    Op = "reply"
	OpEdit     Op = "edit"
	OpRetract  Op = "retract"
	OpFind     Op = "find"
	OpStands   Op = "stands"
	OpHide     Op = "hide"
	OpPin      Op = "pin"
	OpPost     Op = "post_card"
	OpBatch    Op = "post_batch"
	OpUpdate   Op = "update_card"
	OpFindCard Op = "find_card"
	OpCall     Op = "post_call"
	OpFindCall Op = "find_call"
	OpTakeCall Op = "take_call"
)

// Fault is how one call ends. The zero value does what was asked.
type Fault struct {
	err     error
	skip    bool // nothing is done
	hang    bool
	entered chan struct{}
	release chan struct{}
}

// errFault is the cause of every scripted failure.
var errFault = errors.New("scripted fault")

// Refuse does nothing and says so.
func Refuse(detail string) Fault {
	return Fault{skip: true, err: &connector.SendError{Outcome: connector.Refused, Detail: detail, Cause: errFault}}
}

// Unreachable does nothing and says that nobody can be reached there.
func Unreachable(detail string) Fault {
	return Fault{skip: true, err: &connector.SendError{Outcome: connector.Refused, Unreachable: true, Detail: detail, Cause: errFault}}
}

// Defer does nothing and asks to wait.
func Defer(wait time.Duration) Fault {
	return Fault{skip: true, err: &connector.SendError{Outcome: connector.Deferred, Wait: wait, Cause: errFault}}
}

// Gone does nothing and says that the card is not there.
func Gone() Fault { return Fault{skip: true, err: connector.ErrGone} }

// UnsureAfter does what was asked, and the answer is lost.
func UnsureAfter() Fault {
	return Fault{err: &connector.SendError{Outcome: connector.Unsure, Detail: "the answer was lost", Cause: errFault}}
}

// UnsureBefore does nothing, and the caller cannot know it.
func UnsureBefore() Fault {
	return Fault{skip: true, err: &connector.SendError{Outcome: connector.Unsure, Detail: "the call was lost", Cause: errFault}}
}

// Ignore does nothing and says that it was done.
func Ignore() Fault { return Fault{skip: true} }

// Hang does nothing and answers nothing until the caller's context ends.
func Hang() Fault { return Fault{skip: true, hang: true} }

// HangAfter does what was asked and answers nothing until the caller's context ends.
func HangAfter() Fault { return Fault{hang: true} }

// Hold stops a call at a barrier before it does anything, so that a test can force
// the order of two.
func Hold() Fault { return Fault{entered: make(chan struct{}), release: make(chan struct{})} }

// Entered is closed when the held call has arrived.
func (f Fault) Entered() <-chan struct{} { return f.entered }

// Release lets the held call go on; once.
func (f Fault) Release() { close(f.release) }

// Lost says that the held call is to do nothing after it is released and to end
// like UnsureBefore: its sender died meanwhile.
func (f Fault) Lost() Fault {
	lost := UnsureBefore()
	lost.entered, lost.release = f.entered, f.release
	return lost
}

// run calls do as the fault says. Nothing is done for a context that has ended.
func (f Fault) run(ctx context.Context, do func() error) error {
	if err := f.wait(ctx); err != nil {
		return err
	}
	if !f.skip {
		if err := do(); err != nil {
			return err
		}
	}
	if f.hang {
		<-ctx.Done()
		return &connector.SendError{Outcome: connector.Unsure, Detail: "no answer", Cause: ctx.Err()}
	}
	return f.err
}

// wait stands at the barrier, if there is one.
func (f Fault) wait(ctx context.Context) error {
	if f.entered != nil {
		close(f.entered)
		select {
		case <-f.release:
		case <-ctx.Done():
		}
	}
	if err := ctx.Err(); err != nil {
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: err}
	}
	return nil
}

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail, Cause: errors.New(detail)}
}
