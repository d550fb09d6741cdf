package deskpage

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"experthour/internal/desk/view"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// settled are the states of cards that nobody waits for any more.
var settled = []session.State{session.Declined, session.Merged, session.Redirected, session.Expired, session.Retracted, session.Withdrawn}

// selection is which cards a person looks at.
type selection struct {
	Show string
	Page int    // from 1
	At   int    // a card that is shown wherever it belongs
	Find string // what is searched for, instead of a tab
	// Then is the page on which one card is shown after another, and After the last that was
	// skipped there.
	Then  string
	After int
}

func selected(values url.Values) selection {
	s := selection{Show: values.Get("show"), Page: 1, Find: session.Shorten(session.CleanLine(values.Get("find")), routing.LongestQuery)}
	if p, err := strconv.Atoi(values.Get("page")); err == nil && p > 1 && p < 100_000 {
		s.Page = p
	}
	if n, err := strconv.Atoi(values.Get("at")); err == nil && n > 0 {
		s.At = n
	}
	return s
}

// query is the selection as the end of an address.
func (s selection) query() string {
	q := url.Values{}
	if s.Show != "" {
		q.Set("show", s.Show)
	}
	if s.Find != "" {
		q.Set("find", s.Find)
	}
	if s.Page > 1 {
		q.Set("page", strconv.Itoa(s.Page))
	}
	if s.At > 0 {
		q.Set("at", strconv.Itoa(s.At))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// A tab is one way to select cards.
type tab struct {
	Show, Label string
	Count       int
	Current     bool
	listing     session.Listing
}

// tabs lists them with their counts; the first is what a person sees first.
func (m *room) tabs(s selection) []tab {
	state := func(of ...session.State) int {
		sum := 0
		for _, x := range of {
			sum += m.counts.ByState[x]
		}
		return sum
	}
	one := func(x session.State) session.Listing { return session.Listing{States: []session.State{x}} }
	out := []session.State{session.Approved, session.Published}
	all := []tab{
		{Show: "", Label: m.Text("desk.tab_all"), Count: m.counts.Last, listing: routing.Attention(m.Actor())},
		{Show: "received", Label: m.Text("desk.tab_received"), Count: state(session.Received), listing: one(session.Received)},
		{Show: "queued", Label: m.Text("desk.tab_queued"), Count: state(session.Queued), listing: one(session.Queued)},
		{Show: "claimed", Label: m.Text("desk.tab_claimed"), Count: state(session.Claimed), listing: one(session.Claimed)},
		{Show: "review", Label: m.Text("desk.tab_review"), Count: state(session.Review), listing: one(session.Review)},
		{Show: "parked", Label: m.Text("desk.tab_parked"), Count: m.counts.Parked, listing: session.Listing{Waiting: true}},
		{Show: "published", Label: m.Text("desk.tab_published"), Count: state(out...), listing: session.Listing{States: out, Newest: true}},
		{Show: "settled", Label: m.Text("desk.tab_settled"), Count: state(settled...), listing: session.Listing{States: settled, Newest: true}},
	}
	if s.Find == "" {
		all[max(slices.IndexFunc(all, func(t tab) bool { return t.Show == s.Show }), 0)].Current = true
	}
	return all
}

// A pager leads to the other pages of a tab.
type pager struct {
	Before, After string // addresses; empty at an end
	Page, Pages   int
}

func (s selection) pager(count int) pager {
	p := pager{Page: s.Page, Pages: max((count+view.FirstPage-1)/view.FirstPage, 1)}
	if s.Page > 1 {
		p.Before = "?" + selection{Show: s.Show, Page: s.Page - 1}.numbered()
	}
	if s.Page < p.Pages {
		p.After = "?" + selection{Show: s.Show, Page: s.Page + 1}.numbered()
	}
	return p
}

func (s selection) numbered() string {
	return url.Values{"show": {s.Show}, "page": {strconv.Itoa(s.Page)}}.Encode()
}

// tabbed reads the cards of a page.
func (d *Desk) tabbed(r *http.Request, m *room, s selection, tabs []tab) ([]session.Question, error) {
	t := tabs[slices.IndexFunc(tabs, func(t tab) bool { return t.Current })]
	l := t.listing
	l.Offset, l.Limit = (s.Page-1)*view.FirstPage, view.FirstPage
	if t.Show == "queued" {
		return m.Wanted(r.Context(), l.Offset, l.Limit)
	}
	return d.Store.List(r.Context(), m.ses.ID, l)
}

// with adds the card that the person was at, first, when it has moved on.
func (d *Desk) with(r *http.Request, m *room, at int, qs []session.Question) ([]session.Question, error) {
	if at == 0 || has(qs, at) || at > m.counts.Last {
		return qs, nil
	}
	found, err := d.Store.Questions(r.Context(), m.ses.ID, at)
	return append(found, qs...), err
}

// Live is the selection as a running page asks for it: without the card that the
// person came for.
func (s selection) Live() string {
	s.At = 0
	return s.query()
}
