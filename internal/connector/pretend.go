package connector

import (
	"context"
	"time"

	"experthour/internal/session"
)

// Pretend is a platform inside the program, for a demo or a rehearsal: people can look at
// what stands there, and a moderator sets how it behaves.
type Pretend interface {
	// Posts lists what stands there now, the oldest first.
	Posts() []PretendPost
	// Ask lets a citizen post a question, as if it had arrived from outside. The same key
	// again is the same post. The error is that of PublicInbox.
	Ask(ctx context.Context, key, text, name string) (session.QuestionRef, error)
	Mode() string
	// Modes lists what SetMode takes; "mode."+mode in the catalogue names each.
	Modes() []string
	SetMode(mode string) bool
}

// PretendPath is where the site shows the posts of a Pretend.
func PretendPath(id session.ConnectorID) string { return "/pretend/" + string(id) }

// PretendPost is something that stands at a Pretend: an answer, a notice or, with
// Question set, what a citizen wrote.
type PretendPost struct {
	ID       session.MessageID
	URL      string
	Under    session.MessageID // what it replies to; empty when it stands on its own
	Name     string            // of a citizen who gave one
	Text     string
	At       time.Time
	Edited   bool
	Question bool
}
