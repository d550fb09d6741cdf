package chat

import (
	"cmp"
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
	f.Buttons = append(c.offered(s, q, session.Accept, session.Decline, session.Merge, session.DeclineTogether),
		c.act(c.label(view.Skip), about(s.ID, v.Number, view.Skip)))
	if t.More > 0 {
		f.Lines = append(f.Lines, say(c.words.Count("desk.gather", t.More)))
		f.Buttons = append(f.Buttons, c.offered(s, q, session.MergeTogether)...)
	}
	return f
}

// triageFields are filled in already with what is most likely, so that declining and
// merging into what really reads alike are one press as well.
func (c *Chat) triageFields(s session.Session, t view.Triage) []connector.Field {
	r := c.everybody(s)
	reason, into := r.Form(t.Question, session.Decline).Fields[0], r.Form(t.Question, session.Merge).Fields[0]
	reason.Optional, into.Optional = true, true
	if t.Reason != "" {
		reason.Value = []string{t.Reason}
	}
	if len(t.Alike) > 0 && t.Alike[0].Alike {
		into.Options = options(t.Alike[:1])
		into.Value = []string{into.Options[0].Value}
	}
	return []connector.Field{reason, into}
}

// triaged does what was pressed on a new question, or takes the decision before it back, and
// shows the next one.
func (c *Chat) triaged(ctx context.Context, p press, k key) (connector.Answer, error) {
	switch {
	case p.what() == view.Skip:
		return c.next(ctx, p.by, p.ses, k.Number)
	case shown[p.what()] != nil:
		f, err := c.form(ctx, p, nil)
		if err != nil {
			return c.said(err)
		}
		return c.open(ctx, p, f)
	}
	r, said, err := c.decide(ctx, p, k)
	if err != nil {
		return said, err
	}
	a, err := c.next(ctx, p.by, p.ses, k.After)
	if err == nil && a.Form != nil {
		c.confirm(a.Form, p, k, r.Question, said.Say)
	}
	return a, err
}

// decide gives the command of a press on a new question. What takes a decision back is about
// another question than the form.
func (c *Chat) decide(ctx context.Context, p press, k key) (session.Result, connector.Answer, error) {
	if p.verb() == session.Undo {
		cmd, _ := c.direct(p)
		return c.give(ctx, p.by, cmd)
	}
	cmd, err := view.Command(p.verb(), p.q.Ref, k.filled(p.Values))
	if err != nil {
		a, err := c.said(err)
		return session.Result{}, a, err
	}
	return c.give(ctx, p.by, cmd)
}

// confirm begins the next form with what came of the press on the one before: why it was
// refused, or what can be undone, with the button for that.
func (c *Chat) confirm(f *connector.Form, p press, k key, q session.Question, refused string) {
	text, undo := c.became(p, p.verb(), q)
	switch {
	case refused != "":
		text, undo = "⚠ "+refused, nil
	case len(undo) > 0:
		f.Key = cmp.Or(f.Key, key{Do: view.Next, Session: p.Session, Triage: true, After: k.After}.String())
	case p.verb() != session.Undo:
		return
	}
	f.Buttons = append(f.Buttons, undo...)
	f.Lines = append([]connector.Line{say(text)}, f.Lines...)
}
