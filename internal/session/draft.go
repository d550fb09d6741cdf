package session

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ChatLine is one line of a message that staff wrote at the desk.
type ChatLine struct {
	Text string `json:"text"`
	// Mentions is set when the line speaks to a colleague: then it is never an answer.
	Mentions bool `json:"mentions,omitempty"`
}

// AsideMark begins a line that is for colleagues only.
const AsideMark = "//"

// AnswerText is what of a message may become an answer: everything but its asides.
func AnswerText(lines []ChatLine) string {
	var kept []string
	for _, l := range lines {
		if !l.Mentions && !strings.HasPrefix(strings.TrimSpace(l.Text), AsideMark) {
			kept = append(kept, l.Text)
		}
	}
	return CleanText(strings.Join(kept, "\n"))
}

// Said is a message of staff near the card that is, or may become, a part of an
// answer. Everything else that they write is not stored.
type Said struct {
	Message MessageID  `json:"message"`
	By      PersonName `json:"by"`
	At      time.Time  `json:"at"` // as the platform orders messages
	Text    string     `json:"text"`
	Use     Use        `json:"use"`
	// Edit is what its author made of a used message when that could not become the
	// next revision by itself.
	Edit string `json:"edit,omitempty"`
}

// Use says what a message is to the answer.
type Use string

// The uses of a message.
const (
	Drafted Use = "drafted" // part of the draft, which is submitted when its author rests
	Used    Use = "used"    // part of the newest revision
	Asking  Use = "asking"  // waits for its author to say what it is
)

// Open reports whether the author of the message has to say what it is.
func (s Said) Open() bool { return s.Use == Asking || s.Edit != "" }

const (
	maxSaid     = 50
	maxSaidText = 2 * maxAnswer
)

// SaidBy returns the message, if it is a part of the answer or may become one.
func (q Question) SaidBy(m MessageID) (Said, bool) {
	i := q.said(m)
	if i < 0 {
		return Said{}, false
	}
	return q.Said[i], true
}

func (q Question) said(m MessageID) int {
	return slices.IndexFunc(q.Said, func(s Said) bool { return s.Message == m })
}

// Draft is the text that would be submitted now, "" when there is none.
func (q Question) Draft() string {
	if q.State != Claimed {
		return ""
	}
	return q.joined(Drafted, q.Holder)
}

// joined is one text of all messages of one use, in the order of the platform.
func (q Question) joined(u Use, by PersonName) string {
	var parts []string
	for _, s := range q.Said {
		if s.Use == u && s.By == by {
			parts = append(parts, s.Text)
		}
	}
	return strings.Join(parts, "\n\n")
}

// SettleAt is when the clock submits the draft; zero when there is nothing to submit.
func (q Question) SettleAt() time.Time {
	if q.Draft() == "" {
		return time.Time{}
	}
	return q.Settle
}

// keep puts a message where the platform's order has it.
func (q *Question) keep(s Said) error {
	i := q.said(s.Message)
	if i >= 0 {
		q.Said[i] = s
	} else {
		q.Said = append(q.Said, s)
		slices.SortStableFunc(q.Said, func(a, b Said) int {
			if d := a.At.Compare(b.At); d != 0 {
				return d
			}
			return strings.Compare(string(a.Message), string(b.Message))
		})
	}
	return q.fits()
}

// fits bounds what is kept, and what the draft would become.
func (q *Question) fits() error {
	total := 0
	for _, s := range q.Said {
		total += utf8.RuneCountInString(s.Text) + utf8.RuneCountInString(s.Edit)
	}
	if len(q.Said) > maxSaid || total > maxSaidText {
		return Fail(TooMany, "said_full")
	}
	return tooLong("answer", q.joined(Drafted, q.Holder), maxAnswer)
}

// forgetSaid drops messages that are no part of the answer any more.
func (q *Question) forgetSaid(uses ...Use) {
	q.Said = slices.DeleteFunc(q.Said, func(s Said) bool { return slices.Contains(uses, s.Use) })
	q.Settle = time.Time{}
}

// use gives all messages of one use another one.
func (q *Question) use(from, to Use) {
	for i := range q.Said {
		if q.Said[i].Use == from {
			q.Said[i].Use = to
		}
	}
}
