package deskpage

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// mostTicked bounds how many questions the page lists.
const mostTicked = 500

// closeView lists what keeps an hour from closing.
type closeView struct {
	nav
	view.CloseList
	Session  session.Session
	Head     view.Board
	Reasons  []choice
	Force    string
	Flash    *flash
	After    string
	MayClose bool
	Paused   string   // why nothing closes now; empty otherwise
	ticked   []string // nil: everything, until the person has chosen otherwise
}

// choice is one option of a list.
type choice struct {
	Value, Text string
	Chosen      bool
}

// Ticked reports whether a question is chosen to get its outcome.
func (v closeView) Ticked(number int) bool {
	return v.ticked == nil || slices.Contains(v.ticked, strconv.Itoa(number))
}

// closePage shows what has no outcome yet, everything ticked.
func (d *Desk) closePage(w http.ResponseWriter, r *http.Request, v visit) {
	m, ok := d.entered(w, r, v)
	if !ok {
		return
	}
	d.showClose(w, r, m, http.StatusOK, d.takeFlash(w, r, m), nil)
}

func (d *Desk) showClose(w http.ResponseWriter, r *http.Request, m *room, status int, f *flash, form url.Values) {
	list, err := m.CloseList(r.Context(), m.counts, mostTicked)
	if err != nil {
		d.failed(w, r, m.visit, err)
		return
	}
	v := closeView{nav: m.nav(), CloseList: list, Session: m.ses, Head: m.Head(m.counts, nil), Flash: f,
		Force: form.Get("reason"), ticked: form["q"], After: d.position(r, m.ses.ID), MayClose: m.mayOnSession()[string(session.Close)],
		Reasons: m.closeReasons(form.Get("outcome"))}
	if err := m.ses.Closable(); err != nil {
		v.Paused = m.words.Error(err)
	}
	d.pages.Render(w, r, status, "close", d.frame(m.Text("desk.close_title", "title", m.ses.Title)), v)
}

// closeReasons puts "not reached" first.
func (m *room) closeReasons(chosen string) []choice {
	cs := []choice{{Value: session.NotReached, Text: m.Reason(session.NotReached), Chosen: chosen == session.NotReached}}
	for _, id := range m.ses.Reasons {
		if id != session.NotReached {
			cs = append(cs, choice{Value: id, Text: m.Reason(id), Chosen: chosen == id})
		}
	}
	return cs
}

// finish gives the ticked questions their outcome and then closes the hour.
func (d *Desk) finish(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		d.failed(w, r, v, formError(err))
		return
	}
	seen, n := session.Seen{Stage: r.PostForm.Get("stage")}, 0
	m, err := d.enter(r, v)
	if err == nil {
		err = m.ses.SeenAt(seen.Stage, v.Actor(), session.Close)
	}
	if err == nil { // before anything gets its outcome
		err = m.ses.Closable()
	}
	if err == nil {
		n, err = d.finishTicked(r, v)
	}
	if err == nil && r.PostForm.Get("drop") != "" {
		err = d.dropRefused(r, v)
	}
	if err == nil {
		_, err = d.Service.DoSession(r.Context(), v.Actor(), session.ID(r.PathValue("slug")), session.CloseSession{Seen: seen})
	}
	if err == nil {
		d.leaveFlash(w, v, flashNote{Verb: session.Close})
		http.Redirect(w, r, v.nav(session.ID(slugOnly(r.PathValue("slug")))).At(), http.StatusSeeOther)
		return
	}
	d.notClosed(w, r, v, n, err)
}

// finishTicked counts what it gave an outcome: of what is ticked, what still is as the person
// saw it. That somebody else decided about one meanwhile is no reason to stop.
func (d *Desk) finishTicked(r *http.Request, v visit) (int, error) {
	n := 0
	for _, raw := range r.PostForm["q"] {
		number, err := strconv.Atoi(raw)
		if err != nil {
			return n, session.Fail(session.Invalid, "number_form")
		}
		on := session.On{Question: session.QuestionRef{Session: session.ID(r.PathValue("slug")), Number: number}}
		on.Stage = r.PostForm.Get("stage" + raw)
		_, err = d.Service.Do(r.Context(), v.Actor(), outcomeFor(on, r.PostForm.Get("outcome")))
		switch session.KindOf(err) {
		case session.Already, session.Refused, session.Stale:
			continue
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// dropRefused gives up every copy that a platform refused.
func (d *Desk) dropRefused(r *http.Request, v visit) error {
	m, err := d.enter(r, v)
	if err != nil {
		return err
	}
	return m.GiveUp(r.Context(), func(cmd session.Command) error {
		_, err := d.Service.Do(r.Context(), v.Actor(), cmd)
		return err
	})
}

func outcomeFor(on session.On, reason string) session.Command {
	if reason == "" || reason == session.NotReached {
		return session.ExpireQuestion{On: on}
	}
	return session.DeclineQuestion{On: on, Reason: reason}
}

// notClosed shows what is left. When that is only messages on their way, what was
// finished is told as done, and one more press closes.
func (d *Desk) notClosed(w http.ResponseWriter, r *http.Request, v visit, finished int, err error) {
	m, inner := d.enter(r, v)
	if inner != nil {
		d.failed(w, r, v, inner)
		return
	}
	if finished > 0 && session.KindOf(err) == session.Refused {
		d.leaveFlash(w, v, flashNote{Count: finished})
		http.Redirect(w, r, m.nav().At()+"/close", http.StatusSeeOther)
		return
	}
	f := m.failure(&attempt{err: err})
	form := url.Values{"q": r.PostForm["q"], "outcome": r.PostForm["outcome"]}
	if form["q"] == nil {
		form["q"] = []string{} // nothing is ticked, which is not the same as not asked
	}
	d.showClose(w, r, m, site.StatusOf(err), f, form)
}
