package chat

import (
	"context"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// mostHits are as many as a reader takes in; the number says how many there are.
const mostHits = 10

// find searches the hour that somebody names first, or the one to think of first.
func (c *Chat) find(ctx context.Context, by session.Actor, rest string) (connector.Answer, error) {
	name, query, _ := strings.Cut(rest, " ")
	s, err := c.hour(ctx, name, alive)
	if name == "" || session.KindOf(err) == session.NotFound {
		query = rest
		s, err = c.hour(ctx, "", func(session.Session) bool { return true })
	}
	if err != nil {
		return c.said(err)
	}
	if query = strings.TrimSpace(query); query == "" {
		return connector.Answer{Say: c.text("find_what", "command", c.Command+" find")}, nil
	}
	found, err := c.Views.For(s, by).Find(ctx, query)
	if err != nil {
		return c.said(err)
	}
	lines, err := c.hits(ctx, c.Views.For(s, by), found)
	if err != nil {
		return c.said(err)
	}
	return connector.Answer{Form: &connector.Form{Title: c.text("found"), Lines: lines}}, nil
}

// hits lists what was found, with links to the cards.
func (c *Chat) hits(ctx context.Context, r view.Reader, found view.Found) ([]connector.Line, error) {
	shown := found.Questions[:min(len(found.Questions), mostHits)]
	lines := []connector.Line{say(r.Session.Title + " · " + c.words.Count("desk.found", found.Total))}
	if found.Total > len(shown) {
		lines = append(lines, say(c.words.Text("desk.found_more", "shown", len(shown))))
	}
	listed, err := c.listed(ctx, r, shown)
	return append(lines, listed...), err
}

// listed are lines of questions, each with its number as a link to its card.
func (c *Chat) listed(ctx context.Context, r view.Reader, qs []session.Question) ([]connector.Line, error) {
	var numbers []int
	for _, q := range qs {
		numbers = append(numbers, q.Ref.Number)
	}
	at, err := c.Cards.At(ctx, r.Session.ID, c.laneOf(r.Session), numbers...)
	var lines []connector.Line
	for _, q := range qs {
		text := q.Text
		if q.State == session.Withdrawn {
			text = c.words.Text("desk.erased")
		}
		lines = append(lines, connector.Line{Text: c.Views.Ref(q.Ref.Number) + " · " + r.Badge(q).Text + " · " + session.Shorten(text, 200),
			Link: connector.Link{Label: c.text("card"), Message: at[q.Ref.Number]}})
	}
	return lines, err
}
