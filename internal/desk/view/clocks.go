package view

import (
	"maps"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// moments joins the day and the times of the day that people give apart, in the form in
// which localTime reads them. An end before the start is on the next day.
func moments(values connector.Values) connector.Values {
	joined := maps.Clone(values)
	join := func(name, day, clock string) {
		delete(joined, name)
		if clock != "" {
			joined[name] = []string{day + "T" + clock + which(values, name)}
		}
	}
	day, early, at := values.First("date"), values.First("ask_from"), values.First("ask_time")
	if early != "" && at == "" {
		at = "00:00"
	}
	join("start", day, values.First("start"))
	join("end", day, values.First("end"))
	join("ask_from", early, at)
	start, err := localTime("start", joined.First("start"), time.UTC)
	end, wrong := localTime("end", joined.First("end"), time.UTC)
	if err == nil && wrong == nil && end.Before(start) {
		join("end", start.AddDate(0, 0, 1).Format(dateForm), values.First("end"))
	}
	return joined
}

// Which of two moments is meant that the clocks show alike. It stands behind a time, and is a
// field of the form where that is asked.
const (
	asksWhich = "_which" // after the name of the time
	earlier   = "earlier"
	later     = "later"
)

// which is what stands behind a time, if it was said.
func which(values connector.Values, name string) string {
	if w := values.First(name + asksWhich); w == earlier || w == later {
		return "/" + w
	}
	return ""
}

// localTime reads a day and a time of the day, with which of two it is where the clocks show it
// twice. A time that they skip is refused.
func localTime(name, raw string, zone *time.Location) (time.Time, error) {
	at, wall, which, err := readings(raw, zone)
	switch {
	case err != nil:
		return time.Time{}, session.Fail(session.Invalid, "time_form").At(session.Field(name)).Because(err)
	case len(at) == 0:
		return time.Time{}, session.Fail(session.Invalid, "time_skipped", "time", wall).At(session.Field(name))
	case len(at) > 1 && which == "":
		return time.Time{}, session.Fail(session.Invalid, "time_twice", "time", wall).At(session.Field(name))
	case which == later:
		return at[len(at)-1], nil
	}
	return at[0], nil
}

func readings(raw string, zone *time.Location) (at []time.Time, wall time.Time, which string, err error) {
	raw, which, _ = strings.Cut(strings.TrimSpace(raw), "/")
	wall, err = time.Parse(dateForm+"T"+clockForm, raw)
	if err == nil {
		at = session.Readings(wall, zone)
	}
	return at, wall, which, err
}

// Filled is the form with what somebody typed, or as it is where that is nil. Where the clocks
// of the zone show a time twice it asks which of them is meant.
func (d *Desk) Filled(f Form, typed connector.Values, zone *time.Location) Form {
	f = f.Fill(typed)
	joined := moments(f.values())
	for _, name := range []string{"start", "end", "ask_from"} {
		i := slices.IndexFunc(f.Fields, func(f connector.Field) bool { return f.ID == name })
		at, _, _, _ := readings(joined.First(name), zone)
		if i < 0 || len(at) < 2 {
			continue
		}
		ask := d.field(input{name: session.Field(name + asksWhich), label: "which", kind: connector.ChoiceField})
		ask.Label += " (" + f.Fields[i].Label + ")"
		ask.Value = typed[ask.ID]
		ask.Options = []connector.Option{
			{Value: earlier, Label: d.Words.Text("desk.which_earlier", "time", d.Words.Clock(at[0]), "offset", at[0].Format("-07:00"))},
			{Value: later, Label: d.Words.Text("desk.which_later", "time", d.Words.Clock(at[1]), "offset", at[1].Format("-07:00"))},
		}
		f.Fields = slices.Insert(slices.Clone(f.Fields), i+1, ask)
	}
	return f
}

// values are what the fields hold.
func (f Form) values() connector.Values {
	v := connector.Values{}
	for _, field := range f.Fields {
		v[field.ID] = field.Value
	}
	return v
}

// AsksAgain reports whether an error is answered by a form that asks more than before.
func AsksAgain(err error) bool {
	return slices.ContainsFunc(session.Errors(err), func(e *session.Error) bool { return e.ID == "time_twice" })
}
