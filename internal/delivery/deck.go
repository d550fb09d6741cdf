package delivery

import (
	"context"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Cards is the store's side of the desk's cards, which are level-triggered: stored
// is only that a card is out of date. Like every store method, each one does all it
// says or nothing, and repeating it is safe.
type Cards interface {
	CardLines
	CardBatches
	CardCalls
	CardPlaces
}

// CardLines are the cards of a lane that are out of date, in a line for each class.
// What was never posted is CardNew whatever touches it, and stands in the order of
// numbers; the board is CardBoard. A card keeps its place in line while it is out of
// date, unless the new one is better.
type CardLines interface {
	// Outdated says what there is to do. It takes nothing.
	Outdated(ctx context.Context, id session.ID, lane session.Lane) (Backlog, error)
	// Dirty leases a class of a desk lane and takes the card of it that should be drawn
	// next: the number of its question, 0 for the board. New cards wait until the board
	// was posted or tried. ok as in Outbox.Lease.
	Dirty(ctx context.Context, id session.ID, lane session.Lane, class connector.CardClass, ttl time.Duration) (c CardLease, ok bool, err error)
	// Drawn ends the lease of a card that shows what it should as of its stamp. call is
	// the number of the call that was drawn with it, 0 if none; a call after the last
	// one that was posted waits from then on. A card that went out of date meanwhile
	// stays dirty, and so does one that somebody else is drawing: of two drawings the
	// old one may land last.
	Drawn(ctx context.Context, id session.ID, c CardLease, at session.MessageID, call int) error
	// Undrawn ends the lease without a drawing; the card stays dirty, and its class
	// waits. The same becomes of all that Batch took.
	Undrawn(ctx context.Context, id session.ID, c CardLease, why CardEnd, wait time.Duration) error
}

// Backlog is what a desk lane has to do.
type Backlog struct {
	Cards [connector.CardClasses]CardLine
	Calls CardLine
}

// CardLine is one line of a desk lane.
type CardLine struct {
	Dirty int  // how many may be done; 0 while the line waits
	Busy  bool // somebody is doing one of them
}

// CardEnd is why a card was not drawn.
type CardEnd uint8

// The ends of a lease without a drawing.
const (
	CardUnused  CardEnd = iota // nothing was tried: all is as before the lease
	CardLater                  // nothing happened, or something harmless
	CardUnsure                 // it may have been posted: the next lease is Open
	CardRefused                // it goes to the end of its line, so that it holds up nobody
	CardLost                   // it may have been posted, and nobody can look: it is held for a person
	CardGone                   // its message is not there any more: it is as if never posted
)

// CardLease is the right to draw one card.
type CardLease struct {
	Lane    session.Lane
	Class   connector.CardClass
	Number  int
	Message session.MessageID // empty when it was never posted
	Open    bool              // a former holder may have posted it
	Fence   int64
	Stamp   int64 // the dirt that this drawing covers
}

// CardBatches are new cards that share one message.
type CardBatches interface {
	// Waiting counts the cards that were never posted; those that are held for a person
	// are left out.
	Waiting(ctx context.Context, id session.ID, lane session.Lane) (int, error)
	// Batch takes more new cards under the lease of one, most with that one, and writes
	// the intent to post each. It gives their numbers in order, that of the lease first. A
	// card stands alone that was posted before, was refused, or may have been posted.
	// Asked again under the same lease it gives the same.
	Batch(ctx context.Context, id session.ID, c CardLease, most int) (numbers []int, err error)
	// Batched ends the lease of what Batch took: at says where each stands now, calls what
	// was drawn with it, as in Drawn. What at leaves out was refused. A card that
	// stands elsewhere by now stays there.
	Batched(ctx context.Context, id session.ID, c CardLease, at map[int]session.MessageID, calls map[int]int) error
}

// CardCalls are the calls that wait for being posted near their cards.
type CardCalls interface {
	// Call leases the calls of a desk lane, takes the card whose call is next and writes the
	// intent to post the newest one that was drawn, in one step. ok as in Outbox.Lease.
	Call(ctx context.Context, id session.ID, lane session.Lane, ttl time.Duration) (c CallLease, ok bool, err error)
	// Called ends the lease: the call was posted or given up, or it is not wanted any more.
	Called(ctx context.Context, id session.ID, c CallLease, posted bool) error
	// Uncalled ends the lease without an outcome, and all calls wait. The call goes to
	// the end of the line, unless the lease was Unused.
	Uncalled(ctx context.Context, id session.ID, c CallLease, wait time.Duration, how Back) error
}

// CallLease is the right to post one call.
type CallLease struct {
	Lane    session.Lane
	Number  int // of the question
	Message session.MessageID
	Wanted  int  // the number of the call: the newest one that was drawn
	Open    bool // a former holder may have posted that one
	Tries   int  // leases that found the intent open, this one included
	Fence   int64
}

// CardPlaces are where the cards stand, and what a person does about those of which
// nobody knows.
type CardPlaces interface {
	// At tells where cards stand; one that does not stand is left out.
	At(ctx context.Context, id session.ID, lane session.Lane, numbers ...int) (map[int]session.MessageID, error)
	// Of tells whose card a message is or was.
	Of(ctx context.Context, id session.ID, lane session.Lane, at session.MessageID) (number int, ok bool, err error)
	// Lost lists the cards that are held because nobody knows whether they were posted.
	Lost(ctx context.Context, id session.ID, lane session.Lane) ([]int, error)
	// Adopt says that a message is the card: it is redrawn there. A card that stands
	// elsewhere stays there, and only Of learns of the message. A card that was never
	// dirty is NotFound.
	Adopt(ctx context.Context, id session.ID, lane session.Lane, number int, at session.MessageID) error
	// Repost says that a lost card is not there: it is posted anew. Any other card is
	// left alone; one that was never dirty is NotFound.
	Repost(ctx context.Context, id session.ID, lane session.Lane, number int) error
	// Touch says that a card is out of date without a change of its question: the clock
	// went on, or somebody removed its message. One that was never dirty is NotFound.
	Touch(ctx context.Context, id session.ID, lane session.Lane, number int) error
}
