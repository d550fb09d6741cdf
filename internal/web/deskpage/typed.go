package deskpage

import (
	"net/http"
	"slices"
	"strconv"

	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// typedView is what stands below the field in which an answer is written: what of it is kept, and
// how it would go out.
type typedView struct {
	*view.Unsent // nil: nothing is kept
	view.Composing
	Path    string // to which what is typed is sent
	Touched bool   // what it was written on is not the newest any more
	Problem string // why it is not kept
}

// Over names the text that the window has found, for the next one that it sends.
func (t typedView) Over() string {
	if t.Unsent == nil {
		return ""
	}
	return t.Mark
}

// typed fills what the person has typed and not sent into the form of an answer, with what they had
// seen then, so that nothing newer is overwritten unawares. What was just refused goes before it.
func (m *room) typed(q session.Question, f *view.Form, refused *attempt) *typedView {
	if m.desk.Service.Typed == nil || !slices.Contains(illustrated, f.Verb) {
		return nil
	}
	t := &typedView{Unsent: m.Unsent(m.typing[q.Ref.Number][m.Name]), Path: m.nav().At() + "/q/" + strconv.Itoa(q.Ref.Number) + "/_typed"}
	if t.Unsent != nil && (refused == nil || refused.verb != f.Verb) {
		now := f.Seen
		*f = f.Resume(t.Typed)
		t.Touched = f.Seen["base"] != now["base"] || f.Seen["draft"] != now["draft"]
	}
	return t
}

// readTyping reads what people are writing; a desk without it is better than none.
func (d *Desk) readTyping(r *http.Request, m *room, numbers ...int) {
	if d.Service.Typed == nil {
		return
	}
	var err error
	if m.typing, err = d.Service.Typed.Typing(r.Context(), m.ses.ID, numbers...); err != nil {
		d.Site.Log.Warn("desk without what is typed", "session", m.ses.ID, "error", err)
	}
}

// typedOf reads what a window sends of an answer, and the name of the text that it had found.
func typedOf(r *http.Request) (t session.Typed, over string) {
	base, _ := strconv.Atoi(r.PostForm.Get("base")) // of a form that the desk wrote
	return session.Typed{Text: r.PostForm.Get("text"), From: r.PostForm.Get("window"), Stage: r.PostForm.Get("stage"), Base: base,
		Draft: r.PostForm.Get("draft")}, r.PostForm.Get("over")
}

// keepTyped keeps what somebody is typing, and answers with what stands below the field.
func (d *Desk) keepTyped(w http.ResponseWriter, r *http.Request, v visit) {
	n, err := number(r)
	if err == nil && d.Service.Typed == nil {
		err = site.ErrNoPage
	}
	if err == nil && r.ParseForm() != nil {
		err = site.ErrForm
	}
	if err != nil {
		http.Error(w, v.words.Error(err), site.StatusOf(err))
		return
	}
	t, over := typedOf(r)
	ref := session.QuestionRef{Session: session.ID(r.PathValue("slug")), Number: n}
	res, texts, err := d.Service.KeepTyped(r.Context(), v.Actor(), ref, t, over)
	if err != nil && res.Question.Ref.Number == 0 {
		http.Error(w, v.words.Error(err), site.StatusOf(err))
		return
	}
	m := d.room(v, res.Session)
	view := typedView{Unsent: m.Unsent(texts), Composing: m.Composing(res.Question, t.Text)}
	if err != nil {
		view.Problem = v.words.Error(err)
	}
	d.fragment(w, m, "typed", view)
}

// dropTyped forgets what a person has just sent as an answer.
func (d *Desk) dropTyped(r *http.Request, v visit, a *attempt) {
	if !slices.Contains(illustrated, a.verb) {
		return
	}
	ref := session.QuestionRef{Session: session.ID(r.PathValue("slug")), Number: a.number}
	t := session.Typed{Text: a.form.Get("text"), From: a.form.Get("window")}
	if err := d.Service.DropTyped(r.Context(), v.Actor(), ref, t, a.form.Get("over")); err != nil {
		d.Site.Log.Warn("what was sent is still kept as typed", "question", ref, "error", err)
	}
}
