package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"experthour/internal/testenv"
)

// moment is one at which the program is killed: a request is on its way, or the site has
// done what it says and the answer is on its way.
type moment struct {
	method, path, says string // path may have "*"; says is in the request or, when that is done, in its answer
	done               bool
}

// gate stands between the program and the site. What it holds comes to nothing.
type gate struct {
	*httptest.Server
	mu   sync.Mutex
	at   moment
	came chan struct{} // nil: nothing is held
}

func openGate(t *testing.T, address string) *gate {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{}
	site := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, ModifyResponse: g.answered,
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) {}, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // else nobody notices who hangs up
		r.Body = io.NopCloser(bytes.NewReader(body))
		if !g.holds(r, string(body), false) {
			site.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), asked{}, string(body))))
		}
	}))
	t.Cleanup(func() { g.CloseClientConnections(); g.Close() })
	return g
}

// asked is the key of what a request says, which its answer does not.
type asked struct{}

func (g *gate) answered(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	what, _ := r.Request.Context().Value(asked{}).(string)
	g.holds(r.Request, what+string(body), true)
	return err
}

// holds keeps a request or its answer until who asked is gone, and reports whether it did.
func (g *gate) holds(r *http.Request, says string, done bool) bool {
	g.mu.Lock()
	at, came := g.at, g.came
	there, _ := path.Match("/wp-json/wp/v2"+at.path, r.URL.Path)
	fits := came != nil && there && r.Method == at.method && at.done == done && strings.Contains(says, at.says)
	if fits {
		select {
		case <-came:
		default:
			close(came)
		}
	}
	g.mu.Unlock()
	if fits {
		<-r.Context().Done()
	}
	return fits
}

// hold holds all that fits from now on; what it gives is closed when something came.
func (g *gate) hold(at moment) <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at, g.came = at, make(chan struct{})
	return g.came
}

func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.came = nil
}

const wordpressSettings = `
[wordpress]
url = %q
user = %q
application_password = %q
[[public]]
kind = "wordpress"
`

// blog is an institution whose hours are held at a site, behind a gate.
type blog struct {
	*testing.T
	at   *institution
	site blogSite
	gate *gate
	run  *running
	as   map[string]string // token
}

// blogSite is a real one or a fake.
type blogSite struct{ url, user, password string }

func openBlog(t *testing.T, s blogSite, store string) *blog {
	t.Helper()
	b := newBlog(t, newInstitution(t), s)
	writeConfig(t, b.at.dir, b.at.public(plain(store, b.at)+b.settings()))
	b.begin()
	for _, name := range []string{"Anna Bērziņa", "Jānis Kalniņš", "Edgars Ozols"} {
		b.as[name] = b.at.token(name)
	}
	return b
}

// newBlog is a site of an institution.
func newBlog(t *testing.T, at *institution, s blogSite) *blog {
	t.Helper()
	return &blog{T: t, at: at, site: s, gate: openGate(t, s.url), as: map[string]string{}}
}

// settings are what the configuration has of the site.
func (b *blog) settings() string {
	return fmt.Sprintf(wordpressSettings, b.gate.URL, b.site.user, b.site.password)
}

func (b *blog) begin() {
	b.Helper()
	b.run = start(b.T, b.at.dir, "run")
	b.at.await()
}

// dies ends the program without warning at a moment to which do leads.
func (b *blog) dies(at moment, do func()) {
	b.Helper()
	came := b.gate.hold(at)
	do()
	select {
	case <-came:
	case <-testenv.Soon(b).Done():
		b.Fatalf("never: %+v", at)
	}
	b.kill()
}

// kill ends the program without warning, as kill -9 does.
func (b *blog) kill() {
	testenv.Kill(b.run.cmd)
	b.gate.release()
}

