package wordpressfake

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// The only user, with the role that a Site has.
const (
	User     = "bot"
	Password = "abcd EFGH ijkl MNOP qrst UVWX"
	userID   = 7
	// stranger is the address from which everybody else writes.
	strangerIP = "192.0.2.7"
)

// Site is a site. Its fields may be set before the first request.
type Site struct {
	*httptest.Server

	mu       sync.Mutex
	now      func() time.Time
	role     string
	password string
	posts    map[int]*post
	comments map[int]*comment
	media    map[int]*media
	last     int // number that was given to a post, a comment or a file
	lastOwn  time.Time
	answers  []answer
}

type post struct {
	id                   int
	title, content, slug string
	status, discussion   string
	at                   time.Time
	sticky               bool
}

type comment struct {
	id, post, parent, author    int
	name, email, agent, content string
	status                      string
	at                          time.Time
}

// New starts an empty site; its user is an editor.
func New(t testing.TB) *Site {
	s := &Site{now: time.Now, role: "editor", password: Password, posts: map[int]*post{}, comments: map[int]*comment{},
		media: map[int]*media{}}
	s.Server = httptest.NewServer(s.routes())
	t.Cleanup(s.Close)
	return s
}

// Role changes what the user is: "editor", "network editor" (of one of several sites), "author"
// or "subscriber".
func (s *Site) Role(role string) { s.do(func() { s.role = role }) }

// Revoke takes the application password back.
func (s *Site) Revoke() { s.do(func() { s.password = "" }) }

// Restore gives it again.
func (s *Site) Restore() { s.do(func() { s.password = Password }) }

// Answer answers the next request of that method so and does nothing else, as a proxy in
// front does.
func (s *Site) Answer(method string, status int, header http.Header, body string) {
	s.do(func() { s.answers = append(s.answers, answer{method, status, header, body, false}) })
}

// Break does what the next request of that method says and answers so all the same.
func (s *Site) Break(method string, status int, body string) {
	s.do(func() { s.answers = append(s.answers, answer{method, status, nil, body, true}) })
}

// answer is one in place of the site's own.
type answer struct {
	method string
	status int
	header http.Header
	body   string
	done   bool
}

// instead takes the first answer that a request gets in place of the site's own.
func (s *Site) instead(method string) *answer {
	i := slices.IndexFunc(s.answers, func(a answer) bool { return a.method == method })
	if i < 0 {
		return nil
	}
	a := s.answers[i]
	s.answers = slices.Delete(s.answers, i, i+1)
	return &a
}

func (a *answer) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write([]byte(a.body))
}

func (s *Site) do(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

func (p *post) address(base string) string { return base + "/" + p.slug + "/" }

func (s *Site) addressOf(c *comment) string {
	return s.posts[c.post].address(s.URL) + "#comment-" + strconv.Itoa(c.id)
}
