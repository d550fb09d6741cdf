package deskpage

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"experthour/internal/session"
	"experthour/internal/web/site"
)

// settleAtOnce bounds how many questions the page lists.
const settleAtOnce = 500

// closeView lists what keeps an hour from closing.
type closeView struct {
	nav
	Session  session.Session
	Head     head
	Open     []settleItem
	Leaving  []settleItem // approved, on their way out
	Parked   []settleItem
	Copies   int
	Refused  int // copies that a platform refused
	More     int // that are not listed
	Reasons  []choice
	Force    string
	Flash    *flash
	After    string
	MayClose bool
}

// settleItem is a question on that page.
type settleItem struct {
	N     int
	Stage string
	Text  string
	Lang  session.Language
	Badge badge
	Who   string
	Tick  bool
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
	view := closeView{nav: m.nav(), Session: m.ses, Flash: f, Copies: m.counts.Unsettled.Copies, Force: form.Get("reason"),
		After: d.position(m.ses.ID), MayClose: m.mayOnSession()[string(session.Close)]}
	open, err := d.Store.List(r.Context(), m.ses.ID, session.Listing{Unsettled: true, Limit: settleAtOnce})
	if err == nil {
		view.More = max(m.counts.Unsettled.Questions-len(open), 0)
		var parked []session.Question
		parked, err = d.Store.List(r.Context(), m.ses.ID, session.Listing{Waiting: true, Limit: perPage})
		for _, q := range parked {
			view.Parked = append(view.Parked, m.settleItem(q, nil))
			view.Refused += len(refused(q))
		}
	}
	if err != nil {
		d.failed(w, r, m.visit, err)
		return
	}
	for _, q := range open {
		if q.State == session.Approved {
			view.Leaving = append(view.Leaving, m.settleItem(q, nil))
		} else {
			view.Open = append(view.Open, m.settleItem(q, form["q"]))
		}
	}
	view.Head, view.Reasons = m.head(open), m.closeReasons(form.Get("outcome"))
	d.pages.Render(w, r, status, "close", d.frame(m.Text("desk.close_title", "title", m.ses.Title)), view)
}

// settleItem ticks everything until the person has chosen otherwise.
func (m *room) settleItem(q session.Question, ticked []string) settleItem {
	return settleItem{N: q.Ref.Number, Stage: q.Stage(), Text: session.Shorten(q.Text, 200), Lang: q.Language, Badge: m.badge(q), Who: m.who(q),
		Tick: ticked == nil || slices.Contains(ticked, strconv.Itoa(q.Ref.Number))}
}

// closeReasons puts "not reached" first.
func (m *room) closeReasons(chosen string) []choice {
	cs := []choice{{Value: session.NotReached, Text: m.desk.reasonText(m.visit, session.NotReached), Chosen: chosen == session.NotReached}}
	for _, id := range m.ses.Reasons {
		if id != session.NotReached {
			cs = append(cs, choice{Value: id, Text: m.desk.reasonText(m.visit, id), Chosen: chosen == id})
		}
	}
	return cs
}

// settle gives the ticked questions their outcome and then closes the hour.
func (d *Desk) settle(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		d.failed(w, r, v, formError(err))
		return
	}
	n, err := d.settleTicked(r, v)
	if err == nil && r.PostForm.Get("drop") != "" {
		err = d.dropRefused(r, v)
	}
	if err == nil {
		_, err = d.Service.DoSession(r.Context(), v.Actor(), session.ID(r.PathValue("slug")), session.CloseSession{})
	}
	if err == nil {
		d.leaveFlash(w, v, flashNote{Verb: session.Close})
		http.Redirect(w, r, v.nav(session.ID(slugOnly(r.PathValue("slug")))).At(), http.StatusSeeOther)
		return
	}
	d.notClosed(w, r, v, n, err)
}

// settleTicked counts what it settled: of what is ticked, what still is as the person
// saw it. That somebody else decided about one meanwhile is no reason to stop.
func (d *Desk) settleTicked(r *http.Request, v visit) (int, error) {
	n := 0
	for _, raw := range r.PostForm["q"] {
		number, err := strconv.Atoi(raw)
		if err != nil {
			return n, session.Fail(session.Invalid, "number_form")
		}
		on := session.On{Question: session.QuestionRef{Session: session.ID(r.PathValue("slug")), Number: number}, Stage: r.PostForm.Get("stage" + raw)}
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

// dropRefused gives up every copy that a platform refused, so that a platform that is
// down does not keep the hour open. A copy that may be out still needs a look.
func (d *Desk) dropRefused(r *http.Request, v visit) error {
	id := session.ID(r.PathValue("slug"))
	qs, err := d.Store.List(r.Context(), id, session.Listing{Waiting: true, Limit: settleAtOnce})
	if err != nil {
		return err
	}
	for _, q := range qs {
		for _, c := range refused(q) {
			cmd := session.SettleCopy{On: session.On{Question: q.Ref}, Decision: session.Drop, Copy: c.Key(), Attempt: c.Attempt}
			if _, err := d.Service.Do(r.Context(), v.Actor(), cmd); err != nil && session.KindOf(err) != session.Already {
				return err
			}
		}
	}
	return nil
}

// refused lists the copies of q that wait because a platform said no.
func refused(q session.Question) []session.Copy {
	return slices.DeleteFunc(slices.Clone(q.Copies), func(c session.Copy) bool { return c.Problem != session.RefusedIt })
}

func outcomeFor(on session.On, reason string) session.Command {
	if reason == "" || reason == session.NotReached {
		return session.ExpireQuestion{On: on}
	}
	return session.DeclineQuestion{On: on, Reason: reason}
}

// notClosed shows what is left. When that is only messages on their way, what was
// settled is told as done, and one more press closes.
func (d *Desk) notClosed(w http.ResponseWriter, r *http.Request, v visit, settled int, err error) {
	m, inner := d.enter(r, v)
	if inner != nil {
		d.failed(w, r, v, inner)
		return
	}
	if settled > 0 && session.KindOf(err) == session.Refused {
		d.leaveFlash(w, v, flashNote{Count: settled})
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
