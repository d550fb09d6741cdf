package connector

import (
	"context"
	"time"

	"experthour/internal/session"
)

// Asked is a public message that may be a question. Which session it belongs to is
// found out by the inbox.
type Asked struct {
	Origin   session.Origin
	Key      string // names the message at this connector; the same key is one question
	Text     string
	Name     string // only when the asker wants it shown
	Language session.Language
	At       time.Time
}

// PublicInbox is what the public can do. It offers no way to give a staff command.
// A connector acknowledges an event only after a nil error; errors of kind
// session.Unavailable mean that the platform should hand it over again.
type PublicInbox interface {
	Asked(ctx context.Context, a Asked) (session.QuestionRef, error)
	Reworded(ctx context.Context, at session.Origin, text string) error
	Withdrawn(ctx context.Context, at session.Origin) error
	Voted(ctx context.Context, at session.Origin, by session.UserRef, up bool) error
}
