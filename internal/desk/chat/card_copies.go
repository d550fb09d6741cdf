package chat

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// copyLines show how far every public copy is.
func (c *Chat) copyLines(s session.Session, q session.Question) []connector.Line {
	var lines []connector.Line
	for _, p := range q.Copies {
		if !worthShowing(p) {
			continue
		}
		url := p.URL
		if p.Connector == session.Page && p.Out != 0 {
			url = c.page(q.Ref)
		}
		l := small(c.copyName(q, p)+": "+c.status(s, p), webLink(c.text("look"), url))
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

// worthShowing leaves out what never was, and notices that have arrived.
func worthShowing(p session.Copy) bool {
	if p.Wanted == 0 && p.Out == 0 && p.Problem == session.NoProblem {
		return false
	}
	return p.Kind == session.KindAnswer || p.Parked()
}

func (c *Chat) copyName(q session.Question, p session.Copy) string {
	name := c.place(p.Connector)
	switch {
	case p.Kind != session.KindAnswer:
		return name + " (" + c.words.Text("desk.copy_notice") + ")"
	case p.Original != 0 && p.Original != q.Ref.Number:
		return name + " (" + c.text("copy_reply", "number", p.Original) + ")"
	}
	return name
}

func (c *Chat) status(s session.Session, p session.Copy) string {
	switch {
	case p.Problem == session.Unsure:
		return "⚠ " + c.words.Text("desk.out_unsure")
	case p.Problem == session.RefusedIt:
		return "⚠ " + c.words.Text("desk.out_refused")
	case p.Problem == session.Dropped:
		return c.words.Text("desk.out_dropped")
	case p.Wanted == 0:
		return c.words.Text("desk.out_leaving")
	case p.Out == p.Wanted:
		return "✓ " + c.words.Text("desk.out_there", "time", c.clock(s, p.At))
	case s.Paused:
		return c.words.Text("desk.out_paused")
	}
	return c.words.Text("desk.out_moving")
}

// copyButtons settle parked copies, and messages of which nobody knows what they are.
func (c *Chat) copyButtons(id session.ID, q session.Question) (shown, more []connector.Button) {
	tag := connector.TagOf(string(id))
	for _, p := range q.Copies {
		for _, v := range session.CopyVerbs(p, session.Actor{Role: session.Moderator}) {
			a := connector.Action{Verb: v, Session: tag, Number: q.Ref.Number, Mark: p.Attempt, Seen: connector.TagOf(p.Key())}
			b := c.act(c.copyName(q, p)+": "+c.label(v), a)
			if p.Parked() {
				shown = append(shown, b)
			} else {
				more = append(more, b)
			}
		}
	}
	if n := len(open(q)); n > 0 {
		shown = append(shown, c.act(c.words.Count("chat.later", n), connector.Action{Verb: later, Session: tag, Number: q.Ref.Number}))
	}
	return shown, append(more, c.notAnswers(id, q)...)
}

// open are the messages whose authors have to say what they are.
func open(q session.Question) []session.Said {
	var ms []session.Said
	for _, m := range q.Said {
		if m.Open() {
			ms = append(ms, m)
		}
	}
	return ms
}

// mostParts is how many messages of a draft can be taken out one by one from the card.
const mostParts = 10

// notAnswers take messages out of the draft.
func (c *Chat) notAnswers(id session.ID, q session.Question) []connector.Button {
	var bs []connector.Button
	for _, m := range q.Said {
		if m.Use == session.Drafted && m.Message != "" && q.State == session.Claimed && len(bs) < mostParts {
			bs = append(bs, c.choice(id, q.Ref.Number, m, asideIt, c.text("not_answer", "text", session.Shorten(m.Text, 30))))
		}
	}
	return bs
}

// mostLater is how many later messages one form asks about.
const mostLater = 5

// laterForm asks the author of each later message what it is.
func (c *Chat) laterForm(_ context.Context, p press) (*connector.Form, error) {
	f := &connector.Form{Key: key{Verb: later, Session: p.Session, Number: p.Number}.String(), Title: hash(p.Number)}
	for i, m := range open(p.q)[:min(len(open(p.q)), mostLater)] {
		text := m.Text
		if m.Edit != "" {
			text = m.Edit
		}
		f.Lines = append(f.Lines, head(itoa(i+1)+". "+c.text("said_later", "name", m.By)), quote(cut(text)))
		for _, b := range c.choices(p.ses.ID, p.Number, m) {
			b.Label = itoa(i+1) + ": " + b.Label
			f.Buttons = append(f.Buttons, b)
		}
	}
	if len(f.Lines) == 0 {
		f.Lines = append(f.Lines, say(c.words.Text("desk.nothing_waits")))
	}
	return f, nil
}

// choices are what a later message can be.
func (c *Chat) choices(id session.ID, number int, m session.Said) []connector.Button {
	if m.Edit != "" {
		return []connector.Button{c.choice(id, number, m, replaceIt, c.text("propose")), c.choice(id, number, m, asideIt, c.label(asideIt))}
	}
	return []connector.Button{c.choice(id, number, m, addIt, c.label(addIt)), c.choice(id, number, m, replaceIt, c.label(replaceIt)),
		c.choice(id, number, m, asideIt, c.label(asideIt))}
}

func (c *Chat) choice(id session.ID, number int, m session.Said, v session.Verb, label string) connector.Button {
	return c.act(label, connector.Action{Verb: v, Session: connector.TagOf(string(id)), Number: number, Seen: connector.TagOf(string(m.Message))})
}
