package deskpage

import (
	"net/http"
	"net/url"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// hourForm is the form for a new hour, with what was typed and all that is wrong.
type hourForm struct {
	nav
	Fields  []fieldView
	Problem string // about none of the fields
}

// Wrong reports whether anything is.
func (f hourForm) Wrong() bool {
	return f.Problem != "" || slices.ContainsFunc(f.Fields, func(v fieldView) bool { return v.Problem != "" })
}

// schedulePage shows the form with what is likely.
func (d *Desk) schedulePage(w http.ResponseWriter, r *http.Request, v visit) {
	if v.Role != session.Moderator {
		d.failed(w, r, v, session.Fail(session.Forbidden, "forbidden", "who", session.Roles{session.Moderator}, "verb", session.Schedule))
		return
	}
	d.showHourForm(w, r, v, nil, nil)
}

// showHourForm shows the form, with what was typed where something was.
func (d *Desk) showHourForm(w http.ResponseWriter, r *http.Request, v visit, typed url.Values, wrong error) {
	h := d.Hour()
	form := d.Views.Filled(d.Views.ScheduleForm(h, d.Staff.People()), connector.Values(typed), session.Session{Zone: h.Zone}.Location())
	f, status := hourForm{nav: v.nav(""), Fields: v.fields("", form, wrong)}, http.StatusOK
	if wrong != nil {
		status, f.Problem = site.StatusOf(wrong), form.Wrong(v.words, wrong)[""]
	}
	d.pages.Render(w, r, status, "schedule", d.frame(v.words.Text("desk.schedule_title")), f)
}

// schedule makes a new hour, once it was shown what the public will be told, or shows the
// form again with what is wrong at its field.
func (d *Desk) schedule(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		d.failed(w, r, v, formError(err))
		return
	}
	if r.PostForm.Has("edit") {
		d.showHourForm(w, r, v, r.PostForm, nil)
		return
	}
	h, err := d.Views.Hour(d.Hour(), connector.Values(r.PostForm))
	told, digest, wrong := d.Service.ForeseeHour(r.Context(), v.Actor(), h)
	page := toldView{Title: v.words.Text("desk.schedule_title"), Submit: v.words.Text("desk.schedule")}
	if err = session.Also(err, wrong); err == nil && d.showTold(w, r, d.room(v, session.Session{}), page, told, digest) {
		return
	}
	var res session.Result
	if err == nil {
		res, err = d.Service.Schedule(r.Context(), v.Actor(), h)
	}
	if err != nil {
		d.showHourForm(w, r, v, r.PostForm, err)
		return
	}
	d.leaveFlash(w, v, flashNote{Verb: session.Schedule})
	http.Redirect(w, r, v.nav(res.Session.ID).At(), http.StatusSeeOther)
}

// fields lay a form out; the ids of its controls begin with prefix.
func (v visit) fields(prefix string, f view.Form, wrong error) []fieldView {
	var fields []fieldView
	problems := f.Wrong(v.words, wrong)
	for _, field := range f.Fields {
		fields = append(fields, fieldView{Field: field, Input: prefix + field.ID, Paint: paints[field.Kind], Problem: problems[field.ID]})
	}
	return fields
}
