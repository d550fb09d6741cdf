package slackfake

import (
	"slices"
	"time"
)

// Kind says what an Entry of the ledger is about.
type Kind string

// The kinds of entries. Everything from Posted to ViewPublished is something that the app did with success.
const (
	Posted        Kind = "posted"
	Edited        Kind = "edited"
	Deleted       Kind = "deleted"
	Whispered     Kind = "ephemeral"
	Scheduled     Kind = "scheduled"
	Pinned        Kind = "pinned"
	Unpinned      Kind = "unpinned"
	Reacted       Kind = "reacted"
	Unreacted     Kind = "unreacted"
	ViewOpened    Kind = "view opened"
	ViewPushed    Kind = "view pushed"
	ViewUpdated   Kind = "view updated"
	ViewPublished Kind = "view published"
	Joined        Kind = "joined"

	// Refused is a call that ended in a Slack error, TooMany one that was rate limited.
	Refused Kind = "refused"
	TooMany Kind = "too many"

	// The Person entries are what people did.
	PersonPosted  Kind = "person posted"
	PersonEdited  Kind = "person edited"
	PersonDeleted Kind = "person deleted"
	PersonActed   Kind = "person acted"
)

// Entry is one line of the ledger. Fields that do not apply are empty.
type Entry struct {
	At       time.Time
	Kind     Kind
	Method   string // of the Web API, or the interaction's type
	Channel  string
	TS       string
	ThreadTS string
	User     string // the person concerned, or who acted
	Text     string // what it said, as people see it
	Detail   string // error code, emoji, view id, label
	Metadata map[string]any
}

// note adds a line to the ledger. The caller holds w.mu.
func (w *Workspace) note(e Entry) {
	e.At = w.opts.Now()
	w.ledger = append(w.ledger, e)
	w.touch()
}

func (w *Workspace) noteMessage(kind Kind, m *Message, who string) {
	w.note(Entry{Kind: kind, Channel: m.channel.id, TS: m.ts, ThreadTS: m.threadTS, User: who,
		Text: m.visible(), Metadata: m.metadata})
}

// Ledger is everything that happened, in order; with kinds, only entries of these.
func (w *Workspace) Ledger(kinds ...Kind) []Entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Entry
	for _, e := range w.ledger {
		if len(kinds) == 0 || slices.Contains(kinds, e.Kind) {
			out = append(out, e)
		}
	}
	return out
}
