package chat

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// next shows the next new question, to be decided with one press; each press replaces
// it with the following one. after is the last one that was skipped.
func (c *Chat) next(ctx context.Context, by session.Actor, s session.Session, after int) (connector.Answer, error) {
	if by.Role != session.Moderator {
		return connector.Answer{Say: c.words.Text("desk.blocked_triage")}, nil
	}
	counts, err := c.Store.Counts(ctx, s.ID)
	if err != nil {
		return c.said(err)
	}
	t, err := c.Views.For(s, by).Triage(ctx, counts, after)
	if err != nil {
		return c.said(err)
	}
	if t.Question.Ref.Number == 0 {
		text := c.text("triage_done")
		if t.Skipped > 0 {
			text = c.words.Count("chat.triage_skipped", t.Skipped)
		}
		return connector.Answer{Form: &connector.Form{Title: c.text("triage"), Lines: []connector.Line{say(text)}}}, nil
	}
	f, err := c.triageForm(ctx, s, t.Question, t.Left, after)
	if err != nil {
		return c.said(err)
	}
	return connector.Answer{Form: f}, nil
}

// triageForm is one new question with everything that decides about it.
func (c *Chat) triageForm(ctx context.Context, s session.Session, q session.Question, left, after int) (*connector.Form, error) {
	_, among, err := c.among(ctx, s, q.Ref.Number)
	if err != nil {
		return nil, err
	}
	alike := routing.Similar(q, among, 1)
	k := key{Verb: next, Session: connector.TagOf(string(s.ID)), Number: q.Ref.Number, Triage: true, Stage: q.Stage(), After: after}
	f := &connector.Form{Key: k.String(), Title: c.words.Count("chat.triage_left", left)}
	f.Lines = append(f.Lines, head(c.Views.Ref(q.Ref.Number)))
	for _, piece := range pieces(q.Text) {
		f.Lines = append(f.Lines, quote(piece))
	}
	f.Lines = append(f.Lines, c.asked(c.everybody(s).Card(q, 0))[1:]...)
	if len(alike) > 0 && routing.Alike(q, alike[0]) {
		f.Lines = append(f.Lines, say(c.words.Text("desk.looks_like")+" "+c.Views.Ref(alike[0].Ref.Number)+": "+session.Shorten(alike[0].Text, 200)))
	}
	f.Fields = c.triageFields(q, alike)
	f.Buttons = []connector.Button{c.button(s.ID, q, session.Accept), c.button(s.ID, q, session.Decline), c.button(s.ID, q, session.Merge),
		c.act(c.label(skip), connector.Action{Verb: skip, Session: k.Session, Number: q.Ref.Number})}
	return f, nil
}

// triageFields are filled in already with what is most likely, so that declining and
// merging are one press as well.
func (c *Chat) triageFields(q session.Question, alike []session.Question) []connector.Field {
	fs := c.declineFields(press{q: q})[:1]
	fs[0].Optional = true
	for _, o := range fs[0].Options {
		if o.Value != session.NotReached { // that is for what is left at the end
			fs[0].Value = []string{o.Value}
			break
		}
	}
	into := c.mergeFields(press{})[0]
	into.Optional = true
	if len(alike) > 0 {
		into.Options = c.options(alike[:1])
		into.Value = []string{into.Options[0].Value}
	}
	return append(fs, into)
}

// triaged does what was pressed on a new question and shows the next one.
func (c *Chat) triaged(ctx context.Context, p press, k key) (connector.Answer, error) {
	var cmd session.Command
	switch p.Verb {
	case session.Accept:
		cmd = session.AcceptQuestion{On: p.at(k), Wording: p.Mark}
	case session.Decline:
		cmd = session.DeclineQuestion{On: p.at(k), Reason: p.Values.First("reason")}
	case session.Merge:
		cmd = session.MergeQuestion{On: p.at(k), Into: numberIn(p.Values.First("into"))}
	default:
		return c.next(ctx, p.by, p.ses, k.Number)
	}
	done, err := c.do(ctx, p.by, cmd, false)
	if err != nil {
		return done, err
	}
	a, err := c.next(ctx, p.by, p.ses, k.After)
	if err == nil && done.Say != "" && a.Form != nil {
		a.Form.Lines = append([]connector.Line{say("⚠ " + done.Say)}, a.Form.Lines...)
	}
	return a, err
}
