package deskpage

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// onSeveral are the verbs that show first on which questions they are.
var onSeveral = []session.Verb{session.DeclineTogether, session.MergeTogether}

// togetherView shows which questions are like one, and decides about them together.
type togetherView struct {
	nav
	Title, NotNow string
	Card          view.Card
	May           bool
	Alike         []view.Likeness
	Offer         offerView
	Flash         *flash
}

// togetherPage is the page of one of them; what is shown there is looked for only when
// somebody asks.
func (d *Desk) togetherPage(verb session.Verb) page {
	return func(w http.ResponseWriter, r *http.Request, v visit) {
		m, ok := d.entered(w, r, v)
		if !ok {
			return
		}
		n, err := number(r)
		if err != nil {
			d.failed(w, r, v, err)
			return
		}
		d.showTogether(w, r, m, http.StatusOK, d.takeFlash(w, r, m), n, &attempt{verb: verb})
	}
}

func (d *Desk) showTogether(w http.ResponseWriter, r *http.Request, m *room, status int, f *flash, n int, a *attempt) {
	qs, err := d.Store.Questions(r.Context(), m.ses.ID, n)
	if err != nil {
		d.failed(w, r, m.visit, err)
		return
	}
	p := togetherView{nav: m.nav(), Title: m.Text("verb."+string(a.verb)) + ": Q" + strconv.Itoa(n), Card: m.Card(qs[0], 0), Flash: f,
		May: slices.Contains(m.Allowed(qs[0]), a.verb)}
	p.NotNow = m.Text("desk.together_not_now")
	if a.verb == session.MergeTogether {
		p.NotNow = m.Text("desk.merge_target_not_now")
	}
	var t view.Together
	if p.May {
		t, err = m.Together(r.Context(), qs[0], a.verb)
	}
	if err != nil {
		d.failed(w, r, m.visit, err)
		return
	}
	p.Alike, p.Offer = t.Alike, offerView{Offer: m.Reader.Offer(qs[0], a.verb), Path: fmt.Sprintf("%s/q/%d/%s", m.nav().At(), n, a.verb)}
	var refused *attempt
	if a.err != nil {
		refused = a
	}
	p.Offer.lay(m, fmt.Sprintf("q%d-%s", n, a.verb), t.Form, refused)
	d.pages.Render(w, r, status, "together", d.frame(p.Title), p)
}
