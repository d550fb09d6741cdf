package deskpage

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// triageView is one new question, large.
type triageView struct {
	nav
	Session session.Session
	Next    view.Triage
	Card    *view.Card // nil: nothing new
	Came    []shownPicture
	Reasons []connector.Option
	Similar []view.Target
	Wording int
	After   int // questions up to this one were skipped
	Flash   *flash
	Live    string // where the events begin by which the page knows that it is over
}

// triage shows the next new question after the skipped ones.
func (d *Desk) triage(w http.ResponseWriter, r *http.Request, v visit) {
	m, ok := d.entered(w, r, v)
	if !ok {
		return
	}
	d.showTriage(w, r, m, http.StatusOK, r.URL.Query().Get("after"), d.takeFlash(w, r, m))
}

func (d *Desk) showTriage(w http.ResponseWriter, r *http.Request, m *room, status int, skipped string, f *flash) {
	after, _ := strconv.Atoi(skipped)
	t, err := m.Triage(r.Context(), m.counts, max(after, 0))
	if err != nil {
		d.failed(w, r, m.visit, err)
		return
	}
	v := triageView{nav: m.nav(), Session: m.ses, Next: t, Similar: t.Alike, After: max(after, 0), Flash: f,
		Live: d.position(r, m.ses.ID)}
	if q := t.Question; q.Ref.Number > 0 {
		c := m.Card(q, d.votes(r, m, []session.Question{q})[q.Ref.Number])
		v.Came = m.shownPictures(c.Number, "sent", c.Sent)
		v.Card, v.Wording, v.Reasons = &c, q.Wording, m.Form(q, session.Decline).Fields[0].Options
	}
	d.pages.Render(w, r, status, "triage", d.frame(m.Text("desk.triage_title", "title", m.ses.Title)), v)
}

// after is the end of an address that remembers what was skipped.
func after(n string) string {
	if i, err := strconv.Atoi(n); err != nil || i < 1 {
		return ""
	}
	return "?" + url.Values{"after": {n}}.Encode()
}

// mergeView offers the questions that read alike.
type mergeView struct {
	nav
	Session session.Session
	Card    view.Card
	May     bool
	Similar []view.Target
}

// mostSimilar is how many are offered.
const mostSimilar = 5

// mergePage lists what a question could be merged into; the script of the desk
// shows the same list inside the card.
func (d *Desk) mergePage(w http.ResponseWriter, r *http.Request, v visit) {
	m, ok := d.entered(w, r, v)
	if !ok {
		return
	}
	p, err := d.merging(r, m)
	if err != nil {
		d.failed(w, r, v, err)
		return
	}
	d.pages.Render(w, r, http.StatusOK, "merge", d.frame(m.Text("desk.merge_title", "number", p.Card.Number)), p)
}

func (d *Desk) merging(r *http.Request, m *room) (mergeView, error) {
	n, err := number(r)
	if err != nil {
		return mergeView{}, err
	}
	qs, err := d.Store.Questions(r.Context(), m.ses.ID, n)
	if err != nil {
		return mergeView{}, err
	}
	similar, err := m.Alike(r.Context(), qs[0], mostSimilar)
	return mergeView{m.nav(), m.ses, m.Card(qs[0], 0), slices.Contains(m.Allowed(qs[0]), session.Merge), similar}, err
}