// call asks the site itself, past the gate.
func (b *blog) call(method, path string, in, out any) {
	b.Helper()
	body, _ := json.Marshal(in)
	r, err := http.NewRequest(method, b.site.url+"/wp-json/wp/v2"+path, bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if method != http.MethodGet { // what is read is what the public reads
		r.SetBasicAuth(b.site.user, b.site.password)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil || resp.StatusCode > 299 {
		b.Fatalf("%s %s: %d %v", method, path, resp.StatusCode, err)
	}
}

// blogged is a post or a comment as the public reads it.
type blogged struct {
	ID, Post       int
	Status         string
	Title, Content struct{ Rendered string }
}

func (c blogged) path() string { return fmt.Sprintf("/comments/%d", c.ID) }

// posts are those that say something.
func (b *blog) posts(text string) (found []blogged) {
	b.Helper()
	var all []blogged
	b.call(http.MethodGet, "/posts?per_page=100", nil, &all)
	for _, p := range all {
		if strings.Contains(p.Title.Rendered+p.Content.Rendered, text) {
			found = append(found, p)
		}
	}
	return found
}

// announced waits for one post that says something.
func (b *blog) announced(text string) (post blogged) {
	b.Helper()
	testenv.Until(b, "a post that says "+text, func() bool {
		found := b.posts(text)
		if len(found) > 0 {
			post = found[0]
		}
		return len(found) > 0
	})
	return post
}

// ask is a comment of a stranger, which the site holds, or shows at once.
func (b *blog) ask(post blogged, email, text string, shown bool) (c blogged) {
	b.Helper()
	in := map[string]any{"post": post.ID, "content": text, "author_name": "Ilze", "author_email": email}
	if shown {
		in["status"] = "approve"
	}
	if b.call(http.MethodPost, "/comments", in, &c); shown != (c.Status == "approved") {
		b.Fatalf("a stranger's comment is %q", c.Status)
	}
	return c
}

// change is what somebody does to a comment at the site.
func (b *blog) change(c blogged, in map[string]any) {
	b.Helper()
	b.call(http.MethodPost, c.path(), in, &c)
}

// replies are what a reader finds under a comment.
func (b *blog) replies(c blogged) (all []blogged) {
	b.Helper()
	b.call(http.MethodGet, fmt.Sprintf("/comments?post=%d&parent=%d&per_page=100", c.Post, c.ID), nil, &all)
	return all
}

// rings says of a reply that it only tells that an answer is there.
func rings(c blogged) bool { return strings.Contains(c.Content.Rendered, "↑") }

// rung waits until one ring stands there that says something, or none for "".
func (b *blog) rung(c blogged, text string) {
	b.Helper()
	testenv.Until(b, "a ring that says "+text, func() bool {
		all := slices.DeleteFunc(b.replies(c), func(r blogged) bool { return !rings(r) })
		return text == "" && len(all) == 0 || len(all) == 1 && text != "" && strings.Contains(all[0].Content.Rendered, text)
	})
}

// once waits until exactly one reply stands there, besides rings, and says something.
func (b *blog) once(c blogged, text string) (reply blogged) {
	b.Helper()
	testenv.Until(b, "one reply that says "+text, func() bool {
		all := slices.DeleteFunc(b.replies(c), rings)
		if len(all) == 1 {
			reply = all[0]
		}
		return len(all) == 1 && strings.Contains(reply.Content.Rendered, text)
	})
	return reply
}

// deskQuestion is one as the desk has it.
type deskQuestion map[string]any

// question waits until the desk has one in that state, or any, that says something.
func (b *blog) question(n int, state, text string) (q deskQuestion) {
	b.Helper()
	testenv.Until(b, fmt.Sprintf("question %d %s %q", n, state, text), func() bool {
		qs := b.questions()
		if len(qs) < n {
			return false
		}
		q = qs[n-1].(map[string]any)
		return (state == "" || q["state"] == state) && strings.Contains(q["text"].(string), text)
	})
	return q
}

func (b *blog) questions() []any {
	b.Helper()
	_, out := b.at.api(b.as["Anna Bērziņa"], http.MethodGet, "/api/v1/desk/sessions/homes/questions", nil)
	qs, _ := out["questions"].([]any)
	return qs
}

// give gives a command about a question, or about the hour where n is 0.
func (b *blog) give(n int, who, verb string, in map[string]any) {
	b.Helper()
	path := "/api/v1/desk/sessions/homes/"
	if n > 0 {
		path += fmt.Sprintf("questions/%d/", n)
	}
	if status, out := b.at.api(b.as[who], http.MethodPost, path+verb, in); status != http.StatusOK {
		b.Fatalf("%s by %s: %d %v", verb, who, status, out)
	}
}

// approve approves what an answer is now.
func (b *blog) approve(n int, who string) {
	b.Helper()
	q := b.question(n, "", "")
	b.give(n, who, "approve", map[string]any{"revision": q["revision"], "digest": q["digest"]})
}

// settled waits until nothing about a question, or with 0 about the hour, is on its way to the
// site, and nobody is asked about it.
func (b *blog) settled(n int) {
	b.Helper()
	path := "/api/v1/desk/sessions/homes/log"
	if n > 0 {
		path += fmt.Sprintf("?question=%d", n)
	}
	testenv.Until(b, fmt.Sprintf("all is recorded of question %d", n), func() bool {
		_, out := b.at.api(b.as["Anna Bērziņa"], http.MethodGet, path, nil)
		copies, _ := out["copies"].([]any)
		there := false
		for _, c := range copies {
			switch c := c.(map[string]any); {
			case c["target"] != "wordpress":
			case c["problem"] != nil:
				b.Fatalf("somebody is asked about %v", c)
			case c["due"] == true:
				return false
			default:
				there = true
			}
		}
		return there
	})
}
