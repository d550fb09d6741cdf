package connector

import (
	"context"
	"time"

	"experthour/internal/session"
)

// Visitor is somebody of the public in a conversation of their own with the bot.
type Visitor struct {
	Connector session.ConnectorID
	Place     session.PlaceID // that conversation
	User      session.UserRef
	Name      string           // what the platform calls them; shown only if they want it
	Language  session.Language // what the platform says they read; "" is not known
	Email     string           // where everything about what they ask goes: see Limits.Mailed
}

// Said is a message that a visitor wrote in their conversation, or its new version.
type Said struct {
	Message session.MessageID
	At      time.Time // when it was first written, as the platform orders messages
	Edited  time.Time // when this version was written; zero is the first one
	Text    string
	With    session.Media // what was sent with the text, or instead of one; "" is nothing
	// Enclosed says that With is a picture which is handed over as Enclosed.
	Enclosed bool
	// Full says that it is about as long as a message can be: what comes right behind it
	// may be the rest of it, which the platform's app cut off.
	Full bool
	// Album names what was sent together, such as several pictures; "" is nothing.
	Album string
	// Letter says that it is one: no command, and complete, however soon another follows.
	Letter bool
	// About is the question that a letter of theirs goes on about; zero is none.
	About session.QuestionRef
	// Into are fields that it could be meant for, where the person has a form before them
	// that asks for none of them. Their values are the connector's own.
	Into []Option
}

// Reception is what the bot says to the public in private, where there is room for
// more than questions and answers. What staff write there is never a question before
// they say so, and a connector need not know who they are. Errors are those of PublicInbox: what cannot be
// stored now is handed over again; everything else comes as a Reply in the visitor's
// language.
type Reception interface {
	// Said takes a message or a command ("/ask …").
	Said(ctx context.Context, v Visitor, m Said) (Reply, error)
	// Pressed takes a button that a Reply or a receipt had.
	Pressed(ctx context.Context, v Visitor, action string) (Reply, error)
	// ReceiptButtons are those of the receipt of a question that was asked in private.
	ReceiptButtons(p Post) []Button
	// Commands are what people can type, for the platform's own list.
	Commands(l session.Language) []PublicCommand
}

// Reply is what a visitor gets back; the zero Reply is nothing, because a receipt or
// another notice follows by itself.
type Reply struct {
	Text    string
	Buttons []Button
	Link    Link // below the text
	// Alert is shown for a moment instead of a message.
	Alert string
	// Over says that the message whose button was pressed has done its work: what is said here
	// stands in its place, and its buttons go.
	Over bool
	// Put, if set, is a message that its author chose to put into a form.
	Put *Put
}

// Put is a text for one of the fields of its Said.Into: a message, and what the app cut
// off from it.
type Put struct {
	Into string
	Said []Said
}

// PublicCommand is a word that anybody can type, with what it does.
type PublicCommand struct{ Name, Does string }
