package chat

import (
	"context"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

const longestOption = 70

// Searched lists what a question can be merged into: those that read alike first, or
// what the person types, a number or a word.
func (c *Chat) Searched(ctx context.Context, s connector.Searching) ([]connector.Option, error) {
	k, ok := parseKey(s.Key)
	by, stranger := c.who(s.By)
	if stranger != nil || !ok {
		return nil, nil
	}
	ses, err := c.tagged(ctx, k.Session)
	if err != nil {
		return nil, err
	}
	q, err := c.question(ctx, ses.ID, k.Number)
	if err != nil {
		return nil, err
	}
	found, err := c.Views.For(ses, by).Targets(ctx, q, s.Query)
	return options(found), err
}

func options(ts []view.Target) []connector.Option {
	var os []connector.Option
	for _, t := range ts {
		text := strings.Join(strings.Fields(t.Text), " ")
		os = append(os, connector.Option{Value: itoa(t.Number), Label: session.Shorten(t.Ref+" "+text, longestOption)})
	}
	return os
}
