package slack

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
)

const (
	mostTyped      = 3000 // characters of a text field
	mostCheckboxes = 10
)

var (
	dateForm  = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	clockForm = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
)

// element is where a field is filled in; nil when Slack has none for it. In a form
// that is not submitted the field's name stands beside it, and nothing need stand in it.
func (p painter) element(f connector.Field, submit bool) slack.BlockElement {
	p.bare = !submit
	switch f.Kind {
	case connector.TextField, connector.WordField:
		return typed(f, first(f.Value), f.Kind == connector.TextField)
	case connector.ChoiceField:
		return p.choice(f)
	case connector.ChoicesField:
		return p.choices(f)
	case connector.SearchField:
		return p.search(f)
	case connector.PeopleField:
		return p.people(f)
	case connector.DateField:
		e := slack.NewDatePickerBlockElement(inputID)
		e.InitialDate = matching(dateForm, f.Value)
		return e
	case connector.ClockField:
		e := slack.NewTimePickerBlockElement(inputID)
		e.InitialTime = matching(clockForm, f.Value)
		return e
	}
	return nil
}

// placeholder is what stands in an empty field.
func (p painter) placeholder(text string) *slack.TextBlockObject {
	if p.bare {
		return nil
	}
	return label(text, mostHeader)
}

func first(values []string) string { return connector.Values{"": values}.First("") }

func matching(form *regexp.Regexp, values []string) string {
	if v := first(values); form.MatchString(v) {
		return v
	}
	return ""
}

func typed(f connector.Field, text string, lines bool) slack.BlockElement {
	most := mostTyped
	if f.Most > 0 {
		most = min(f.Most, mostTyped)
	}
	e := slack.NewPlainTextInputBlockElement(nil, inputID).WithMultiline(lines).WithMaxLength(most)
	return e.WithInitialValue(cut(clean(text), most))
}

// longText is a text that has no room in one field: a person who edits it must not
// lose the rest.
func (p painter) longText(id fieldID, f connector.Field) []slack.Block {
	var blocks []slack.Block
	f.Most = 0
	for rest, sep := clean(f.Value[0]), ""; rest != ""; {
		part, next, more := firstPart(rest, mostTyped-200, length) // with room to add something
		id.part = fmt.Sprintf("%d%s", len(blocks), map[string]string{"\n": "n", " ": "s"}[sep])
		blocks = append(blocks, input(id, f, fmt.Sprintf("%s (%d)", f.Label, len(blocks)+1), typed(f, part, true)))
		rest, sep, f.Optional = more, next, true
	}
	return blocks
}

func options(all []connector.Option, most int) []*slack.OptionBlockObject {
	var opts []*slack.OptionBlockObject
	for _, o := range all[:min(len(all), most)] {
		opts = append(opts, option(o.Value, o.Label))
	}
	return opts
}

func chosen(opts []*slack.OptionBlockObject, values []string) []*slack.OptionBlockObject {
	var in []*slack.OptionBlockObject
	for _, o := range opts {
		if slices.Contains(values, o.Value) {
			in = append(in, o)
		}
	}
	return in
}

func (p painter) choice(f connector.Field) slack.BlockElement {
	opts := options(f.Options, mostOptions)
	if len(opts) == 0 {
		return nil
	}
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, p.placeholder(p.words.Text("slack.choose")), inputID, opts...)
	if in := chosen(opts, f.Value); len(in) > 0 {
		e.WithInitialOption(in[0])
	}
	return e
}

func (p painter) choices(f connector.Field) slack.BlockElement {
	opts := options(f.Options, mostOptions)
	in := chosen(opts, f.Value)
	switch {
	case len(opts) == 0:
		return nil
	case len(opts) <= mostCheckboxes:
		e := slack.NewCheckboxGroupsBlockElement(inputID, opts...)
		e.InitialOptions = in
		return e
	}
	empty := p.placeholder(p.words.Text("slack.choose"))
	return slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, empty, inputID, opts...).WithInitialOptions(in...)
}

// search offers what the inbox finds, before the first letter already.
func (p painter) search(f connector.Field) slack.BlockElement {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, p.placeholder(p.words.Text("slack.search")), inputID)
	e.MinQueryLength = new(0)
	if in := chosen(options(f.Options, mostOptions), f.Value); len(in) > 0 {
		e.WithInitialOption(in[0])
	}
	return e
}

func (p painter) people(f connector.Field) slack.BlockElement {
	var ids []string
	for _, v := range f.Value {
		if account.MatchString(v) {
			ids = append(ids, v)
		}
	}
	empty := p.placeholder(p.words.Text("slack.choose"))
	return slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, empty, inputID).WithInitialUsers(ids...)
}
