// Package site is the ground that the public pages and the desk stand on: page
// templates, languages, headers, limits, errors, live events and static files.
//
// It knows HTTP and the words of the catalogue. It must not know what any page is
// about: not a session's rules, not who may see what.
package site

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/text/language"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// Config is what a Site is made from.
type Config struct {
	Institution      string           // its name; empty shows the program's
	Contact          string           // e-mail address, or empty
	PrivacyURL       string           // or empty
	AccessibilityURL string           // or empty
	Accounts         []Account        // the official ones of the institution, for every page to name
	Language         session.Language // where neither a session nor the reader chooses
	PublicURL        string           // absolute, without a slash at the end
	TrustedProxies   []netip.Prefix   // whose X-Forwarded-For is believed
	Log              *slog.Logger
	Now              func() time.Time
	// Observe, if set, is told about every request: its route is a pattern, never
	// an address with anything of a person in it.
	Observe func(route string, status int, took time.Duration)
}

// Account is one of the institution at a platform.
type Account struct{ Name, URL string }

// Site is shared by all handlers and never changes.
type Site struct {
	Config
	// Gap stands in a page where each reader gets a token of their own (Sheet). It cannot be
	// guessed, so nobody can ask a question with it.
	Gap    string
	assets assets
	errors *Pages
}

// New hashes the static files and parses the templates that every page needs.
func New(c Config) (*Site, error) {
	if !c.Language.Known() {
		c.Language = session.Languages[0]
	}
	a, err := hashAssets(own, "static")
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	s := &Site{Config: c, Gap: (rand.Text() + rand.Text())[:TokenSize], assets: a}
	s.errors, err = s.Pages(own, "templates/pages")
	return s, err
}

// offered are the languages of the catalogue for content negotiation, in the
// order of session.Languages.
var offered = func() []language.Tag {
	var tags []language.Tag
	for _, l := range session.Languages {
		tags = append(tags, language.Make(string(l)))
	}
	return tags
}()

// LanguageOf chooses a language for a request that is about no session: ?lang=,
// then Accept-Language, then the configured one. No cookie remembers it.
func (s *Site) LanguageOf(r *http.Request) session.Language {
	if l := session.Language(r.URL.Query().Get("lang")); l.Known() {
		return l
	}
	want, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(want) == 0 {
		return s.Language
	}
	_, i, confidence := language.NewMatcher(offered).Match(want...)
	if confidence < language.High {
		return s.Language
	}
	return session.Languages[i]
}

// Words speaks the language of a request.
func (s *Site) Words(r *http.Request) wording.Words { return wording.In(s.LanguageOf(r)) }

// URL makes an absolute address of a path.
func (s *Site) URL(path string) string { return s.PublicURL + path }

// Secure reports whether readers reach the site by https.
func (s *Site) Secure() bool { return strings.HasPrefix(s.PublicURL, "https://") }
