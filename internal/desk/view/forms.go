package view

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
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
	also   []string // what no reader fills in as it is
	inputs []input
	hint   string // of the whole form, after "desk.hint."
}

// Verbs lists what people do by buttons and forms: with questions, and with hours.
func Verbs() (questions, hours []session.Verb) {
	return slices.Sorted(maps.Keys(specs)), slices.Sorted(maps.Keys(hourSpecs))
}

// names are the fields of the command.
func (s spec) names() []string {
	names := slices.Concat([]string{"stage"}, s.seen, s.also)
	for _, in := range s.inputs {
		names = append(names, string(in.name))
	}
	return names
}

var (
	answer = input{name: "text", label: "answer", hint: "answer", kind: connector.TextField}
	must   = input{name: "reason", label: "reason", hint: "private", kind: connector.WordField, most: 1000}
	remark = input{name: "remark", hint: "private", kind: connector.WordField, most: 1000, optional: true}
)

// What is said of a picture.
var (
	alt    = input{name: "alt", kind: connector.TextField, most: session.MaxAlt}
	author = input{name: "author", hint: "author", kind: connector.WordField, most: session.MaxAuthor}
)

// where is where a copy stands.
var where = input{name: "url", hint: "url", kind: connector.WordField, optional: true}

// elsewhere is where a question can be redirected.
var elsewhere = []input{
	{name: "institution", kind: connector.WordField, most: 200, optional: true},
	{name: "email", kind: connector.ChoicesField, optional: true},
	{name: "answered", kind: connector.WordField, most: 6, optional: true},
}

// specs are the verbs on questions, with the fields of their commands.
var specs = map[session.Verb]spec{
	session.Accept: {seen: []string{"wording"}},
	session.Claim:  {seen: []string{"holder"}},
	session.Approve: {seen: []string{"revision", "digest"}, inputs: []input{{name: "reason", label: "despite", hint: "despite",
		kind: connector.WordField, most: 1000}}},
	session.Submit:    {seen: []string{"base", "draft"}, also: []string{"pictures"}, inputs: []input{answer}},
	session.Correct:   {seen: []string{"base", "draft"}, also: []string{"pictures"}, inputs: []input{answer}, hint: "correct"},
	session.SendBack:  {inputs: []input{{name: "comment", hint: "private", kind: connector.TextField, most: 1000}}},
	session.Retract:   {inputs: []input{must}, hint: "retract"},
	session.Decline:   {inputs: []input{{name: "reason", hint: "reason", kind: connector.ChoiceField}, remark}},
	session.HideAsked: {inputs: []input{{name: "reason", hint: "hide_reason", kind: connector.ChoiceField}}, hint: "hide"},
	session.DeclineTogether: {seen: []string{"shown"}, hint: "together", inputs: []input{{name: "same", kind: connector.ChoiceField},
		{name: "reason", hint: "reason", kind: connector.ChoiceField}, remark}},
	session.Merge:         {inputs: []input{{name: "into", hint: "into", kind: connector.SearchField}}},
	session.MergeTogether: {seen: []string{"shown"}, hint: "gather", inputs: []input{{name: "also", kind: connector.ChoicesField}}},
	session.Redirect:      {inputs: elsewhere},
	session.AddNote:       {inputs: []input{{name: "text", label: "note", hint: "private", kind: connector.TextField, most: 1000}}},
	session.Expire:        {hint: "expire"},
	session.AllowName:     {},
	session.Describe:      {seen: []string{"picture"}, inputs: []input{alt, author}},
	session.Withdraw:      {inputs: []input{must}, hint: "withdraw"},
	session.Release:       {},
	session.TakeBack:      {},
	session.Keep:          {},
	session.Restore:       {},
	session.Undo:          {},
	session.Settle:        {},
	session.Retry:         {seen: []string{"copy", "attempt"}},
	session.Drop:          {seen: []string{"copy", "attempt"}},
	session.SendAgain:     {seen: []string{"copy", "attempt"}},
	session.IsOut:         {seen: []string{"copy", "attempt"}, inputs: []input{where}},
}

// Form is the form of a verb on q as it is now. One without fields needs only a press.
func (r Reader) Form(q session.Question, v session.Verb) Form {
	f := r.form(v, specs[v], q.Stage())
	for _, name := range specs[v].seen {
		f.Seen[name] = seen(q, name)
	}
	if _, ok := f.Seen["shown"]; ok {
		f.Seen["shown"] = r.Shown()
	}
	if q.Email == "" && q.Origin.Connector == session.Page { // nobody can write to the asker
		f.Fields = slices.DeleteFunc(f.Fields, func(f connector.Field) bool { return f.ID == "email" })
	}
	if v == session.Approve && !r.asksWhy(q) {
		f.Fields = nil
	}
	if v == session.Describe {
		f.propose("author", string(authorOf(q)))
	}
	if t := f.field("text"); t != nil && v != session.AddNote {
		t.Value = given(q.Draft(), q.Latest().Text)
	}
	if c := f.field("reason"); c != nil && c.Kind == connector.ChoiceField {
		for _, id := range r.Session.Reasons {
			c.Options = append(c.Options, connector.Option{Value: id, Label: r.Reason(id)})
		}
	}
	if e := f.field("email"); e != nil {
		e.Options = []connector.Option{{Value: "yes", Label: r.Words.Text("desk.redirect_email")}}
	}
	return f
}

// form makes the form of what a command is made of, with nothing filled in yet.
func (d *Desk) form(v session.Verb, s spec, stage string) Form {
	f := Form{Verb: v, Seen: map[string]string{"stage": stage}}
	if s.hint != "" {
		f.Hint = d.Words.Text("desk.hint." + s.hint)
	}
	for _, in := range s.inputs {
		f.Fields = append(f.Fields, d.field(in))
	}
	return f
}

