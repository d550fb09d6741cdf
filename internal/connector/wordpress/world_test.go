package wordpress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/wordpress/wordpressfake"
	"experthour/internal/connector/wordpress/wordpresstest"
	"experthour/internal/connector/worldtest"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

func TestMain(m *testing.M) {
	testenv.Main()
	m.Run()
}

// place is a site as both kinds of tests see it: with a user of its own, and a proxy in
// front that can keep an answer back.
type place struct {
	t          testing.TB
	url        string
	user, pass string
	author     float64
	fake       *wordpressfake.Site // nil at a real one
	mu         sync.Mutex
	mute       bool
}

// fakeSite and realSite are the two.
func fakeSite(t testing.TB) *place {
	fake := wordpressfake.New(t)
	return (&place{t: t, user: wordpressfake.User, pass: wordpressfake.Password, fake: fake}).behind(fake.URL)
}

func realSite(t testing.TB, s wordpresstest.Site) *place {
	p := (&place{t: t, user: wordpresstest.Admin, pass: s.Password}).behind(s.URL)
	name := fmt.Sprintf("bot%d", time.Now().UnixNano())
	u := p.call(http.MethodPost, "/users", obj{"username": name, "email": name + "@example.test", "password": "x",
		"roles": []string{"editor"}})
	w := p.call(http.MethodPost, fmt.Sprintf("/users/%v/application-passwords", u["id"]), obj{"name": "bot"})
	p.user, p.pass = name, w["password"].(string)
	return p
}

type obj = map[string]any

func (p *place) behind(address string) *place {
	to, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, ModifyResponse: p.keepBack,
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) {}, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	server := httptest.NewServer(proxy)
	p.t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	p.url = server.URL
	return p
}

// keepBack holds the answer to a post until the one who asked gives up.
func (p *place) keepBack(r *http.Response) error {
	p.mu.Lock()
	mute := p.mute && r.Request.Method == http.MethodPost
	p.mute = p.mute && !mute
	p.mu.Unlock()
	if mute {
		<-r.Request.Context().Done()
	}
	return nil
}

