// Package web is the public side in the browser: the list of hours, the page of an
// hour, asking, receipts, votes, the transcript, feeds, the JSON API, health and
// metrics.
//
// It knows HTTP, the session service and what package transcript lets the public
// read. It must not know who staff are or what they may do; the desk is package
// desk. Nothing that is not approved passes through here: whatever is shown of a
// question comes from transcript.Build, and only the asker's own receipt shows more.
package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"embed"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"experthour/internal/connector"
	"experthour/internal/keyring"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web/site"
)

//go:embed pages
var files embed.FS

// Config is what the public pages need.
type Config struct {
	Site    *site.Site
	Hub     *site.Hub // wakes when Service has changed something
	Service *session.Service
	Store   Store
	Keys    keyring.Keys // of what the public pages sign: forms and votes
	// Networks name the network of whoever asks, each hour's by a name of its own.
	Networks keyring.Keys
	// Receipts make and know the links with which askers come back.
	Receipts Receipts
	// Letters make and know the links that end letters; without keys nobody writes to
	// askers, and none is asked for an address.
	Letters Letters
	// Options name the institution, the reasons and the places for the public.
	Options transcript.Options
	// Connectors that are connector.Pretend have a page; may be nil.
	Connectors *connector.Registry
	Limits     Limits
	// Pictures is how many a question may bring; with 0 the form has no place for any.
	Pictures int
	// Ready reports whether the store can be reached.
	Ready   func(context.Context) error
	Metrics *Metrics // may be nil
}

// Store is what the pages read and the votes that they write.
type Store interface {
	Session(ctx context.Context, id session.ID) (session.Session, error)
	Sessions(ctx context.Context) ([]session.Session, error)
	Questions(ctx context.Context, id session.ID, numbers ...int) ([]session.Question, error)
	Family(ctx context.Context, ref session.QuestionRef, also ...int) ([]session.Question, error)
	session.Views
	session.Votes
	session.Quotas
	session.PictureStore
}

// Server answers readers and askers.
type Server struct {
	Config
	pages     *site.Pages
	tokens    tokens
	asking    *site.Limiter
	voting    *site.Limiter
	ballots   *site.Limiter
	searches  *site.Limiter
	uploads   *site.Limiter
	addresses *site.Limiter // left at a receipt
	atHand    atomic.Int64  // bytes of files that are being read
	finders   *site.Gate    // who searches at one time
	indexes   routing.Indexes[row]
	posters   posters
	readiness readiness
	lastSeen  sync.Map // session.ID -> board: shown while the store is away
}

// New parses the pages. Without keys votes and receipts could be made up.
func New(c Config) (*Server, error) {
	if len(c.Keys) == 0 || len(c.Receipts.Keys) == 0 || len(c.Networks) == 0 {
		return nil, errors.New("what the pages sign, receipts and networks need a key")
	}
	pages, err := c.Site.Pages(files, "pages")
	if err != nil {
		return nil, err
	}
	if c.Connectors == nil {
		c.Connectors = &connector.Registry{}
	}
	c.Hub.Quiet = quiet
	limiter := func(what string, rates ...site.Rate) *site.Limiter {
		return site.NewLimiter(c.Store, derive(c.Keys[0], "networks"), what, rates...)
	}
	return &Server{Config: c, pages: pages, tokens: newTokens(c.Keys),
		asking: limiter("ask", c.Limits.Ask.rates()...), voting: limiter("vote", c.Limits.Vote.rates()...),
		ballots: limiter("ballot", c.Limits.Ballots.rates()...), searches: limiter("search", c.Limits.Search.rates()...),
		uploads: limiter("upload", uploading.rates()...), addresses: limiter("address", c.Limits.Ask.rates()...),
		finders: site.NewGate(findersAtOnce, findersWaiting)}, nil
}

// Searches share the processor with the pages that everybody reads, so few go on at once.
const (
	findersAtOnce  = 2
	findersWaiting = 32
)

// Limits are what strangers may do. The wider network around an address may do four times as
// much, and the one around that sixteen times.
type Limits struct {
	Ask, Vote Pace // of an address: questions, and votes of all kinds
	Ballots   Pace // votes of an address for one question
	Search    Pace // of an address
}

// uploading bounds the pictures of an address, in MB; each counts as leastCount at least.
var uploading = Pace{PerMinute: 40, PerHour: 240}

// Pace is how often something may be done from one address; nothing is no limit.
type Pace struct{ PerMinute, PerHour, PerDay int }

