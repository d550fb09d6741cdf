package connector

import (
	"time"

	"experthour/internal/session"
)

// Enclosed is a picture that came with a question and is still at its platform. It is handed over
// once the words are stored, which wait for no picture.
type Enclosed struct {
	// At is the message that it came with: the question, a part of it, or one without words that
	// its asker wrote within a minute of it.
	At   session.Origin `json:"at"`
	Sent time.Time      `json:"sent"` // as the platform orders messages
	Key  string         `json:"key"`  // names it at this connector
	File string         `json:"file"` // for the connector, which is a Filer
	Alt  string         `json:"alt,omitempty"`
}
