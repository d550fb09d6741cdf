package web

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// The phases of an hour as the public sees them.
const (
	before    = "before"
	open      = "open"
	closing   = "closing"
	closed    = "closed"
	cancelled = "cancelled"
)

func phase(s session.Session) string {
	switch s.State {
	case session.Open:
		return open
	case session.Closing:
		return closing
	case session.Closed, session.Archived:
		return closed
	case session.Cancelled:
		return cancelled
	}
	return before
}

// sessionView is the page of one hour.
type sessionView struct {
	Slug         session.ID
	Path         string
	Phase        string
	Title, Topic string
	CalledOff    []string // why, and the new date
	Experts      []session.Expert
	Start, End   time.Time // in the zone of the hour
	EndText      string
	Left         time.Duration // to the start or to the end
	Minutes      int
	Passed       int
	Received     int
	Form         askView
	Events       string // address of the live updates; empty when nothing changes any more
	After        string // where they begin
	Live         string // the status line
	Answered     listView
	Waiting      listView
	Other        listView
	Seal         *transcript.Seal // nil until the hour is archived
}

// listView is one list of the page.
type listView struct {
	ID, Title, Empty string
	Count            int
	Items            []questionView
	Prev, Next       string
}

func (s *Server) sessionPage(w http.ResponseWriter, r *http.Request) {
	m, ses, err := s.moment(r)
	var sheet *site.Sheet
	if err == nil {
		page := pageNumber(r)
		sheet, err = site.Recent(r.Context(), m, "page/"+strconv.Itoa(page), s.until(ses), func(ctx context.Context) (*site.Sheet, error) {
			b, err := s.board(ctx, ses, page)
			if err != nil {
				return nil, err
			}
			b.after = m.After
			form := s.form(ses, askInput{Key: s.Site.Gap})
			return s.pages.Sheet(r, "session", s.sessionFrame(b, form), s.sessionView(b, form))
		})
	}
	if err != nil {
		s.sessionAway(w, r, err, askView{})
		return
	}
	sheet.Serve(w, r, s.tokens.make(ses.ID)) // never one of the address, which others may have too
}

// until is when a page says something else although nothing happened: it counts minutes, and
// asking begins.
func (s *Server) until(ses session.Session) time.Time {
	now := s.now()
	minute := now.Truncate(time.Minute).Add(time.Minute)
	if ses.AskFrom.After(now) && ses.AskFrom.Before(minute) {
		return ses.AskFrom
	}
	return minute
}

// pageNumber is the page asked for, the first one when that is no number.
func pageNumber(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || n < 1 || n > 10_000 {
		return 1
	}
	return n
}

// sessionAway answers when the store cannot be read: with the page as it was last
// seen, if this process ever saw it, and with what the asker had typed.
func (s *Server) sessionAway(w http.ResponseWriter, r *http.Request, err error, form askView) {
	last, ok := s.lastSeen.Load(session.ID(r.PathValue("slug")))
	if !ok || session.KindOf(err) != session.Unavailable {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	b := last.(board)
	b.stale = true
	if form.Action == "" {
		form = s.form(b.session, askInput{})
	}
	w.Header().Set("Retry-After", "5")
	s.pages.Render(w, r, site.StatusOf(err), "session", s.sessionFrame(b, form), s.sessionView(b, form))
}

func (s *Server) sessionFrame(b board, form askView) site.Page {
	ses, words := b.session, wording.In(b.session.Language)
	p := site.Page{Title: ses.Title, Language: ses.Language, Description: session.Shorten(session.CleanLine(ses.Topic), 200),
		Canonical: s.Site.URL(path(ses.ID)), Feed: path(ses.ID) + "/feed", Calendar: path(ses.ID) + "/session.ics",
		Scripts: []string{"site.js"}, OEmbed: s.Site.URL("/oembed?url=" + url.QueryEscape(s.Site.URL(path(ses.ID))))}
	doc := transcript.Build(ses, nil, nil, s.Options)
	p.JSONLD = template.JS(doc.JSONLD()) //nolint: made of JSON that escapes <, > and &
	if len(form.Errors) > 0 {
		p.Title = words.Text("public.not_sent_title")
	}
	if b.stale {
		p.Banner = words.Text("public.away")
	}
	return p
}

func (s *Server) sessionView(b board, form askView) sessionView {
	ses, zone, words, now := b.session, b.session.Location(), wording.In(b.session.Language), s.now()
	v := sessionView{Slug: ses.ID, Path: path(ses.ID), Phase: phase(ses), Title: ses.Title, Topic: ses.Topic, Experts: ses.Experts,
		Start: ses.Start.In(zone), End: ses.End.In(zone), Received: b.counts.Last, Form: form, Seal: transcript.SealOf(ses)}
	v.CalledOff = words.CalledOff(ses.CalledOff)
	v.EndText = clockOrDate(words, now.In(zone), v.End)
	v.Left = max(0, ses.End.Sub(now))
	if v.Phase == before {
		v.Left = max(0, ses.Start.Sub(now))
	}
	v.Minutes = max(1, int(ses.End.Sub(ses.Start).Minutes()))
	v.Passed = min(v.Minutes, max(0, int(now.Sub(ses.Start).Minutes())))
	v.Live = words.Text("public.live")
	if v.Phase == closed || v.Phase == cancelled {
		v.Live = words.Text("public.still")
	}
	if ses.Voting() && b.page == 1 {
		v.Events, v.After = v.Path+"/events", b.after
	}
	b.lists(&v, words)
	return v
}

// clockOrDate leaves the day out when it is today.
func clockOrDate(w wording.Words, now, t time.Time) string {
	if now.Format(time.DateOnly) == t.Format(time.DateOnly) {
		return w.Clock(t)
	}
	return w.DateTime(t)
}

func (b board) lists(v *sessionView, w wording.Words) {
	c := b.counts.ByState
	correcting := max(0, len(b.answered)-listPage)
	if b.page == 1 {
		correcting = max(0, len(b.answered)-min(c[session.Published], listPage))
	}
	v.Answered = listView{ID: "answered", Title: w.Text("public.answered"), Empty: w.Text("public.answered_none"),
		Count: c[session.Published] + correcting, Items: b.answered}
	v.Waiting = listView{ID: "waiting", Title: w.Text("public.waiting"), Empty: w.Text("public.waiting_none"), Items: b.waiting,
		Count: max(len(b.waiting), c[session.Queued]+c[session.Claimed]+c[session.Review]+c[session.Approved]-correcting)}
	if v.Phase == before {
		v.Waiting.Title = w.Text("public.waiting_before")
	}
	if v.Phase == closed || v.Phase == cancelled {
		v.Answered.Empty = w.Text("public.answered_over")
	}
	others := 0
	for _, s := range ended {
		others += c[s]
	}
	v.Other = listView{ID: "other", Title: w.Text("public.rest"), Count: others, Items: b.other}
	v.Answered.turn(b.page, c[session.Published])
	v.Waiting.turn(b.page, c[session.Queued])
	v.Other.turn(b.page, others)
}

// turn adds the links to the neighbouring pages.
func (l *listView) turn(page, total int) {
	if page > 1 {
		l.Prev = "?page=" + strconv.Itoa(page-1) + "#" + l.ID
	}
	if page*listPage < total {
		l.Next = "?page=" + strconv.Itoa(page+1) + "#" + l.ID
	}
}
