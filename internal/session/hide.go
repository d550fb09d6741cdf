package session

import (
	"slices"
	"strings"
	"time"
)

// HideQuestion hides what the asker of a declined question wrote, at the place where they wrote
// it, for a configured reason. Nothing of the question changes by it, and restoring shows it again.
type HideQuestion struct {
	On
	Reason string `json:"reason"`
}

// Verb is HideAsked.
func (HideQuestion) Verb() Verb { return HideAsked }

func (c HideQuestion) note() string { return c.Reason }

func (HideQuestion) already(q Question, _ Actor) bool {
	h, ok := q.hidden()
	return ok && h.covers() && h.Wanted != 0
}

func (c HideQuestion) apply(q *Question, x Context) error {
	switch {
	case !slices.Contains(x.Session.Reasons, c.Reason):
		return Fail(Invalid, "reason_unknown", "known", strings.Join(x.Session.Reasons, ", ")).At("reason")
	case x.Hides == nil || !x.Hides(q.Origin.Connector) || q.Origin.Message == "" || q.Origin.Private:
		return Fail(Refused, "hide_nowhere")
	case q.CanUndo():
		return Fail(Refused, "hide_soon")
	}
	q.Counter++
	h := q.Copies.slot(Slot{Kind: KindHidden, Connector: q.Origin.Connector, Place: q.Origin.Place, Original: q.Ref.Number})
	h.Language = q.Language
	h.want(Wish{Wanted: q.Counter, Text: c.Reason, Approved: x.At})
	return nil
}

// hidden is the copy that says that the asker's own words are hidden; ok is false where they never were.
func (q Question) hidden() (Copy, bool) {
	i := slices.IndexFunc(q.Copies, func(c Copy) bool { return c.Kind == KindHidden })
	if i < 0 {
		return Copy{}, false
	}
	return q.Copies[i], true
}

// Covered reports whether what the asker wrote is, or is to be, hidden where they wrote it.
func (q Question) Covered() bool {
	h, ok := q.hidden()
	return ok && h.covers()
}

// shownAgain is how long what was said of a question while it was hidden may be under way.
const shownAgain = 5 * time.Minute

// Unseen reports whether "it is not there" may be about what was hidden, as some platforms say of
// that: it is covered, or was a moment ago.
func (q Question) Unseen(now time.Time) bool {
	h, ok := q.hidden()
	return ok && (h.covers() || now.Sub(h.At) < shownAgain)
}

// Hidden reports whether what the asker wrote is hidden, so that nobody would see a reply to it.
func (q Question) Hidden() bool {
	h, ok := q.hidden()
	return ok && h.Out != 0
}

// covers reports whether something is hidden, or is to be and was not given up.
func (c Copy) covers() bool { return c.Out != 0 || c.Wanted != 0 && c.Problem == NoProblem }

// uncover shows again what was hidden.
func (q *Question) uncover() {
	for i := range q.Copies {
		if c := &q.Copies[i]; c.Kind == KindHidden {
			c.want(Wish{})
		}
	}
}
