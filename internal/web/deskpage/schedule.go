package deskpage

import (
	"net/http"
	"net/url"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// hourForm is the form for a new hour, with what was typed and what is wrong.
type hourForm struct {
	nav
	Fields  []fieldView
	Field   string // the field that is wrong
	Problem string
}

// schedulePage shows the form with what is likely.
func (d *Desk) schedulePage(w http.ResponseWriter, r *http.Request, v visit) {
	if v.Role != session.Moderator {
		d.failed(w, r, v, session.Fail(session.Forbidden, "forbidden", "role", v.Role, "verb", session.Schedule))
		return
	}
	d.showHourForm(w, r, v, nil, nil)
}

// showHourForm shows the form, with what was typed where something was.
func (d *Desk) showHourForm(w http.ResponseWriter, r *http.Request, v visit, typed url.Values, wrong error) {
	form, status := d.Views.ScheduleForm(d.Hour(), d.Staff.People()), http.StatusOK
	f := hourForm{nav: v.nav(""), Fields: v.fields("", form.Fill(connector.Values(typed)), wrong)}
	if wrong != nil {
		status, f.Field, f.Problem = site.StatusOf(wrong), form.At(wrong), v.words.Error(wrong)
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
	if err == nil {
		told, digest, wrong := d.Service.ForeseeHour(v.Actor(), h)
		page := toldView{Title: v.words.Text("desk.schedule_title"), Submit: v.words.Text("desk.schedule")}
		if err = wrong; err == nil && d.showTold(w, r, d.room(v, session.Session{}), page, told, digest) {
			return
		}
	}
	if err == nil {
		_, err = d.Service.Schedule(r.Context(), v.Actor(), h)
	}
	if err != nil {
		d.showHourForm(w, r, v, r.PostForm, err)
		return
	}
	d.leaveFlash(w, v, flashNote{Verb: session.Schedule})
	http.Redirect(w, r, v.nav(h.Slug).At(), http.StatusSeeOther)
}

// fields lay a form out; the ids of its controls begin with prefix.
func (v visit) fields(prefix string, f view.Form, wrong error) []fieldView {
	var fields []fieldView
	for _, field := range f.Fields {
		fv := fieldView{Field: field, Input: prefix + field.ID, Paint: paints[field.Kind]}
		if f.At(wrong) == field.ID {
			fv.Problem = v.words.Error(wrong)
		}
		fields = append(fields, fv)
	}
	return fields
}
