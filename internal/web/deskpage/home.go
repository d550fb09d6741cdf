package deskpage

import (
	"net/http"
	"strconv"
	"time"

	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// homeView lists the hours.
type homeView struct {
	nav
	Sessions []sessionRow
	Switches []switchBox
	Troubles []string
}

// sessionRow is one hour of the list.
type sessionRow struct {
	session.Session
	State      view.Badge
	Start, End time.Time
	Address    string
	Waits      int // for this person
	Public     string
	Warnings   []string
}

// home lists all hours, the latest first.
func (d *Desk) home(w http.ResponseWriter, r *http.Request, v visit) {
	all, err := d.Store.Sessions(r.Context())
	if err != nil {
		d.failed(w, r, v, err)
		return
	}
	waits := 0
	h := homeView{nav: v.nav(""), Switches: d.switches(v), Troubles: d.troubles(r.Context())}
	for _, s := range all {
		m, zone := d.Views.For(s, v.Actor()), s.Location()
		row := sessionRow{Session: s, State: m.Head(session.Counts{}, nil).State, Start: s.Start.In(zone), End: s.End.In(zone),
			Address: v.nav(s.ID).At(), Public: "/s/" + string(s.ID), Warnings: d.Views.Warned(m.Doubts(d.Staff.People()))}
		if row.Waits, err = m.Waits(r.Context()); err != nil {
			d.failed(w, r, v, err)
			return
		}
		waits += row.Waits
		h.Sessions = append(h.Sessions, row)
	}
	d.pages.Render(w, r, http.StatusOK, "home", d.frame(badged(waits, v.words.Text("desk.home_title"))), h)
}

// badged is the title of a page with how much waits, which a tab shows while it is hidden.
func badged(n int, title string) string {
	if n == 0 {
		return title
	}
	return "(" + strconv.Itoa(n) + ") " + title
}
