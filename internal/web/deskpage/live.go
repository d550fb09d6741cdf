package deskpage

import (
	"context"
	"net/http"

	"experthour/internal/session"
	"experthour/internal/web/site"
)

// change is what a browser is told: what to fetch anew. What it may show then is
// decided when it fetches.
type change struct {
	Card int `json:"card"` // 0: the session itself
}

// events tells an open page what has changed.
func (d *Desk) events(w http.ResponseWriter, r *http.Request, v visit) {
	ses, err := d.Store.Session(r.Context(), session.ID(r.PathValue("slug")))
	if err != nil || d.Hub == nil {
		d.Site.ErrorPage(w, r, d.Site.Language, site.ErrNoPage)
		return
	}
	ctx, cancel := d.during(r.Context(), v)
	defer cancel()
	d.Hub.Serve(w, r.WithContext(ctx), ses.ID, "desk", func(_ context.Context, e session.Entry) ([]site.Frame, error) {
		return []site.Frame{{Event: "change", Data: change{e.Number}}}, nil
	})
}

// position is where the live events of a page begin.
func (d *Desk) position(r *http.Request, id session.ID) string {
	if d.Hub == nil {
		return ""
	}
	return d.Hub.Position(r.Context(), id)
}

// boardFragment is what stands above and beside the cards, with the order of the
// cards of this page, for a page that is open.
func (d *Desk) boardFragment(w http.ResponseWriter, r *http.Request, v visit) {
	m, err := d.enter(r, v)
	if err != nil {
		http.Error(w, v.words.Error(err), site.StatusOf(err))
		return
	}
	s := selected(r.URL.Query())
	s.At = 0
	b, qs, _, err := d.read(r, m, s)
	if err != nil {
		http.Error(w, v.words.Error(err), site.StatusOf(err))
		return
	}
	d.fragment(w, m, "live", liveView{b, numbersOf(qs)})
}

// liveView is the board with the numbers of the cards in their order.
type liveView struct {
	*boardView
	Order []int
}

func numbersOf(qs []session.Question) []int {
	var ns []int
	for _, q := range qs {
		ns = append(ns, q.Ref.Number)
	}
	return ns
}

// fragment writes a part of a page.
func (d *Desk) fragment(w http.ResponseWriter, m *room, name string, view any) {
	b, err := d.pages.Fragment(m.words.Language(), name, view)
	if err != nil {
		d.Site.Log.Error("fragment failed", "fragment", name, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(b) // the reader went away
}
