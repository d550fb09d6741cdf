package view

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Form is what a verb needs besides the press.
type Form struct {
	Verb   session.Verb
	Hint   string
	Fields []connector.Field
	// Seen is what the form's reader had before them, by the names of the command: it is
	// handed back with what they fill in.
	Seen map[string]string
}

// input is a field of a form. Its name is that of the command, in which errors name it.
type input struct {
	name     session.Field
	label    string // of the catalogue, after "desk.field."; empty is the name
	hint     string // after "desk.hint."; empty is none
	kind     connector.FieldKind
	most     int
	optional bool
}

// spec is what the command of a verb is made of.
type spec struct {
	seen   []string // besides the stage
	inputs []input
	hint   string // of the whole form, after "desk.hint."
}

var (
	answer = input{name: "text", label: "answer", hint: "answer", kind: connector.TextField}
	why    = input{name: "reason", label: "reason", hint: "private", kind: connector.WordField, most: 1000, optional: true}
	remark = input{name: "remark", hint: "private", kind: connector.WordField, most: 1000, optional: true}
)

// elsewhere is where a question can be redirected.
var elsewhere = []input{
	{name: "institution", kind: connector.WordField, most: 200, optional: true},
	{name: "email", kind: connector.ChoicesField, optional: true},
	{name: "answered", kind: connector.WordField, most: 6, optional: true},
}

// specs are the verbs on questions, with the fields of their commands.
var specs = map[session.Verb]spec{
	session.Accept:    {seen: []string{"wording"}},
	session.Claim:     {seen: []string{"holder"}},
	session.Approve:   {seen: []string{"revision", "digest"}},
	session.Submit:    {seen: []string{"base", "draft"}, inputs: []input{answer}},
	session.Correct:   {seen: []string{"base", "draft"}, inputs: []input{answer}, hint: "correct"},
	session.SendBack:  {inputs: []input{{name: "comment", hint: "private", kind: connector.TextField, most: 1000}}},
	session.Retract:   {inputs: []input{why}, hint: "retract"},
	session.Decline:   {inputs: []input{{name: "reason", hint: "reason", kind: connector.ChoiceField}, remark}},
	session.Merge:     {inputs: []input{{name: "into", hint: "into", kind: connector.SearchField}}},
	session.Redirect:  {inputs: elsewhere},
	session.AddNote:   {inputs: []input{{name: "text", label: "note", hint: "private", kind: connector.TextField, most: 1000}}},
	session.Expire:    {hint: "expire"},
	session.Withdraw:  {hint: "withdraw"},
	session.Release:   {},
	session.TakeBack:  {},
	session.Keep:      {},
	session.Restore:   {},
	session.Settle:    {},
	session.Retry:     {seen: []string{"copy", "attempt"}},
	session.Drop:      {seen: []string{"copy", "attempt"}},
	session.SendAgain: {seen: []string{"copy", "attempt"}},
	session.IsOut:     {seen: []string{"copy", "attempt"}, inputs: []input{{name: "url", kind: connector.WordField, optional: true}}},
}

// hourFields are the fields of the commands on hours.
var hourFields = map[session.Verb][]string{
	session.Extend:            {"minutes"},
	session.Close:             {"force", "reason"},
	session.Cancel:            {"reason", "digest"},
	session.AllowSelfApproval: {"reason"},
	session.Reschedule:        {"ask_from", "start", "end", "digest"},
	session.Retry:             {"copy", "attempt"}, // of an announcement, as the next three
	session.Drop:              {"copy", "attempt"},
	session.SendAgain:         {"copy", "attempt"},
	session.IsOut:             {"copy", "attempt", "url"},
}

// Form is the form of a verb on q as it is now. One without fields needs only a press.
func (r Reader) Form(q session.Question, v session.Verb) Form {
	s := specs[v]
	f := Form{Verb: v, Seen: map[string]string{"stage": q.Stage()}}
	if s.hint != "" {
		f.Hint = r.Words.Text("desk.hint." + s.hint)
	}
	for _, name := range s.seen {
		f.Seen[name] = seen(q, name)
	}
	for _, in := range s.inputs {
		if in.name == "email" && q.Email == "" && q.Origin.Connector == session.Page {
			continue // nobody can write to the asker
		}
		f.Fields = append(f.Fields, r.field(q, in))
	}
	return f
}

