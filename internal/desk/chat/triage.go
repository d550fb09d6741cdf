package chat

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// next shows the oldest new question after a number, to be decided with one press;
// each press replaces it with the following one.
func (c *Chat) next(ctx context.Context, by session.Actor, s session.Session, after int) (connector.Answer, error) {
	if by.Role != session.Moderator {
		return connector.Answer{Say: c.words.Text("desk.blocked_triage")}, nil
	}
	q, left, err := c.oldest(ctx, s, after)
	if err != nil {
		return c.said(err)
	}
	if q == nil {
		text := c.text("triage_done")
		if left > 0 {
			text = c.words.Count("chat.triage_skipped", left)
		}
		return connector.Answer{Form: &connector.Form{Title: c.text("triage"), Lines: []connector.Line{say(text)}}}, nil
	}
	f, err := c.triageForm(ctx, s, *q, left)
	if err != nil {
		return c.said(err)
	}
	return connector.Answer{Form: f}, nil
}

// oldest finds the new question with the lowest number above after, and how many are new.
func (c *Chat) oldest(ctx context.Context, s session.Session, after int) (found *session.Question, left int, err error) {
	const step = 200
	for offset := 0; ; offset += step {
		qs, err := c.Store.List(ctx, s.ID, session.Listing{States: []session.State{session.Received}, Offset: offset, Limit: step})
		if err != nil {
			return nil, 0, err
		}
		for _, q := range qs {
			left++
			if q.Ref.Number > after && (found == nil || q.Ref.Number < found.Ref.Number) {
				found = &q
			}
		}
		if len(qs) < step {
			return found, left, nil
		}
	}
}

// triageForm is one new question with everything that decides about it.
func (c *Chat) triageForm(ctx context.Context, s session.Session, q session.Question, left int) (*connector.Form, error) {
	_, among, err := c.among(ctx, s, q.Ref.Number)
	if err != nil {
		return nil, err
	}
	alike := routing.Similar(q, among, 1)
	k := key{Verb: next, Session: connector.TagOf(string(s.ID)), Number: q.Ref.Number, Triage: true, Stage: q.Stage()}
	f := &connector.Form{Key: k.String(), Title: c.words.Count("chat.triage_left", left)}
	f.Lines = append(f.Lines, head(hash(q.Ref.Number)))
	for _, piece := range pieces(q.Text) {
		f.Lines = append(f.Lines, quote(piece))
	}
	f.Lines = append(f.Lines, small(c.from(s, q, 0), webLink(c.text("original"), q.Origin.URL)))
	f.Lines = append(f.Lines, c.questionLines(q)...)
	if len(alike) > 0 && routing.Alike(q, alike[0]) {
		f.Lines = append(f.Lines, say(c.words.Text("desk.looks_like")+" "+hash(alike[0].Ref.Number)+": "+session.Shorten(alike[0].Text, 200)))
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
	after := k.Number
	if done.Say != "" {
		after-- // it is shown again, unless somebody else decided about it
	}
	a, err := c.next(ctx, p.by, p.ses, after)
	if err == nil && done.Say != "" && a.Form != nil {
		a.Form.Lines = append([]connector.Line{say("⚠ " + done.Say)}, a.Form.Lines...)
	}
	return a, err
}
