package connector

import (
	"context"
	"errors"
	"net/http"
	"time"

	"experthour/internal/session"
)

// Card is a question as the desk sees it: words and buttons, without markup. The
// delivery worker draws it from the question as it is now.
type Card struct {
	Key     string // names the card for platforms that can recognise it again
	Place   session.PlaceID
	Number  int // 0 is the board, which a desk pins
	Title   string
	Lines   []Line
	Buttons []Button // what has room
	More    []Button // the rest, behind one more press
	Folded  bool     // after an outcome: one line
	// Call is what somebody must be told once, near the card; nil is nothing.
	Call *Call
	// CallsOver says that what calls told of this question must not stand there any more:
	// nobody has to come, or it was withdrawn.
	CallsOver bool
}

// Line is a paragraph of a card or a form.
type Line struct {
	Kind LineKind
	// Text is plain and may be a stranger's: a desk escapes it, and cuts what it has
	// no room for at a word, with "…" and Link to the whole.
	Text string
	Link Link // after the text, or behind all of it when Text is its label
	// Buttons stand below it, in a form only.
	Buttons []Button
}

// LineKind says what a line is, so that each desk can show it in its own way.
type LineKind uint8

// The kinds of lines.
const (
	Say   LineKind = iota // the bot speaks
	Quote                 // somebody's text, as it was written
	Head                  // a heading
	Small                 // a detail
)

// Link leads to a page, or to a card at the same place when Message is set.
type Link struct {
	Label   string
	URL     string
	Message session.MessageID
}

// Call tells people once that something waits for them.
type Call struct {
	// Number rises with every call of the card.
	Number int
	To     []session.UserRef
	// Text says all that a notification on a telephone needs.
	Text string
	// Quote is the question.
	Quote string
}

// Button is one thing that may be done from a card or a form.
type Button struct {
	Label  string
	Action string // see Action; empty with a URL
	URL    string
	Style  Style
	// Confirm, if set, is asked before the button counts.
	Confirm string
}

// Style sets a button apart.
type Style uint8

// The styles of buttons.
const (
	Plain Style = iota
	Primary
	Danger
)

// CardClass orders the drawing of cards; the lower goes first where two share a budget.
type CardClass uint8

// The classes of drawings.
const (
	CardPressed CardClass = iota // somebody at the desk just changed it
	CardBoard
	CardNew // never posted
	CardOther
	CardClasses // how many there are
)

// ErrGone says that a card is not there any more: somebody removed its message.
var ErrGone = errors.New("the card is gone")

// Desk is an internal place with cards.
type Desk interface {
	PostCard(ctx context.Context, c Card) (session.MessageID, error)
	// UpdateCard redraws a card. Doing it twice is harmless. ErrGone means that
	// somebody removed it, and it should be posted again.
	UpdateCard(ctx context.Context, at session.MessageID, c Card) error
}

// MostBatch is how many cards one message of a Batcher stands for at most.
const MostBatch = 10

// Batcher is a desk that can show several new cards in one message, for when more of
// them wait than a place takes messages.
type Batcher interface {
	// PostBatch posts one message for up to MostBatch cards of one place, none of them
	// the board. It gives where each stands, by its number: every one has an id of its
	// own, which only the connector reads. A card that is left out was not posted.
	//
	// UpdateCard of such a card takes it off the message, as well as it can, and returns
	// ErrGone: it gets a message of its own then. PostCall there may return ErrGone too.
	PostBatch(ctx context.Context, cs []Card) (map[int]session.MessageID, error)
}

// CardFinder looks a card up by its key, after a post of unknown outcome. since is when
// the first try began that may have arrived, by the store's clock.
type CardFinder interface {
	FindCard(ctx context.Context, c Card, since time.Time) (at session.MessageID, ok bool, err error)
}

// Caller tells people near a card that something waits for them.
type Caller interface {
	// PostCall posts c.Call under the card at that message. ErrGone is as in Desk; where
	// UpdateCard finds the card all the same, nobody is called. It gives the call's own
	// message.
	PostCall(ctx context.Context, at session.MessageID, c Card) (session.MessageID, error)
	// TakeCall removes a call by its own message. Doing it twice is harmless, and one that
	// is not there is a success.
	TakeCall(ctx context.Context, call session.MessageID, c Card) error
}

// CallFinder looks a call up after a post of unknown outcome. Without it such a call
// counts as posted: the card shows the same, and a second one would be noise.
type CallFinder interface {
	FindCall(ctx context.Context, at session.MessageID, c Card) (call session.MessageID, ok bool, err error)
}

// Roster is a desk whose platform knows the staff: the accounts behind e-mail
// addresses and the members of groups.
type Roster interface {
	// Roster lists the accounts of people now, and those who have a role by a group
	// besides: a person of the list keeps their name and role. An account that was
	// switched off is left out, and so is who has none.
	Roster(ctx context.Context, people []session.Person) ([]session.Person, error)
}

// Hooked is a connector that a platform calls by HTTP.
type Hooked interface {
	// Hooks are handlers by their path, of GET and POST: some platforms try an address by GET.
	Hooks() map[string]http.Handler
}

// Checker looks whether a platform is set up as the connector needs it.
type Checker interface {
	Check(ctx context.Context) []Finding
}

// Finding is one thing that a look at a platform came to. ID names a message of the
// catalogue, which says what to do about it.
type Finding struct {
	ID   string
	Args []any
	Bad  bool
}

// Troubled is a connector that knows what keeps it from working now.
type Troubled interface {
	// Trouble lists what is wrong; nothing when all is well.
	Trouble() []Finding
}
