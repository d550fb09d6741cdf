package delivery

import (
	"context"
	"errors"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Outbox is the store's side of deliveries. Like every store method, each one does
// all it says or nothing, and repeating it is safe.
type Outbox interface {
	// Look says what a session has to do, and leases in the same step what it may take at
	// the desk: of each class the card that should be drawn next, and the call that is
	// next. Each comes with an intent to post it, unless it is an edit.
	Look(ctx context.Context, id session.ID, t Take) (Work, error)
	// Lease takes the first delivery of a lane that may leave now and writes the
	// intent to send it, in one step. ok is false when there is none, when somebody
	// else holds the lane, or before the lane's not-before; then wait, if positive,
	// says when to look again.
	Lease(ctx context.Context, id session.ID, lane session.Lane, ttl time.Duration) (l Lease, wait time.Duration, ok bool, err error)
	// Note keeps a note of the attempt at what a counter wants, while the lease is held:
	// session.ErrFenced otherwise. It goes with the copy's next outcome.
	Note(ctx context.Context, id session.ID, f session.Finish, counter int, note string) error
	// Defer gives a lease back without an outcome. wait holds the whole lane back.
	Defer(ctx context.Context, id session.ID, f session.Finish, wait time.Duration, how Back) error
	// Token takes what a request costs from several budgets of a connector at once, shared by
	// all replicas and sessions, or says how long to wait and takes nothing. Where that is for
	// nothing, because one that is there once has no more, it is ErrSpent.
	Token(ctx context.Context, c session.ConnectorID, of ...Spend) (wait time.Duration, err error)
	// Refund gives back what was taken of budgets of money for a request that did not happen.
	Refund(ctx context.Context, c session.ConnectorID, of ...Spend) error
	// Left is how much of a budget of a calendar day, or of one that is there once, was not taken yet.
	Left(ctx context.Context, c session.ConnectorID, of Spend) (int, error)
	// Hold gives out no token of a budget before wait is over. A shorter one does not
	// shorten it.
	Hold(ctx context.Context, c session.ConnectorID, budget string, wait time.Duration) error
}

// ErrSpent says that a budget that is there once has too little left. It is no failure.
var ErrSpent = errors.New("a budget is used up")

// Spend is what a request takes of a budget that gives out at most Most in any span of Per,
// with Until in the calendar day that ends then, or with Once at all.
type Spend struct {
	Budget string
	Cost   int // 1 to Most
	// Spare is what must be left of it besides, for what will follow. It counts only with Until and
	// Once, and Cost may be 0 then.
	Spare int
	Most  int
	Per   time.Duration
	Until time.Time
	Once  bool
}

// Take is what a look may lease at a desk.
type Take struct {
	Lane *session.Lane // of the desk; nil leases nothing
	TTL  time.Duration
	// Cards are the classes to take a card of. One gets none while a class before it with
	// the same name in Budgets has something to draw.
	Cards   [connector.CardClasses]bool
	Budgets [connector.CardClasses]string
	Batch   int // so many new cards share a message where more of them wait; 0 is none
	Calls   bool
	Board   bool // tells what the board shows, without a lease
}

// Work is what a session has to do.
type Work struct {
	Session session.Session
	Lanes   []session.Lane // the places that have something waiting
	Cards   []CardLease    // at most one of each class
	Call    *CallLease
	Board   Subject
	// Dirty says how many of each class may be drawn, and at the end how many may be
	// called; 0 while the line waits.
	Dirty [connector.CardClasses + 1]int
}

// Back is how a lease is given back without an outcome.
type Back uint8

// The ways to give a lease back.
const (
	Unused  Back = iota // nothing was tried: all is as before the lease, and the try does not count
	Known               // what was tried did not happen: the next lease writes an intent of its own
	Unknown             // it may have happened: the next lease is Open, with this intent
)

// fate is how a lease is given back of which an attempt may have happened, or not.
func fate(open bool) Back {
	if open {
		return Unknown
	}
	return Known
}

// Lease is the right to bring out one delivery until Until.
type Lease struct {
	session.Finish
	Read   session.Question // as of the lease; the zero Question when the copy is the session's
	Copies session.Copies   // of either, as of the lease
	Wanted int              // what the copy wants now; 0 is to be taken back
	// Intent is what a former holder was trying when its lease ended without an
	// outcome; ok only when Open is set. Since is when that was written.
	Intent int
	Open   bool
	Since  time.Time
	// Lost says that no intent is known, and one may be missing: the store changed over to a
	// server that need not have everything. Since is long ago then.
	Lost  bool
	Tries int // attempts since the last outcome, this one included
	// Note is what an attempt at the counter Noted kept since the last outcome.
	Note  string
	Noted int
}
