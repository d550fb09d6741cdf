package connector

import (
	"context"
	"errors"

	"experthour/internal/session"
)

// Card is a question as the desk sees it: words and buttons, without markup. The
// delivery worker draws it from the question as it is now.
type Card struct {
	Key     string // names the card for platforms that can recognise it again
	Place   session.PlaceID
	Number  int // 0 is the board
	Title   string
	Lines   []string
	Buttons []Button
	Folded  bool // after an outcome: one line
}

// Button is one thing that may be done from a card.
type Button struct {
	Label  string
	Action string // see Action
}

// ErrGone says that a card is not there any more: somebody removed its message.
var ErrGone = errors.New("the card is gone")

// Desk is an internal place with cards.
type Desk interface {
	PostCard(ctx context.Context, c Card) (session.MessageID, error)
	// UpdateCard redraws a card. Doing it twice is harmless. ErrGone means that
	// somebody removed it, and it should be posted again.
	UpdateCard(ctx context.Context, at session.MessageID, c Card) error
}

// CardFinder looks a card up by its key, after a post of unknown outcome.
type CardFinder interface {
	FindCard(ctx context.Context, c Card) (at session.MessageID, ok bool, err error)
}
