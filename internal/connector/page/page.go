// Package page is the institution's own public page as a connector: a target of
// every answer.
//
// The page draws each question from the store as it is now, so there is nothing
// to send and nothing to take back: every call is a success as soon as the outcome
// is stored. The package must not know how the page looks; that is package web.
package page

import (
	"context"
	"math"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Page has no state: every replica draws the same page.
type Page struct{}

var (
	_ connector.Connector = Page{}
	_ connector.Replier   = Page{}
	_ connector.Editor    = Page{}
	_ connector.Retractor = Page{}
	_ connector.Keyed     = Page{}
)

// ID is session.Page.
func (Page) ID() session.ConnectorID { return session.Page }

// Limits are none: the page takes every text, and askers have a receipt there
// instead of notices.
func (Page) Limits() connector.Limits { return connector.Limits{} }

// Run only waits: questions reach the service through the page's form.
func (Page) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// Reply succeeds; the copy is out once the store has it so.
func (Page) Reply(_ context.Context, p connector.Post) (connector.Sent, error) {
	return connector.Sent{Message: session.MessageID(p.Key)}, nil
}

// Edit succeeds and keeps the message.
func (Page) Edit(_ context.Context, at session.MessageID, _ connector.Post) (connector.Sent, error) {
	return connector.Sent{Message: at}, nil
}

// Retract succeeds.
func (Page) Retract(context.Context, session.MessageID, connector.Post) error { return nil }

// KeyWindow is for ever: doing it again changes nothing, so no copy on the page
// ever waits for a person.
func (Page) KeyWindow() time.Duration { return math.MaxInt64 }
