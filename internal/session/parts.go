package session

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Part is one of the messages that a question is made of: people write in several, and
// apps cut what is long. The parts, in the order of their platform, are the newest
// wording, whether a moderator has accepted that or not.
type Part struct {
	Message MessageID `json:"message"`
	At      time.Time `json:"at"`              // as the platform orders messages
	Edited  time.Time `json:"edited,omitzero"` // the newest version that is known
	Text    string    `json:"text,omitempty"`  // empty once it was removed
	Cut     bool      `json:"cut,omitempty"`   // the app cut it off from the one before
}

// oneQuestion is how long after a message another one still belongs to the question.
const oneQuestion = time.Minute

// wording is the newest one.
func (q Question) wording() string {
	if q.Pending != "" {
		return q.Pending
	}
	return q.Text
}

// parts are those that are stored; a question of one message is a part without that.
func (q Question) parts() []Part {
	if len(q.Parts) > 0 {
		return slices.Clone(q.Parts)
	}
	return []Part{{Message: q.Origin.Message, At: q.Asked, Text: q.wording()}}
}

// PartOf returns the part that a message is, also one that was removed.
func (q Question) PartOf(m MessageID) (Part, bool) {
	parts := q.parts()
	i := slices.IndexFunc(parts, func(p Part) bool { return p.Message == m && m != "" })
	if i < 0 {
		return Part{}, false
	}
	return parts[i], true
}

// Originals are where the messages stand that the question is made of.
func (q Question) Originals() []Origin {
	var os []Origin
	for _, p := range q.parts() {
		if o := q.Origin; p.Text != "" && p.Message != "" {
			o.Message = p.Message
			os = append(os, o)
		}
	}
	return os
}

// Run returns the part that a message is with all that the app cut off from it; nothing
// when that is no part, or was removed.
func (q Question) Run(m MessageID) []Part {
	parts := slices.DeleteFunc(q.parts(), func(p Part) bool { return p.Text == "" })
	from := slices.IndexFunc(parts, func(p Part) bool { return p.Message == m && m != "" })
	if from < 0 {
		return nil
	}
	to := from + 1
	for to < len(parts) && parts[to].Cut {
		to++
	}
	return parts[from:to]
}

// Alone reports whether a message is all that is left of the question.
func (q Question) Alone(m MessageID) bool {
	return !slices.ContainsFunc(q.parts(), func(p Part) bool { return p.Message != m && p.Text != "" })
}

// Continues reports whether what the asker writes at that time belongs to the question.
func (q Question) Continues(at time.Time) bool {
	return slices.ContainsFunc(q.parts(), func(p Part) bool { return at.Sub(p.At).Abs() <= oneQuestion })
}

// joinParts makes one text of parts. What the app cut is put together without a break
// in the middle of a sentence: where exactly it was cut, nobody knows any more.
func joinParts(parts []Part) string {
	text := ""
	for _, p := range parts {
		switch {
		case text == "" || p.Text == "":
			text += p.Text
		case p.Cut:
			text = JoinCut(text, p.Text)
		default:
			text += "\n" + p.Text
		}
	}
	return text
}

// JoinCut puts a text together that an app cut in two.
func JoinCut(before, after string) string {
	if strings.ContainsAny(before[max(len(before)-1, 0):], ".!?:;") {
		return before + "\n" + after
	}
	return before + " " + after
}

// newPart is where a part stands that a question has got: it has at most one at a time.
func newPart(before, after Question) Origin {
	for _, p := range after.Parts {
		if _, known := before.PartOf(p.Message); !known {
			o := after.Origin
			o.Message = p.Message
			return o
		}
	}
	return Origin{}
}

// RewordQuestion is what the asker does to the text of their own question: they write
// one of its messages, edit or remove it, or word all of it anew. It changes nothing
// that is public until a moderator accepts it.
type RewordQuestion struct {
	On
	Text string `json:"text"`
	// Message is the part that is meant, which may be a new one; empty means the whole.
	Message MessageID `json:"message,omitempty"`
	At      time.Time `json:"at,omitzero"` // of a new part, as the platform orders messages
	// Edited is when this version was written; zero is the first one. Versions may arrive
	// in any order.
	Edited  time.Time `json:"edited,omitzero"`
	Cut     bool      `json:"cut,omitempty"`  // see Part
	With    Media     `json:"with,omitempty"` // what was sent with this part
	Removed bool      `json:"removed,omitempty"`
}

// Verb is Reword.
func (RewordQuestion) Verb() Verb { return Reword }

func (c RewordQuestion) already(q Question, _ Actor) bool {
	text := CleanText(c.Text)
	if c.Message == "" {
		return q.wording() == text
	}
	p, known := q.PartOf(c.Message)
	switch {
	case !known:
		return c.Removed
	case p.Text == "": // it does not come back
		return true
	case c.Removed:
		return false
	}
	return c.Edited.Before(p.Edited) || p.Text == text && c.Edited.Equal(p.Edited)
}

func (c RewordQuestion) apply(q *Question, x Context) error {
	parts := c.parts(*q)
	text, err := CheckQuestion(joinParts(parts), x.Session.QuestionLimit)
	if err != nil {
		return err
	}
	if len(parts) > maxLines {
		return Fail(Invalid, "question_too_many_lines", "lines", len(parts), "limit", maxLines)
	}
	q.Parts, q.With = parts, cmp.Or(q.With, c.With)
	if c.Message == "" {
		q.Parts = nil
	}
	if c.Removed {
		q.Enclosed = slices.DeleteFunc(q.Enclosed, func(e Enclosure) bool { return e.Message == c.Message })
	}
	if text == q.wording() { // a newer version of a part that reads the same
		return nil
	}
	q.Wording++
	if q.State == Received {
		q.Text = text
	} else {
		q.Pending = text
	}
	return nil
}

// parts are those of the question as they become.
func (c RewordQuestion) parts(q Question) []Part {
	p := Part{Message: c.Message, At: c.At.UTC(), Edited: c.Edited, Text: CleanText(c.Text), Cut: c.Cut}
	if c.Message == "" {
		return []Part{p}
	}
	parts := q.parts()
	i := slices.IndexFunc(parts, func(o Part) bool { return o.Message == c.Message })
	if i < 0 {
		parts = append(parts, p)
		slices.SortStableFunc(parts, func(a, b Part) int { return a.At.Compare(b.At) })
		return parts
	}
	parts[i].Edited, parts[i].Text = c.Edited, p.Text
	if c.Removed {
		parts[i].Text = ""
	}
	return parts
}
