package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// listView is one list of a page.
type listView struct {
	ID, Title, Empty string
	Count            int
	Items            []questionView
	All              string // address of the whole list, where this is its beginning
	Grow             string // where live updates put a new question: "start", "end", or "" nowhere
	Orders           []tab
	Pages            pager
}

// A pager leads through the pages of a list.
type pager struct {
	First, Prev, Next, Last string // addresses; empty at an end
	Page, Pages             int
}

// A tab is one of several pages, or orders of one.
type tab struct {
	Label, Path string
	ID          string // of the list whose Count it has; may be empty
	Count       int
	Current     bool
}

// listPageView is a page of one list, or of what was searched.
type listPageView struct {
	Tabs        []tab
	Path, Title string
	Language    session.Language // of the title
	Phase       string
	Token       string
	Live        liveView
	List        listView
	Search      *searchView // nil on a list
}

// searchView is what was searched for.
type searchView struct {
	Action, Lang, Query string
	Searched            bool
	Left                int // that were found and are not shown
}

func listPath(id session.ID, list string) string { return path(id) + "/" + list }

// searching is the page for it, beside those of the lists.
const searching = "search"

func (s *Server) listRoutes(mux *http.ServeMux) {
	for list := range orders {
		mux.HandleFunc("GET /s/{slug}/"+list, s.listPage(list))
	}
	mux.HandleFunc("GET /s/{slug}/"+searching, s.search)
}

// tabs lead to the lists and the search.
func (rd reader) tabs(current string, nAnswered, nWaiting int) []tab {
	words := rd.words()
	ts := []tab{{ID: answered, Label: words.Text("public.tab_answered"), Count: nAnswered},
		{ID: waiting, Label: words.Text("public.tab_waiting"), Count: nWaiting}, {ID: searching, Label: words.Text("public.search")}}
	for i := range ts {
		ts[i].Path, ts[i].Current = rd.link(listPath(rd.ID, ts[i].ID)), ts[i].ID == current
	}
	return ts
}

// list is a list without its questions, as it is called in this phase of the hour.
func (rd reader) list(id string, count int) listView {
	words, ph := rd.words(), phase(rd.Session)
	v := listView{ID: id, Title: words.Text("public.rest"), Empty: words.Text("public.waiting_none"), Count: count}
	if count <= onFront {
		v.Grow = "end"
	}
	switch {
	case id == answered:
		v.Title, v.Empty, v.Grow = words.Text("public.answered"), words.Text("public.answered_none"), "start"
		if ph == closed || ph == cancelled {
			v.Empty = words.Text("public.answered_over")
		}
	case id == waiting && ph == before:
		v.Title = words.Text("public.waiting_before")
	case id == waiting:
		v.Title = words.Text("public.waiting")
	}
	return v
}

// A choice is which page of a list somebody reads, and in which order.
type choice struct {
	list, order string
	page        int
}

// chosen reads the choice of an address. An order that there is not is the list's own.
func chosen(list string, r *http.Request) choice {
	c := choice{list: list, order: orders[list][0], page: pageNumber(r)}
	for _, o := range orders[list] {
		if o == r.URL.Query().Get("sort") {
			c.order = o
		}
	}
	return c
}

// query is the choice in an address, without what goes without saying.
func (c choice) query() []string {
	q := []string{"sort", c.order, "page", ""}
	if c.order == orders[c.list][0] {
		q[1] = ""
	}
	if c.page > 1 {
		q[3] = strconv.Itoa(c.page)
	}
	return q
}

func (c choice) link(rd reader) string { return rd.link(listPath(rd.ID, c.list), c.query()...) }

func (c choice) turned(page int) choice { c.page = page; return c }

func (c choice) pager(rd reader, pages int) pager {
	p := pager{Page: c.page, Pages: pages}
	if c.page > 1 {
		p.First, p.Prev = c.turned(1).link(rd), c.turned(c.page-1).link(rd)
	}
	if c.page < pages {
		p.Next, p.Last = c.turned(c.page+1).link(rd), c.turned(pages).link(rd)
	}
	return p
}

func (c choice) orders(rd reader) []tab {
	if len(orders[c.list]) == 1 {
		return nil
	}
	var ts []tab
	for _, o := range orders[c.list] {
		to := choice{c.list, o, 1}
		ts = append(ts, tab{Label: rd.words().Text("public.sort_" + o), Path: to.link(rd), Current: o == c.order})
	}
	return ts
}

// listPage answers with a page of a list, made once for each change and for all who read it.
func (s *Server) listPage(list string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		m, ses, err := s.moment(r)
		var sheet *site.Sheet
		if err == nil {
			sheet, err = s.listSheet(r, m, readerOf(r, ses), chosen(list, r))
		}
		if err != nil {
			s.listAway(w, r, ses, err)
			return
		}
		sheet.Serve(w, r, s.tokens.make(ses.ID, s.now()))
	}
}

