package chat

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// key is what a form carries: what it was about when it was opened.
type key struct {
	Do      view.Action       `json:"v"`
	Session connector.Tag     `json:"s"`
	Number  int               `json:"n,omitempty"`
	Seen    map[string]string `json:"w,omitempty"` // what its reader saw, by the names of the command
	Triage  bool              `json:"t,omitempty"`
	Queue   bool              `json:"q,omitempty"` // one answer to approve after another
	Home    bool              `json:"h,omitempty"` // opened from its reader's own page
	After   int               `json:"f,omitempty"` // the last question that was skipped
	Typed   connector.Tag     `json:"y,omitempty"` // what was typed in the step before; see foreseen
}

func (k key) String() string {
	b, _ := json.Marshal(k) // strings and numbers: it cannot fail
	return string(b)
}

func parseKey(text string) (key, bool) {
	var k key
	return k, json.Unmarshal([]byte(text), &k) == nil
}

// filled adds what the reader saw to what was filled in.
func (k key) filled(typed connector.Values) connector.Values {
	values := maps.Clone(typed)
	if values == nil {
		values = connector.Values{}
	}
	for name, v := range k.Seen {
		values[name] = []string{v}
	}
	return values
}

// shown are the forms that are more than fields.
var shown map[view.Action]func(*Chat, context.Context, press) (*connector.Form, error)

func init() { // a table that refers to functions that refer to it
	shown = map[view.Action]func(*Chat, context.Context, press) (*connector.Form, error){
		view.Action(session.Approve):         (*Chat).previewForm,
		view.Action(session.DeclineTogether): (*Chat).togetherForm,
		view.Action(session.MergeTogether):   (*Chat).togetherForm,
		view.Action(session.Describe):        (*Chat).describeForm,
		view.Read:                            (*Chat).readAll,
		view.LaterOnes:                       (*Chat).laterForm,
	}
}

// form draws the form of a press on the question as it is now, with what was typed
// already; nil when a press is enough.
func (c *Chat) form(ctx context.Context, p press, typed connector.Values) (*connector.Form, error) {
	if show, ok := shown[p.what()]; ok {
		f, err := show(c, ctx, p)
		if f != nil {
			f.Fields = view.Form{Fields: f.Fields}.Fill(typed).Fields
		}
		return f, err
	}
	return c.plainForm(p, typed), nil
}

// plainForm has the fields of a verb; nil is none.
func (c *Chat) plainForm(p press, typed connector.Values) *connector.Form {
	f := c.Views.For(p.ses, p.by).Form(p.q, p.verb()).Fill(typed)
	if len(f.Fields) == 0 {
		return nil
	}
	k := key{Do: p.what(), Session: p.Session, Number: p.Number, Seen: p.seen(f)}
	lines := []connector.Line{quote(cut(p.q.Text))}
	if f.Hint != "" {
		lines = append(lines, small(f.Hint, connector.Link{}))
	}
	label := c.label(p.what())
	return &connector.Form{Key: k.String(), Title: label + " " + c.Views.Ref(p.Number), Lines: lines, Fields: f.Fields,
		Submit: c.submits(p.what())}
}

// submits names what the form of a button does with what is typed, where that is not
// what the button says.
func (c *Chat) submits(a view.Action) string {
	switch session.Verb(a) {
	case session.Submit:
		return c.words.Text("verb.submit")
	case session.Correct:
		return c.text("submit_correction")
	}
	return c.label(a)
}

// open shows the form of a button, on top of another one when it was pressed there. When
// the question is not as the button's reader saw it, the form begins with that.
func (c *Chat) open(ctx context.Context, p press, f *connector.Form) (connector.Answer, error) {
	if why := p.q.SeenAt(p.stage(), p.by, p.verb()); why != nil {
		if !slices.Contains(session.Allowed(p.ses, p.q, p.by), p.verb()) {
			return c.said(why)
		}
		return c.shownAgain(ctx, p, nil, why)
	}
	return connector.Answer{Form: f, Push: p.Key != ""}, nil
}

// Submitted does what a form says.
func (c *Chat) Submitted(ctx context.Context, s connector.Submission) (connector.Answer, error) {
	a, err := c.submitted(ctx, s)
	return c.dated(homeward(s.Key, a)), err
}

