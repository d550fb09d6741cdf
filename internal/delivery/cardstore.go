package delivery

import (
	"context"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Cards is the store's side of the desk's cards, which are level-triggered: stored is
// only that a card is out of date, and Look leases it. Like every store method, each one
// does all it says or nothing, and repeating it is safe.
//
// Out of date is a line for each class. What was never posted is CardNew whatever
// touches it, and stands in the order of numbers; the board is CardBoard. A card keeps
// its place in line while it is out of date, unless the new one is better.
type Cards interface {
	CardEnds
	CardPlaces
}

// CardEnds end what Look leased.
type CardEnds interface {
	// Drawn ends the lease of cards that show what they should as of the lease. drawn says
	// what was made of each, by number; what it leaves out was refused. A call after the last
	// one that was posted waits from then on. A card that went out of date meanwhile
	// stays dirty, and so does one that somebody else is drawing: of two drawings the
	// old one may land last. more says that something at the desk may be drawn or called
	// which nobody has leased.
	Drawn(ctx context.Context, id session.ID, c CardLease, drawn map[int]Drawing) (more bool, err error)
	// Undrawn ends the lease without a drawing; the cards stay dirty, and their class
	// waits.
	Undrawn(ctx context.Context, id session.ID, c CardLease, why CardEnd, wait time.Duration) error
	// Called ends the lease: the call was posted, given up or taken back, or it is not wanted
	// any more. What was posted is remembered until it is taken back. Once a card was drawn
	// with TakeCalls, its calls wait until none stands.
	Called(ctx context.Context, id session.ID, c CallLease, e CallEnd) error
	// Uncalled ends the lease without an outcome, and all calls wait. The call goes to
	// the end of the line, unless the lease was Unused.
	Uncalled(ctx context.Context, id session.ID, c CallLease, wait time.Duration, how Back) error
}

// Drawing is what was made of a card.
type Drawing struct {
	At   session.MessageID // where it was posted; empty for where it stood
	Call int               // the number of the call that was drawn with it; 0 is none, or TakeCalls
}

// TakeCalls in place of a call's number has every call of the card taken back.
const TakeCalls = -1

// CallEnd is what became of a call.
type CallEnd struct {
	Posted bool              // it counts as posted
	At     session.MessageID // where; empty when nobody knows
	Taken  session.MessageID // the call that does not stand any more
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

// Subject is what a card shows, all of one moment.
type Subject struct {
	Session  session.Session
	Question session.Question // zero for the board
	Votes    int

	// For the board alone.
	Counts   session.Counts
	Unposted int   // cards that were never posted, but for those that are held
	Lost     []int // cards that are held because nobody knows whether they were posted
	Pressed  bool  // somebody at the desk pressed on it since it was drawn
}

// StoredCard is a card as it was leased.
type StoredCard struct {
	Subject
	Number  int               // of its question; 0 is the board
	Message session.MessageID // where it stands; empty when it does not
}

// CardLease is the right to draw a card, or several new ones in one message. A card
// stands alone that was posted before, was refused, or may have been posted. New cards
// wait until the board was posted or tried.
type CardLease struct {
	Lane  session.Lane
	Class connector.CardClass
	Cards []StoredCard // its own first
	Open  bool         // a former holder may have posted its own
	Since time.Time    // when the first of them began to; only when Open
	Fence int64
}

// CallLease is the right to post one call, or to take one back.
type CallLease struct {
	StoredCard
	Lane   session.Lane
	Wanted int                 // the number of the call: the newest one that was drawn
	Open   bool                // a former holder may have posted that one
	Tries  int                 // leases that found the intent open, this one included
	Stand  []session.MessageID // the calls of the card that were posted and not taken back
	Fence  int64
}

// CardPlaces are where the cards stand, and what a person does about those of which
// nobody knows.
type CardPlaces interface {
	// At tells where cards stand; one that does not stand is left out.
	At(ctx context.Context, id session.ID, lane session.Lane, numbers ...int) (map[int]session.MessageID, error)
	// Of tells whose card a message is or was.
	Of(ctx context.Context, id session.ID, lane session.Lane, at session.MessageID) (number int, ok bool, err error)
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
