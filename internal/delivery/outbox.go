package delivery

import (
	"context"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Outbox is the store's side of deliveries. Like every store method, each one does
// all it says or nothing, and repeating it is safe.
type Outbox interface {
	// Lanes lists the places of a session that have something waiting.
	Lanes(ctx context.Context, id session.ID) ([]session.Lane, error)
	// Lease takes the first delivery of a lane that may leave now and writes the
	// intent to send it, in one step. ok is false when there is none, when somebody
	// else holds the lane, or before the lane's not-before; then wait, if positive,
	// says when to look again.
	Lease(ctx context.Context, id session.ID, lane session.Lane, ttl time.Duration) (l Lease, wait time.Duration, ok bool, err error)
	// Defer gives a lease back without an outcome. wait holds the whole lane back.
	Defer(ctx context.Context, id session.ID, f session.Finish, wait time.Duration, how Back) error
	// Token takes one call from each budget of a connector at once, shared by all replicas
	// and sessions, or says how long to wait and takes nothing. No budget gives out more
	// than Most in any span of Per.
	Token(ctx context.Context, c session.ConnectorID, bs ...connector.Budget) (wait time.Duration, err error)
	// Hold gives out no token of a budget before wait is over. A shorter one does not
	// shorten it.
	Hold(ctx context.Context, c session.ConnectorID, budget string, wait time.Duration) error
}

// Back is how a lease is given back without an outcome.
type Back uint8

// The ways to give a lease back.
const (
	Unused  Back = iota // nothing was tried: all is as before the lease, and the try does not count
	Known               // what was tried did not happen: the next lease writes an intent of its own
	Unknown             // it may have happened: the next lease is Open, with this intent
)

// Lease is the right to bring out one delivery until Until.
type Lease struct {
	session.Finish
	Wanted int // what the copy wants now; 0 is to be taken back
	// Intent is what a former holder was trying when its lease ended without an
	// outcome; ok only when Open is set. Since is when that was written.
	Intent int
	Open   bool
	Since  time.Time
	Tries  int // attempts since the last outcome, this one included
}
