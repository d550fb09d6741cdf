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
	Apart  bool // on a page of its own

	Pictures *slots     // nil: none can be sent
	Typed    *typedView // nil: no answer is written in it
}

// Primary reports whether the button is what people look for.
func (v offerView) Primary() bool { return v.Style == connector.Primary }

// Danger reports whether the button stands behind a fold of its own.
func (v offerView) Danger() bool { return v.Style == connector.Danger }

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
	connector.ChoicesField: "choices", connector.SearchField: "search", connector.PeopleField: "choices", connector.DateField: "date",
	connector.ClockField: "time"}

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
	form, at := m.Form(q, o.Verb), fmt.Sprintf("q%d-", q.Ref.Number)
	v := offerView{Offer: o, Group: at + "more", Path: fmt.Sprintf("%s/q/%d/%s", m.nav().At(), q.Ref.Number, o.Verb), Select: s,
		Folded: len(form.Fields) > 0 || o.Confirm != "", Apart: slices.Contains(onSeveral, o.Verb)}
	v.Typed = m.typed(q, &form, refused)
	v.lay(m, at+string(o.Verb), form, refused)
	v.Pictures = m.slots(q, o.Verb, refused)
	for i := range v.Fields {
		f := &v.Fields[i]
		f.Language, f.Similar = q.Language, fmt.Sprintf("%s/q/%d/merge", m.nav().At(), q.Ref.Number)
	}
	return v
}

// hourOffers lays out what the person may do with the hour; closing has a page of its own.
func (m *room) hourOffers(refused *attempt) []offerView {
	var vs []offerView
	for _, o := range m.HourOffers() {
		form := m.HourForm(o.Verb, m.desk.Staff.People())
		v := offerView{Offer: o, Path: m.nav().At() + "/" + string(o.Verb), Folded: len(form.Fields) > 0 || form.Hint != ""}
		v.lay(m, "hour-"+string(o.Verb), form, refused)
		if o.Verb != session.Close {
			vs = append(vs, v)
		}
	}
	return vs
}

// lay fills in what every form has, with what was typed where it was refused.
func (v *offerView) lay(m *room, id string, form view.Form, refused *attempt) {
	var wrong error
	if refused != nil && refused.verb == v.Verb {
		v.Open, wrong, form = true, refused.err, m.Filled(form, refused.values(), m.zone)
	}
	v.ID, v.Hint, v.Hidden, v.Fields = id, form.Hint, inputs(form.Seen), m.fields(id+"-", form, wrong)
}

// inputs are hidden fields, in a fixed order.
func inputs(seen map[string]string) []input {
	var hidden []input
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		hidden = append(hidden, input{name, seen[name]})
	}
	return hidden
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
