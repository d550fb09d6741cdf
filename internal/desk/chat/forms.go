package chat

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// key is what a form carries: what it was about when it was opened.
type key struct {
	Verb    session.Verb  `json:"v"`
	Session connector.Tag `json:"s"`
	Number  int           `json:"n,omitempty"`
	Mark    int           `json:"m,omitempty"`
	Digest  string        `json:"d,omitempty"`
	Stage   string        `json:"g,omitempty"` // of the question when the form was opened
	Draft   string        `json:"a,omitempty"` // DraftMark of the draft that was in it
	Triage  bool          `json:"t,omitempty"`
	After   int           `json:"f,omitempty"` // the last question that was skipped
}

func (k key) String() string {
	b, _ := json.Marshal(k) // strings and numbers: it cannot fail
	return string(b)
}

func parseKey(text string) (key, bool) {
	var k key
	return k, json.Unmarshal([]byte(text), &k) == nil
}

// form is what a verb needs besides the press.
type form struct {
	fields func(c *Chat, p press) []connector.Field
	// command builds the command from what was filled in.
	command func(p press, k key, v connector.Values) session.Command
	// show, if set, draws the whole form instead of its fields.
	show func(c *Chat, ctx context.Context, p press) (*connector.Form, error)
}

// forms are the verbs on a question that need more than a press.
var forms map[session.Verb]form

func init() { // a table that refers to functions that refer to it
	forms = map[session.Verb]form{
		session.Decline: {fields: (*Chat).declineFields, command: func(p press, k key, v connector.Values) session.Command {
			return session.DeclineQuestion{On: p.at(k), Reason: v.First("reason"), Remark: v.First("remark")}
		}},
		session.Redirect: {fields: (*Chat).redirectFields, command: redirect},
		session.Merge:    {fields: (*Chat).mergeFields, command: merge},
		session.SendBack: {fields: one("comment", connector.TextField, 1000), command: func(p press, k key, v connector.Values) session.Command {
			return session.SendBackAnswer{On: p.at(k), Comment: v.First("comment")}
		}},
		session.Retract: {fields: optional("remark", connector.WordField, 1000), command: func(p press, k key, v connector.Values) session.Command {
			return session.RetractAnswer{On: p.at(k), Remark: v.First("remark")}
		}},
		session.AddNote: {fields: one("note", connector.TextField, 1000), command: func(p press, k key, v connector.Values) session.Command {
			return session.NoteQuestion{On: p.at(k), Text: v.First("note")}
		}},
		session.Submit: {fields: (*Chat).answerField, command: func(p press, k key, v connector.Values) session.Command {
			return session.SubmitAnswer{On: p.at(k), Text: v.First("answer"), Base: &k.Mark, Draft: &k.Draft}
		}},
		session.Correct: {fields: (*Chat).answerField, command: func(p press, k key, v connector.Values) session.Command {
			return session.CorrectAnswer{On: p.at(k), Text: v.First("answer"), Base: &k.Mark, Draft: &k.Draft}
		}},
		session.Approve: {show: (*Chat).previewForm, command: func(p press, k key, _ connector.Values) session.Command {
			return session.ApproveAnswer{On: p.at(k), Revision: k.Mark, Digest: k.Digest}
		}},
		read:  {show: (*Chat).readAll},
		later: {show: (*Chat).laterForm},
	}
}

// at is the question at the stage at which the form was opened: what colleagues decided
// since is not undone by it.
func (p press) at(k key) session.On { return session.On{Question: p.q.Ref, Stage: k.Stage} }

// open shows the form of a verb, on top of another one when it was pressed there. When
// the question is not as the button's reader saw it, the form begins with that.
func (c *Chat) open(ctx context.Context, p press, f form) (connector.Answer, error) {
	if why := p.q.SeenAt(p.stage(), p.by, p.Verb); why != nil {
		if !slices.Contains(session.Allowed(p.ses, p.q, p.by), p.Verb) {
			return c.said(why)
		}
		return c.refused(ctx, p, f, nil, why)
	}
	if f.show != nil {
		shown, err := f.show(c, ctx, p)
		if err != nil {
			return c.said(err)
		}
		return connector.Answer{Form: shown, Push: p.Key != ""}, nil
	}
	return connector.Answer{Push: p.Key != "", Form: c.formOf(p, f, nil)}, nil
}

// formOf draws a form on the question as it is now, with what was typed already.
func (c *Chat) formOf(p press, f form, typed connector.Values) *connector.Form {
	k := key{Verb: p.Verb, Session: p.Session, Number: p.Number, Mark: len(p.q.Revisions), Stage: p.q.Stage(), Draft: session.DraftMark(p.q.Draft())}
	fields := f.fields(c, p)
	for i := range fields {
		if v, ok := typed[fields[i].ID]; ok {
			fields[i].Value = v
		}
	}
	return &connector.Form{Key: k.String(), Title: c.label(p.Verb) + " " + c.Views.Ref(p.Number), Lines: []connector.Line{quote(cut(p.q.Text))},
		Fields: fields, Submit: c.label(p.Verb)}
}

