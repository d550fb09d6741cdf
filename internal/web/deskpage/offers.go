package deskpage

import (
	"fmt"
	"maps"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// offerView is something that may be done with a question: a button, or a fold with
// what it asks for.
type offerView struct {
	view.Offer
	ID     string // of its form
	Group  string // of folds of which one is open
	Path   string // to which it is sent
	Hint   string
	Fields []fieldView
	Hidden []input // what the reader saw
	Select selection
	Open   bool // somebody was refused here
	Folded bool // asks for something first
}

// Primary reports whether the button is what people look for.
func (v offerView) Primary() bool { return v.Style == connector.Primary }

// fieldView is one thing to fill in.
type fieldView struct {
	connector.Field
	Input    string // the id of its control
	Paint    string // which template
	Problem  string
	Similar  string // of a search: where what reads alike is listed
	Language session.Language
}

// Text is what a text field holds.
func (f fieldView) Text() string {
	if len(f.Value) == 0 {
		return ""
	}
	return f.Value[0]
}

// Chosen reports whether an option is chosen.
func (f fieldView) Chosen(value string) bool { return slices.Contains(f.Value, value) }

var paints = map[connector.FieldKind]string{connector.TextField: "text", connector.WordField: "word", connector.ChoiceField: "choice",
	connector.ChoicesField: "choices", connector.SearchField: "search"}

// controls are the ids of controls that are called otherwise than their field: two forms
// of a card may have a text.
var controls = map[session.Verb]string{session.Submit: "answer", session.Correct: "answer", session.AddNote: "note"}

// offers lays out what the person may do with q. refused is what they typed into one of
// the forms and could not be done; it may be nil.
func (m *room) offers(q session.Question, c *cardView, refused *attempt) (inline *offerView, shown, rare []offerView) {
	for _, o := range m.Offers(q) {
		if o.Verb == session.Approve && (c.Preview == nil || c.Preview.Blocked != "") {
			continue
		}
		v := m.offer(q, o, c.Select, refused)
		switch {
		case o.Verb == session.Approve:
			v.approves(m, c.Preview)
			shown = append(shown, v)
		case o.Verb == session.Submit && q.State == session.Claimed && q.Holder == m.Name:
			inline = &v
		case o.Rare:
			rare = append(rare, v)
		default:
			shown = append(shown, v)
		}
	}
	return inline, shown, rare
}

func (m *room) offer(q session.Question, o view.Offer, s selection, refused *attempt) offerView {
	form := m.Form(q, o.Verb)
	v := offerView{Offer: o, Group: fmt.Sprintf("q%d-more", q.Ref.Number), ID: fmt.Sprintf("q%d-%s", q.Ref.Number, o.Verb),
		Path: fmt.Sprintf("%s/q/%d/%s", m.nav().At(), q.Ref.Number, o.Verb), Hint: form.Hint, Hidden: inputs(form.Seen),
		Select: s, Folded: len(form.Fields) > 0 || o.Confirm != ""}
	if refused != nil && refused.verb == o.Verb {
		v.Open, form = true, form.Fill(refused.values())
	}
	for _, f := range form.Fields {
		v.Fields = append(v.Fields, m.fieldView(q, o.Verb, f, refused))
	}
	return v
}

// inputs are hidden fields, in a fixed order.
func inputs(seen map[string]string) []input {
	var hidden []input
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		hidden = append(hidden, input{name, seen[name]})
	}
	return hidden
}

func (m *room) fieldView(q session.Question, verb session.Verb, f connector.Field, refused *attempt) fieldView {
	control := f.ID
	if c, ok := controls[verb]; ok {
		control = c
	}
	v := fieldView{Field: f, Input: fmt.Sprintf("q%d-%s", q.Ref.Number, control), Paint: paints[f.Kind], Language: q.Language,
		Similar: fmt.Sprintf("%s/q/%d/merge", m.nav().At(), q.Ref.Number)}
	if refused != nil && refused.verb == verb && string(session.FieldOf(refused.err)) == f.ID {
		v.Problem = m.words.Error(refused.err)
	}
	return v
}

// approves makes the button approve exactly what the preview shows.
func (v *offerView) approves(m *room, p *previewView) {
	v.Long = m.words.Count("desk.approve", len(p.Copies))
	if p.Own {
		v.Long = m.Text("desk.approve_own")
	}
	for i, h := range v.Hidden {
		switch h.Name {
		case "revision":
			v.Hidden[i].Value = fmt.Sprint(p.Revision)
		case "digest":
			v.Hidden[i].Value = p.Digest
		}
	}
	v.Hidden = append(v.Hidden, input{"seen", p.Seen})
}
