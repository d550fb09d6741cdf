package chat

import (
	"context"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// hourForms add to the forms of verbs on an hour what is known only when they are opened.
var hourForms = map[session.Verb]func(*Chat, context.Context, session.Session, *view.Form) ([]connector.Line, error){
	session.Close: (*Chat).closing,
	session.Edit:  (*Chat).editing,
}

// fieldsOf is what a verb on the hour asks for.
func (c *Chat) fieldsOf(p press) view.Form {
	return c.Views.For(p.ses, p.by).HourForm(p.verb(), c.Staff.People())
}

// hourForm is the form of a verb on the hour as it is now, with what was typed already; nil
// when a press is enough.
func (c *Chat) hourForm(ctx context.Context, p press, typed connector.Values) (*connector.Form, error) {
	f := c.fieldsOf(p)
	if len(f.Fields) == 0 {
		return nil, nil
	}
	lines := []connector.Line{small(p.ses.Title, connector.Link{})}
	if f.Hint != "" {
		lines = append(lines, small(f.Hint, connector.Link{}))
	}
	if add, ok := hourForms[p.verb()]; ok {
		more, err := add(c, ctx, p.ses, &f)
		if err != nil {
			return nil, err
		}
		lines = append(lines, more...)
	}
	k := key{Do: p.what(), Session: connector.TagOf(string(p.ses.ID)), Seen: p.seen(f)}
	label := c.words.Text("hour." + p.Do)
	if session.ResolvesCopy(p.verb()) {
		label = c.label(p.what())
	}
	return &connector.Form{Key: k.String(), Title: label, Lines: lines, Fields: c.Views.Filled(f, typed, p.ses.Location()).Fields,
		Submit: label}, nil
}

// editing lets the experts be chosen by their accounts.
func (c *Chat) editing(_ context.Context, _ session.Session, f *view.Form) ([]connector.Line, error) {
	c.chosenByAccount(f.Fields)
	return nil, nil
}

// mostListed is how many open questions the close form names.
const mostListed = 20

// closing says what is still open; with a reason the hour is closed all the same.
func (c *Chat) closing(ctx context.Context, s session.Session, f *view.Form) ([]connector.Line, error) {
	counts, err := c.Store.Counts(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	if counts.Unfinished == (session.Unfinished{}) {
		f.Fields = nil
		return []connector.Line{say(c.words.Text("desk.all_settled"))}, nil
	}
	v, err := c.everybody(s).CloseList(ctx, counts, mostListed)
	if err != nil {
		return nil, err
	}
	open := c.words.Count("desk.without_outcome", counts.Unfinished.Questions)
	lines := []connector.Line{say("⚠ " + open), say(c.words.Text("desk.force_hint"))}
	if err := s.Closable(); err != nil {
		lines = []connector.Line{say("⚠ " + c.words.Error(err)), say("⚠ " + open)}
	}
	if v.Copies > 0 {
		lines = append(lines, say(c.words.Count("desk.copies_left", v.Copies)))
	}
	for _, q := range append(v.Open, v.Leaving...) {
		lines = append(lines, small(q.Ref+" "+session.Shorten(q.Text, 100)+" · "+q.Badge.Text, connector.Link{}))
	}
	if v.Refused > 0 {
		f.Fields = append(f.Fields, connector.Field{ID: "drop", Label: c.text("drop"), Kind: connector.ChoicesField, Optional: true,
			Options: []connector.Option{{Value: "yes", Label: c.text("drop_refused")}}})
	}
	return lines, nil
}

// submittedHour gives the command of a form about the hour.
func (c *Chat) submittedHour(ctx context.Context, p press, k key, v connector.Values) (connector.Answer, error) {
	v, ok, err := c.typedBefore(ctx, k, v)
	if err != nil || !ok || len(c.fieldsOf(p).Fields) == 0 {
		return connector.Answer{Say: c.text("old_button"), Close: true}, err
	}
	if v.First("drop") != "" {
		if err := c.giveUp(ctx, p); err != nil {
			return c.said(err)
		}
	}
	values := k.filled(v)
	if p.verb() == session.Close && strings.TrimSpace(v.First("reason")) != "" {
		values["force"] = []string{"yes"}
	}
	if p.verb() == session.Edit {
		values["experts"] = append(c.byName(v["experts"]), c.unchoosable(p.ses)...)
	}
	cmd, err := c.Views.For(p.ses, p.by).HourCommand(p.verb(), values)
	if err == nil && slices.Contains(view.ToldFirst, p.verb()) {
		told, digest, wrong := c.Service.Foresee(ctx, p.by, p.ses.ID, cmd)
		if err = wrong; err == nil && len(told) > 0 && digest != k.Seen["digest"] {
			return c.foreseen(ctx, p.ses, k, v, told, digest)
		}
	}
	var r session.Result
	if err == nil {
		r, err = c.Service.DoSession(ctx, p.by, p.ses.ID, cmd)
	}
	if err != nil {
		return c.refusedHour(ctx, p, k, v, err)
	}
	a, err := c.happened(p.by, p.verb(), r, nil)
	a.Close = true
	return a, err
}

// giveUp drops the copies that platforms refused.
func (c *Chat) giveUp(ctx context.Context, p press) error {
	if err := p.ses.Closable(); err != nil {
		return err
	}
	return c.Views.For(p.ses, p.by).GiveUp(ctx, func(cmd session.Command) error {
		_, err := c.Service.Do(ctx, p.by, cmd)
		return err
	})
}

// refusedHour says at its field what is wrong, or shows the form again as the hour is now,
// with the reason on top and everything that was typed, as long as its verb can still be
// done.
func (c *Chat) refusedHour(ctx context.Context, p press, k key, typed connector.Values, why error) (connector.Answer, error) {
	wrong := c.fieldsOf(p).Wrong(c.words, why)
	switch {
	case away(why):
		return connector.Answer{}, why
	case wrong[""] == "" && k.Typed == "" && !view.AsksAgain(why):
		return connector.Answer{Wrong: wrong}, nil
	}
	return c.hourAgain(ctx, p, typed, why)
}

// hourAgain shows a form as the hour is now, with the reason on top if there is one.
func (c *Chat) hourAgain(ctx context.Context, p press, typed connector.Values, why error) (connector.Answer, error) {
	var err error
	if p.ses, err = c.tagged(ctx, connector.TagOf(string(p.ses.ID))); err != nil {
		return c.said(err)
	}
	if !slices.Contains(session.AllowedOnSession(p.ses, p.by), p.verb()) {
		if why == nil {
			why = session.Fail(session.Refused, "session_not_now", "verb", p.verb(), "state", p.ses.State)
		}
		return connector.Answer{Say: c.words.Error(why), Close: true}, nil
	}
	f, err := c.hourForm(ctx, p, typed)
	if err != nil || why == nil {
		return connector.Answer{Form: f}, err
	}
	f.Lines = append([]connector.Line{say("⚠ " + c.words.Error(why))}, f.Lines...)
	return connector.Answer{Form: f}, nil
}
