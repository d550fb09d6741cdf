package chat

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// mostHome is how many questions a person's own page lists: with their buttons, what a telephone
// shows without losing anybody.
const mostHome = 8

// Home is a person's own page: what waits for them, with what they may do about it, and the hours
// to come.
func (c *Chat) Home(ctx context.Context, u connector.User) (connector.Form, error) {
	f := connector.Form{Title: c.text("home")}
	by, stranger := c.who(u)
	if stranger != nil {
		f.Lines = []connector.Line{say(stranger.Say)}
		return f, nil
	}
	all, err := c.hours(ctx)
	if err != nil {
		return f, err
	}
	f.Key = key{Do: view.Home}.String()
	hours, waits, total := []connector.Line(nil), []connector.Line(nil), 0
	for _, s := range all {
		if !alive(s) {
			continue
		}
		public := link(c.text("public_page"), c.Views.Page(session.QuestionRef{Session: s.ID}))
		hours = append(hours, connector.Line{Text: c.hourLine(s), Link: public})
		lines, n, err := c.waits(ctx, c.Views.For(s, by), max(0, mostHome-total))
		if err != nil {
			return f, err
		}
		waits, total = append(waits, lines...), total+n
	}
	f.Lines = append([]connector.Line{head(c.text("home_waits") + " (" + itoa(total) + ")")}, c.orSay(waits, "desk.nothing_waits")...)
	f.Lines = append(append(f.Lines, head(c.text("home_hours"))), c.orSay(hours, "desk.no_hours")...)
	c.date(&f)
	return f, nil
}

// orSay says something where there is nothing to list.
func (c *Chat) orSay(lines []connector.Line, id string) []connector.Line {
	if len(lines) == 0 {
		return says(c.words.Text(id))
	}
	return lines
}

// waits lists the questions of an hour that need this person, with their buttons, and how many
// there are. What has no room is on the board.
func (c *Chat) waits(ctx context.Context, r view.Reader, most int) ([]connector.Line, int, error) {
	qs, total, err := r.ForMe(ctx, most)
	if err != nil {
		return nil, 0, err
	}
	lines, err := c.listed(ctx, r, qs)
	if err != nil {
		return nil, 0, err
	}
	for i, q := range qs {
		lines[i].Buttons = c.onHome(r, q)
	}
	if left := total - len(qs); left > 0 {
		at, err := c.Cards.At(ctx, r.Session.ID, c.laneOf(r.Session), 0)
		if err != nil {
			return nil, 0, err
		}
		lines = append(lines, connector.Line{Text: c.words.Count("chat.home_more", left),
			Link: connector.Link{Label: c.text("board"), Message: at[0]}})
	}
	return lines, total, nil
}

// onHome are the buttons of a card that this person may press. Each names its question, for a chat
// may show them apart from it.
func (c *Chat) onHome(r view.Reader, q session.Question) []connector.Button {
	var bs []connector.Button
	for _, o := range r.Offers(q) {
		if o.Front {
			bs = append(bs, c.button(r.Session.ID, q, o))
		}
	}
	parked, _ := c.copyButtons(r.Session.ID, q, r.Card(q, 0))
	bs = append(bs, parked...)
	for i := range bs {
		bs[i].Label += " " + c.Views.Ref(q.Ref.Number)
	}
	return bs
}

// homeward has what was done from somebody's own page, or from a form that was opened there, end
// on that page.
func homeward(formKey string, a connector.Answer) connector.Answer {
	k, ok := parseKey(formKey)
	onPage := ok && k.Do == view.Home
	switch {
	case !onPage && !k.Home:
	case a.Form == nil:
		a.Home = onPage || a.Close
	default:
		a.Push = a.Push || onPage
		if of, ok := parseKey(a.Form.Key); ok {
			of.Home = true
			a.Form.Key = of.String()
		}
	}
	return a
}
