package slack

import (
	"context"
	"net/http"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

var (
	_ connector.Hooked   = (*Slack)(nil)
	_ connector.Troubled = (*Slack)(nil)
)

// receiver makes what brings the events in: over a socket that every replica keeps open, or
// by handlers.
func (s *Slack) receiver() *receive.Runner {
	r := receive.Runner{Name: s.opts.ID, Source: hooked{s}, Mailbox: s.opts.Mailbox, Memory: s.opts.Memory, Troubles: s.troubles,
		Now: s.now, Log: s.log}
	if s.opts.Mode == Socket {
		r.Source = socket{s}
	}
	return receive.New(r)
}

// Run receives until ctx ends, and handles the letters of the mailbox.
func (s *Slack) Run(ctx context.Context) error {
	s.beside(ctx, func(ctx context.Context) { _, _ = s.whoAmI(ctx) }) // before the first link to a message is drawn
	return s.runner.Run(ctx)
}

// Hooks are the handlers for mode HTTP; in mode Socket there are none.
func (s *Slack) Hooks() map[string]http.Handler { return s.runner.Hooks() }

// beside does what nobody waits for: a slow Slack must not keep the next letter waiting.
func (s *Slack) beside(ctx context.Context, do func(context.Context)) {
	if do != nil {
		s.runner.After(ctx, "", do)
	}
}

// Trouble lists what keeps the desk from working now.
func (s *Slack) Trouble() []connector.Finding { return s.troubles.List() }

// The subjects of troubles that more than one method of Slack's can meet. Every other
// trouble has the method as its subject.
const (
	aboutToken   = "token"
	aboutNet     = "net"
	aboutChannel = "channel"
	aboutEvents  = "events"
)
