package slack

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
)

const (
	mostTitle = 24 // of a form, and of the labels of its buttons
	mostLabel = 2000
	mostKey   = 3000 // of private_metadata
)

// modal draws a form. Slack keeps what somebody typed into a field when a form is
// replaced by one with the same field, so the ids of fields carry the form's key.
func (p painter) modal(f connector.Form) slack.ModalViewRequest {
	blocks, whole := p.form(f)
	if !whole && f.Submit != "" {
		f = p.tooMuch(f)
		blocks, _ = p.form(f)
	}
	v := slack.ModalViewRequest{
		Type:            slack.VTModal,
		Title:           label(f.Title, mostTitle),
		Close:           label(p.words.Text("adapter.close"), mostTitle),
		PrivateMetadata: f.Key,
		Blocks:          slack.Blocks{BlockSet: blocks},
	}
	switch {
	case f.Submit != "":
		v.Submit, v.Close = label(f.Submit, mostTitle), label(p.words.Text("adapter.cancel"), mostTitle)
	case mustSubmit(f):
		v.Submit, v.Close, v.CallbackID = v.Close, nil, lookOnly
	}
	return v
}

// tooMuch is what becomes of a form that cannot be shown whole: nobody may submit what
// they have not seen, so it only can be looked at, and says so first.
func (p painter) tooMuch(f connector.Form) connector.Form {
	first := connector.Line{Kind: connector.Say, Text: p.words.Text("slack.too_much")}
	f.Lines = slices.Insert(slices.Clone(f.Lines), 0, first)
	f.Submit, f.Fields = "", nil
	return f
}

// lookOnly is the callback_id of a form whose submission only closes it.
const lookOnly = "look"

// mustSubmit is true for a form with something to type in: Slack shows that only where
// it can be submitted. All other fields can stand beside their names as well.
func mustSubmit(f connector.Form) bool {
	return f.Submit != "" || slices.ContainsFunc(f.Fields, func(f connector.Field) bool {
		return f.Kind == connector.TextField || f.Kind == connector.WordField
	})
}

// home draws a form as a person's page of the app; it has nothing to fill in.
func (p painter) home(f connector.Form) slack.HomeTabViewRequest {
	title := connector.Line{Kind: connector.Head, Text: f.Title}
	f.Fields = nil
	blocks, _ := p.form(f)
	if f.Title != "" {
		blocks = append(p.line(title, mostHeader), blocks[:min(len(blocks), mostInView-1)]...)
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, PrivateMetadata: f.Key, Blocks: slack.Blocks{BlockSet: blocks}}
}

// form draws lines, then fields, then buttons. whole is false when something of it that
// must be seen had no room.
func (p painter) form(f connector.Form) (blocks []slack.Block, whole bool) {
	var fields []slack.Block
	for _, field := range f.Fields {
		fields = append(fields, p.field(f.Key, field, mustSubmit(f))...)
	}
	actions := p.actions("b", f.Buttons, nil)
	room, load := mostInView-len(actions), heaviest-weight(actions)
	fit := fitting(fields, room-1, load)
	blocks, whole = p.whole(f.Lines, room-fit, load-weight(fields[:fit]))
	blocks = append(append(blocks, fields[:fit]...), actions...)
	if len(blocks) == 0 {
		blocks = []slack.Block{section(plain("", 1))}
	}
	return blocks, whole && fit == len(fields)
}

// tell is a form that only says something. Closing it closes everything below.
func (p painter) tell(say string, all bool) slack.ModalViewRequest {
	v := p.modal(connector.Form{Title: p.words.Text("slack.notice")})
	v.Blocks.BlockSet = p.paragraphs(say, mostInView)
	v.ClearOnClose = all
	return v
}

// fieldID names a field's block; the part says which piece of a long text it holds,
// and by what it is joined with the one before.
type fieldID struct {
	field string
	form  string
	part  string
}

func (id fieldID) String() string {
	return strings.Join([]string{"f", id.field, id.form, id.part}, ":")
}

func parseFieldID(block string) (id fieldID, ok bool) {
	parts := strings.Split(block, ":")
	if len(parts) != 4 || parts[0] != "f" {
		return fieldID{}, false
	}
	return fieldID{parts[1], parts[2], parts[3]}, true
}

// formTag tells one form's fields from another's.
func formTag(key string) string { return string(connector.TagOf(key)) }

// inputID is the action_id of the only element of a field.
const inputID = "in"

// field draws one thing to fill in. A choice of nothing cannot be drawn.
func (p painter) field(form string, f connector.Field, submit bool) []slack.Block {
	id := fieldID{field: f.ID, form: formTag(form)}
	if f.Kind == connector.TextField && len(f.Value) > 0 && length(f.Value[0]) > mostTyped {
		return p.longText(id, f)
	}
	e := p.element(f, submit)
	switch {
	case e == nil:
		return nil
	case submit:
		return []slack.Block{input(id, f, f.Label, e)}
	}
	return p.beside(id, f, e)
}

func input(id fieldID, f connector.Field, name string, e slack.BlockElement) slack.Block {
	var hint *slack.TextBlockObject
	if f.Hint != "" {
		hint = plain(f.Hint, mostLabel)
	}
	return slack.NewInputBlock(id.String(), label(name, mostLabel), hint, e).WithOptional(f.Optional)
}

// beside draws a field of a form that has no submit button: its value comes with
// whatever is pressed.
func (p painter) beside(id fieldID, f connector.Field, e slack.BlockElement) []slack.Block {
	name := slack.NewSectionBlock(label(f.Label, mostLabel), nil, slack.NewAccessory(e), slack.SectionBlockOptionBlockID(id.String()))
	if f.Hint == "" {
		return []slack.Block{name}
	}
	return []slack.Block{name, slack.NewContextBlock("", plain(f.Hint, mostSmall))}
}
