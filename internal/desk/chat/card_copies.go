package chat

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// copyLines show how far every public copy is.
func (c *Chat) copyLines(copies []view.Copy) []connector.Line {
	var lines []connector.Line
	for _, p := range copies {
		l := small(titled(p.Name, p.Kind)+": "+marks[p.Status.Tone]+p.Status.Text, link(c.text("look"), p.URL))
		if p.Parked() {
			l.Kind = connector.Say
			if p.Detail != "" {
				l.Text += " " + c.words.Text("desk.look_said") + " " + p.Detail
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// marks say without colours what a status is.
var marks = map[view.Tone]string{view.Warn: "⚠ ", view.Bad: "⚠ ", view.Good: "✓ "}

// titled is a place with what the copy there is.
func titled(name, kind string) string {
	if kind == "" {
		return name
	}
	return name + " (" + kind + ")"
}

// copyButtons decide about parked copies, and messages of which nobody knows what they are.
func (c *Chat) copyButtons(id session.ID, q session.Question, v view.Card) (shown, more []connector.Button) {
	for _, p := range v.Copies {
		for _, verb := range p.Verbs {
			a := about(id, v.Number, view.Action(verb))
			a.Mark, a.Seen = p.Attempt, connector.TagOf(p.Key)
			b := c.act(titled(p.Name, p.Kind)+": "+c.label(view.Action(verb)), a)
			if p.Parked() {
				shown = append(shown, b)
			} else {
				more = append(more, b)
			}
		}
	}
	if n := len(v.Later); n > 0 {
		shown = append(shown, c.act(c.words.Count("chat.later", n), about(id, v.Number, view.LaterOnes)))
	}
	return shown, append(more, c.notAnswers(id, q)...)
}

// mostParts is how many messages of a draft can be taken out one by one from the card.
const mostParts = 10

// notAnswers take messages out of the draft.
func (c *Chat) notAnswers(id session.ID, q session.Question) []connector.Button {
	var bs []connector.Button
	for _, m := range q.Said {
		if m.Use == session.Drafted && m.Message != "" && q.State == session.Claimed && len(bs) < mostParts {
			bs = append(bs, c.choice(id, q.Ref.Number, m.Message, view.Aside, c.text("not_answer", "text", session.Shorten(c.Views.Saying(m), 30))))
		}
	}
	return bs
}

// mostLater is how many later messages one form asks about.
const mostLater = 5

// laterForm asks the author of each later message what it is.
func (c *Chat) laterForm(_ context.Context, p press) (*connector.Form, error) {
	f := &connector.Form{Key: key{Do: view.LaterOnes, Session: p.Session, Number: p.Number}.String(), Title: c.Views.Ref(p.Number)}
	all := c.everybody(p.ses).Card(p.q, 0).Later
	for i, m := range all[:min(len(all), mostLater)] {
		f.Lines = append(f.Lines, head(itoa(i+1)+". "+m.Title), quote(cut(m.Text)))
		for _, b := range c.choices(p.ses.ID, p.Number, m.Message, m.Edit) {
			b.Label = itoa(i+1) + ": " + b.Label
			f.Buttons = append(f.Buttons, b)
		}
	}
	if len(f.Lines) == 0 {
		f.Lines = append(f.Lines, say(c.words.Text("desk.nothing_waits")))
	}
	return f, nil
}

// choices are what a later message can be; edit is a new version of a part of the answer.
func (c *Chat) choices(id session.ID, number int, m session.MessageID, edit bool) []connector.Button {
	aside := c.choice(id, number, m, view.Aside, c.label(view.Aside))
	if edit {
		return []connector.Button{c.choice(id, number, m, view.Replace, c.text("propose")), aside}
	}
	return []connector.Button{c.choice(id, number, m, view.Add, c.label(view.Add)),
		c.choice(id, number, m, view.Replace, c.label(view.Replace)), aside}
}

func (c *Chat) choice(id session.ID, number int, m session.MessageID, v view.Action, label string) connector.Button {
	a := about(id, number, v)
	a.Seen = connector.TagOf(string(m))
	return c.act(label, a)
}
