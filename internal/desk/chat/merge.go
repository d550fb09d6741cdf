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

// batch says what became of several questions, and on which card that is taken back.
func (c *Chat) batch(v session.Verb, r session.Result) string {
	text := c.Views.Batch(v, *r.Batch)
	if q, ok := r.Undoable(); ok {
		text += " " + c.text("undo_on", "question", c.Views.Ref(q.Ref.Number))
	}
	return text
}

// togetherForm shows which questions are like one, before they are decided together.
func (c *Chat) togetherForm(ctx context.Context, p press) (*connector.Form, error) {
	t, err := c.Views.For(p.ses, p.by).Together(ctx, p.q, p.verb())
	if err != nil {
		return nil, err
	}
	label := c.label(p.what())
	f := &connector.Form{Key: key{Do: p.what(), Session: p.Session, Number: p.Number, Seen: t.Seen}.String(),
		Title: label + " " + c.Views.Ref(p.Number), Submit: label, Fields: t.Fields, Lines: []connector.Line{quote(cut(p.q.Text))}}
	for _, l := range t.Alike {
		f.Lines = append(f.Lines, head(l.Text))
		for _, e := range l.Examples {
			f.Lines = append(f.Lines, small(e.Ref+": "+e.Text, connector.Link{}))
		}
	}
	f.Lines = append(f.Lines, small(t.Hint, connector.Link{}))
	return f, nil
}

func options(ts []view.Target) []connector.Option {
	var os []connector.Option
	for _, t := range ts {
		text := strings.Join(strings.Fields(t.Text), " ")
		os = append(os, connector.Option{Value: itoa(t.Number), Label: session.Shorten(t.Ref+" "+text, longestOption)})
	}
	return os
}
