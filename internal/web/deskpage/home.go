package deskpage

import (
	"net/http"
	"time"

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
	State      string
	StateClass string
	Start, End time.Time
	Address    string
	Public     string
	Warnings   []session.Warning
}

// home lists all hours, the latest first.
func (d *Desk) home(w http.ResponseWriter, r *http.Request, v visit) {
	all, err := d.Store.Sessions(r.Context())
	if err != nil {
		d.failed(w, r, v, err)
		return
	}
	view := homeView{nav: v.nav(""), Switches: d.switches(v), Troubles: d.troubles(r.Context())}
	for _, s := range all {
		m := room{visit: v, desk: d, ses: s, zone: s.Location()}
		row := sessionRow{Session: s, State: v.words.Text("session." + string(s.State)), StateClass: stateClasses[s.State],
			Start: s.Start.In(m.zone), End: s.End.In(m.zone), Address: v.nav(s.ID).At(), Public: "/s/" + string(s.ID)}
		if v.Role == session.Moderator {
			row.Warnings = m.warnings(d.Staff.People())
		}
		view.Sessions = append(view.Sessions, row)
	}
	d.pages.Render(w, r, http.StatusOK, "home", d.frame(v.words.Text("desk.home_title")), view)
}
