package chat

import (
	"context"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// hourForms are the verbs on an hour that need more than a press.
var hourForms = map[session.Verb]func(*Chat, context.Context, session.Session) (*connector.Form, error){
	session.Extend: func(c *Chat, _ context.Context, s session.Session) (*connector.Form, error) {
		f := connector.Field{ID: "minutes", Label: c.text("field.minutes"), Kind: connector.ChoiceField, Value: []string{"15"}}
		for _, m := range []string{"5", "15", "30", "60"} {
			f.Options = append(f.Options, connector.Option{Value: m, Label: c.text("minutes", "n", m)})
		}
		return c.hourForm(s, session.Extend, nil, f), nil
	},
	session.Close:  (*Chat).closeForm,
	session.Cancel: (*Chat).cancelForm,
	session.AllowSelfApproval: func(c *Chat, _ context.Context, s session.Session) (*connector.Form, error) {
		return c.hourForm(s, session.AllowSelfApproval, nil, c.reasonField("why_printed", false)), nil
	},
	session.Reschedule: func(c *Chat, _ context.Context, s session.Session) (*connector.Form, error) {
		return c.hourForm(s, session.Reschedule, nil, c.timeFields(s)...), nil
	},
}

// cancelForm shows what the public will be told.
func (c *Chat) cancelForm(ctx context.Context, s session.Session) (*connector.Form, error) {
	told, digest, err := c.Service.Foresee(ctx, session.Actor{Role: session.Moderator}, s.ID, session.CancelSession{})
	if err != nil {
		return nil, err
	}
	f := c.hourForm(s, session.Cancel, c.foretold(s, told), c.reasonField("reason", true))
	f.Key = key{Do: view.Action(session.Cancel), Session: connector.TagOf(string(s.ID)), Seen: map[string]string{"digest": digest}}.String()
	return f, nil
}

func (c *Chat) hourForm(s session.Session, v session.Verb, lines []connector.Line, fields ...connector.Field) *connector.Form {
	k := key{Do: view.Action(v), Session: connector.TagOf(string(s.ID))}
	label := c.words.Text("hour." + string(v))
	return &connector.Form{Key: k.String(), Title: label, Lines: append([]connector.Line{small(s.Title, connector.Link{})}, lines...),
		Fields: fields, Submit: label}
}

func (c *Chat) reasonField(label string, optional bool) connector.Field {
	return connector.Field{ID: "reason", Label: c.text("field." + label), Kind: connector.WordField, Most: 1000, Optional: optional}
}

// mostListed is how many open questions the close form names.
const mostListed = 20

// closeForm says what is still open; with a reason the hour is closed all the same.
func (c *Chat) closeForm(ctx context.Context, s session.Session) (*connector.Form, error) {
	counts, err := c.Store.Counts(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	if counts.Unsettled == (session.Unsettled{}) {
		return c.hourForm(s, session.Close, []connector.Line{say(c.words.Text("desk.all_settled"))}), nil
	}
	v, err := c.everybody(s).CloseList(ctx, counts, mostListed)
	if err != nil {
		return nil, err
	}
	open := c.words.Count("desk.without_outcome", counts.Unsettled.Questions)
	lines := []connector.Line{say("⚠ " + open), say(c.words.Text("desk.force_hint"))}
	if v.Copies > 0 {
		lines = append(lines, say(c.words.Count("desk.copies_left", v.Copies)))
	}
	for _, q := range append(v.Open, v.Leaving...) {
		lines = append(lines, small(q.Ref+" "+session.Shorten(q.Text, 100)+" · "+q.Badge.Text, connector.Link{}))
	}
	fields := []connector.Field{c.reasonField("why_forced", true)}
	if v.Refused > 0 {
		fields = append(fields, connector.Field{ID: "drop", Label: c.text("field.drop"), Kind: connector.ChoicesField, Optional: true,
			Options: []connector.Option{{Value: "yes", Label: c.text("drop_refused")}}})
	}
	return c.hourForm(s, session.Close, lines, fields...), nil
}

// submittedHour gives the command of a form about the hour.
func (c *Chat) submittedHour(ctx context.Context, p press, k key, v connector.Values) (connector.Answer, error) {
	switch {
	case hourForms[p.verb()] == nil:
		return connector.Answer{Say: c.text("old_button"), Close: true}, nil
	case p.verb() == session.Reschedule:
		return c.rescheduled(ctx, p.by, p.ses, k, v)
	}
	if v.First("drop") != "" {
		err := c.Views.For(p.ses, p.by).GiveUp(ctx, func(cmd session.Command) error {
			_, err := c.Service.Do(ctx, p.by, cmd)
			return err
		})
		if err != nil {
			return c.said(err)
		}
	}
	if strings.TrimSpace(v.First("reason")) != "" { // only closing has it
		v["force"] = []string{"yes"}
	}
	r, err := c.give(ctx, p, k.filled(v))
	if err != nil && !away(err) {
		return c.refusedHour(ctx, p, v, err)
	}
	a, err := c.happened(p.by, p.verb(), r, err)
	a.Close = err == nil
	return a, err
}

// refusedHour shows the form again as the hour is now, with the reason on top and
// everything that was typed, as long as its verb can still be done.
func (c *Chat) refusedHour(ctx context.Context, p press, typed connector.Values, why error) (connector.Answer, error) {
	s, err := c.tagged(ctx, p.Session)
	if err != nil {
		return c.said(err)
	}
	if !slices.Contains(session.AllowedOnSession(s, p.by), p.verb()) {
		return connector.Answer{Say: c.words.Error(why), Close: true}, nil
	}
	f, err := hourForms[p.verb()](c, ctx, s)
	if err != nil {
		return c.said(err)
	}
	f.Fields = view.Form{Fields: f.Fields}.Fill(typed).Fields
	f.Lines = append([]connector.Line{say("⚠ " + c.words.Error(why))}, f.Lines...)
	return connector.Answer{Form: f}, nil
}