func (c *Chat) submitted(ctx context.Context, s connector.Submission) (connector.Answer, error) {
	by, stranger := c.who(s.By)
	if stranger != nil {
		return *stranger, nil
	}
	k, ok := parseKey(s.Key)
	if !ok {
		return connector.Answer{Say: c.text("old_button"), Close: true}, nil
	}
	if k.Do == view.Action(session.Schedule) {
		return c.scheduled(ctx, by, k, s.Values)
	}
	ses, err := c.tagged(ctx, k.Session)
	if err != nil {
		return c.said(err)
	}
	if k.Number == 0 {
		return c.submittedHour(ctx, press{Action: about(ses.ID, 0, k.Do), by: by, ses: ses}, k, s.Values)
	}
	q, err := c.question(ctx, ses.ID, k.Number)
	if err != nil {
		return c.said(err)
	}
	return c.submittedCard(ctx, press{Action: about(ses.ID, k.Number, k.Do), by: by, ses: ses, q: q}, k, s)
}

func (c *Chat) submittedCard(ctx context.Context, p press, k key, s connector.Submission) (connector.Answer, error) {
	if k.Seen == nil { // of an earlier version: what its reader saw is not known
		return c.shownAgain(ctx, p, s.Values, session.Fail(session.Stale, "stale"))
	}
	cmd, err := view.Command(p.verb(), p.q.Ref, k.filled(s.Values))
	var r session.Result
	if err == nil {
		r, err = c.Service.Do(ctx, p.by, cmd)
	}
	field := c.Views.For(p.ses, p.by).Form(p.q, p.verb()).At(err)
	switch {
	case err == nil && r.Batch != nil:
		return connector.Answer{Say: c.batch(p.verb(), r), Close: true}, nil
	case err == nil && p.verb() == session.Describe:
		p.q = r.Question
		return c.describeNext(ctx, p)
	case err == nil && k.Queue:
		return c.nextApproval(ctx, p.by, p.ses, k.After)
	case err == nil && k.Home:
		text, undo := c.became(p, p.verb(), r.Question)
		return connector.Answer{Say: text, Buttons: undo, Close: true}, nil
	case err == nil:
		return connector.Answer{Close: true}, nil
	case away(err):
		return connector.Answer{}, err
	case field != "":
		return connector.Answer{Wrong: map[string]string{field: c.words.Error(err)}}, nil
	}
	return c.shownAgain(ctx, p, s.Values, err)
}

// shownAgain shows a form as things are now, with the reason on top and everything that
// was typed.
func (c *Chat) shownAgain(ctx context.Context, p press, typed connector.Values, why error) (connector.Answer, error) {
	var err error
	if p.q, err = c.question(ctx, p.ses.ID, p.Number); err != nil {
		return c.said(err)
	}
	f, err := c.form(ctx, p, typed)
	if err != nil {
		return c.said(err)
	}
	if f == nil || session.ResolvesCopy(p.verb()) {
		return connector.Answer{Say: c.words.Error(why), Close: true}, nil
	}
	if shown[p.what()] == nil {
		f.Lines = append(f.Lines, c.answered(c.everybody(p.ses).Card(p.q, 0))...)
	}
	f.Lines = append([]connector.Line{say("⚠ " + c.words.Error(why))}, f.Lines...)
	return connector.Answer{Form: f}, nil
}

// again shows a form as things are now, with everything that was typed.
func (c *Chat) again(ctx context.Context, p press, k key) (connector.Answer, error) {
	switch {
	case k.Triage:
		return c.next(ctx, p.by, p.ses, k.After)
	case k.Queue:
		return c.nextApproval(ctx, p.by, p.ses, k.After)
	}
	p.Do = string(k.Do)
	if !p.what().Own() && !slices.Contains(c.Views.For(p.ses, p.by).Allowed(p.q), p.verb()) {
		err := session.Fail(session.Refused, "not_now", "verb", p.verb(), "state", p.q.State)
		return connector.Answer{Say: c.words.Error(err), Close: true}, nil
	}
	f, err := c.form(ctx, p, p.Values)
	if err != nil {
		return c.said(err)
	}
	return connector.Answer{Form: f}, nil
}