func (s *Server) listAway(w http.ResponseWriter, r *http.Request, ses session.Session, err error) {
	back, lang := "/", ses.Language
	if ses.ID != "" {
		rd := readerOf(r, ses)
		back, lang = rd.link(path(ses.ID)), rd.lang
	}
	s.Site.ErrorPageBack(w, r, lang, back, err)
}

// listSheet knows first how many pages there are, so that nobody fills the memory with others.
func (s *Server) listSheet(r *http.Request, m *site.Moment, rd reader, c choice) (*site.Sheet, error) {
	l, err := s.ledger(r.Context(), m, rd.Session)
	if err != nil {
		return nil, err
	}
	ns := l.inOrder(c.list, c.order)
	pages := max(1, (len(ns)+listPage-1)/listPage)
	if c.page > pages {
		return nil, site.ErrNoPage
	}
	name := fmt.Sprint("list/", c.list, "/", c.order, "/", c.page, "/", rd.lang)
	return site.Recent(r.Context(), m, name, lasting, func(ctx context.Context) (*site.Sheet, error) {
		v := s.listPageView(m, rd, l, c.list)
		v.List = rd.list(c.list, len(ns))
		if c.page > 1 || c.order != orders[c.list][0] {
			v.Live, v.List.Grow = liveView{Status: v.Live.Status}, ""
		}
		v.List.Orders, v.List.Pages = c.orders(rd), c.pager(rd, pages)
		first := (c.page - 1) * listPage
		items, err := s.items(ctx, rd, ns[first:min(len(ns), first+listPage)])
		if err != nil {
			return nil, err
		}
		v.List.Items = items
		p := rd.page(listPath(rd.ID, c.list), c.query()...)
		p.Title, p.Canonical = v.List.Title+" – "+rd.Title, s.Site.URL(c.link(rd))
		return s.pages.Sheet(r, "list", p, v)
	})
}

func (s *Server) listPageView(m *site.Moment, rd reader, l ledger, current string) listPageView {
	return listPageView{Tabs: rd.tabs(current, l.count(answered), l.count(waiting)), Path: rd.link(path(rd.ID)), Title: rd.Title,
		Language: rd.Language, Phase: phase(rd.Session), Token: s.Site.Gap, Live: rd.live(m.After)}
}

// search answers with what fits a query. What is searched for is everybody's own, so it is made
// for each, but by few at once, and never kept where the pages of all are.
func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	m, ses, err := s.moment(r)
	var sheet *site.Sheet
	if err == nil {
		sheet, err = s.searchSheet(r, m, readerOf(r, ses))
	}
	if err != nil {
		s.listAway(w, r, ses, err)
		return
	}
	sheet.Serve(w, r, s.tokens.make(ses.ID, s.now()))
}

func (s *Server) searchSheet(r *http.Request, m *site.Moment, rd reader) (*site.Sheet, error) {
	query := session.Shorten(session.CleanLine(r.URL.Query().Get("q")), routing.LongestQuery)
	if query == "" {
		return site.Recent(r.Context(), m, "search/"+string(rd.lang), lasting, func(ctx context.Context) (*site.Sheet, error) {
			return s.searched(ctx, r, m, rd, query)
		})
	}
	if err := s.allowed(s.searches, r, ""); err != nil {
		return nil, err
	}
	leave, err := s.finders.Enter(r.Context())
	if err != nil {
		return nil, err
	}
	defer leave()
	return s.searched(r.Context(), r, m, rd, query)
}

func (s *Server) searched(ctx context.Context, r *http.Request, m *site.Moment, rd reader, query string) (*site.Sheet, error) {
	l, err := s.ledger(ctx, m, rd.Session)
	if err != nil {
		return nil, err
	}
	ns := l.found(query)
	shown := ns[:min(len(ns), listPage)]
	v := s.listPageView(m, rd, l, searching)
	v.Live = liveView{}
	v.Search = &searchView{Action: listPath(rd.ID, searching), Lang: string(rd.chosen()), Query: query, Searched: query != "",
		Left: len(ns) - len(shown)}
	v.List = listView{ID: searching, Title: rd.words().Count("public.found", len(ns)), Empty: rd.words().Text("public.found_none")}
	if v.List.Items, err = s.items(ctx, rd, shown); err != nil {
		return nil, err
	}
	p := rd.page(listPath(rd.ID, searching), "q", query)
	p.Title, p.NoIndex = rd.words().Text("public.search")+" – "+rd.Title, true
	return s.pages.Sheet(r, "list", p, v)
}