func (p *place) raw(method, path string, body any) (int, []byte) {
	p.t.Helper()
	b, _ := json.Marshal(body)
	r, err := http.NewRequest(method, p.url+"/wp-json/wp/v2"+path, bytes.NewReader(b))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if p.user != "" {
		r.SetBasicAuth(p.user, p.pass)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	out, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, out
}

// call is one that must work.
func (p *place) call(method, path string, body any) (out obj) {
	p.t.Helper()
	status, b := p.raw(method, path, body)
	if err := json.Unmarshal(b, &out); err != nil || status > 299 {
		p.t.Fatalf("%s %s: %d %s", method, path, status, b)
	}
	return out
}

// announce makes a post as the bot does.
func (p *place) announce() messageID {
	p.t.Helper()
	post := p.call(http.MethodPost, "/posts", obj{"title": "Hour", "content": "Ask", "status": "publish", "comment_status": "open"})
	return messageID{post: uint64(post["id"].(float64))}
}

// write is a comment of a stranger, which is held at first.
func (p *place) write(at messageID, text string) messageID {
	p.t.Helper()
	email := fmt.Sprintf("ilze%d@example.test", time.Now().UnixNano())
	c := p.call(http.MethodPost, "/comments", obj{"post": at.post, "parent": at.comment, "content": text, "author_name": "Ilze",
		"author_email": email})
	if c["status"] != "hold" {
		p.t.Fatalf("a stranger's comment is %v", c["status"])
	}
	return messageID{at.post, uint64(c["id"].(float64))}
}

// change is what somebody does to it at the site.
func (p *place) change(m messageID, in obj) { p.t.Helper(); p.call(http.MethodPost, m.path(), in) }

// list reads what is public.
func (p *place) list(path string) (all []obj) {
	p.t.Helper()
	status, b := p.raw(http.MethodGet, path, nil)
	if err := json.Unmarshal(b, &all); err != nil || status != http.StatusOK {
		p.t.Fatalf("%s: %d %s", path, status, b)
	}
	return all
}

// world is a connector at a site, with what it tells the core.
type world struct {
	*place
	*worldtest.World
	*WordPress
	original messageID
	news     messageID
}

// newWorld has one announcement with one comment.
func newWorld(t testing.TB, p *place) *world {
	t.Helper()
	w := &world{place: p, World: worldtest.New(t)}
	w.news = p.announce()
	w.original = p.write(w.news, "Kas ir?")
	p.author = p.call(http.MethodGet, "/users/me", nil)["id"].(float64)
	w.Inbox.Announce(w.news.id())
	w.WordPress = w.replica(Settings{Approve: true})
	return w
}

// replica is another connector at the same site.
func (w *world) replica(s Settings) *WordPress {
	env := w.Env()
	env.Now = time.Now
	a := Account{URL: w.url + "/", User: w.user, Password: setting.NewSecret(w.pass)}
	return New(env, a, s, "wp")
}

func (w *world) harness() connectortest.Harness {
	gate := connectortest.OpenWire(w.t, w.url)
	w.url = gate.URL
	w.WordPress = w.replica(Settings{Approve: true})
	return connectortest.Harness{Gate: gate, Connector: w.WordPress, Place: site, Unknown: messageID{w.news.post, 4_000_000}.id(),
		Original: session.Origin{Connector: "wp", Place: site, Message: w.original.id()}, Posts: w.posts,
		Hidden: w.hidden, Pinned: func(at session.MessageID) bool {
			m, _ := parseMessageID(at)
			return w.call(http.MethodGet, m.path(), nil)["sticky"] == true
		},
		Refuse: func() { w.change(w.news, obj{"comment_status": "closed"}) },
		Silence: func() {
			w.change(w.original, obj{"status": "approved"}) // else the answer to that is kept back
			w.mu.Lock()
			w.mute = true
			w.mu.Unlock()
		}}
}

// hidden reports whether nobody but the site's own people can read the question.
func (w *world) hidden() bool {
	w.t.Helper()
	for _, c := range w.list(fmt.Sprintf("/comments?post=%d&per_page=100", w.news.post)) {
		if uint64(c["id"].(float64)) == w.original.comment {
			return false
		}
	}
	return true
}

// posts are what a reader finds that the bot wrote: as it is shown.
func (w *world) posts() (seen []connectortest.Seen) {
	for _, c := range w.list(fmt.Sprintf("/comments?post=%d&orderby=id&order=asc&per_page=100", w.news.post)) {
		if m := (messageID{w.news.post, uint64(c["parent"].(float64))}); m.comment != 0 {
			id := messageID{w.news.post, uint64(c["id"].(float64))}
			seen = append(seen, connectortest.Seen{ID: id.id(), Under: m.id(), Text: rendered(c["content"]), Pictures: w.pictures(c["content"])})
		}
	}
	for _, c := range w.list(fmt.Sprintf("/posts?author=%v&orderby=id&order=asc&per_page=100", w.author)) {
		if id := (messageID{post: uint64(c["id"].(float64))}); id != w.news {
			text := strings.TrimSpace(rendered(c["title"]) + "\n" + rendered(c["content"]))
			seen = append(seen, connectortest.Seen{ID: id.id(), Text: text})
		}
	}
	return seen
}

// rendered is the text of what is shown, as a browser shows it: line ends are tags.
func rendered(v any) string {
	text := strings.ReplaceAll(v.(obj)["rendered"].(string), "\n", "")
	return plain(text)
}

// look fetches once and handles what came, once for each key; it gives the new cursor.
func (w *world) look(c *WordPress, l receive.Look, also ...messageID) []byte {
	w.t.Helper()
	for _, m := range append([]messageID{w.news}, also...) {
		l.Under = append(l.Under, session.Origin{Connector: "wp", Place: site, Message: m.id()})
	}
	next, err := w.Look(c, l)
	w.Must(err)
	return next.Cursor
}
