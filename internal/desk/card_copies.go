package desk

import (
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
			b := c.act(c.place(p.Connector)+": "+c.label(v), a)
			if p.Parked() {
				shown = append(shown, b)
			} else {
				more = append(more, b)
			}
		}
	}
	for _, m := range q.Said {
		if m.Open() {
			shown = append(shown, c.choices(id, q.Ref.Number, m)...)
		} else if m.Use == session.Drafted && q.State == session.Claimed {
			more = append(more, c.choice(id, q.Ref.Number, m, asideIt, c.text("not_answer", "text", session.Shorten(m.Text, 30))))
		}
	}
	return shown, more
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
