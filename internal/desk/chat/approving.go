package chat

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// approvalOf begins to approve, one answer after another.
func (c *Chat) approvalOf(ctx context.Context, by session.Actor, rest string) (connector.Answer, error) {
	s, err := c.hour(ctx, rest, alive)
	if err != nil {
		return c.said(err)
	}
	return c.nextApproval(ctx, by, s, 0)
}

// nextApproval shows the next preview; deciding about it brings the one after it.
func (c *Chat) nextApproval(ctx context.Context, by session.Actor, s session.Session, after int) (connector.Answer, error) {
	a, err := c.Views.For(s, by).NextApproval(ctx, after)
	if err != nil {
		return c.said(err)
	}
	n := a.Question.Ref.Number
	if n == 0 {
		text := c.text("approved_all")
		if a.Skipped > 0 {
			text = c.words.Count("desk.approve_skipped", a.Skipped)
		}
		return connector.Answer{Form: &connector.Form{Title: c.text("approving"), Lines: []connector.Line{say(text)}}}, nil
	}
	f, err := c.previewForm(ctx, press{Action: about(s.ID, n, view.Action(session.Approve)), by: by, ses: s, q: a.Question})
	if err != nil {
		return c.said(err)
	}
	k, _ := parseKey(f.Key)
	k.Queue, k.After = true, after
	f.Key = k.String()
	asked := c.everybody(s).Card(a.Question, 0)
	f.Lines = append(append([]connector.Line{say(c.words.Count("desk.approve_left", a.Left))}, whole(asked.Ref, asked.Text)...), f.Lines...)
	f.Buttons = append(f.Buttons, c.act(c.label(view.Skip), about(s.ID, n, view.Skip)))
	return connector.Answer{Form: f}, nil
}
