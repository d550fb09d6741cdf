// Package mastodontest starts a real server of Mastodon's API for tests: snac2, with an
// account for the institution and one for who asks it.
package mastodontest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"experthour/internal/testenv"
)

// The accounts.
const (
	Bot   = "iestade"
	Asker = "anna"
)

// Server is one, without any post.
type Server struct {
	URL   string
	Token string // of Bot
	t     testing.TB
	id    string // of Bot

	asker, password string // a token, and what else lets in who asks

	mu   sync.Mutex
	uris map[string]string // of what who asks wrote, by its id
}

// Post is what stands there.
type Post struct {
	ID         string `json:"id"`
	URI        string `json:"uri"`
	Content    string `json:"content"`
	Visibility string `json:"visibility"`
	Under      string `json:"in_reply_to_id"`
	Account    struct {
		ID string `json:"id"`
	} `json:"account"`
	Media []struct {
		URL string `json:"url"`
		Alt string `json:"description"`
	} `json:"media_attachments"`
}

// Start starts one, which ends with the test. Where it is not installed, the test is skipped.
func Start(t testing.TB) *Server {
	t.Helper()
	testenv.Server(t, "mastodon")
	dir := filepath.Join(t.TempDir(), "snac")
	address := free(t)
	_, port, _ := net.SplitHostPort(address)
	before := httptest.NewServer(&front{address: address, host: "localhost:" + port})
	t.Cleanup(before.Close)
	s := &Server{URL: before.URL, t: t, uris: map[string]string{}}
	s.run(fmt.Sprintf("127.0.0.1\n%s\nlocalhost:%s\n\n\n", port, port), "init", dir)
	s.plain(filepath.Join(dir, "server.json"))
	passwords := map[string]string{}
	for _, name := range []string{Bot, Asker} {
		_, rest, _ := strings.Cut(s.run("", "adduser", dir, name), "password is ")
		passwords[name], _, _ = strings.Cut(rest, "\n")
	}
	httpd := exec.Command(testenv.Need(t, "snac"), "httpd", dir)
	testenv.Start(t, httpd)
	testenv.Until(t, "snac listens", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	s.Token, s.asker, s.password = s.login(Bot, passwords[Bot]), s.login(Asker, passwords[Asker]), passwords[Asker]
	var self struct{ ID string }
	s.call(s.Token, "/api/v1/accounts/verify_credentials", nil, &self)
	s.id = self.ID
	return s
}

func free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func (s *Server) run(in string, args ...string) string {
	s.t.Helper()
	c := exec.Command(testenv.Need(s.t, "snac"), args...)
	c.Stdin = strings.NewReader(in)
	out, err := c.CombinedOutput()
	if err != nil {
		s.t.Fatalf("snac %s: %v\n%s", args[0], err, out)
	}
	return string(out)
}

// plain makes addresses begin with http.
func (s *Server) plain(path string) {
	s.t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	text := strings.Replace(string(b), `"protocol": "https"`, `"protocol": "http"`, 1)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil || text == string(b) {
		s.t.Fatalf("%s: %v\n%s", path, err, b)
	}
}

// client uses no connection twice: snac ends them without a word. It follows nothing, for snac
// leads past its front.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// front stands before snac and lets one call in after the other, to its very end: snac
// loses some that begin while the connection before them closes.
type front struct {
	address, host string
	mu            sync.Mutex
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r.Host = f.host
	resp, err := f.ask(r)
	if err != nil {
		panic(http.ErrAbortHandler) // the connection ends without an answer
	}
	defer func() { _ = resp.Body.Close() }()
	maps.Copy(w.Header(), resp.Header)
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body) // a client that is gone reads nothing
}

