// Package blueskyfake is a server of the AT Protocol with one institution's account, as far
// as the connector needs one: stricter than the real ones, which take wrong marks, replies
// to nothing and unknown fields without a word.
package blueskyfake

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options change the server from what it is usually like.
type Options struct {
	AccessFor time.Duration // how long a token holds; two hours if left out
	PageSize  int           // of lists, below what is asked for; 0 is no bound
}

// Server is one server with its accounts.
type Server struct {
	*httptest.Server
	t    testing.TB
	opts Options

	mu       sync.Mutex
	users    map[string]*User // by number
	posts    map[string]*Post // by address
	order    []*Post          // as they came
	gates    map[string]Gate  // by address
	blobs    map[string]Blob  // by link
	profiles map[string]Profile
	tokens   map[string]token // by text
	faults   map[string][]Fault
	calls    map[string]int
	minted   int
	password string
	bot      *User
	files    string // where pictures are shown from; empty is here
	leads    string // to where they are redirected
	ended    chan struct{}
}

// token is what a call may carry.
type token struct {
	of      string
	refresh bool
	until   time.Time
}

// User is an account. The first one is the institution's.
type User struct {
	s           *Server
	DID, Handle string
}

// Fault is what goes wrong with the next call of a method.
type Fault struct {
	Status int // of a refusal, with Code
	Code   string
	Hang   bool // it is done and not answered
	Lost   bool // it is done, and a proxy answers 502
}

// Handle and password of the institution's account.
const (
	BotHandle   = "office.test"
	BotPassword = "abcd-efgh-ijkl-mnop"
)

// New starts a server, which ends with the test.
func New(t testing.TB, o Options) *Server {
	if o.AccessFor == 0 {
		o.AccessFor = 2 * time.Hour
	}
	s := &Server{t: t, opts: o, users: map[string]*User{}, posts: map[string]*Post{},
		gates: map[string]Gate{}, blobs: map[string]Blob{}, profiles: map[string]Profile{}, tokens: map[string]token{},
		faults: map[string][]Fault{}, calls: map[string]int{}, password: BotPassword, ended: make(chan struct{})}
	s.bot = s.User(BotHandle)
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() { close(s.ended); s.Close() })
	return s
}

// Bot is the institution's account.
func (s *Server) Bot() *User { return s.bot }

// User makes an account.
func (s *Server) User(handle string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &User{s: s, DID: fmt.Sprintf("did:plc:%024d", len(s.users)+1), Handle: handle}
	s.users[u.DID] = u
	return u
}

// Fail makes the next calls of a method go wrong.
func (s *Server) Fail(method string, fs ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], fs...)
}

// Calls is how often a method was called.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// Revoke ends all tokens, and lets the app password be another one.
func (s *Server) Revoke(password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
	s.password = password
}

// refusal is how the protocol says no.
type refusal struct {
	status     int
	code, text string
}

func no(status int, code, text string) *refusal { return &refusal{status, code, text} }

func invalid(format string, args ...any) *refusal {
	return no(http.StatusBadRequest, "InvalidRequest", fmt.Sprintf(format, args...))
}

// request is a call of whoever is signed in.
type request struct {
	*http.Request
	by   *User
	body map[string]json.RawMessage
}

type method struct {
	verb   string
	params []string // of a query, or fields of a body; no other may be there
	open   bool     // without a token
	do     func(*Server, *request) (any, *refusal)
}

