package slack

import "experthour/internal/connector"

var _ connector.Troubled = (*Slack)(nil)

// Trouble lists what keeps the desk from working now.
func (s *Slack) Trouble() []connector.Finding { return s.troubles.List() }

// The subjects of troubles that more than one method of Slack's can meet. Every other
// trouble has the method as its subject.
const (
	aboutToken   = "token"
	aboutNet     = "net"
	aboutChannel = "channel"
	aboutSocket  = "socket"
	aboutEvents  = "events"
)
