package connector

import (
	"context"
	"time"

	"experthour/internal/session"
)

// DeskInbox is what staff can do from a chat. Every method commits before it
// returns, so that a connector acknowledges afterwards and says "done" only then. An
// error of kind session.Unavailable means that nothing is known to be stored: the
// person should try again. All other refusals come as an Answer, in the person's
// language.
type DeskInbox interface {
	Pressed(ctx context.Context, p Press) (Answer, error)
	Submitted(ctx context.Context, s Submission) (Answer, error)
	Commanded(ctx context.Context, s Spoken) (Answer, error)
	Wrote(ctx context.Context, w Written) (Answer, error)
	// Removed says that somebody took the bot's own message away: a card is posted again.
	Removed(ctx context.Context, place session.PlaceID, at session.MessageID) error
	Look
}

// Look is what staff can see without changing anything.
type Look interface {
	// Searched lists what a SearchField of a form offers for a query, the best first.
	Searched(ctx context.Context, s Searching) ([]Option, error)
	// Home is the person's own page at the desk.
	Home(ctx context.Context, by User) (Form, error)
	// Renewed is a form that somebody has before them, once its Until is over: what is not so
	// any more is off it. f is always the form as it was made; what comes back may be shown in
	// its place at any moment, and has the same Key.
	Renewed(ctx context.Context, by User, f Form) (Form, error)
}

// User is a person as a desk's platform knows them. Who that is among the staff, and
// what they may do, is found out by the inbox.
type User struct {
	Desk session.ConnectorID
	ID   session.UserRef
	Name string // what the platform calls them, only for words to them
}

// Press is a button that somebody pressed.
type Press struct {
	By      User
	Place   session.PlaceID
	Message session.MessageID // with the button, if it was on a message
	Action  string
	Key     string // of the form that the button was on
	Values  Values // of that form, as they were then
}

// Submission is a form that somebody submitted.
type Submission struct {
	By     User
	Key    string
	Values Values
}

// Spoken is a command that somebody typed.
type Spoken struct {
	By    User
	Place session.PlaceID
	Text  string // what follows the name of the command
}

// Searching is what somebody types into a SearchField.
type Searching struct {
	By    User
	Key   string // of the form
	Field string
	Query string
}

// Written is a message that somebody wrote at the desk, or what became of it.
type Written struct {
	By    User
	Place session.PlaceID
	// Under is the message that it replies to: a card, or the thread of one. Empty is
	// a message on its own.
	Under   session.MessageID
	Message session.MessageID
	At      time.Time // as the platform orders messages
	Edited  time.Time // when this version was written; zero is the first one
	Lines   []session.ChatLine
	With    session.Media // what was sent with the lines, or instead of any, besides Files; "" is nothing
	// Files are those that say that they are pictures, of a connector that is a Filer. Album names
	// what was sent together; "" is nothing.
	Files []File
	Album string
	// Full says that it is about as long as a message can be; see session.Said.
	Full    bool
	Deleted bool
}

// Answer is what the person gets back, and nobody else. The zero Answer is "done",
// which the card shows.
type Answer struct {
	Say     string
	Buttons []Button // with Say
	// Form is shown: opened, in place of the one that was pressed or submitted, or on
	// top of it with Push.
	Form *Form
	Push bool
	// Wrong says at the fields of a submitted form what is wrong, by their ID.
	Wrong map[string]string
	// Home has the person's own page drawn anew where they look at it, with Say and Buttons
	// on top of it. Whatever of it was pressed or submitted is over.
	Home bool
	// Close ends the form that was pressed or submitted and whatever is below it.
	Close bool
	// Taken marks the message as taken for an answer.
	Taken bool
	// Untaken takes that mark away: the message is no answer any more.
	Untaken bool
}
