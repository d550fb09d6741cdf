package chat

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// next shows the next new question, to be decided with one press; each press replaces
// it with the following one. after is the last one that was skipped.
func (c *Chat) next(ctx context.Context, by session.Actor, s session.Session, after int) (connector.Answer, error) {
	counts, err := c.Store.Counts(ctx, s.ID)
	if err != nil {
		return c.said(err)
	}
	t, err := c.Views.For(s, by).Triage(ctx, counts, after)
	if err != nil {
		return c.said(err)
	}
	switch {
	case t.Blocked != "":
		return connector.Answer{Say: t.Blocked}, nil
	case t.Question.Ref.Number > 0:
		return connector.Answer{Form: c.triageForm(s, t, after)}, nil
	}
	text := c.text("triage_done")
	if t.Skipped > 0 {
		text = c.words.Count("desk.triage_skipped", t.Skipped)
	}
	return connector.Answer{Form: &connector.Form{Title: c.text("triage"), Lines: []connector.Line{say(text)}}}, nil
}

// triageForm is one new question with everything that decides about it.
func (c *Chat) triageForm(s session.Session, t view.Triage, after int) *connector.Form {
	q := t.Question
	v := c.everybody(s).Card(q, 0)
	k := key{Do: view.Next, Session: connector.TagOf(string(s.ID)), Number: v.Number, Triage: true, After: after}
	k.Seen = map[string]string{"stage": v.Stage}
	f := &connector.Form{Key: k.String(), Title: c.words.Count("chat.triage_left", t.Left), Lines: whole(v.Ref, v.Text)}
	f.Lines = append(f.Lines, c.asked(v)[1:]...)
	if len(t.Alike) > 0 && t.Alike[0].Alike {
		f.Lines = append(f.Lines, say(c.words.Text("desk.looks_like")+" "+t.Alike[0].Ref+": "+t.Alike[0].Text))
	}
	f.Fields = c.triageFields(s, t)
	f.Buttons = append(c.offered(s, q, session.Accept, session.Decline, session.Merge),
		c.act(c.label(view.Skip), about(s.ID, v.Number, view.Skip)))
	return f
}

// triageFields are filled in already with what is most likely, so that declining and
// merging are one press as well.
func (c *Chat) triageFields(s session.Session, t view.Triage) []connector.Field {
	r := c.everybody(s)
	reason, into := r.Form(t.Question, session.Decline).Fields[0], r.Form(t.Question, session.Merge).Fields[0]
	reason.Optional, into.Optional = true, true
	if t.Reason != "" {
		reason.Value = []string{t.Reason}
	}
	if len(t.Alike) > 0 {
		into.Options = options(t.Alike[:1])
		into.Value = []string{into.Options[0].Value}
	}
	return []connector.Field{reason, into}
}

// triaged does what was pressed on a new question and shows the next one.
func (c *Chat) triaged(ctx context.Context, p press, k key) (connector.Answer, error) {
	if p.what() == view.Skip {
		return c.next(ctx, p.by, p.ses, k.Number)
	}
	cmd, err := view.Command(p.verb(), p.q.Ref, k.filled(p.Values))
	var done connector.Answer
	if err == nil {
		done, err = c.do(ctx, p.by, cmd, false)
	} else {
		done, err = c.said(err)
	}
	if err != nil {
		return done, err
	}
	a, err := c.next(ctx, p.by, p.ses, k.After)
	if err == nil && done.Say != "" && a.Form != nil {
		a.Form.Lines = append([]connector.Line{say("⚠ " + done.Say)}, a.Form.Lines...)
	}
	return a, err
}
