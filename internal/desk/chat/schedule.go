package chat

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// scheduleForm asks for a new hour, with what was typed already.
func (c *Chat) scheduleForm(typed connector.Values) view.Form {
	f := c.Views.ScheduleForm(c.Hour(), c.Staff.People())
	c.chosenByAccount(f.Fields)
	return c.Views.Filled(f, typed, session.Session{Zone: c.Hour().Zone}.Location())
}

// chosenByAccount lets people be chosen by their accounts here.
func (c *Chat) chosenByAccount(fields []connector.Field) {
	for i, d := range fields {
		if d.Kind == connector.PeopleField {
			fields[i] = c.byAccount(d)
		}
	}
}

func (c *Chat) newHour(typed connector.Values) *connector.Form {
	return &connector.Form{Key: key{Do: view.Action(session.Schedule)}.String(), Title: c.text("schedule"),
		Fields: c.scheduleForm(typed).Fields, Submit: c.text("schedule_submit"),
		Lines: []connector.Line{small(c.text("schedule_note", "zone", c.Hour().Zone), connector.Link{})}}
}

// byAccount lets people be chosen by their accounts here; who has none cannot be.
func (c *Chat) byAccount(f connector.Field) connector.Field {
	options, chosen := f.Options, f.Value
	f.Options, f.Value = nil, nil
	for _, o := range options {
		if a := c.account(session.PersonName(o.Value)); a != "" {
			f.Options = append(f.Options, connector.Option{Value: a, Label: o.Value})
		}
	}
	for _, name := range chosen {
		if a := c.account(session.PersonName(name)); a != "" {
			f.Value = append(f.Value, a)
		}
	}
	return f
}

// account is that of a member of staff here, "" for none.
func (c *Chat) account(name session.PersonName) string {
	p, _ := c.Staff.People().Find(name)
	return string(p.Accounts[c.Lane.Connector])
}

// unchoosable are the experts of an hour who have no account here: a form cannot take them off.
func (c *Chat) unchoosable(s session.Session) []string {
	var names []string
	for _, e := range s.Experts {
		if c.account(e.Name) == "" {
			names = append(names, string(e.Name))
		}
	}
	return names
}

// byName is the reverse of byAccount, for what was chosen. An account of nobody stays as it
// is, and the domain says so.
func (c *Chat) byName(accounts []string) []string {
	var names []string
	for _, a := range accounts {
		if p, ok := c.Staff.Who(connector.User{Desk: c.Lane.Connector, ID: session.UserRef(a)}); ok {
			a = string(p.Name)
		}
		names = append(names, a)
	}
	return names
}

// scheduled makes the hour, or says at each field what is wrong. What the public will be
// told is shown first.
func (c *Chat) scheduled(ctx context.Context, by session.Actor, k key, v connector.Values) (connector.Answer, error) {
	v, ok, err := c.typedBefore(ctx, k, v)
	if err != nil || !ok {
		return connector.Answer{Say: c.text("old_button"), Close: true}, err
	}
	h, err := c.typedHour(k.filled(v))
	told, digest, wrong := c.Service.ForeseeHour(ctx, by, h)
	if err = session.Also(err, wrong); err == nil && len(told) > 0 && digest != h.Digest {
		return c.foreseen(ctx, session.Session{}, k, v, told, digest)
	}
	var r session.Result
	if err == nil {
		r, err = c.Service.Schedule(ctx, by, h)
	}
	if err != nil {
		return c.notTold(k, v, err)
	}
	say := c.text("scheduled", "title", r.Session.Title)
	for _, w := range r.Warnings {
		say += "\n⚠ " + c.words.Text("warning."+string(w))
	}
	page := connector.Button{Label: c.text("public_page"), URL: c.Views.Page(session.QuestionRef{Session: r.Session.ID})}
	return connector.Answer{Close: true, Say: say, Buttons: []connector.Button{page}}, nil
}

// foreseen is the second step of a form about an hour: exactly what the public will be
// told, place by place. When that is not what was shown, it is shown anew. Submitting it
// does what the first step asked for.
func (c *Chat) foreseen(ctx context.Context, s session.Session, k key, v connector.Values, told []session.Rendered,
	digest string) (connector.Answer, error) {
	typed, err := json.Marshal(v)
	if err != nil {
		return connector.Answer{}, err
	}
	again := k.Typed != ""
	k.Seen, k.Typed = maps.Clone(k.Seen), connector.TagOf(string(typed))
	if k.Seen == nil {
		k.Seen = map[string]string{}
	}
	k.Seen["digest"] = digest
	if err := c.Memory.Keep(ctx, typedKey(k), typed, typedFor); err != nil {
		return connector.Answer{}, err
	}
	f := &connector.Form{Key: k.String(), Title: c.text("foreseen"), Submit: c.words.Text("hour." + string(k.Do)), Lines: c.foretold(s, told)}
	if again {
		f.Lines = append([]connector.Line{say("⚠ " + c.words.Error(session.Fail(session.Stale, "stale_preview")))}, f.Lines...)
	}
	return connector.Answer{Form: f, Push: !again}, nil
}

// foretold is what the public will be told.
func (c *Chat) foretold(s session.Session, told []session.Rendered) []connector.Line {
	if len(told) == 0 {
		return nil
	}
	lines := []connector.Line{small(c.words.Text("desk.exactly"), connector.Link{})}
	for _, e := range c.everybody(s).Foretold(told) {
		lines = append(lines, exactly(e)...)
	}
	return lines
}

// typedFor is how long a second step waits for somebody.
const typedFor = 48 * time.Hour

func typedKey(k key) string { return "typed:" + string(k.Typed) }

// typedBefore is what was filled in: now, or in the step before.
func (c *Chat) typedBefore(ctx context.Context, k key, v connector.Values) (connector.Values, bool, error) {
	if k.Typed == "" {
		return v, true, nil
	}
	b, ok, err := c.Memory.Recall(ctx, typedKey(k))
	if err != nil || !ok {
		return nil, false, err
	}
	return v, json.Unmarshal(b, &v) == nil, nil
}

// notTold says at each field why nothing was done, or at the first one what is about none; in
// a second step, which has no fields, in its place, over the first one.
func (c *Chat) notTold(k key, typed connector.Values, err error) (connector.Answer, error) {
	switch {
	case away(err):
		return connector.Answer{}, err
	case k.Typed != "":
		return connector.Answer{Form: &connector.Form{Title: c.text("foreseen"), Lines: []connector.Line{say("⚠ " + c.words.Error(err))}}}, nil
	case view.AsksAgain(err):
		f := c.newHour(typed)
		f.Lines = append([]connector.Line{say("⚠ " + c.words.Error(err))}, f.Lines...)
		return connector.Answer{Form: f}, nil
	}
	f := c.scheduleForm(nil)
	wrong := f.Wrong(c.words, err)
	if text := wrong[""]; text != "" {
		delete(wrong, "")
		wrong[f.Fields[0].ID] = strings.TrimSpace(text + " " + wrong[f.Fields[0].ID])
	}
	return connector.Answer{Wrong: wrong}, nil
}

// typedHour reads the form.
func (c *Chat) typedHour(v connector.Values) (session.Hour, error) {
	h := c.Hour()
	h.Desk = session.Desk{Connector: c.Lane.Connector, Place: c.Lane.Place}
	v["experts"] = c.byName(v["experts"])
	return c.Views.Hour(h, v)
}