func (p Pace) rates() []site.Rate {
	var rs []site.Rate
	for _, r := range []site.Rate{{Most: p.PerMinute, Per: time.Minute}, {Most: p.PerHour, Per: time.Hour},
		{Most: p.PerDay, Per: 24 * time.Hour}} {
		if r.Most > 0 {
			rs = append(rs, r)
		}
	}
	return rs
}

// derive makes a key for one purpose, so that no signature can be used for another.
func derive(secret []byte, purpose string, parts ...string) []byte {
	h := hmac.New(sha256.New, secret)
	for _, p := range append([]string{"experthour", purpose}, parts...) {
		h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return h.Sum(nil)
}

// Routes adds the public addresses to a mux.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.sessions)
	mux.HandleFunc("GET /s/{slug}", s.sessionPage)
	mux.HandleFunc("POST /s/{slug}/questions", s.ask)
	mux.HandleFunc("GET /s/{slug}/questions", s.askAgain)
	mux.HandleFunc("GET /s/{slug}/q/{n}", s.question)
	mux.HandleFunc("POST /s/{slug}/q/{n}/vote", s.vote)
	mux.HandleFunc("GET /s/{slug}/q/{n}/picture/{hash}", s.picture)
	mux.HandleFunc("GET /s/{slug}/poster/{name}", s.poster)
	mux.HandleFunc("GET /r/{receipt}", s.receipt)
	mux.HandleFunc("POST /r/{receipt}/withdraw", s.withdraw)
	mux.HandleFunc("POST /r/{receipt}/email", s.leaveEmail)
	mux.HandleFunc("POST /r/{receipt}/email/forget", s.forgetEmail)
	mux.HandleFunc("GET "+leaving+"{letter}", s.leavePage)
	mux.HandleFunc("POST "+leaving+"{letter}", s.leave)
	mux.HandleFunc("GET /s/{slug}/events", s.events)
	s.listRoutes(mux)
	s.documentRoutes(mux)
	s.frameRoutes(mux)
	s.apiRoutes(mux)
	mux.HandleFunc("GET "+connector.PretendPath("{connector}"), s.pretend)
	mux.HandleFunc("GET /static/{name}", s.Site.ServeAsset)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) { s.Site.ServeFixed(w, r, "icon.svg") })
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.HandleFunc("GET /robots.txt", robots)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.Site.Refuse(w, r, site.ErrNoPage) })
}

// Handler is the whole site: the public addresses, and those that more adds.
func (s *Server) Handler(more ...func(*http.ServeMux)) http.Handler {
	mux := http.NewServeMux()
	s.Routes(mux)
	for _, add := range more {
		add(mux)
	}
	return s.Site.Wrap(mux)
}

// slug is the form of a session's name; anything else never reaches the store.
var slug = regexp.MustCompile(`^[a-z0-9-]{1,60}$`)

// sessionID is the session of the address; it may not exist.
func sessionID(r *http.Request) (session.ID, error) {
	id := r.PathValue("slug")
	if !slug.MatchString(id) {
		return "", site.ErrNoPage
	}
	return session.ID(id), nil
}

// moment is the hour of the address as it is now. One that is still a draft is not there.
func (s *Server) moment(r *http.Request) (*site.Moment, session.Session, error) {
	id, err := sessionID(r)
	if err != nil {
		return nil, session.Session{}, err
	}
	m, err := s.Hub.Moment(r.Context(), id)
	if err != nil {
		return nil, session.Session{}, err
	}
	ses, err := site.Once(r.Context(), m, "session", lasting, func(ctx context.Context) (session.Session, error) {
		return s.Store.Session(ctx, id)
	})
	if err == nil && ses.State == session.Draft {
		return nil, session.Session{}, session.Fail(session.NotFound, "session_unknown", "session", string(id))
	}
	return m, ses, err
}

// session is what moment knows of the session itself.
func (s *Server) session(r *http.Request) (session.Session, error) {
	_, ses, err := s.moment(r)
	return ses, err
}

// lasting is for what is made once for all of a moment.
var lasting time.Time

// ref reads the question of the address; its number may not exist.
func (s *Server) ref(r *http.Request, ses session.Session) (session.QuestionRef, error) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 {
		return session.QuestionRef{}, site.ErrNoPage
	}
	return session.QuestionRef{Session: ses.ID, Number: n}, nil
}

func (s *Server) now() time.Time { return s.Site.Now() }

// path is the address of a session on this site.
func path(id session.ID) string { return "/s/" + string(id) }

func questionPath(id session.ID, n int) string { return path(id) + "/q/" + strconv.Itoa(n) }
