package telegram

import (
	"strconv"

	"experthour/internal/connector"
)

var _ connector.Troubled = (*Telegram)(nil)

// Trouble lists what keeps the desk from working now.
func (t *Telegram) Trouble() []connector.Finding { return t.troubles.List() }

// The subjects of troubles that more than one method can meet. Every other trouble has
// its method as its subject.
const (
	aboutToken = "token"
	aboutNet   = "net"
)

// aboutChat and aboutTopic are the subjects of troubles in one place.
func aboutChat(chat int64) string { return "chat " + strconv.FormatInt(chat, 10) }

func aboutTopic(p place) string { return "topic " + string(p.id()) }
