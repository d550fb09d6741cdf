package view

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// hourSpecs are the verbs on hours. The last four decide about an announcement.
var hourSpecs = map[session.Verb]spec{
	session.Start:             {},
	session.Pause:             {},
	session.Resume:            {},
	session.PauseIntake:       {},
	session.ResumeIntake:      {},
	session.Stop:              {hint: "stop"},
	session.Reopen:            {},
	session.Extend:            {inputs: []input{{name: "minutes", kind: connector.ChoiceField}}},
	session.Close:             {also: []string{"force"}, inputs: []input{printed("why_forced", true)}},
	session.Cancel:            {seen: []string{"digest"}, also: []string{"reason"}, inputs: calledOff},
	session.AllowSelfApproval: {inputs: []input{printed("why_printed", false)}},
	session.Lift:              {hint: "lift", inputs: more},
	session.Reschedule:        {seen: []string{"digest"}, also: []string{"ask_from"}, inputs: times},
	session.Edit:              {seen: []string{"digest"}, hint: "edit", inputs: slices.Concat(about, answerers, early, places)},
	session.Retry:             specs[session.Retry],
	session.Drop:              specs[session.Drop],
	session.SendAgain:         specs[session.SendAgain],
	session.IsOut:             specs[session.IsOut],
}

// more is by how much a ceiling is lifted, and where.
var more = []input{{name: "connector", kind: connector.ChoiceField}, {name: "dollars", kind: connector.ChoiceField}}

// times are those of an hour. People give the day and the times of the day apart.
var times = []input{
	{name: "date", kind: connector.DateField},
	{name: "start", kind: connector.ClockField},
	{name: "end", kind: connector.ClockField},
}

// The fields of an hour, in the order in which people are asked.
var (
	about = []input{
		{name: "title", kind: connector.WordField, most: 200},
		{name: "topic", hint: "topic", kind: connector.TextField, most: 2000, optional: true},
	}
	address   = []input{{name: "slug", hint: "slug", kind: connector.WordField, most: longestSlug, optional: true}}
	answerers = []input{{name: "experts", kind: connector.PeopleField}}
	early     = []input{
		{name: "ask_from", hint: "ask_from", kind: connector.DateField, optional: true},
		{name: "ask_time", kind: connector.ClockField, optional: true},
	}
	places = []input{{name: "targets", hint: "targets", kind: connector.ChoicesField, optional: true}}

	newHour = slices.Concat(about, address, answerers, times, early, places)
)

// calledOff is what the public is told of an hour that is cancelled.
var calledOff = []input{
	{name: "public_reason", hint: "public_reason", kind: connector.WordField, most: 300},
	{name: "new_date", hint: "new_date", kind: connector.DateField, optional: true},
}

// ToldFirst are the verbs on an hour of which it is shown first what the public is told.
var ToldFirst = []session.Verb{session.Reschedule, session.Cancel, session.Edit}

// printed is a reason that stands in the transcript.
func printed(label string, optional bool) input {
	return input{name: "reason", label: label, kind: connector.WordField, most: 1000, optional: optional}
}

const (
	dateForm  = "2006-01-02"
	clockForm = "15:04"

	// usual is how long an hour is proposed to be.
	usual = 2 * time.Hour

	// longestSlug is how long the address of an hour may be.
	longestSlug = 60
)

// minutes are how much longer an hour can be made by one press.
var minutes = []string{"5", "15", "30", "60"}

// HourForm is Form for a verb on the hour, of which the staff are the likely experts.
func (r Reader) HourForm(v session.Verb, staff session.Directory) Form {
	f := r.form(v, r.hourSpec(v), r.Session.Stage())
	if v == session.Edit {
		r.asItIs(f, staff)
		f = f.without(targetless(r.venues(r.Session.Targets))...)
	}
	if v == session.Lift {
		f = r.unpaid(f)
	}
	start, end := r.Session.Times().From, r.Session.Times().To
	f.day(start, end, r.Session.Zone)
	f.propose("minutes", "15")
	f.offer("minutes", minutes, func(n string) string { return r.Words.Text("desk.minutes", "n", n) })
	return f
}

// offer lists what can be chosen in a field, if the form has it.
func (f Form) offer(id string, values []string, label func(string) string) {
	if d := f.field(id); d != nil {
		for _, v := range values {
			d.Options = append(d.Options, connector.Option{Value: v, Label: label(v)})
		}
	}
}

// day proposes the times, if the form asks for them, and says in which zone they are.
func (f Form) day(start, end time.Time, zone string) {
	f.propose("date", start.Format(dateForm))
	f.propose("start", start.Format(clockForm))
	f.propose("end", end.Format(clockForm))
	if d := f.field("date"); d != nil {
		d.Hint = zone
	}
}

