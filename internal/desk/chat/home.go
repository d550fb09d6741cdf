package chat

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// mostHome is how many questions a person's own page lists.
const mostHome = 15

// Home is a person's own page: the hours to come, and what waits for them.
func (c *Chat) Home(ctx context.Context, u connector.User) (connector.Form, error) {
	by, stranger := c.who(u)
	if stranger != nil {
		return connector.Form{Title: c.text("home"), Lines: []connector.Line{say(stranger.Say)}}, nil
	}
	all, err := c.hours(ctx)
	if err != nil {
		return connector.Form{}, err
	}
	f := connector.Form{Title: c.text("home"), Lines: []connector.Line{head(c.text("home_hours"))}}
	for _, s := range all {
		if alive(s) {
			public := link(c.text("public_page"), c.Views.Page(session.QuestionRef{Session: s.ID}))
			f.Lines = append(f.Lines, connector.Line{Text: c.hourLine(s), Link: public})
		}
	}
	if len(f.Lines) == 1 {
		f.Lines = append(f.Lines, say(c.words.Text("desk.no_hours")))
	}
	f.Lines = append(f.Lines, head(c.text("home_waits")))
	waits, err := c.waits(ctx, by, all)
	if len(waits) == 0 {
		waits = []connector.Line{say(c.words.Text("desk.nothing_waits"))}
	}
	f.Lines = append(f.Lines, waits...)
	return f, err
}

// waits lists the questions that need this person, with links to their cards.
func (c *Chat) waits(ctx context.Context, by session.Actor, all []session.Session) ([]connector.Line, error) {
	var lines []connector.Line
	for _, s := range all {
		if !alive(s) {
			continue
		}
		l := routing.Attention(by)
		l.Limit = 50
		qs, err := c.Store.List(ctx, s.ID, l)
		if err != nil {
			return nil, err
		}
		routing.Sort(by, qs)
		var numbers []int
		for _, q := range qs {
			if c.Views.For(s, by).Concerns(q) {
				numbers = append(numbers, q.Ref.Number)
			}
		}
		at, err := c.Cards.At(ctx, s.ID, c.laneOf(s), numbers...)
		if err != nil {
			return nil, err
		}
		for _, q := range qs {
			if c.Views.For(s, by).Concerns(q) && len(lines) < mostHome {
				badge := c.Views.For(s, by).Badge(q).Text
				lines = append(lines, connector.Line{Text: c.Views.Ref(q.Ref.Number) + " · " + badge + " · " + session.Shorten(q.Text, 200),
					Link: connector.Link{Label: c.text("card"), Message: at[q.Ref.Number]}})
			}
		}
	}
	return lines, nil
}
