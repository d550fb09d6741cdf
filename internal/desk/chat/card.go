package chat

import (
	"context"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// Draw makes the card of a question, or with a zero Question the board; it fits
// delivery.Draw.
func (c *Chat) Draw(ctx context.Context, s delivery.Subject) (connector.Card, error) {
	if s.Question.Ref.Number == 0 {
		return c.board(ctx, s)
	}
	if s.Question.Damaged {
		return connector.Card{Title: c.everybody(s.Session).Ref(s.Question.Ref.Number),
			Lines: says("⚠ " + c.Views.Spoiled(s.Question.Ref.Number)), Folded: true}, nil
	}
	return c.paint(s.Session, s.Question, s.Votes), nil
}

// everybody reads what is the same for all who see it.
func (c *Chat) everybody(s session.Session) view.Reader { return c.Views.For(s, session.Actor{}) }

// paint makes a card of a question as everybody at the desk sees it.
func (c *Chat) paint(s session.Session, q session.Question, votes int) connector.Card {
	v := c.everybody(s).Card(q, votes)
	d := connector.Card{Title: v.Ref + " · " + v.Badge.Text, Folded: v.Idle && q.Undo == nil, CallsOver: callsOver(q)}
	d.Buttons, d.More = c.buttons(s, q, d.Folded)
	if d.Folded {
		d.Lines = c.foldedLines(v)
		return d
	}
	d.Lines = append(c.asked(v), c.answered(v)...)
	d.Lines = append(d.Lines, c.copyLines(v.Copies)...)
	d.Lines = append(d.Lines, c.remarks(v, shownNotes)...)
	shown, more := c.copyButtons(s.ID, q, v)
	d.Buttons, d.More = append(d.Buttons, shown...), append(d.More, more...)
	if isLong(v) || len(v.Sent) > 0 {
		d.More = append(d.More, c.act(c.label(view.Read), about(s.ID, v.Number, view.Read)))
	}
	d.Call = c.call(s, q)
	return d
}

// foldedLines is the whole story in one line, with links to what the public reads.
func (c *Chat) foldedLines(v view.Card) []connector.Line {
	lines := []connector.Line{small(session.Shorten(v.Text, 120), connector.Link{})}
	if v.State != session.Published {
		return append(lines, small(v.Outcome, connector.Link{}))
	}
	lines = append(lines, small(v.Approved, connector.Link{}))
	for _, p := range v.Copies {
		if l := link(p.Name, p.URL); p.Status.Tone == view.Good && l.URL != "" {
			lines = append(lines, small("", l))
		}
	}
	return lines
}

// asked is the question and what a moderator should know about it.
func (c *Chat) asked(v view.Card) []connector.Line {
	lines := []connector.Line{quote(cut(v.Text)), small(v.From, link(c.text("original"), v.Original))}
	if v.Pending != "" {
		lines = append(lines, say(c.words.Text("desk.pending")), quote(cut(v.Pending)))
	}
	return append(lines, warned(v.Flags)...)
}

// answered shows how far the answer is.
func (c *Chat) answered(v view.Card) []connector.Line {
	var lines []connector.Line
	if back := c.comeBack(v.SentBack); back != "" {
		lines = append(lines, say(back))
	}
	for _, p := range []*view.Passage{v.Draft, v.Answer} {
		if p == nil {
			continue
		}
		lines = append(lines, head(p.Title))
		if p.Text != "" {
			lines = append(lines, quote(cut(p.Text)))
		}
	}
	if v.Pictures != "" {
		lines = append(lines, small(v.Pictures, connector.Link{}))
	}
	if v.Draft != nil {
		return append(lines, hinted(v.Hints)...)
	}
	if v.Approved != "" {
		lines = append(lines, small(v.Approved, connector.Link{}))
	}
	return append(lines, laterLines(v)...)
}

// comeBack is the comment that an answer came back with.
func (c *Chat) comeBack(r *view.Remark) string {
	if r == nil {
		return ""
	}
	return c.words.Text("desk.sent_back", "name", r.By) + " " + r.Text
}

// laterLines list later messages of which nobody knows yet what they are.
func laterLines(v view.Card) []connector.Line {
	var lines []connector.Line
	for _, m := range v.Later {
		lines = append(lines, say(m.Title), quote(cut(m.Text)))
	}
	return lines
}

// shownNotes is how many internal remarks a card shows; all are one press away.
const shownNotes = 3

// remarks are the last internal remarks.
func (c *Chat) remarks(v view.Card, most int) []connector.Line {
	var lines []connector.Line
	for _, n := range v.Notes[max(0, len(v.Notes)-most):] {
		lines = append(lines, small(c.text("note", "name", n.By, "text", n.Text), connector.Link{}))
	}
	return lines
}

// longestShown is how much of a text a card shows; the rest is one press away.
const longestShown = 1200

func cut(text string) string { return session.Shorten(text, longestShown) }

func isLong(v view.Card) bool {
	texts := []string{v.Text, v.Pending}
	for _, p := range []*view.Passage{v.Draft, v.Answer} {
		if p != nil {
			texts = append(texts, p.Text)
		}
	}
	return len(v.Notes) > shownNotes || slices.ContainsFunc(texts, func(t string) bool { return cut(t) != t })
}

// link is none without an address.
func link(label, address string) connector.Link {
	if address == "" {
		return connector.Link{}
	}
	return connector.Link{Label: label, URL: address}
}

func say(text string) connector.Line   { return connector.Line{Text: text} }
func quote(text string) connector.Line { return connector.Line{Kind: connector.Quote, Text: text} }
func head(text string) connector.Line  { return connector.Line{Kind: connector.Head, Text: text} }
func small(text string, l connector.Link) connector.Line {
	return connector.Line{Kind: connector.Small, Text: text, Link: l}
}

// warned says what somebody should look at.
func warned(flags []string) []connector.Line {
	if len(flags) == 0 {
		return nil
	}
	return []connector.Line{say("⚠ " + strings.Join(flags, " "))}
}