// Submitted does what a form says.
func (c *Chat) Submitted(ctx context.Context, s connector.Submission) (connector.Answer, error) {
	by, stranger := c.who(s.By)
	if stranger != nil {
		return *stranger, nil
	}
	k, ok := parseKey(s.Key)
	if !ok {
		return connector.Answer{Say: c.text("old_button"), Close: true}, nil
	}
	if k.Verb == session.Schedule {
		return c.scheduled(ctx, by, s.Values)
	}
	ses, err := c.tagged(ctx, k.Session)
	if err != nil {
		return c.said(err)
	}
	if k.Number == 0 {
		return c.submittedHour(ctx, by, ses, k, s.Values)
	}
	return c.submittedQuestion(ctx, by, ses, k, s)
}

func (c *Chat) submittedQuestion(ctx context.Context, by session.Actor, ses session.Session, k key, s connector.Submission) (connector.Answer, error) {
	f, ok := forms[k.Verb]
	if !ok || f.command == nil {
		return connector.Answer{Close: true}, nil
	}
	q, err := c.question(ctx, ses.ID, k.Number)
	if err != nil {
		return c.said(err)
	}
	p := press{Action: connector.Action{Verb: k.Verb, Session: k.Session, Number: k.Number}, by: by, ses: ses, q: q}
	_, err = c.Service.Do(ctx, by, f.command(p, k, s.Values))
	switch {
	case err == nil:
		return connector.Answer{Close: true}, nil
	case away(err):
		return connector.Answer{}, err
	case f.show == nil && session.FieldOf(err) != "":
		return connector.Answer{Wrong: map[string]string{inputOf(session.FieldOf(err), f.fields(c, p)): c.words.Error(err)}}, nil
	}
	return c.refused(ctx, p, f, s.Values, err)
}

// inputs are called after what staff call a field, where that is not its name.
var inputs = map[session.Field][]string{"text": {"answer", "note"}, "reason": {"remark"}}

// inputOf is the input of a form that an error is shown at.
func inputOf(f session.Field, fields []connector.Field) string {
	for _, d := range fields {
		if d.ID == string(f) || slices.Contains(inputs[f], d.ID) {
			return d.ID
		}
	}
	return fields[0].ID
}

// refused shows the form again as things are now, with the reason on top and everything
// that was typed.
func (c *Chat) refused(ctx context.Context, p press, f form, typed connector.Values, why error) (connector.Answer, error) {
	q, err := c.question(ctx, p.ses.ID, p.Number)
	if err != nil {
		return c.said(err)
	}
	p.q = q
	var shown *connector.Form
	if f.show != nil {
		if shown, err = f.show(c, ctx, p); err != nil {
			return c.said(err)
		}
	} else {
		shown = c.formOf(p, f, typed)
		shown.Lines = append(shown.Lines, c.answered(c.everybody(p.ses).Card(q, 0))...)
	}
	shown.Lines = append([]connector.Line{say("⚠ " + c.words.Error(why))}, shown.Lines...)
	return connector.Answer{Form: shown}, nil
}

// one is a form with one field.
func one(id string, k connector.FieldKind, most int) func(*Chat, press) []connector.Field {
	return func(c *Chat, _ press) []connector.Field {
		return []connector.Field{{ID: id, Label: c.text("field." + id), Kind: k, Most: most}}
	}
}

func optional(id string, k connector.FieldKind, most int) func(*Chat, press) []connector.Field {
	return func(c *Chat, p press) []connector.Field {
		fs := one(id, k, most)(c, p)
		fs[0].Optional = true
		return fs
	}
}

func (c *Chat) declineFields(p press) []connector.Field {
	f := connector.Field{ID: "reason", Label: c.text("field.reason"), Kind: connector.ChoiceField, Hint: c.text("field.reason_hint")}
	for _, r := range c.Views.Reasons {
		f.Options = append(f.Options, connector.Option{Value: r.ID, Label: c.Views.Reason(r.ID)})
	}
	return append([]connector.Field{f}, optional("remark", connector.WordField, 1000)(c, p)...)
}

func (c *Chat) redirectFields(p press) []connector.Field {
	fs := []connector.Field{{ID: "institution", Label: c.text("field.institution"), Kind: connector.WordField, Most: 200, Optional: true},
		{ID: "answered", Label: c.text("field.answered"), Kind: connector.WordField, Most: 6, Optional: true}}
	if p.q.Email != "" || p.q.Origin.Connector != session.Page {
		fs = append(fs, connector.Field{ID: "email", Label: c.text("field.email"), Kind: connector.ChoicesField, Optional: true,
			Options: []connector.Option{{Value: "yes", Label: c.words.Text("desk.redirect_email")}}})
	}
	return fs
}

func redirect(p press, k key, v connector.Values) session.Command {
	return session.RedirectQuestion{On: p.at(k), Forward: session.Forward{Institution: v.First("institution"), Email: v.First("email") == "yes",
		Answered: numberIn(v.First("answered"))}}
}

// numberIn reads the number of a question, as people write it: "12", "#12" or "Q12".
// What is no number is -1, which no question has.
func numberIn(text string) int {
	text = strings.TrimLeft(strings.TrimSpace(text), "#Qq")
	if text == "" {
		return 0
	}
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' || n > 1<<24 {
			return -1
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// answerField is the answer to go on with: the draft, or the newest revision.
func (c *Chat) answerField(p press) []connector.Field {
	text := p.q.Draft()
	if text == "" {
		text = p.q.Latest().Text
	}
	f := connector.Field{ID: "answer", Label: c.text("field.answer"), Kind: connector.TextField, Hint: c.text("field.answer_hint")}
	if text != "" {
		f.Value = []string{text}
	}
	return []connector.Field{f}
}
