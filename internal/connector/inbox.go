package connector

import (
	"context"
	"errors"
	"time"

	"experthour/internal/session"
)

// Asked is a public message that may be a question. Which session it belongs to is
// found out by the inbox.
type Asked struct {
	Origin   session.Origin
	Key      string // names the message at this connector; the same key is one question
	Text     string
	With     session.Media // what was sent with the text; "" is nothing
	Name     string        // only when the asker wants it shown
	Language session.Language
	At       time.Time
	Edited   time.Time // when this version was written; zero is the first one
	// Email is where its asker is told everything, where a connector has Limits.Mailed.
	Email string
	// Cut says that the platform's app cut it off from the message before.
	Cut bool
	// Session is the hour under whose announcement it was written, as Announced found it;
	// empty is whichever hour takes questions there.
	Session session.ID
}

// PublicInbox is what the public can do. It offers no way to give a staff command.
// A connector acknowledges an event only after a nil error; errors of kind
// session.Unavailable mean that the platform should hand it over again.
type PublicInbox interface {
	Asked(ctx context.Context, a Asked) (session.QuestionRef, error)
	// Announced finds the hour that a post announces; a comment under it is a question. The
	// post is named by connector, place and message alone; posted is when it was posted, zero
	// where that is not known. While it may be an announcement of which nobody knows yet where
	// it stands, the error is ErrUnplaced.
	Announced(ctx context.Context, at session.Origin, posted time.Time) (id session.ID, ok bool, err error)
	// Reworded takes the new version of a message that is a question, or a part of one.
	// Versions may arrive in any order.
	Reworded(ctx context.Context, at session.Origin, text string, edited time.Time) error
	// Removed says that such a message is not there any more. A question of which nothing
	// is left is withdrawn, so only what the platform says plainly of the message counts: that it
	// was deleted, or that there is none of that id. That a list lacks it, or that nothing was
	// answered, is no removal.
	Removed(ctx context.Context, at session.Origin) error
	Voted(ctx context.Context, at session.Origin, by session.UserRef, up bool) error
	// Liked says how many people like a message that is a question, where the platform counts
	// them; seen is when it did. A later count takes the place of an earlier one, also when it is
	// smaller. Where a platform says some of the names as well, Voted may be called besides:
	// nobody counts twice.
	Liked(ctx context.Context, at session.Origin, count int, seen time.Time) error
	// Returned says that a letter did not reach its asker. It is NotFound while nobody knows
	// of such a letter: the fact that it was sent may still be on its way.
	Returned(ctx context.Context, r Returned) error
}

// ErrUnplaced says that something may stand under an announcement which is being posted. A
// handler that finds no other reason to take it for a question returns this: its letter comes
// again until it is known where the announcement stands.
var ErrUnplaced = errors.New("perhaps under an announcement that is being posted")

// Returned is a letter that came back.
type Returned struct {
	Connector session.ConnectorID
	About     session.QuestionRef // the question of whom it was for
	Message   session.MessageID   // empty where that is not known: the last one
	Lasting   bool                // there is no such address: nothing is sent there any more
	Detail    string              // for the desk; it holds no address
}

// Hours are what is on at a connector, for whoever has to ask its platform what there is.
type Hours struct {
	Busy bool // questions are taken there now
	// Under are the posts that announce hours there: comments on them are questions.
	Under []session.Origin
	// Since is when the first hour was announced that is not over; zero is that there is none.
	Since time.Time
}
