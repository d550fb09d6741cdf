package deskpage

import (
	"net/http"
	"net/url"
	"strconv"

	"experthour/internal/routing"
	"experthour/internal/session"
)

// similarOffered is how many questions to merge into are offered, and among how many
// they are looked for.
const (
	similarOffered = 5
	similarAmong   = 300
)

// triageView is one new question, large.
type triageView struct {
	nav
	Session session.Session
	Card    *cardView // nil: nothing new
	After   int       // questions up to this one were skipped
	Skipped int
	Done    int
	Total   int
	Flash   *flash
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
	view := triageView{nav: m.nav(), Session: m.ses, After: max(after, 0), Total: t.Total, Done: t.Done, Skipped: t.Skipped, Flash: f}
	if q := t.Question; q.Ref.Number > 0 {
		c := m.cardView(q, d.votes(r, m, []session.Question{q})[q.Ref.Number], selection{}, nil)
		if c.Forms.Similar, err = d.similar(r, m, q); err != nil {
			d.failed(w, r, m.visit, err)
			return
		}
		view.Card = &c
	}
	d.pages.Render(w, r, status, "triage", d.frame(m.Text("desk.triage_title", "title", m.ses.Title)), view)
}

// similar offers the questions into which q could be merged, the most alike first.
func (d *Desk) similar(r *http.Request, m *room, q session.Question) ([]choice, error) {
	among, err := d.Store.List(r.Context(), m.ses.ID, session.Listing{Limit: similarAmong, Newest: true, States: []session.State{
		session.Published, session.Approved, session.Review, session.Claimed, session.Queued, session.Received}})
	if err != nil {
		return nil, err
	}
	var cs []choice
	for _, o := range routing.Similar(q, among, similarOffered) {
		cs = append(cs, choice{Value: strconv.Itoa(o.Ref.Number), Text: session.Shorten(o.Text, 160), Language: o.Language,
			State: m.Badge(o).Text, Alike: routing.Alike(q, o)})
	}
	return cs, nil
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
	Card    cardView
}

// mergePage lists what a question could be merged into; the script of the desk
// shows the same list inside the card.
func (d *Desk) mergePage(w http.ResponseWriter, r *http.Request, v visit) {
	m, ok := d.entered(w, r, v)
	if !ok {
		return
	}
	c, err := d.withSimilar(r, m)
	if err != nil {
		d.failed(w, r, v, err)
		return
	}
	d.pages.Render(w, r, http.StatusOK, "merge", d.frame(m.Text("desk.merge_title", "number", c.Number)), mergeView{m.nav(), m.ses, c})
}

func (d *Desk) withSimilar(r *http.Request, m *room) (cardView, error) {
	n, err := number(r)
	if err != nil {
		return cardView{}, err
	}
	qs, err := d.Store.Questions(r.Context(), m.ses.ID, n)
	if err != nil {
		return cardView{}, err
	}
	c := m.cardView(qs[0], 0, selected(r.URL.Query()), nil)
	c.Forms.Similar, err = d.similar(r, m, qs[0])
	return c, err
}
