package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"experthour/internal/session"
)

//go:embed templates static
var own embed.FS

// Pages is a set of page templates, parsed once for each language.
//
// A folder of them holds one file a page, NAME.html, which defines "main" (and may
// define "head"); *.part.html are shared by its pages. A page's templates get the
// page's view as dot.
type Pages struct {
	site *Site
	sets map[session.Language]map[string]*template.Template
}

// Page is what the frame of a page shows.
type Page struct {
	Title       string           // without the institution's name
	Language    session.Language // of a session's page; empty lets the reader choose
	Chosen      session.Language // as the address names it; empty where it need not
	Other       string           // address of the page in another language; empty is this one with ?lang=
	Description string
	Canonical   string // absolute address for search engines and shared links
	Feed        string // path of the feed, without what names the format; empty is the site's
	Calendar    string // path of the calendar entry
	OEmbed      string // absolute address of what oEmbed says of the page, without the format
	Frame       bool   // shown in frames of other sites: no masthead, no foot, and links open outside
	Styles      []string
	Scripts     []string
	JSONLD      template.JS // trusted: made by package transcript
	NoIndex     bool
	Secret      bool   // personal: not stored by caches and not indexed
	Banner      string // something is wrong with the whole page
	Class       string // of body
	User        string // who is logged in, on the desk
	Desk        bool   // the desk's frame: no feeds, no links for readers
}

// Pages parses the pages of folder dir in files.
func (s *Site) Pages(files fs.FS, dir string) (*Pages, error) {
	p := &Pages{site: s, sets: map[session.Language]map[string]*template.Template{}}
	for _, l := range session.Languages {
		set, err := s.parse(files, dir, l)
		if err != nil {
			return nil, err
		}
		p.sets[l] = set
	}
	return p, nil
}

func (s *Site) parse(files fs.FS, dir string, l session.Language) (map[string]*template.Template, error) {
	base, err := template.New("layout.html").Funcs(s.funcs(l)).ParseFS(own, "templates/layout.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, path.Join(dir, "*.html"))
	if err != nil {
		return nil, err
	}
	var pages []string
	for _, name := range names {
		if !strings.HasSuffix(name, ".part.html") {
			pages = append(pages, name)
		} else if _, err := base.ParseFS(files, name); err != nil {
			return nil, err
		}
	}
	return parsePages(base, files, pages)
}

// partsOnly is the set without a page, for fragments.
const partsOnly = ""

func parsePages(base *template.Template, files fs.FS, names []string) (map[string]*template.Template, error) {
	set := map[string]*template.Template{}
	for _, name := range names {
		t, err := template.Must(base.Clone()).ParseFS(files, name)
		if err != nil {
			return nil, err
		}
		set[strings.TrimSuffix(path.Base(name), ".html")] = t
	}
	set[partsOnly] = base
	return set, nil
}

// frame is the dot of layout.html.
type frame struct {
	Page
	Site *Site
	Path string
	View any
}

// Render writes a page. A template that fails is our mistake: it is logged and the
// reader gets the error page, never half a page.
func (p *Pages) Render(w http.ResponseWriter, r *http.Request, status int, name string, page Page, view any) {
	l := p.language(r, page)
	b, err := p.execute(l, name, "layout.html", frame{Page: page, Site: p.site, Path: r.URL.Path, View: view})
	if err != nil {
		p.site.Log.Error("page failed", "page", name, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", htmlType)
	h.Set("Content-Language", string(l))
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Language")
	if page.Secret {
		h.Set("Cache-Control", "no-store")
		h.Set("X-Robots-Tag", "noindex, nofollow")
	}
	w.WriteHeader(status)
	_, _ = w.Write(b) // the reader went away
}

const htmlType = "text/html; charset=utf-8"

func (p *Pages) language(r *http.Request, page Page) session.Language {
	if page.Language.Known() {
		return page.Language
	}
	return p.site.LanguageOf(r)
}

// Sheet renders a page for many readers, who each get a token where the page says Gap.
func (p *Pages) Sheet(r *http.Request, name string, page Page, view any) (*Sheet, error) {
	l := p.language(r, page)
	b, err := p.execute(l, name, "layout.html", frame{Page: page, Site: p.site, Path: r.URL.Path, View: view})
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	s := NewSheet(htmlType, b, p.site.Gap)
	s.Header.Set("Content-Language", string(l))
	s.Header.Set("Vary", "Accept-Language")
	return s, nil
}

// Fragment executes a template of the parts, such as one question for a live update.
func (p *Pages) Fragment(l session.Language, name string, view any) ([]byte, error) {
	return p.execute(l, partsOnly, name, view)
}

func (p *Pages) execute(l session.Language, page, name string, dot any) ([]byte, error) {
	t := p.sets[l][page]
	if t == nil {
		return nil, fmt.Errorf("no page %q in %q", page, l)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, dot); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
