package connector

import (
	"context"
	"time"

	"experthour/internal/session"
)

// Page is the institution's own public page, a target of every answer. It draws each
// question from the store as it is now, so there is nothing to send and nothing to take
// back: every call is a success as soon as the outcome is stored. It has no state, for
// every replica draws the same page.
type Page struct{}

var (
	_ Connector = Page{}
	_ Replier   = Page{}
	_ Editor    = Page{}
	_ Retractor = Page{}
)

// ID is session.Page.
func (Page) ID() session.ConnectorID { return session.Page }

// Limits are none: the page takes every text, and askers have a receipt there
// instead of notices. What was sent there is what the store says, so no copy on the page
// ever waits for a person, and since a call takes no time, a dead replica's lease is over
// soon.
func (Page) Limits() Limits { return Limits{Replaces: true, Votes: true, Timeout: time.Second} }

// Run only waits: questions reach the service through the page's form.
func (Page) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// Reply succeeds; the copy is out once the store has it so.
func (Page) Reply(_ context.Context, p Post) (Sent, error) {
	return Sent{Message: session.MessageID(p.Key)}, nil
}

// Edit succeeds and keeps the message.
func (Page) Edit(_ context.Context, at session.MessageID, _ Post) (Sent, error) {
	return Sent{Message: at}, nil
}

// Retract succeeds.
func (Page) Retract(context.Context, session.MessageID, Post) error { return nil }
