package web

import (
	"html/template"
	"net/http"

	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

func (s *Server) documentRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /s/{slug}/transcript", s.transcript)
	mux.HandleFunc("GET /s/{slug}/transcript.md", s.document("text/markdown; charset=utf-8", transcript.Document.Markdown))
	mux.HandleFunc("GET /s/{slug}/transcript.json", s.document("application/json", transcript.Document.JSON))
	mux.HandleFunc("GET /s/{slug}/transcript.csv", s.document("text/csv; charset=utf-8", transcript.Document.CSV))
	mux.HandleFunc("GET /s/{slug}/feed.atom", s.sessionFeed)
	mux.HandleFunc("GET /s/{slug}/session.ics", s.calendar)
	mux.HandleFunc("GET /feed.atom", s.siteFeed)
}

// read builds the document of a session from all its questions.
func (s *Server) read(r *http.Request, ses session.Session) (transcript.Document, error) {
	qs, err := s.Store.List(r.Context(), ses.ID, session.Listing{States: session.States})
	if err != nil {
		return transcript.Document{}, err
	}
	votes, err := s.Store.Tally(r.Context(), ses.ID, numbers(qs)...)
	if err != nil {
		return transcript.Document{}, err
	}
	return transcript.Build(ses, qs, votes, s.Options), nil
}

// finished reads the document of an hour that is over; before that there is none.
func (s *Server) finished(r *http.Request) (session.Session, transcript.Document, error) {
	ses, err := s.session(r)
	if err != nil {
		return ses, transcript.Document{}, err
	}
	if phase(ses) != closed {
		return ses, transcript.Document{}, session.Fail(session.NotFound, "transcript_early")
	}
	doc, err := s.read(r, ses)
	return ses, doc, err
}

// transcriptView is the page around the transcript.
type transcriptView struct {
	Path, Title string
	Body        template.HTML
}

func (s *Server) transcript(w http.ResponseWriter, r *http.Request) {
	ses, doc, err := s.finished(r)
	if err != nil {
		s.refuseDocument(w, r, ses, err)
		return
	}
	p := site.Page{Title: wording.In(ses.Language).Text("public.transcript") + ": " + ses.Title, Language: ses.Language,
		Canonical: s.Site.URL(path(ses.ID) + "/transcript"), Feed: path(ses.ID) + "/feed.atom",
		JSONLD: template.JS(doc.JSONLD())}
	v := transcriptView{Path: path(ses.ID), Title: ses.Title, Body: template.HTML(doc.HTML())} // both are escaped by package transcript
	s.pages.Render(w, r, http.StatusOK, "transcript", p, v)
}

func (s *Server) refuseDocument(w http.ResponseWriter, r *http.Request, ses session.Session, err error) {
	back := "/"
	if ses.ID != "" {
		back = path(ses.ID)
	}
	s.Site.ErrorPageBack(w, r, ses.Language, back, err)
}

// document answers with the transcript in a format for machines.
func (s *Server) document(contentType string, write func(transcript.Document) []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, doc, err := s.finished(r)
		if err != nil {
			s.Site.Problem(w, r, err)
			return
		}
		send(w, contentType, write(doc))
	}
}

func (s *Server) sessionFeed(w http.ResponseWriter, r *http.Request) {
	ses, err := s.session(r)
	var doc transcript.Document
	if err == nil {
		doc, err = s.read(r, ses)
	}
	if err != nil {
		s.refuseDocument(w, r, ses, err)
		return
	}
	send(w, "application/atom+xml; charset=utf-8", doc.Atom())
}

func (s *Server) siteFeed(w http.ResponseWriter, r *http.Request) {
	all, err := s.Store.Sessions(r.Context())
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	w.Header().Add("Vary", "Accept-Language")
	send(w, "application/atom+xml; charset=utf-8", transcript.SiteAtom(all, s.Site.LanguageOf(r), s.Options))
}

func (s *Server) calendar(w http.ResponseWriter, r *http.Request) {
	ses, err := s.session(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+string(ses.ID)+`.ics"`)
	send(w, "text/calendar; charset=utf-8", transcript.Calendar(ses, s.Options, s.now()))
}

func send(w http.ResponseWriter, contentType string, b []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(b) // the reader went away
}
