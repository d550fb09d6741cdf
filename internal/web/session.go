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
	Tabs         []tab
	Path         string
	Phase        string
	Title, Topic string
	Language     session.Language // of the title, topic and experts
	CalledOff    []string         // why, and the new date
	Experts      []session.Expert
	Start, End   time.Time // in the zone of the hour
	EndText      string
	Left         time.Duration // to the start or to the end
	Minutes      int
	Passed       int
	Received     int
	Form         askView
	Live         liveView
	Answered     listView
	Waiting      listView
	Other        listView
	Seal         *transcript.Seal // nil until the hour is archived
}

// Calendar is the address of the hour's calendar entry.
func (v sessionView) Calendar() string { return v.Path + "/session.ics" }

// Transcript is the address of the hour's transcript.
func (v sessionView) Transcript() string { return v.Path + "/transcript" }

// liveView is what the script of a page needs to follow the hour.
type liveView struct {
	Events string // address of the live updates without the place in them; empty when nothing changes any more
	After  string // where they begin
	Status string
}

func (rd reader) live(after string) liveView {
	words := rd.words()
	switch phase(rd.Session) {
	case closed:
		return liveView{Status: words.Text("public.still")}
	case cancelled:
		return liveView{Status: words.Text("public.still_cancelled")}
	}
	events := path(rd.ID) + "/events?"
	if rd.foreign() {
		events += "lang=" + string(rd.lang) + "&"
	}
	return liveView{Events: events + "after=", After: after, Status: words.Text("public.live")}
}

func (s *Server) sessionPage(w http.ResponseWriter, r *http.Request) {
	m, ses, err := s.moment(r)
	var sheet *site.Sheet
	if err == nil {
		rd := readerOf(r, ses)
		sheet, err = site.Recent(r.Context(), m, "page/"+string(rd.lang), s.until(ses), func(ctx context.Context) (*site.Sheet, error) {
			b, err := s.board(ctx, m, rd)
			if err != nil {
				return nil, err
			}
			form := s.form(rd, askInput{Key: s.Site.Gap})
			return s.pages.Sheet(r, "session", s.sessionFrame(b, form), s.sessionView(b, form))
		})
	}
	if err != nil {
		s.sessionAway(w, r, err, askView{})
		return
	}
	sheet.Serve(w, r, s.tokens.make(ses.ID, s.now())) // never one of the address, which others may have too
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
func pageNumber(r *http.Request) int { return atLeast(1, r.URL.Query().Get("page"), 1) }

// atLeast reads a number from least to 10,000, and gives another for what is none.
func atLeast(least int, text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > 10_000 {
		return otherwise
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
		form = s.form(b.reader, askInput{})
	}
	w.Header().Set("Retry-After", "5")
	s.pages.Render(w, r, site.StatusOf(err), "session", s.sessionFrame(b, form), s.sessionView(b, form))
}

func (s *Server) sessionFrame(b board, form askView) site.Page {
	p := b.page(path(b.ID))
	p.Title, p.Description = b.Title, session.Shorten(session.CleanLine(b.Topic), 200)
	p.Canonical, p.Calendar = s.Site.URL(b.link(path(b.ID))), path(b.ID)+"/session.ics"
	p.OEmbed = s.Site.URL("/oembed?url=" + url.QueryEscape(s.Site.URL(path(b.ID))))
	doc := transcript.Build(b.Session, nil, nil, s.Options)
	p.JSONLD = template.JS(doc.JSONLD()) // made of JSON that escapes <, > and &
	if len(form.Errors) > 0 {
		p.Title = b.words().Text("public.not_sent_title")
	}
	if b.stale {
		p.Banner = b.words().Text("public.away")
	}
	return p
}

func (s *Server) sessionView(b board, form askView) sessionView {
	zone, now := b.Location(), s.now()
	v := sessionView{Tabs: b.tabs("", b.lists[answered].Count, b.lists[waiting].Count), Path: path(b.ID), Phase: phase(b.Session),
		Title: b.Title, Topic: b.Topic, Language: b.Language, Experts: b.Experts,
		Start: b.Start.In(zone), End: b.End.In(zone), Received: b.received, Form: form, Live: b.live(b.after),
		Answered: b.lists[answered], Waiting: b.lists[waiting], Other: b.lists[other], Seal: transcript.SealOf(b.Session),
		CalledOff: b.words().CalledOff(b.CalledOff)}
	v.EndText = b.words().Clock(v.End) // also after midnight: an hour is shorter than a day
	v.Left = max(0, b.End.Sub(now))
	if v.Phase == before {
		v.Left = max(0, b.Start.Sub(now))
	}
	v.Minutes = max(1, int(b.End.Sub(b.Start).Minutes()))
	v.Passed = min(v.Minutes, max(0, int(now.Sub(b.Start).Minutes())))
	return v
}
