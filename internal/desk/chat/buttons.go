package chat

import (
	"strconv"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// buttons splits what may be done into what has room on the card and the rest.
func (c *Chat) buttons(s session.Session, q session.Question, folded bool) (shown, more []connector.Button) {
	for _, o := range c.everybody(s).Offers(q) {
		if o.Front && !folded {
			shown = append(shown, c.button(s.ID, q, o))
		} else {
			more = append(more, c.button(s.ID, q, o))
		}
	}
	return shown, more
}

// offered are buttons for some verbs, wherever they stand.
func (c *Chat) offered(s session.Session, q session.Question, verbs ...session.Verb) []connector.Button {
	var bs []connector.Button
	for _, v := range verbs {
		bs = append(bs, c.button(s.ID, q, c.everybody(s).Offer(q, v)))
	}
	return bs
}

// button carries what the person sees while they press it.
func (c *Chat) button(id session.ID, q session.Question, o view.Offer) connector.Button {
	a := about(id, q.Ref.Number, view.Action(o.Verb))
	a.Seen = connector.TagOf(q.Stage())
	switch {
	case o.Verb == session.Accept:
		a.Mark = q.Wording
	case o.Verb == session.Claim && q.Holder != "":
		a.Seen = connector.TagOf(string(q.Holder))
	}
	b := c.act(o.Label, a)
	b.Style, b.Confirm = o.Style, o.Confirm
	return b
}

// hourButton is button for the board.
func (c *Chat) hourButton(s session.Session, o view.Offer) connector.Button {
	a := about(s.ID, 0, view.Action(o.Verb))
	a.Seen = connector.TagOf(s.Stage())
	b := c.act(o.Label, a)
	b.Style, b.Confirm = o.Style, o.Confirm
	return b
}

// about is an action on a question of an hour, or with number 0 on the hour.
func about(id session.ID, number int, do view.Action) connector.Action {
	return connector.Action{Do: string(do), Session: connector.TagOf(string(id)), Number: number}
}

// act is a button of an action that is known to be well formed.
func (c *Chat) act(label string, a connector.Action) connector.Button {
	data, err := a.Encode()
	if err != nil { // an action of this package that the codec cannot write: the tests press every button
		return connector.Button{Label: label}
	}
	return connector.Button{Label: label, Action: data}
}

// label is that of one of the desk's own actions, or of a verb.
func (c *Chat) label(a view.Action) string { return c.words.Text("button." + string(a)) }

func itoa(n int) string { return strconv.Itoa(n) }

func commas(names []string) string { return strings.Join(names, ", ") }
