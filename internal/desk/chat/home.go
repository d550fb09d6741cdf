package chat

import (
	"context"
	"slices"

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
	total := 0
	for _, s := range all {
		if alive(s) {
			n, err := c.Views.For(s, by).Waits(ctx)
			if err != nil {
				return connector.Form{}, err
			}
			total += n
			public := link(c.text("public_page"), c.Views.Page(session.QuestionRef{Session: s.ID}))
			f.Lines = append(f.Lines, connector.Line{Text: c.hourLine(s), Link: public})
		}
	}
	if len(f.Lines) == 1 {
		f.Lines = append(f.Lines, say(c.words.Text("desk.no_hours")))
	}
	f.Lines = append(f.Lines, head(c.text("home_waits")+" ("+itoa(total)+")"))
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
		r := c.Views.For(s, by)
		if err := r.Sort(ctx, qs); err != nil {
			return nil, err
		}
		qs = slices.DeleteFunc(qs, func(q session.Question) bool { return !r.Concerns(q) })
		listed, err := c.listed(ctx, r, qs[:min(len(qs), mostHome-len(lines))])
		if err != nil {
			return nil, err
		}
		lines = append(lines, listed...)
	}
	return lines, nil
}
