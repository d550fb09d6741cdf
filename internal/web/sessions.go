package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/session"
	"experthour/internal/web/site"
)

// group is the hours of one heading.
type group struct {
	Title string
	Items []sessionItem
}

type sessionItem struct {
	Path, Transcript, Phase, Title, Experts string
	Language                                session.Language // of title and experts
	Start, End                              time.Time
}

func (s *Server) sessions(w http.ResponseWriter, r *http.Request) {
	l := s.Site.LanguageOf(r)
	var chosen session.Language // in an address the hours are read in it too
	if session.Language(r.URL.Query().Get("lang")) == l {
		chosen = l
	}
	name := fmt.Sprint("page/", l, "/", chosen)
	sheet, err := site.Recent(r.Context(), s.Hub.List(), name, lasting, func(ctx context.Context) (*site.Sheet, error) {
		all, err := s.Store.Sessions(ctx)
		if err != nil {
			return nil, err
		}
		return s.sessionsSheet(r, all, chosen)
	})
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	sheet.Serve(w, r, "")
}

func (s *Server) sessionsSheet(r *http.Request, all []session.Session, chosen session.Language) (*site.Sheet, error) {
	words := s.Site.Words(r)
	groups := []group{{Title: words.Text("public.now")}, {Title: words.Text("public.soon")}, {Title: words.Text("public.past")},
		{Title: words.Text("public.called_off")}}
	for _, ses := range all {
		if ses.State != session.Draft {
			g := &groups[heading(ses)]
			g.Items = append(g.Items, itemOf(ses, chosen))
		}
	}
	slices.Reverse(groups[1].Items) // the next one first
	groups = slices.DeleteFunc(groups, func(g group) bool { return len(g.Items) == 0 })
	p := site.Page{Title: words.Text("public.sessions"), Description: words.Text("public.sessions_lede"), Canonical: s.Site.URL("/")}
	p.Chosen = chosen
	return s.pages.Sheet(r, "sessions", p, groups)
}

func heading(ses session.Session) int {
	switch phase(ses) {
	case open, closing:
		return 0
	case before:
		return 1
	case cancelled:
		return 3
	}
	return 2
}

func itemOf(ses session.Session, chosen session.Language) sessionItem {
	var names []string
	for _, e := range ses.Experts {
		names = append(names, string(e.Name))
	}
	zone, rd := ses.Location(), own(ses)
	if chosen != "" {
		rd.lang = chosen
	}
	return sessionItem{Path: rd.link(path(ses.ID)), Transcript: path(ses.ID) + "/transcript", Phase: phase(ses), Title: ses.Title,
		Experts: strings.Join(names, ", "), Language: ses.Language, Start: ses.Start.In(zone), End: ses.End.In(zone)}
}

// seconds is a duration for Retry-After.
func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
