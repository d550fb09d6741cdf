package web

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"

	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

const calendarType = "text/calendar; charset=utf-8"

func (s *Server) documentRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /s/{slug}/transcript", s.transcript)
	mux.HandleFunc("GET /s/{slug}/transcript.md", s.document("text/markdown; charset=utf-8", "inline", ".md", transcript.Document.Markdown))
	mux.HandleFunc("GET /s/{slug}/transcript.json", s.document("application/json", "inline", ".json", transcript.Document.JSON))
	mux.HandleFunc("GET /s/{slug}/transcript.csv", s.document("text/csv; charset=utf-8", "attachment", ".csv", transcript.Document.CSV))
	mux.HandleFunc("GET /s/{slug}/session.ics", s.calendar)
	for _, f := range transcript.FeedFormats() {
		mux.HandleFunc("GET /s/{slug}/feed."+f.Name, s.sessionFeed(f))
		mux.HandleFunc("GET /feed."+f.Name, s.siteFeed(f))
	}
}

// read builds the document of a session from all its questions.
func (s *Server) read(ctx context.Context, ses session.Session) (transcript.Document, error) {
	qs, err := s.Store.List(ctx, ses.ID, session.Listing{States: session.States})
	if err != nil {
		return transcript.Document{}, err
	}
	return s.documentOf(ctx, ses, qs)
}

func (s *Server) documentOf(ctx context.Context, ses session.Session, qs []session.Question) (transcript.Document, error) {
	votes, err := s.Store.Tally(ctx, ses.ID, numbers(qs)...)
	if err != nil {
		return transcript.Document{}, err
	}
	return transcript.Build(ses, qs, votes, s.Options), nil
}

// Document builds what is public of an hour now.
func (s *Server) Document(ctx context.Context, id session.ID) (transcript.Document, error) {
	ses, err := s.Store.Session(ctx, id)
	if err != nil {
		return transcript.Document{}, err
	}
	return s.read(ctx, ses)
}

// window builds a document of one page of size numbers, and says how many pages there are, at
// least one. A page that there is not is not found.
func (s *Server) window(ctx context.Context, ses session.Session, page, size int) (doc transcript.Document, pages int, err error) {
	counts, err := s.Store.Counts(ctx, ses.ID)
	if err != nil {
		return doc, 0, err
	}
	pages = max(1, (counts.Last+size-1)/size)
	if page > pages {
		return doc, 0, site.ErrNoPage
	}
	first, last := (page-1)*size+1, min(page*size, counts.Last)
	var ns []int
	for n := first; n <= last; n++ {
		ns = append(ns, n)
	}
	qs, err := s.Store.Questions(ctx, ses.ID, ns...)
	if err == nil {
		qs, err = s.withTargets(ctx, ses.ID, qs)
	}
	if err != nil {
		return doc, 0, err
	}
	doc, err = s.documentOf(ctx, ses, qs)
	doc.Questions = slices.DeleteFunc(doc.Questions, func(q transcript.Question) bool { return q.Number < first || q.Number > last })
	return doc, pages, err
}

// withTargets adds what the questions are merged into, which says whether they are public.
func (s *Server) withTargets(ctx context.Context, id session.ID, qs []session.Question) ([]session.Question, error) {
	there := map[int]bool{}
	for _, q := range qs {
		there[q.Ref.Number] = true
	}
	var missing []int
	for _, q := range qs {
		if q.State == session.Merged && !there[q.Into] {
			there[q.Into] = true
			missing = append(missing, q.Into)
		}
	}
	if len(missing) == 0 {
		return qs, nil
	}
	more, err := s.Store.Questions(ctx, id, missing...)
	return append(qs, more...), err
}

// once makes a document of the hour of the address once for each change of it. What early says
// is the answer as long as the hour is not over.
func (s *Server) once(r *http.Request, name string, early error,
	render func(context.Context, session.Session) (*site.Sheet, error)) (*site.Sheet, session.Session, error) {
	m, ses, err := s.moment(r)
	if err == nil && early != nil && phase(ses) != closed {
		err = early
	}
	if err != nil {
		return nil, ses, err
	}
	sheet, err := site.Recent(r.Context(), m, name, lasting, func(ctx context.Context) (*site.Sheet, error) { return render(ctx, ses) })
	return sheet, ses, err
}

// errEarly is the answer while there is no transcript.
var errEarly = session.Fail(session.NotFound, "transcript_early")

// transcriptView is the page around the transcript.
type transcriptView struct {
	Path, Title string
	Body        template.HTML
}

func (s *Server) transcript(w http.ResponseWriter, r *http.Request) {
	sheet, ses, err := s.once(r, "transcript", errEarly, func(ctx context.Context, ses session.Session) (*site.Sheet, error) {
		doc, err := s.read(ctx, ses)
		if err != nil {
			return nil, err
		}
		p := site.Page{Title: wording.In(ses.Language).Text("public.transcript") + ": " + ses.Title, Language: ses.Language,
			Canonical: s.Site.URL(path(ses.ID) + "/transcript"), Feed: path(ses.ID) + "/feed",
			JSONLD: template.JS(doc.JSONLD())}
		v := transcriptView{Path: path(ses.ID), Title: ses.Title, Body: template.HTML(doc.HTML())} // both are escaped by package transcript
		return s.pages.Sheet(r, "transcript", p, v)
	})
	s.serveDocument(w, r, sheet, ses, err)
}

func (s *Server) serveDocument(w http.ResponseWriter, r *http.Request, sheet *site.Sheet, ses session.Session, err error) {
	if err == nil {
		sheet.Serve(w, r, "")
		return
	}
	back := "/"
	if ses.ID != "" {
		back = path(ses.ID)
	}
	s.Site.ErrorPageBack(w, r, ses.Language, back, err)
}