func (f *front) ask(r *http.Request) (*http.Response, error) {
	c, err := net.Dial("tcp", f.address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	if err := r.Write(c); err != nil {
		return nil, err
	}
	all, err := io.ReadAll(c)
	if err != nil {
		return nil, err
	}
	return http.ReadResponse(bufio.NewReader(bytes.NewReader(all)), r)
}

// nowhere is the address of an application that has none: it reads the code by itself.
const nowhere = "urn:ietf:wg:oauth:2.0:oob"

func (s *Server) login(name, password string) string {
	s.t.Helper()
	var app struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	s.call("", "/api/v1/apps", url.Values{"client_name": {"test"}, "redirect_uris": {nowhere}, "scopes": {"read write"}}, &app)
	resp, err := client.PostForm(s.URL+"/oauth/x-snac-login", url.Values{"login": {name}, "passwd": {password}, "redir": {nowhere},
		"cid": {app.ID}, "state": {"x"}})
	if err != nil {
		s.t.Fatal(err)
	}
	code, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		s.t.Fatal(err)
	}
	only, _, _ := strings.Cut(string(code), "&")
	var given struct {
		Token string `json:"access_token"`
	}
	s.call("", "/oauth/token", url.Values{"code": {only}, "redirect_uri": {nowhere}, "grant_type": {"authorization_code"},
		"client_id": {app.ID}, "client_secret": {app.Secret}}, &given)
	return given.Token
}

// call posts a form, or gets where there is none.
func (s *Server) call(token, to string, form url.Values, into any) {
	s.t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	s.send(method, token, to, form, into)
}

func (s *Server) send(method, token, to string, form url.Values, into any) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(testenv.Soon(s.t), method, s.URL+to, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s, %v", to, resp.Status, err)
	}
}

// Write posts as who asks and gives the post's id.
func (s *Server) Write(text, under string) string {
	form := url.Values{"status": {text}, "visibility": {"public"}}
	if under != "" {
		form.Set("in_reply_to_id", under)
	}
	return s.write(form)
}

func (s *Server) write(form url.Values) string {
	s.t.Helper()
	var p Post
	s.call(s.asker, "/api/v1/statuses", form, &p)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uris[p.ID] = p.URI
	return p.ID
}

// Edit replaces what who asks wrote, and Like likes it, as them.
func (s *Server) Edit(id, text string) {
	s.t.Helper()
	s.send(http.MethodPut, s.asker, "/api/v1/statuses/"+id, url.Values{"status": {text}}, &Post{})
}

// Like adds a like, by the only one who can.
func (s *Server) Like(id string) {
	s.t.Helper()
	s.call(s.asker, "/api/v1/statuses/"+id+"/favourite", url.Values{"x": {""}}, &Post{})
}

// Delete takes away what who asks wrote, by the form of snac's own page: its API cannot.
func (s *Server) Delete(id string) {
	s.t.Helper()
	s.mu.Lock()
	uri := s.uris[id]
	s.mu.Unlock()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	err := errors.Join(form.WriteField("id", uri), form.WriteField("action", "Delete"), form.Close())
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(testenv.Soon(s.t), http.MethodPost, s.URL+"/"+Asker+"/admin/action", &b)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.SetBasicAuth(Asker, s.password)
	resp, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		s.t.Fatalf("a deletion: %s", resp.Status)
	}
}

// Under lists what Bot wrote under a post.
func (s *Server) Under(id string) (all []Post) {
	s.t.Helper()
	var thread struct{ Descendants []Post }
	s.call(s.Token, "/api/v1/statuses/"+id+"/context", nil, &thread)
	for _, p := range thread.Descendants {
		if p.Account.ID == s.id {
			all = append(all, p)
		}
	}
	return all
}

// Pinned reports whether the profile of Bot features a post.
func (s *Server) Pinned(id string) bool {
	s.t.Helper()
	var p struct{ Pinned bool }
	s.call(s.Token, "/api/v1/statuses/"+id, nil, &p)
	return p.Pinned
}

// Alone lists what Bot wrote under nothing.
func (s *Server) Alone() (all []Post) {
	s.t.Helper()
	s.call(s.Token, "/api/v1/accounts/"+s.id+"/statuses?limit=40&exclude_replies=true", nil, &all)
	return slices.DeleteFunc(all, func(p Post) bool { return p.Under != "" })
}
