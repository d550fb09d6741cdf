package draugiem

import (
	"context"
	"strings"
	"unicode/utf8"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*Draugiem)(nil)
	_ connector.Editor    = (*Draugiem)(nil)
	_ connector.Retractor = (*Draugiem)(nil)
	_ connector.Reader    = (*Draugiem)(nil)
	_ connector.Finder    = (*Draugiem)(nil)
)

// Reply answers a question, or publishes news where there is none.
func (d *Draugiem) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	if p.Original.Message == "" {
		return d.publish(ctx, p)
	}
	if kind, id := split(p.Original.Message); kind == question {
		return d.answer(ctx, id, p.Text)
	}
	return connector.Sent{}, refused("there is no such question")
}

// Edit replaces an answer or a piece of news.
func (d *Draugiem) Edit(ctx context.Context, at session.MessageID, p connector.Post) (connector.Sent, error) {
	if err := fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	switch kind, id := split(at); kind {
	case answer:
		return d.correct(ctx, id, p.Text)
	case news:
		return d.rewrite(ctx, id, p)
	}
	return connector.Sent{}, refused("there is no such answer and no such news")
}

// Retract deletes a piece of news, or a question with its answer: one cannot be deleted alone.
func (d *Draugiem) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	if err := goesOn(ctx); err != nil {
		return err
	}
	switch kind, id := split(at); kind {
	case answer:
		return d.deleteAnswered(ctx, id)
	case news:
		return d.deleteNews(ctx, id)
	}
	return refused("there is no such answer and no such news")
}

// Stands looks whether an answer or a piece of news is there.
func (d *Draugiem) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	switch kind, id := split(at); kind {
	case answer:
		q, _, err := d.question(ctx, id)
		return q.Answer != "", err
	case news:
		return d.newsStands(ctx, id)
	}
	return false, refused("there is no such answer and no such news")
}

// Find looks whether a question has that answer, or whether news with that text came after what
// was the newest before.
func (d *Draugiem) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	if p.Original.Message == "" {
		return d.findNews(ctx, p)
	}
	kind, id := split(p.Original.Message)
	if kind != question {
		return connector.Sent{}, false, refused("there is no such question")
	}
	q, _, err := d.question(ctx, id)
	if err != nil || !alike(q.Answer, p.Text) && !same(q.Answer, p.Text) {
		return connector.Sent{}, false, err
	}
	return sent(answer, id), true, nil
}

func sent(kind, id string) connector.Sent {
	return connector.Sent{Message: session.MessageID(kind + id)}
}

// fits looks before anybody is asked.
func fits(ctx context.Context, p connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return goesOn(ctx)
	case strings.TrimSpace(p.Text) == "":
		return refused("there is no text")
	case utf8.RuneCountInString(p.Text) > longest:
		return refused("the text is too long")
	case len(p.Pictures) > 0:
		return refused("it takes no pictures")
	}
	return nil
}

// goesOn is an error once there is no time left.
func goesOn(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
}

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}