func (d *Desk) field(in input) connector.Field {
	label := in.label
	if label == "" {
		label = string(in.name)
	}
	f := connector.Field{ID: string(in.name), Label: d.Words.Text("desk.field." + label), Kind: in.kind, Most: in.most, Optional: in.optional}
	if in.hint != "" {
		f.Hint = d.Words.Text("desk.hint." + in.hint)
	}
	return f
}

// field is the one of that name, nil when there is none.
func (f Form) field(id string) *connector.Field {
	i := slices.IndexFunc(f.Fields, func(f connector.Field) bool { return f.ID == id })
	if i < 0 {
		return nil
	}
	return &f.Fields[i]
}

// propose fills a field in, if the form has it.
func (f Form) propose(id, value string) {
	if d := f.field(id); d != nil {
		d.Value = []string{value}
	}
}

// Wrong words what is wrong by the field at which it stands; "" is what is about none of them.
func (f Form) Wrong(w wording.Words, err error) map[string]string {
	wrong, all := map[string]string{}, session.Errors(err)
	for _, e := range all {
		at := f.At(e)
		wrong[at] = strings.TrimSpace(wrong[at] + " " + w.Error(e))
	}
	if len(all) == 0 && err != nil {
		wrong[""] = w.Error(err)
	}
	return wrong
}

// At is the field at which an error stands, "" when it is about none of the form's.
func (f Form) At(err error) string {
	if d := f.field(string(session.FieldOf(err))); d != nil {
		return d.ID
	}
	return ""
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
	case "picture":
		p, _, _ := q.Undescribed()
		return string(p.Hash)
	case "draft":
		return q.DraftMark()
	}
	return "" // of the preview or of a copy, which fill it in
}

// given is the first text that is not empty.
func given(texts ...string) []string {
	i := slices.IndexFunc(texts, func(t string) bool { return t != "" })
	if i < 0 {
		return nil
	}
	return texts[i : i+1]
}

// Fill puts back what somebody left in the form before; nil is nobody yet.
func (f Form) Fill(typed connector.Values) Form {
	if typed == nil {
		return f
	}
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		f.Fields[i].Value = typed[f.Fields[i].ID]
	}
	return f
}

// Resume puts a text back that its writer has not sent, with what they had before them when they
// wrote it.
func (f Form) Resume(t session.Typed) Form {
	f.Fields, f.Seen = slices.Clone(f.Fields), maps.Clone(f.Seen)
	f.propose("text", t.Text)
	f.Seen["stage"], f.Seen["base"], f.Seen["draft"] = t.Stage, strconv.Itoa(t.Base), t.Draft
	return f
}

// Command builds the command of a verb from what a form carries: what was filled in and
// what its reader saw. Errors name the field that is wrong.
func Command(v session.Verb, ref session.QuestionRef, values connector.Values) (session.Command, error) {
	body, err := fields(specs[v].names(), values, nil)
	if err != nil {
		return nil, err
	}
	return session.NewCommand(v, ref, body)
}

// How the fields are written that are no text.
var (
	numbers  = []string{"wording", "base", "revision", "into", "answered", "attempt", "minutes", "dollars"}
	lists    = []string{"also"} // of numbers
	named    = []string{"experts", "targets"}
	switches = []string{"email", "force"}
	instants = []string{"ask_from", "start", "end"}
)

// fields writes what was filled in as the JSON of a command. What is empty is left out,
// but for what says something by being empty.
func fields(wanted []string, values connector.Values, zone *time.Location) ([]byte, error) {
	body, wrong := map[string]any{}, []error{}
	for _, name := range wanted {
		raw, ok := values[name]
		if !ok || values.First(name) == "" && !(slices.Contains(telling, name) || slices.Contains(named, name)) {
			continue
		}
		v, err := value(name, raw, zone)
		body[name], wrong = v, append(wrong, err)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return json.Marshal(body)
}

// telling are the fields that say something by being empty: that there was no draft, and what
// an hour has no more.
var telling = []string{"draft", "title", "topic", "ask_from"}

func value(name string, all []string, zone *time.Location) (any, error) {
	raw := connector.Values{name: all}.First(name)
	switch {
	case slices.Contains(lists, name):
		return numbersIn(name, all)
	case slices.Contains(named, name):
		return all, nil
	case name == "pictures": // JSON, as the desk page writes it
		if !json.Valid([]byte(raw)) {
			return nil, session.Fail(session.Invalid, "picture_wrong").At("pictures")
		}
		return json.RawMessage(raw), nil
	case slices.Contains(switches, name):
		return true, nil
	case slices.Contains(instants, name) && raw == "":
		return time.Time{}, nil
	case slices.Contains(instants, name):
		return localTime(name, raw, zone)
	case slices.Contains(numbers, name):
		n, err := Number(raw)
		if err != nil {
			return nil, session.Fail(session.Invalid, "number_form").At(session.Field(name)).Because(err)
		}
		return n, nil
	}
	return raw, nil
}

// numbersIn reads what was ticked in a list of questions.
func numbersIn(name string, raw []string) ([]int, error) {
	var ns []int
	for _, text := range raw {
		n, err := Number(text)
		if err != nil {
			return nil, session.Fail(session.Invalid, "number_form").At(session.Field(name)).Because(err)
		}
		ns = append(ns, n)
	}
	return ns, nil
}

// Number reads the number of a question as people write it: "12", "#12" or "Q12".
func Number(text string) (int, error) {
	return strconv.Atoi(strings.TrimLeft(strings.TrimSpace(text), "#Qq"))
}
