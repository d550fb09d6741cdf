package session

import (
	"strings"
	"time"
)

// ChatLine is one line of a message that staff wrote at the desk.
type ChatLine struct {
	Text string `json:"text"`
	// Mentions is set when the line speaks to a colleague: then it is never an answer.
	Mentions bool `json:"mentions,omitempty"`
}

// AsideMark begins a line that is for colleagues only.
const AsideMark = "//"

// answerText is what of a message may become an answer: everything but its asides.
func answerText(lines []ChatLine) string {
	var kept []string
	for _, l := range lines {
		if !l.Mentions && !strings.HasPrefix(strings.TrimSpace(l.Text), AsideMark) {
			kept = append(kept, l.Text)
		}
	}
	return CleanText(strings.Join(kept, "\n"))
}

// Said is a message of staff near the card that is, or may become, a part of an answer.
type Said struct {
	Message MessageID  `json:"message"`
	By      PersonName `json:"by"`
	At      time.Time  `json:"at"` // as the platform orders messages
	Text    string     `json:"text"`
	Use     Use        `json:"use"`
}

// Use says what a message is to the answer.
type Use string

// The uses of a message.
const (
	Drafted Use = "drafted" // part of the draft, which is submitted when its author rests
	Used    Use = "used"    // part of the newest revision
	Asking  Use = "asking"  // waits for its author to say what it is
)