// document answers with the transcript in a format for machines, as a file of the hour's name.
func (s *Server) document(contentType, disposition, ending string, write func(transcript.Document) []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		sheet, _, err := s.once(r, contentType, errEarly, func(ctx context.Context, ses session.Session) (*site.Sheet, error) {
			doc, err := s.read(ctx, ses)
			if err != nil {
				return nil, err
			}
			sheet := site.NewSheet(contentType, write(doc), "")
			sheet.Header.Set("Content-Disposition", fmt.Sprintf(`%s; filename="%s%s"`, disposition, ses.ID, ending))
			return sheet, nil
		})
		s.serveAPI(w, r, sheet, err)
	}
}

// sessionFeed answers with the newest answers, and with ?page=N with a page of the archive. It
// is never as it was a moment ago, for the hub reads it once after a change.
func (s *Server) sessionFeed(f transcript.FeedFormat) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page := 0
		if r.URL.Query().Has("page") {
			page = pageNumber(r)
		}
		name := "feed/" + f.Name + "/" + strconv.Itoa(page)
		m, ses, err := s.moment(r)
		var sheet *site.Sheet
		if err == nil {
			sheet, err = site.Once(r.Context(), m, name, lasting, func(ctx context.Context) (*site.Sheet, error) {
				feed, err := s.feedOf(ctx, ses, page)
				return feedSheet(f, feed), err
			})
		}
		s.serveDocument(w, r, sheet, ses, err)
	}
}

func feedSheet(f transcript.FeedFormat, feed transcript.Feed) *site.Sheet {
	sheet := site.NewSheet(f.Type+"; charset=utf-8", f.Encode(feed), "")
	if link := feed.Discovery(f); link != "" {
		sheet.Header.Set("Link", link)
	}
	return sheet
}

func (s *Server) feedOf(ctx context.Context, ses session.Session, page int) (transcript.Feed, error) {
	doc, pages, err := s.feed(ctx, ses, page)
	return doc.Feed(page, pages, s.Options), err
}

// newsFor is how long after its end an hour is looked at for changes that the hub must know.
const newsFor = 366 * 24 * time.Hour

// News are the feeds as subscribers see them now: of some hours, or of all where hours is nil,
// and that of the site.
func (s *Server) News(ctx context.Context, hours []session.ID) ([]transcript.Feed, error) {
	all, err := s.Store.Sessions(ctx)
	if err != nil {
		return nil, err
	}
	feeds := []transcript.Feed{transcript.SiteFeed(all, s.Site.Language, s.Options)}
	for _, ses := range all {
		if ses.State == session.Draft || s.now().Sub(ses.End) > newsFor || hours != nil && !slices.Contains(hours, ses.ID) {
			continue
		}
		f, err := s.feedOf(ctx, ses, 0)
		if err != nil {
			return nil, fmt.Errorf("feed of %s: %w", ses.ID, err)
		}
		feeds = append(feeds, f)
	}
	return feeds, nil
}

// feed reads a page of the archive, or for 0 the newest answers; pages is 0 where these are all
// there are, and there is no archive.
func (s *Server) feed(ctx context.Context, ses session.Session, page int) (doc transcript.Document, pages int, err error) {
	if page > 0 {
		return s.window(ctx, ses, page, transcript.FeedSize)
	}
	counts, err := s.Store.Counts(ctx, ses.ID)
	if err != nil {
		return doc, 0, err
	}
	qs, err := s.listed(ctx, ses.ID, session.Listing{States: []session.State{session.Published}, Newest: true, Limit: transcript.FeedSize},
		session.Listing{States: working, Limit: underWork}, // some are being corrected
		session.Listing{States: takenBack, Newest: true, Limit: transcript.FeedSize},
		session.Listing{States: ended, Newest: true, Limit: 1})
	if err != nil {
		return doc, 0, err
	}
	doc, err = s.documentOf(ctx, ses, qs)
	news := 0
	for _, q := range doc.Questions {
		if q.Answer != nil || !q.Gone.IsZero() {
			news++
		}
	}
	if news > transcript.FeedSize || counts.ByState[session.Published] > transcript.FeedSize {
		pages = (counts.Last + transcript.FeedSize - 1) / transcript.FeedSize
	}
	return doc, pages, err
}

// takenBack are the states of questions whose answer may have been public.
var takenBack = []session.State{session.Retracted, session.Withdrawn}

func (s *Server) siteFeed(f transcript.FeedFormat) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l := s.Site.LanguageOf(r)
		name := "feed/" + f.Name + "/" + string(l)
		sheet, err := site.Once(r.Context(), s.Hub.List(), name, lasting, func(ctx context.Context) (*site.Sheet, error) {
			all, err := s.Store.Sessions(ctx)
			if err != nil {
				return nil, err
			}
			sheet := feedSheet(f, transcript.SiteFeed(all, l, s.Options))
			sheet.Header.Set("Vary", "Accept-Language")
			return sheet, nil
		})
		s.serveDocument(w, r, sheet, session.Session{}, err)
	}
}

func (s *Server) calendar(w http.ResponseWriter, r *http.Request) {
	sheet, ses, err := s.once(r, "calendar", nil, func(_ context.Context, ses session.Session) (*site.Sheet, error) {
		sheet := site.NewSheet(calendarType, transcript.Calendar(ses, s.Options, s.now()), "")
		sheet.Header.Set("Content-Disposition", `attachment; filename="`+string(ses.ID)+`.ics"`)
		return sheet, nil
	})
	s.serveDocument(w, r, sheet, ses, err)
}
