package chat

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

const (
	dateForm  = "2006-01-02"
	clockForm = "15:04"
)

// usual is how long an hour is proposed to be.
const usual = 2 * time.Hour

// scheduleForm asks for a new hour; everything that has a likely value is filled in.
func (c *Chat) scheduleForm() *connector.Form {
	k := key{Do: view.Action(session.Schedule)}
	start := c.Now().In(c.zone()).Truncate(time.Hour).Add(time.Hour)
	fields := []connector.Field{
		{ID: "title", Label: c.text("field.title"), Kind: connector.WordField, Most: 200},
		{ID: "topic", Label: c.text("field.topic"), Kind: connector.TextField, Most: 2000, Optional: true},
		c.expertsField(),
		{ID: "date", Label: c.text("field.date"), Kind: connector.DateField, Value: []string{start.Format(dateForm)}},
		{ID: "start", Label: c.text("field.start"), Kind: connector.ClockField, Value: []string{start.Format(clockForm)}},
		{ID: "end", Label: c.text("field.end"), Kind: connector.ClockField, Value: []string{start.Add(usual).Format(clockForm)}},
		{ID: "ask_date", Label: c.text("field.ask_date"), Kind: connector.DateField, Optional: true, Hint: c.text("field.ask_hint")},
		{ID: "ask_time", Label: c.text("field.ask_time"), Kind: connector.ClockField, Optional: true},
	}
	if len(c.Views.Places) > 0 {
		fields = append(fields, c.placesField())
	}
	return &connector.Form{Key: k.String(), Title: c.text("schedule"), Fields: fields, Submit: c.text("schedule_submit"),
		Lines: []connector.Line{small(c.text("schedule_note", "zone", c.Hour.Zone), connector.Link{})}}
}

func (c *Chat) expertsField() connector.Field {
	f := connector.Field{ID: "experts", Label: c.text("field.experts"), Kind: connector.PeopleField}
	var experts []string
	for _, p := range c.Staff.People() {
		account := p.Accounts[c.Lane.Connector]
		if account == "" || p.Role == session.Observer {
			continue
		}
		f.Options = append(f.Options, connector.Option{Value: string(account), Label: string(p.Name)})
		if p.Role == session.ExpertRole {
			experts = append(experts, string(account))
		}
	}
	if len(experts) == 1 {
		f.Value = experts
	}
	return f
}

func (c *Chat) placesField() connector.Field {
	f := connector.Field{ID: "places", Label: c.text("field.places"), Kind: connector.ChoicesField, Optional: true,
		Hint: c.words.Text("desk.where_hint")}
	for _, p := range c.Views.Places {
		f.Options = append(f.Options, connector.Option{Value: string(p.Connector), Label: p.Name})
		f.Value = append(f.Value, string(p.Connector))
	}
	return f
}

func (c *Chat) zone() *time.Location { return session.Session{Zone: c.Hour.Zone}.Location() }

