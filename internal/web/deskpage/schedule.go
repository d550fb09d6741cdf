package deskpage

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// hourForm is the form for a new hour, with what was typed and what is wrong.
type hourForm struct {
	nav
	Title, Topic, Slug  string
	Start, End, AskFrom string
	Experts             []choice
	Places              []choice
	Zone                string
	Field               string // the field that is wrong
	Problem             string
}

// choice is one option of a list.
type choice struct {
	Value, Text string
	Office      string
	Chosen      bool
}

// schedulePage shows the empty form, with every place ticked.
func (d *Desk) schedulePage(w http.ResponseWriter, r *http.Request, v visit) {
	if v.Role != session.Moderator {
		d.failed(w, r, v, session.Fail(session.Forbidden, "forbidden", "role", v.Role, "verb", session.Schedule))
		return
	}
	f := d.newHourForm(v, url.Values{}, true)
	d.pages.Render(w, r, http.StatusOK, "schedule", d.frame(v.words.Text("desk.schedule_title")), f)
}

func (d *Desk) newHourForm(v visit, typed url.Values, fresh bool) hourForm {
	f := hourForm{nav: v.nav(""), Title: typed.Get("title"), Topic: typed.Get("topic"), Slug: typed.Get("slug"),
		Start: typed.Get("start"), End: typed.Get("end"), AskFrom: typed.Get("ask_from"), Zone: d.Hour.Zone}
	experts := 0
	for _, p := range d.Staff.People() {
		if p.Role == session.ExpertRole {
			experts++
		}
	}
	for _, p := range d.Staff.People() {
		if p.Role == session.Observer {
			continue
		}
		f.Experts = append(f.Experts, choice{Value: string(p.Name), Text: string(p.Name), Office: p.Office,
			Chosen: slices.Contains(typed["experts"], string(p.Name)) || fresh && experts == 1 && p.Role == session.ExpertRole})
	}
	for _, p := range d.Views.Places {
		f.Places = append(f.Places, choice{Value: string(p.Connector), Text: p.Name,
			Chosen: fresh || slices.Contains(typed["targets"], string(p.Connector))})
	}
	return f
}

// schedule makes a new hour, once it was shown what the public will be told, or shows the
// form again with what is wrong at its field.
func (d *Desk) schedule(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		d.failed(w, r, v, formError(err))
		return
	}
	if r.PostForm.Has("edit") {
		d.pages.Render(w, r, http.StatusOK, "schedule", d.frame(v.words.Text("desk.schedule_title")), d.newHourForm(v, r.PostForm, false))
		return
	}
	h, err := d.typedHour(r.PostForm)
	if err == nil {
		told, digest, wrong := d.Service.ForeseeHour(v.Actor(), h)
		page := toldView{Title: v.words.Text("desk.schedule_title"), Submit: v.words.Text("desk.schedule")}
		if err = wrong; err == nil && d.showTold(w, r, d.room(v, session.Session{}), page, told, digest) {
			return
		}
	}
	if err == nil {
		h.Digest = r.PostForm.Get("digest")
		_, err = d.Service.Schedule(r.Context(), v.Actor(), h)
	}
	if err == nil {
		d.leaveFlash(w, v, flashNote{Verb: session.Schedule})
		http.Redirect(w, r, v.nav(h.Slug).At(), http.StatusSeeOther)
		return
	}
	f := d.newHourForm(v, r.PostForm, false)
	f.Field, f.Problem = string(session.FieldOf(err)), v.words.Error(err)
	page := d.frame(v.words.Text("desk.schedule_title"))
	d.pages.Render(w, r, site.StatusOf(err), "schedule", page, f)
}

// typedHour reads the form. An address that is left out is made of the title.
func (d *Desk) typedHour(form url.Values) (session.Hour, error) {
	h := d.Hour
	h.Title, h.Topic, h.Slug = form.Get("title"), form.Get("topic"), session.ID(form.Get("slug"))
	if session.CleanLine(h.Title) == "" {
		return h, session.Fail(session.Invalid, "title_missing").At("title")
	}
	if h.Slug == "" {
		h.Slug = view.Slug(h.Title)
	}
	for _, name := range form["experts"] {
		h.Experts = append(h.Experts, session.Expert{Name: session.PersonName(name)})
	}
	var err error
	if h.Targets, err = d.Views.Chosen(form["targets"]); err != nil {
		return h, err
	}
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		return h, session.Fail(session.Invalid, "zone_unknown", "zone", h.Zone).Because(err)
	}
	for _, f := range []struct {
		name session.Field
		to   *time.Time
	}{{"start", &h.Start}, {"end", &h.End}, {"ask_from", &h.AskFrom}} {
		if raw := form.Get(string(f.name)); raw != "" {
			if *f.to, err = view.LocalTime(raw, zone); err != nil {
				return h, session.Fail(session.Invalid, "time_form").At(f.name)
			}
		}
	}
	return h, nil
}
