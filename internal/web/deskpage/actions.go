package deskpage

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// attempt is what somebody pressed and could not be done, with what they typed.
type attempt struct {
	number int // 0: on the session
	verb   session.Verb
	form   url.Values
	err    error
}

// on returns the attempt if it was on question n.
func (a *attempt) on(n int) *attempt {
	if a == nil || a.number != n {
		return nil
	}
	return a
}

// questionVerb gives a command on a question and leads back to its card.
func (d *Desk) questionVerb(w http.ResponseWriter, r *http.Request, v visit) {
	n, err := number(r)
	if err != nil {
		d.failed(w, r, v, err)
		return
	}
	a := &attempt{number: n, verb: session.Verb(r.PathValue("verb"))}
	var wrong error
	if a.form, wrong, err = d.form(r, v, a); err != nil {
		d.failed(w, r, v, formError(err))
		return
	}
	var res session.Result
	if err = wrong; err == nil {
		res, err = d.perform(r, v, a)
	}
	if err != nil {
		a.err = err
		d.notDone(w, r, v, a)
		return
	}
	d.dropTyped(r, v, a)
	f := flashNote{Verb: a.verb, Number: n}
	if q, ok := res.Undoable(); ok {
		f.Stage, f.Undoes = q.Stage(), q.Ref.Number
	}
	if res.Already {
		f.Already, f.By = true, res.By.Name
	}
	to := d.back(r, v, a)
	if b := res.Batch; b != nil {
		some := *b
		some.Kept = b.Kept[:min(len(b.Kept), mostKept)]
		f.Batch = &some
		if b.More {
			to = r.URL.Path
		}
	}
	d.leaveFlash(w, v, f)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// mostKept bounds what a cookie holds: one more than a line names.
const mostKept = 21

func formError(err error) error {
	if site.StatusOf(err) == http.StatusRequestEntityTooLarge {
		return err
	}
	return site.ErrForm
}

// values are what was filled in, by the fields of the command. A number that somebody
// typed goes before what was chosen from the list.
func (a *attempt) values() connector.Values {
	values := connector.Values(maps.Clone(a.form))
	if a.verb == session.Merge && strings.TrimSpace(a.form.Get("other")) != "" {
		values["into"] = a.form["other"]
	}
	return values
}

// perform builds the command from the form and runs it.
func (d *Desk) perform(r *http.Request, v visit, a *attempt) (session.Result, error) {
	ref := session.QuestionRef{Session: session.ID(r.PathValue("slug")), Number: a.number}
	cmd, err := view.Command(a.verb, ref, a.values())
	if err != nil {
		return session.Result{}, err
	}
	return d.Service.Do(r.Context(), v.Actor(), cmd)
}

// back is where a person goes on after a command.
func (d *Desk) back(r *http.Request, v visit, a *attempt) string {
	at := v.nav(session.ID(slugOnly(r.PathValue("slug")))).At()
	switch a.form.Get("then") {
	case "triage":
		return at + "/triage" + after(a.form.Get("after"))
	case "approve":
		return at + "/approve" + after(a.form.Get("after"))
	case "close":
		return at + "/close"
	}
	s := selected(a.form)
	s.At = a.number
	return at + s.query() + "#q" + strconv.Itoa(a.number)
}

// toCard answers whoever loads the address of a form anew, after it was refused.
func (d *Desk) toCard(w http.ResponseWriter, r *http.Request, v visit) {
	n, err := number(r)
	if err != nil {
		d.failed(w, r, v, err)
		return
	}
	http.Redirect(w, r, d.back(r, v, &attempt{number: n}), http.StatusSeeOther)
}

// toBoard is toCard for the forms of the board.
func (d *Desk) toBoard(w http.ResponseWriter, r *http.Request, v visit) {
	http.Redirect(w, r, v.nav(session.ID(slugOnly(r.PathValue("slug")))).At(), http.StatusSeeOther)
}

// notDone shows the page again, with the reason at the card and everything typed.
func (d *Desk) notDone(w http.ResponseWriter, r *http.Request, v visit, a *attempt) {
	m, err := d.enter(r, v)
	if err != nil {
		d.storeAway(w, r, v, err, a)
		return
	}
	f := m.failure(a)
	switch {
	case a.form.Get("then") == "triage":
		d.showTriage(w, r, m, site.StatusOf(a.err), a.form.Get("after"), f)
		return
	case a.form.Get("then") == "approve":
		d.showApproving(w, r, m, site.StatusOf(a.err), a.form.Get("after"), f, a)
		return
	case slices.Contains(onSeveral, a.verb):
		d.showTogether(w, r, m, site.StatusOf(a.err), f, a.number, a)
		return
	case a.verb == session.Close:
		d.showClose(w, r, m, site.StatusOf(a.err), f, a.form)
		return
	}
	d.renderBoard(w, r, m, site.StatusOf(a.err), selected(a.form), f, a)
}

// sessionVerb gives a command on the session and leads back to its board.
func (d *Desk) sessionVerb(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		d.failed(w, r, v, formError(err))
		return
	}
	a := &attempt{verb: session.Verb(r.PathValue("verb")), form: r.PostForm}
	m, cmd, err := d.hourCommand(r, v, a)
	if err == nil && a.form.Has("edit") {
		d.renderBoard(w, r, m, http.StatusOK, selected(a.form), nil, a)
		return
	}
	if err == nil && slices.Contains(view.ToldFirst, a.verb) {
		told, digest, wrong := d.Service.Foresee(r.Context(), v.Actor(), m.ses.ID, cmd)
		page := toldView{Title: v.words.Text("verb." + string(a.verb)), Submit: v.words.Text("verb." + string(a.verb))}
		if err = wrong; err == nil && d.showTold(w, r, m, page, told, digest) {
			return
		}
	}
	var res session.Result
	if err == nil {
		res, err = d.Service.DoSession(r.Context(), v.Actor(), m.ses.ID, cmd)
	}
	if err != nil {
		a.err = err
		d.notDone(w, r, v, a)
		return
	}
	f := flashNote{Verb: a.verb}
	if res.Already {
		f.Already, f.By = true, res.By.Name
	}
	d.leaveFlash(w, v, f)
	http.Redirect(w, r, v.nav(session.ID(slugOnly(r.PathValue("slug")))).At(), http.StatusSeeOther)
}