// scheduled makes the hour, or says at each field what is wrong. What the public will be
// told is shown first.
func (c *Chat) scheduled(ctx context.Context, by session.Actor, k key, v connector.Values) (connector.Answer, error) {
	v, ok, err := c.typedBefore(ctx, k, v)
	if err != nil || !ok {
		return connector.Answer{Say: c.text("old_button"), Close: true}, err
	}
	h, wrong := c.hourOf(v)
	if len(wrong) > 0 {
		return connector.Answer{Wrong: wrong}, nil
	}
	told, digest, err := c.Service.ForeseeHour(by, h)
	if err == nil && len(told) > 0 && digest != k.Seen["digest"] {
		return c.foreseen(ctx, session.Session{}, k, v, told, digest)
	}
	h.Digest = k.Seen["digest"]
	var r session.SessionResult
	if err == nil {
		r, err = c.Service.Schedule(ctx, by, h)
	}
	if err != nil {
		return c.notTold(k, err)
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
	k.Seen, k.Typed = map[string]string{"digest": digest}, connector.TagOf(string(typed))
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
	for _, e := range c.everybody(s).Exactly(told) {
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

// notTold says at its field why nothing was done; in a second step, which has no fields, in
// its place, over the first one.
func (c *Chat) notTold(k key, err error) (connector.Answer, error) {
	switch {
	case away(err):
		return connector.Answer{}, err
	case k.Typed == "":
		return connector.Answer{Wrong: map[string]string{hourInput(err): c.words.Error(err)}}, nil
	}
	return connector.Answer{Form: &connector.Form{Title: c.text("foreseen"), Lines: []connector.Line{say("⚠ " + c.words.Error(err))}}}, nil
}

// hourOf reads the form. An end before the start is on the next day.
func (c *Chat) hourOf(v connector.Values) (session.Hour, map[string]string) {
	h, wrong := c.Hour, map[string]string{}
	h.Title, h.Topic = v.First("title"), v.First("topic")
	h.Slug = view.Slug(h.Title)
	h.Desk = session.Desk{Connector: c.Lane.Connector, Place: c.Lane.Place}
	h.Experts = c.chosen(v["experts"], wrong)
	var err error
	if h.Targets, err = c.Views.Chosen(v["places"]); err != nil {
		wrong["places"] = c.words.Error(err)
	}
	h.Start = c.at(v, "date", "start", wrong)
	h.End = c.at(v, "date", "end", wrong)
	if h.End.Before(h.Start) && len(wrong) == 0 {
		h.End = h.End.AddDate(0, 0, 1)
	}
	h.AskFrom = c.at(v, "ask_date", "ask_time", wrong)
	return h, wrong
}

// chosen are the experts, whom people choose by their account.
func (c *Chat) chosen(accounts []string, wrong map[string]string) []session.Expert {
	var es []session.Expert
	for _, a := range accounts {
		p, ok := c.Staff.Who(connector.User{Desk: c.Lane.Connector, ID: session.UserRef(a)})
		if !ok || p.Role == session.Observer {
			wrong["experts"] = c.text("expert_unknown")
			continue
		}
		es = append(es, session.Expert{Name: p.Name, Office: p.Office})
	}
	return es
}

// at joins a date and a time of the day in the institution's zone; zero when both are
// missing.
func (c *Chat) at(v connector.Values, date, clock string, wrong map[string]string) time.Time {
	d, t := v.First(date), v.First(clock)
	if d == "" && t == "" {
		return time.Time{}
	}
	if t == "" {
		t = "00:00"
	}
	at, err := time.ParseInLocation(dateForm+" "+clockForm, strings.TrimSpace(d+" "+t), c.zone())
	if err != nil {
		field := clock
		if d == "" {
			field = date
		}
		wrong[field] = c.text("time_form")
	}
	return at
}

// hourInputs are the inputs of the form for fields that are called otherwise or have
// several.
var hourInputs = map[session.Field]string{"targets": "places", "ask_from": "ask_date", "slug": "title", "zone": "title", "": "title"}

func hourInput(err error) string {
	f := session.FieldOf(err)
	if input, ok := hourInputs[f]; ok {
		return input
	}
	return string(f)
}

// timeFields are the times of an hour that has not begun.
func (c *Chat) timeFields(s session.Session) []connector.Field {
	start, end := s.Start.In(s.Location()), s.End.In(s.Location())
	return []connector.Field{
		{ID: "date", Label: c.text("field.date"), Kind: connector.DateField, Value: []string{start.Format(dateForm)}},
		{ID: "start", Label: c.text("field.start"), Kind: connector.ClockField, Value: []string{start.Format(clockForm)}},
		{ID: "end", Label: c.text("field.end"), Kind: connector.ClockField, Value: []string{end.Format(clockForm)}},
	}
}

func (c *Chat) rescheduled(ctx context.Context, by session.Actor, s session.Session, k key, v connector.Values) (connector.Answer, error) {
	v, ok, err := c.typedBefore(ctx, k, v)
	if err != nil || !ok {
		return connector.Answer{Say: c.text("old_button"), Close: true}, err
	}
	wrong := map[string]string{}
	cmd := session.RescheduleSession{Start: c.at(v, "date", "start", wrong), End: c.at(v, "date", "end", wrong)}
	if len(wrong) > 0 {
		return connector.Answer{Wrong: wrong}, nil
	}
	if cmd.End.Before(cmd.Start) {
		cmd.End = cmd.End.AddDate(0, 0, 1)
	}
	told, digest, err := c.Service.Foresee(ctx, by, s.ID, cmd)
	if err == nil && len(told) > 0 && digest != k.Seen["digest"] {
		return c.foreseen(ctx, s, k, v, told, digest)
	}
	cmd.Digest = k.Seen["digest"]
	if err == nil {
		_, err = c.Service.DoSession(ctx, by, s.ID, cmd)
	}
	if err != nil {
		return c.notTold(k, err)
	}
	return connector.Answer{Close: true, Say: c.words.Text("happened." + string(session.Reschedule))}, nil
}
