package web

import (
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"

	"experthour/internal/session"
	"experthour/internal/web/site"
)

func (s *Server) frameRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /s/{slug}/frame", s.frame)
	mux.HandleFunc("GET /frame", s.frameOfTheDay)
	mux.HandleFunc("GET /oembed", s.oembed)
	mux.HandleFunc("GET /embed.js", func(w http.ResponseWriter, r *http.Request) { s.Site.ServeFixed(w, r, "embed.js") })
}

// frame answers with what other sites may show in a frame: nothing in it can be pressed but
// links, so nobody can be made to press something by what lies over it.
func (s *Server) frame(w http.ResponseWriter, r *http.Request) {
	site.Framed(w)
	m, ses, err := s.moment(r)
	var sheet *site.Sheet
	if err == nil {
		sheet, err = site.Recent(r.Context(), m, "frame", s.until(ses), func(ctx context.Context) (*site.Sheet, error) {
			b, err := s.board(ctx, m, own(ses))
			if err != nil {
				return nil, err
			}
			v := s.sessionView(b, askView{})
			p := site.Page{Title: ses.Title, Language: ses.Language, Canonical: s.Site.URL(path(ses.ID)), Scripts: []string{"frame.js"}, Frame: true}
			return s.pages.Sheet(r, "frame", p, v)
		})
	}
	s.serveDocument(w, r, sheet, ses, err)
}

// frameOfTheDay is the frame of the hour that is on; otherwise of the next one, or else of the last.
func (s *Server) frameOfTheDay(w http.ResponseWriter, r *http.Request) {
	id, err := s.hourOfTheDay(r)
	if err != nil {
		site.Framed(w)
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	r.SetPathValue("slug", string(id))
	s.frame(w, r)
}

func (s *Server) hourOfTheDay(r *http.Request) (session.ID, error) {
	return site.Once(r.Context(), s.Hub.List(), "frame", lasting, func(ctx context.Context) (session.ID, error) {
		all, err := s.Store.Sessions(ctx)
		var best session.Session
		for _, ses := range all {
			if ses.State != session.Draft && ses.State != session.Cancelled && (best.ID == "" || nearer(ses, best)) {
				best = ses
			}
		}
		if err == nil && best.ID == "" {
			err = site.ErrNoPage
		}
		return best.ID, err
	})
}

// nearer reports whether a is shown rather than b.
func nearer(a, b session.Session) bool {
	order := cmp.Compare(heading(a), heading(b))
	if order == 0 && heading(a) == 1 {
		return a.Start.Before(b.Start)
	}
	return order < 0 || order == 0 && a.Start.After(b.Start)
}

// embedding is what oEmbed says of an address (oembed.com, 1.0).
type embedding struct {
	XMLName  xml.Name `json:"-" xml:"oembed"`
	Version  string   `json:"version" xml:"version"`
	Type     string   `json:"type" xml:"type"`
	Title    string   `json:"title" xml:"title"`
	Provider string   `json:"provider_name,omitempty" xml:"provider_name,omitempty"`
	Home     string   `json:"provider_url" xml:"provider_url"`
	HTML     string   `json:"html" xml:"html"`
	Width    int      `json:"width" xml:"width"`
	Height   int      `json:"height" xml:"height"`
}

// frameSize is how wide and high a frame is that nobody gave a size.
const frameSize = 600

var errFormat = &site.StatusError{Status: http.StatusNotImplemented, Err: session.Fail(session.Invalid, "embed_format")}

// oembed says by which line of HTML another site shows an address of this one.
func (s *Server) oembed(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	e := embedding{Version: "1.0", Type: "rich", Provider: s.Site.Institution, Home: s.Site.URL("/"),
		Width: bounded(asked.Get("maxwidth")), Height: bounded(asked.Get("maxheight"))}
	frame, title, err := s.framed(r, asked.Get("url"))
	if format := asked.Get("format"); err == nil && format != "" && format != "json" && format != "xml" {
		err = errFormat
	}
	if err != nil {
		s.Site.Problem(w, r, err)
		return
	}
	e.Title, e.HTML = title, frameHTML(s.Site.URL(frame), title, e.Width, e.Height)
	kind, write := "application/json", json.Marshal
	if asked.Get("format") == "xml" {
		kind, write = "text/xml; charset=utf-8", marshalXML
	}
	b, err := write(e)
	if err != nil {
		s.Site.Problem(w, r, err)
		return
	}
	site.NewSheet(kind, append(b, '\n'), "").Serve(w, r, "")
}

func marshalXML(v any) ([]byte, error) {
	b, err := xml.Marshal(v)
	return append([]byte(xml.Header), b...), err
}

func frameHTML(address, title string, width, height int) string {
	return fmt.Sprintf(`<iframe src="%s" title="%s" width="%d" height="%d" style="border:0;max-width:100%%" loading="lazy"></iframe>`,
		html.EscapeString(address), html.EscapeString(title), width, height)
}

func bounded(most string) int {
	n, err := strconv.Atoi(most)
	if err != nil || n < 1 {
		return frameSize
	}
	return min(n, frameSize)
}

// framed finds the frame that stands for an address of this site: that of its hour, or for the
// list of hours that of the day.
func (s *Server) framed(r *http.Request, address string) (frame, title string, err error) {
	if address == s.Site.PublicURL {
		address += "/"
	}
	rest, ours := strings.CutPrefix(address, s.Site.URL("/"))
	if !ours {
		return "", "", site.ErrNoPage
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	if rest == "" || rest == "frame" {
		return "/frame", s.Site.Words(r).Text("public.sessions"), nil
	}
	parts := strings.Split(rest, "/")
	if len(parts) < 2 || parts[0] != "s" {
		return "", "", site.ErrNoPage
	}
	r.SetPathValue("slug", parts[1])
	ses, err := s.session(r)
	return path(ses.ID) + "/frame", ses.Title, err
}