// hourCommand builds the command from the form.
func (d *Desk) hourCommand(r *http.Request, v visit, a *attempt) (*room, session.SessionCommand, error) {
	ses, err := d.Store.Session(r.Context(), session.ID(r.PathValue("slug")))
	if err != nil {
		return nil, nil, err
	}
	m := d.room(v, ses)
	cmd, err := m.HourCommand(a.verb, connector.Values(a.form))
	return m, cmd, err
}

// changes says which copies are not what the person saw when they pressed.
func (a *attempt) changes(m *room, now *previewView) []string {
	if a.verb != session.Approve || session.KindOf(a.err) != session.Stale || now == nil {
		return nil
	}
	seen := map[string]string{}
	for line := range strings.Lines(a.form.Get("seen")) {
		key, sum, _ := strings.Cut(strings.TrimSpace(line), "=")
		seen[key] = sum
	}
	var what []string
	for _, c := range now.Copies {
		sum, ok := seen[c.Key]
		switch {
		case !ok:
			what = append(what, m.Text("desk.copy_added", "place", c.Name))
		case sum != c.sum:
			what = append(what, m.Text("desk.copy_changed", "place", c.Name))
		}
		delete(seen, c.Key)
	}
	if len(seen) > 0 {
		what = append(what, m.words.Count("desk.copies_gone", len(seen)))
	}
	return what
}

// kept is what was typed into a form that the card does not have any more: the
// person can still copy it.
func (a *attempt) kept(may []session.Verb) []string {
	if slices.Contains(may, a.verb) {
		return nil
	}
	var texts []string
	for _, name := range []string{"text", "comment", "remark"} {
		if text := a.form.Get(name); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// awayView is the page when the store cannot be read: what was typed stays in it,
// and one button sends it again.
type awayView struct {
	nav
	Title, Detail string
	Action        string
	Texts, Hidden []input
}

type input struct{ Name, Value string }

// storeAway answers when not even the page can be drawn.
func (d *Desk) storeAway(w http.ResponseWriter, r *http.Request, v visit, err error, a *attempt) {
	if a == nil {
		d.failed(w, r, v, err)
		return
	}
	status := site.StatusOf(err)
	if session.KindOf(err) != session.Unavailable {
		d.failed(w, r, v, err)
		return
	}
	d.Site.Log.Error("desk without store", "verb", a.verb, "error", err)
	view := awayView{nav: v.nav(""), Title: v.words.Text("desk.away_title"), Detail: v.words.Error(err), Action: r.URL.Path}
	for name, values := range a.form {
		for _, value := range values {
			if typed := name == "text" || name == "comment" || name == "remark" || name == "topic"; typed {
				view.Texts = append(view.Texts, input{name, value})
			} else {
				view.Hidden = append(view.Hidden, input{name, value})
			}
		}
	}
	w.Header().Set("Retry-After", fmt.Sprint(5))
	d.pages.Render(w, r, status, "away", d.frame(view.Title), view)
}