// seen is what a reader of q has before them, by its name in a command.
func seen(q session.Question, name string) string {
	switch name {
	case "wording":
		return strconv.Itoa(q.Wording)
	case "holder":
		return string(q.Holder)
	case "base":
		return strconv.Itoa(len(q.Revisions))
	case "draft":
		return session.DraftMark(q.Draft())
	}
	return "" // of the preview or of a copy, which fill it in
}

func (r Reader) field(q session.Question, in input) connector.Field {
	label := in.label
	if label == "" {
		label = string(in.name)
	}
	f := connector.Field{ID: string(in.name), Label: r.Words.Text("desk.field." + label), Kind: in.kind, Most: in.most, Optional: in.optional}
	if in.hint != "" {
		f.Hint = r.Words.Text("desk.hint." + in.hint)
	}
	switch {
	case label == "answer":
		f.Value = given(q.Draft(), q.Latest().Text)
	case in.kind == connector.ChoiceField:
		for _, id := range r.Session.Reasons {
			f.Options = append(f.Options, connector.Option{Value: id, Label: r.Reason(id)})
		}
	case in.kind == connector.ChoicesField:
		f.Options = []connector.Option{{Value: "yes", Label: r.Words.Text("desk.redirect_email")}}
	}
	return f
}

// given is the first text that is not empty.
func given(texts ...string) []string {
	i := slices.IndexFunc(texts, func(t string) bool { return t != "" })
	if i < 0 {
		return nil
	}
	return texts[i : i+1]
}

// Fill puts back what somebody typed into the form before.
func (f Form) Fill(typed connector.Values) Form {
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		if v, ok := typed[f.Fields[i].ID]; ok {
			f.Fields[i].Value = v
		}
	}
	return f
}

// Command builds the command of a verb from what a form carries: what was filled in and
// what its reader saw. Errors name the field that is wrong.
func Command(v session.Verb, ref session.QuestionRef, values connector.Values) (session.Command, error) {
	names := append([]string{"stage"}, specs[v].seen...)
	for _, in := range specs[v].inputs {
		names = append(names, string(in.name))
	}
	body, err := fields(names, values, nil)
	if err != nil {
		return nil, err
	}
	return session.NewCommand(v, ref, body)
}

// HourCommand is Command for a verb on an hour, whose times are read in its zone.
func HourCommand(v session.Verb, values connector.Values, zone *time.Location) (session.SessionCommand, error) {
	body, err := fields(hourFields[v], values, zone)
	if err != nil {
		return nil, err
	}
	return session.NewSessionCommand(v, body)
}

// How the fields are written that are no text.
var (
	numbers  = []string{"wording", "base", "revision", "into", "answered", "attempt", "minutes"}
	switches = []string{"email", "force"}
	times    = []string{"ask_from", "start", "end"}
)

// fields writes what was filled in as the JSON of a command. What is empty is left out,
// but for the mark of a draft, where empty says that there was none.
func fields(names []string, values connector.Values, zone *time.Location) ([]byte, error) {
	body := map[string]any{}
	for _, name := range names {
		raw, ok := values[name]
		if text := values.First(name); text != "" || ok && len(raw) > 0 && name == "draft" {
			v, err := value(name, text, zone)
			if err != nil {
				return nil, err
			}
			body[name] = v
		}
	}
	return json.Marshal(body)
}

func value(name, raw string, zone *time.Location) (any, error) {
	switch {
	case slices.Contains(switches, name):
		return true, nil
	case slices.Contains(times, name):
		t, err := LocalTime(raw, zone)
		if err != nil {
			return nil, session.Fail(session.Invalid, "time_form").At(session.Field(name)).Because(err)
		}
		return t, nil
	case slices.Contains(numbers, name):
		n, err := Number(raw)
		if err != nil {
			return nil, session.Fail(session.Invalid, "number_form").At(session.Field(name)).Because(err)
		}
		return n, nil
	}
	return raw, nil
}

// Number reads the number of a question as people write it: "12", "#12" or "Q12".
func Number(text string) (int, error) {
	return strconv.Atoi(strings.TrimLeft(strings.TrimSpace(text), "#Qq"))
}

// LocalTime reads a time as browsers send it. An hour that the clocks skip becomes the
// one after it.
func LocalTime(raw string, zone *time.Location) (t time.Time, err error) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err = time.ParseInLocation(layout, strings.TrimSpace(raw), zone); err == nil {
			return t, nil
		}
	}
	return t, err
}
