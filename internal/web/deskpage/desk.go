package deskpage

import (
	"context"
	"embed"
	"net/http"
	"time"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/screening"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

//go:embed templates/*.html
var templates embed.FS

// Options are what the desk is made from.
type Options struct {
	Service *session.Service
	Store   session.Store
	Staff   session.Staff
	Site    *site.Site
	Leases  connector.Leases
	Hub     *site.Hub // nil: pages change only when they are loaded again
	Tokens  Tokens

	Hour       session.Hour          // what every new hour has in common: language, zone, desk, reasons, limits
	Reasons    []Reason              // in the order in which they are offered
	Places     []Place               // the public places besides the page
	Connectors []connector.Connector // those that are connector.Pretend get a switch
	// Troubles says what keeps platforms from working now; nil is nothing, ever.
	Troubles func(ctx context.Context, l session.Language) []string
	Rules    screening.Rules
	Now      func() time.Time
}

// Reason is a configured reason for declining, as its asker reads it.
type Reason struct {
	ID    string
	Texts map[session.Language]string
}

// Place is a configured public place.
type Place struct {
	session.Target
	Name string
}

// Desk serves the pages and the API. It never changes.
type Desk struct {
	Options
	pages *site.Pages
	views *view.Desk
}

// New parses the templates and returns the handler for /desk/ and /api/v1/desk/.
func New(o Options) (http.Handler, error) {
	pages, err := o.Site.Pages(templates, "templates")
	if err != nil {
		return nil, err
	}
	d := &Desk{Options: o, pages: pages, views: &view.Desk{Store: o.Store, Leases: o.Leases, Now: o.Now}}
	mux := http.NewServeMux()
	d.routePages(mux)
	d.routeAPI(mux)
	return mux, nil
}

// routePages lists the pages. What begins with "_" cannot be the slug of a session.
func (d *Desk) routePages(mux *http.ServeMux) {
	for pattern, h := range map[string]page{
		"GET /desk/{person}":                      d.home,
		"POST /desk/{person}/_logout":             d.logout,
		"GET /desk/{person}/_schedule":            d.scheduleForm,
		"POST /desk/{person}/_schedule":           d.schedule,
		"POST /desk/{person}/_switch":             d.switchMode,
		"GET /desk/{person}/{slug}":               d.board,
		"GET /desk/{person}/{slug}/board":         d.boardFragment,
		"GET /desk/{person}/{slug}/cards/{n}":     d.cardFragment,
		"GET /desk/{person}/{slug}/events":        d.events,
		"GET /desk/{person}/{slug}/triage":        d.triage,
		"GET /desk/{person}/{slug}/close":         d.closePage,
		"POST /desk/{person}/{slug}/settle":       d.settle,
		"GET /desk/{person}/{slug}/q/{n}/merge":   d.mergePage,
		"GET /desk/{person}/{slug}/q/{n}/{verb}":  d.toCard,
		"GET /desk/{person}/{slug}/{verb}":        d.toBoard,
		"POST /desk/{person}/{slug}/{verb}":       d.sessionVerb,
		"POST /desk/{person}/{slug}/q/{n}/{verb}": d.questionVerb,
	} {
		mux.HandleFunc(pattern, d.as(h))
	}
	mux.HandleFunc("/desk/", func(w http.ResponseWriter, r *http.Request) { d.Site.ErrorPage(w, r, d.Site.Language, site.ErrNoPage) })
}

// placeName is what people call a connector.
func (d *Desk) placeName(v visit, id session.ConnectorID) string {
	if id == session.Page {
		return v.words.Text("desk.place_page")
	}
	for _, p := range d.Places {
		if p.Connector == id {
			return p.Name
		}
	}
	return string(id)
}

// reasonText words a reason for declining in the language of the reader.
func (d *Desk) reasonText(v visit, id string) string {
	for _, r := range d.Reasons {
		if r.ID == id {
			return r.Texts[v.words.Language()]
		}
	}
	return id
}
