package deskpage

import (
	"context"
	"embed"
	"net/http"
	"time"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
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
	Views   *view.Desk
	Hub     *site.Hub // nil: pages change only when they are loaded again
	Tokens  Tokens
	Logins  Logins
	Leases  connector.Leases // of links: each lets one press in

	Hour       func() session.Hour   // what every new hour has in common: language, zone, desk, reasons, limits
	Connectors []connector.Connector // those that are connector.Pretend get a switch
	// Troubles says what keeps platforms from working now; nil is nothing, ever.
	Troubles func(ctx context.Context, l session.Language) []string
	Now      func() time.Time
}

// Desk serves the pages and the API. It never changes.
type Desk struct {
	Options
	pages  *site.Pages
	logins *logins
}

// Handler parses the templates and returns what serves /desk/ and /api/v1/desk/.
func Handler(o Options) (http.Handler, error) {
	pages, err := o.Site.Pages(templates, "templates")
	if err != nil {
		return nil, err
	}
	d := &Desk{Options: o, pages: pages, logins: &logins{now: o.Now, last: map[session.PersonName]login{}}}
	mux := http.NewServeMux()
	d.routePages(mux)
	d.routeAPI(mux)
	return mux, nil
}

// routePages lists the pages. What begins with "_" cannot be the slug of a session.
func (d *Desk) routePages(mux *http.ServeMux) {
	for pattern, h := range map[string]page{
		"GET /desk/{person}":                             d.home,
		"POST /desk/{person}/_logout":                    d.logout,
		"GET /desk/{person}/_schedule":                   d.schedulePage,
		"POST /desk/{person}/_schedule":                  d.schedule,
		"POST /desk/{person}/_switch":                    d.switchMode,
		"GET /desk/{person}/{slug}":                      d.boardPage,
		"GET /desk/{person}/{slug}/board":                d.boardFragment,
		"GET /desk/{person}/{slug}/cards/{n}":            d.cardFragment,
		"GET /desk/{person}/{slug}/events":               d.events,
		"GET /desk/{person}/{slug}/triage":               d.triage,
		"GET /desk/{person}/{slug}/approve":              d.approvePage,
		"GET /desk/{person}/{slug}/close":                d.closePage,
		"POST /desk/{person}/{slug}/settle":              d.finish,
		"GET /desk/{person}/{slug}/q/{n}/merge":          d.mergePage,
		"GET /desk/{person}/{slug}/q/{n}/decline_alike":  d.togetherPage(session.DeclineTogether),
		"GET /desk/{person}/{slug}/q/{n}/merge_alike":    d.togetherPage(session.MergeTogether),
		"GET /desk/{person}/{slug}/q/{n}/{verb}":         d.toCard,
		"GET /desk/{person}/{slug}/q/{n}/picture/{hash}": d.showPicture,
		"GET /desk/{person}/{slug}/q/{n}/sent/{hash}":    d.showSent,
		"GET /desk/{person}/{slug}/{verb}":               d.toBoard,
		"POST /desk/{person}/{slug}/{verb}":              d.sessionVerb,
		"POST /desk/{person}/{slug}/q/{n}/{verb}":        d.questionVerb,
		"POST /desk/{person}/{slug}/q/{n}/_typed":        d.keepTyped,
	} {
		mux.HandleFunc(pattern, d.as(h))
	}
	mux.HandleFunc("POST /desk/{person}/_login", d.login)
	mux.HandleFunc("/desk/", func(w http.ResponseWriter, r *http.Request) { d.Site.ErrorPage(w, r, d.Site.Language, site.ErrNoPage) })
}