// ScheduleForm asks for a new hour; h is what all hours have in common. What has a likely
// value is filled in.
func (d *Desk) ScheduleForm(h session.Hour, staff session.Directory) Form {
	f := d.form(session.Schedule, spec{inputs: newHour}, "")
	now := d.Now().In(session.Session{Zone: h.Zone}.Location())
	start := time.Date(now.Year(), now.Month(), now.Day(), now.Hour()+1, 0, 0, 0, now.Location())
	f.day(start, start.Add(usual), h.Zone)
	experts, targets := f.field("experts"), f.field("targets")
	experts.Options, targets.Options = answering(staff, nil), d.venues(nil)
	for _, p := range staff {
		if p.Role == session.ExpertRole {
			experts.Value = append(experts.Value, string(p.Name))
		}
	}
	if len(experts.Value) > 1 { // nobody knows which of them
		experts.Value = nil
	}
	targets.Value = d.everywhere()
	return f.without(targetless(targets.Options)...)
}

// targetless names the field of the places where there are none.
func targetless(options []connector.Option) []string {
	if len(options) == 0 {
		return []string{"targets"}
	}
	return nil
}

// without is the form without some of its fields.
func (f Form) without(ids ...string) Form {
	f.Fields = slices.DeleteFunc(f.Fields, func(f connector.Field) bool { return slices.Contains(ids, f.ID) })
	return f
}

// answering lists who may be an expert: the experts that there are, and the staff.
func answering(staff session.Directory, experts []session.Expert) []connector.Option {
	for _, p := range staff {
		known := slices.ContainsFunc(experts, func(e session.Expert) bool { return e.Name == p.Name })
		if p.Role != session.Observer && !known {
			experts = append(slices.Clip(experts), session.Expert{Name: p.Name, Office: p.Office})
		}
	}
	var options []connector.Option
	for _, e := range experts {
		o := connector.Option{Value: string(e.Name), Label: string(e.Name)}
		if e.Office != "" {
			o.Label += ", " + e.Office
		}
		options = append(options, o)
	}
	return options
}

// venues lists the places that can be chosen: groups of them, those of an hour, and the configured ones.
func (d *Desk) venues(targets []session.Target) []connector.Option {
	options := d.grouping()
	for _, t := range targets {
		options = append(options, connector.Option{Value: string(t.Connector), Label: d.Place(t.Connector)})
	}
	for _, p := range d.Places {
		o := connector.Option{Value: string(p.Connector), Label: p.Name}
		if !slices.Contains(options, o) {
			options = append(options, o)
		}
	}
	return options
}

// Hour reads the form for a new hour into h, which is what all hours have in common. An
// address that is left out is made of the title. The error has all that is wrong.
func (d *Desk) Hour(h session.Hour, values connector.Values) (session.Hour, error) {
	h.Title, h.Topic, h.Slug, h.Digest = values.First("title"), values.First("topic"), session.ID(values.First("slug")), values.First("digest")
	for _, name := range values["experts"] {
		h.Experts = append(h.Experts, session.Expert{Name: session.PersonName(name)})
	}
	var err error
	h.Targets, err = d.Chosen(values["targets"])
	wrong, zone, joined := []error{err}, session.Session{Zone: h.Zone}.Location(), moments(values)
	for _, t := range []struct {
		name string
		to   *time.Time
	}{{"start", &h.Start}, {"end", &h.End}, {"ask_from", &h.AskFrom}} {
		if raw := joined.First(t.name); raw != "" {
			*t.to, err = localTime(t.name, raw, zone)
			wrong = append(wrong, err)
		}
	}
	h.Suggested = Slug(h.Title, cmp.Or(h.Start, d.Now()).In(zone))
	return h, errors.Join(wrong...)
}

// HourCommand is Command for a verb on an hour, whose times are read in its zone.
func (r Reader) HourCommand(v session.Verb, values connector.Values) (session.SessionCommand, error) {
	names := slices.DeleteFunc(r.hourSpec(v).names(), func(name string) bool { return name == "date" || name == "ask_time" })
	if slices.Contains(timed, v) {
		values = moments(values)
	}
	if v == session.Edit {
		values = emptied(values, names)
	}
	body, err := fields(names, values, r.Session.Location())
	if err != nil {
		return nil, err
	}
	return r.SessionCommand(v, body)
}

// timed are the verbs with times of the day.
var timed = []session.Verb{session.Reschedule, session.Edit}

// emptied has every field of a form that shows what there is: one that is missing was emptied.
func emptied(values connector.Values, names []string) connector.Values {
	all := maps.Clone(values)
	for _, name := range names {
		if _, ok := all[name]; !ok {
			all[name] = []string{}
		}
	}
	return all
}

// Slug makes the address of an hour of its title, or of the day on which it starts.
func Slug(title string, start time.Time) session.ID {
	s := wording.Slug(title, start.Format(dateForm))
	return session.ID(strings.TrimRight(s[:min(len(s), longestSlug)], "-"))
}

// Chosen finds the configured places that somebody chose, by the ids of their connectors or the names of groups.
// The page is always one and never among them.
func (d *Desk) Chosen(ids []string) ([]session.Target, error) {
	var names []session.ConnectorID
	for _, id := range ids {
		names = append(names, session.ConnectorID(id))
	}
	var ts []session.Target
	for _, id := range d.Spread(names) {
		if id == session.Page {
			continue
		}
		i := slices.IndexFunc(d.Places, func(p Place) bool { return p.Connector == id })
		if i < 0 {
			return nil, session.Fail(session.Invalid, "target_unknown", "target", session.Shorten(string(id), 60)).At("targets")
		}
		ts = append(ts, d.Places[i].Target)
	}
	return ts, nil
}