var methods = map[string]method{
	"com.atproto.server.createSession":  {"POST", []string{"identifier", "password"}, true, (*Server).createSession},
	"com.atproto.server.refreshSession": {"POST", nil, true, (*Server).refreshSession},
	"com.atproto.server.getSession":     {"GET", nil, false, (*Server).getSession},
	"com.atproto.repo.putRecord": {"POST", []string{"repo", "collection", "rkey", "record", "swapRecord"},
		false, (*Server).putRecord},
	"com.atproto.repo.uploadBlob":             {"POST", nil, false, (*Server).uploadBlob},
	"com.atproto.repo.deleteRecord":           {"POST", []string{"repo", "collection", "rkey"}, false, (*Server).deleteRecord},
	"com.atproto.repo.getRecord":              {"GET", []string{"repo", "collection", "rkey"}, false, (*Server).getRecord},
	"app.bsky.feed.getPosts":                  {"GET", []string{"uris"}, false, (*Server).getPosts},
	"app.bsky.feed.getPostThread":             {"GET", []string{"uri", "depth", "parentHeight"}, false, (*Server).getPostThread},
	"app.bsky.feed.searchPosts":               {"GET", []string{"q", "sort", "limit", "cursor"}, false, (*Server).searchPosts},
	"app.bsky.notification.listNotifications": {"GET", []string{"reasons", "limit", "cursor"}, false, (*Server).listNotifications},
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, filesAt) {
		s.file(w, r)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/xrpc/")
	out, refused, hang := s.answer(name, r)
	if hang {
		select {
		case <-r.Context().Done():
		case <-s.ended:
		}
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if refused != nil {
		w.WriteHeader(refused.status)
		out = map[string]string{"error": refused.code, "message": refused.text}
	}
	if err := json.NewEncoder(w).Encode(out); err != nil && r.Context().Err() == nil {
		s.t.Error(err)
	}
}

func (s *Server) answer(name string, r *http.Request) (out any, refused *refusal, hang bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := methods[name]
	if !ok || r.Method != m.verb {
		return nil, no(http.StatusNotImplemented, "MethodNotImplemented", "Method Not Implemented"), false
	}
	s.calls[name]++
	var f Fault
	if fs := s.faults[name]; len(fs) > 0 {
		f, s.faults[name] = fs[0], fs[1:]
	}
	if f.Status != 0 {
		return nil, no(f.Status, f.Code, "no"), false
	}
	in := &request{Request: r}
	if refused = s.read(in, m); refused == nil {
		out, refused = m.do(s, in)
	}
	if f.Lost {
		refused = no(http.StatusBadGateway, "UpstreamFailure", "Bad Gateway")
	}
	return out, refused, f.Hang
}

// read checks who calls and what with.
func (s *Server) read(in *request, m method) *refusal {
	if !m.open {
		t, refused := s.bearer(in, false)
		if refused != nil {
			return refused
		}
		in.by = s.users[t.of]
	}
	known := map[string]bool{}
	for _, p := range m.params {
		known[p] = true
	}
	for p := range in.URL.Query() {
		if !known[p] || m.verb == "POST" {
			return invalid("Unknown parameter %q", p)
		}
	}
	if m.verb != "POST" || m.params == nil {
		return nil
	}
	if !strings.HasPrefix(in.Header.Get("Content-Type"), "application/json") {
		return invalid("Wrong request encoding (Content-Type): %s", in.Header.Get("Content-Type"))
	}
	if err := json.NewDecoder(in.Body).Decode(&in.body); err != nil {
		return invalid("%v", err)
	}
	for _, p := range m.params {
		if _, there := in.body[p]; !there {
			return invalid("Input must have the property %q", p)
		}
		delete(known, p)
	}
	if len(in.body) != len(m.params) {
		return invalid("Input has a property that is not known")
	}
	return nil
}

// bearer is the token of a call: one that is over or never was is refused with 400.
func (s *Server) bearer(in *request, refresh bool) (token, *refusal) {
	text, ok := strings.CutPrefix(in.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return token{}, no(http.StatusUnauthorized, "AuthMissing", "Authentication Required")
	}
	t, ok := s.tokens[text]
	switch {
	case !ok || t.refresh != refresh:
		return token{}, no(http.StatusBadRequest, "InvalidToken", "Token could not be verified")
	case time.Now().After(t.until):
		return token{}, no(http.StatusBadRequest, "ExpiredToken", "Token has expired")
	}
	return t, nil
}

func text(raw json.RawMessage) (s string) {
	_ = json.Unmarshal(raw, &s)
	return s
}

func (s *Server) createSession(in *request) (any, *refusal) {
	if id := text(in.body["identifier"]); id != s.bot.Handle && id != s.bot.DID || text(in.body["password"]) != s.password {
		return nil, no(http.StatusUnauthorized, "AuthenticationRequired", "Invalid identifier or password")
	}
	return s.mint(s.bot), nil
}

func (s *Server) refreshSession(in *request) (any, *refusal) {
	t, refused := s.bearer(in, true)
	if refused != nil {
		return nil, refused
	}
	return s.mint(s.users[t.of]), nil
}

func (s *Server) mint(u *User) any {
	issue := func(refresh bool, d time.Duration) string {
		s.minted++
		until := time.Now().Add(d)
		payload := fmt.Sprintf(`{"sub":%q,"exp":%d,"jti":"%d"}`, u.DID, until.Unix(), s.minted)
		name := "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2lnbmVk"
		s.tokens[name] = token{u.DID, refresh, until}
		return name
	}
	return map[string]any{"accessJwt": issue(false, s.opts.AccessFor), "refreshJwt": issue(true, 90*24*time.Hour),
		"did": u.DID, "handle": u.Handle, "active": true}
}

func (s *Server) getSession(in *request) (any, *refusal) {
	return map[string]any{"did": in.by.DID, "handle": in.by.Handle, "active": true}, nil
}
