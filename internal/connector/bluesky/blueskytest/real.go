// Package blueskytest starts the server of accounts and the view of all posts that Bluesky
// itself runs, for tests, and has people on it. Its Gate stands between a program and any
// server of the AT Protocol.
package blueskytest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/testenv"
)

// Server is one, without any account.
type Server struct {
	URL string

	mu    sync.Mutex
	users []*User
}

// Start starts one, which ends with the test. Where it is not installed, the test is
// skipped. TestMain must call testenv.Main.
func Start(t testing.TB) *Server {
	t.Helper()
	dir := testenv.Server(t, "bluesky")
	at, err := os.MkdirTemp("", "bluesky") // not the test's: the user of the database must reach it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(at) })
	if err := os.Chmod(at, 0o755); err != nil {
		t.Fatal(err)
	}
	testenv.Shell(t, at, fmt.Sprintf("sh %s/start.sh %s %s %s", dir, dir, freePort(t), freePort(t)))
	s, ready := &Server{}, regexp.MustCompile(`READY (\S+)`)
	testenv.Until(t, "Bluesky is ready", func() bool {
		said, _ := os.ReadFile(filepath.Join(at, "server.log"))
		if m := ready.FindSubmatch(said); m != nil {
			s.URL = string(m[1])
		}
		return s.URL != ""
	})
	return s
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// User is an account there.
type User struct {
	Handle string `json:"handle"`
	DID    string `json:"did"`
	Access string `json:"accessJwt"`
	s      *Server
	t      testing.TB
}

// Join makes an account for a test, and waits until the view of all posts knows it.
func (s *Server) Join(t testing.TB, name string) *User {
	t.Helper()
	u := &User{s: s, t: t}
	u.call("com.atproto.server.createAccount",
		map[string]any{"email": name + "@mail.test", "handle": name + ".test", "password": "a-long-password"}, u)
	testenv.Until(t, "the account is known: "+name, func() bool {
		status, _ := u.do(http.MethodGet, "app.bsky.actor.getProfile?actor="+u.DID, nil)
		return status == http.StatusOK
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users = append(s.users, u)
	return u
}

// AppPassword makes one.
func (u *User) AppPassword() string {
	u.t.Helper()
	var made struct{ Password string }
	u.call("com.atproto.server.createAppPassword", map[string]any{"name": "bot"}, &made)
	return made.Password
}

// call calls a method; without a body it asks.
func (u *User) call(method string, body, into any) {
	u.t.Helper()
	verb, raw := http.MethodPost, []byte(nil)
	if body == nil {
		verb = http.MethodGet
	} else {
		raw, _ = json.Marshal(body)
	}
	status, said := u.do(verb, method, raw)
	if status != http.StatusOK {
		u.t.Fatalf("%s: %d %s", method, status, said)
	}
	if into != nil {
		if err := json.Unmarshal(said, into); err != nil {
			u.t.Fatalf("%s: %v: %s", method, err, said)
		}
	}
}

func (u *User) do(verb, method string, body []byte) (status int, said []byte) {
	u.t.Helper()
	r, err := http.NewRequestWithContext(u.t.Context(), verb, u.s.URL+"/xrpc/"+method, bytes.NewReader(body))
	if err != nil {
		u.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if u.Access != "" {
		r.Header.Set("Authorization", "Bearer "+u.Access)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		u.t.Fatalf("%s: %v", method, err)
	}
	defer func() { _ = resp.Body.Close() }()
	said, err = io.ReadAll(resp.Body)
	if err != nil {
		u.t.Fatalf("%s: %v", method, err)
	}
	return resp.StatusCode, said
}

// Ref is a version of a post.
type Ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

// above are the posts that a reply stands under.
type above struct {
	Root   Ref `json:"root"`
	Parent Ref `json:"parent"`
}

const (
	posts = "app.bsky.feed.post"
	likes = "app.bsky.feed.like"
)

// Write posts a text. "@HANDLE" of an account is a mention and "#word" a tag, as an app
// marks them.
func (u *User) Write(text string) Ref {
	u.t.Helper()
	return u.create(posts, u.post(text, nil))
}

// Reply posts a text under a post that is no reply itself, once that is shown: a reply that
// is known before it counts as one to nothing.
func (u *User) Reply(to Ref, text string) Ref {
	u.t.Helper()
	testenv.Until(u.t, "what to reply to is shown", func() bool { return u.Sees(to) })
	return u.create(posts, u.post(text, &above{to, to}))
}

// Edit puts another text in the place of a post of the account's.
func (u *User) Edit(p Ref, text string) {
	u.t.Helper()
	body := u.at(p)
	body["record"] = u.post(text, nil)
	u.call("com.atproto.repo.putRecord", body, nil)
}

// Delete removes a post of the account's.
func (u *User) Delete(p Ref) {
	u.t.Helper()
	u.call("com.atproto.repo.deleteRecord", u.at(p), nil)
}

// Like likes anybody's post.
func (u *User) Like(p Ref) {
	u.t.Helper()
	u.create(likes, map[string]any{"$type": likes, "subject": p, "createdAt": now()})
}

func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") }

func (u *User) create(collection string, record map[string]any) (made Ref) {
	u.t.Helper()
	u.call("com.atproto.repo.createRecord", map[string]any{"repo": u.DID, "collection": collection, "record": record}, &made)
	return made
}

func (u *User) at(p Ref) map[string]any {
	return map[string]any{"repo": u.DID, "collection": posts, "rkey": p.URI[strings.LastIndex(p.URI, "/")+1:]}
}

func (u *User) post(text string, under *above) map[string]any {
	p := map[string]any{"$type": posts, "text": text, "createdAt": now(), "langs": []string{"en"}}
	if under != nil {
		p["reply"] = under
	}
	if marks := u.marks(text); marks != nil {
		p["facets"] = marks
	}
	return p
}

var word = regexp.MustCompile(`[@#][^\s,?!]+`)

func (u *User) marks(text string) (all []any) {
	for _, at := range word.FindAllStringIndex(text, -1) {
		name := text[at[0]+1 : at[1]]
		feature := map[string]any{"$type": "app.bsky.richtext.facet#tag", "tag": name}
		if text[at[0]] == '@' {
			feature = map[string]any{"$type": "app.bsky.richtext.facet#mention", "did": u.number(name)}
		}
		all = append(all, map[string]any{"index": map[string]int{"byteStart": at[0], "byteEnd": at[1]}, "features": []any{feature}})
	}
	return all
}

func (u *User) number(handle string) string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	for _, other := range u.s.users {
		if other.Handle == handle {
			return other.DID
		}
	}
	u.t.Errorf("nobody is @%s", handle)
	return ""
}

// Post is a post as its author's server keeps it.
type Post struct {
	Ref
	Value struct {
		Text  string `json:"text"`
		Reply *above `json:"reply"`
		Embed struct {
			Images []Picture `json:"images"`
		} `json:"embed"`
	} `json:"value"`
}

// Picture is one that stands with a post.
type Picture struct {
	Alt   string `json:"alt"`
	Image struct {
		Ref struct {
			Link string `json:"$link"`
		} `json:"ref"`
		Type string `json:"mimeType"`
		Size int    `json:"size"`
	} `json:"image"`
}

// Under is the address of the post that one replies to.
func (p Post) Under() string {
	if p.Value.Reply == nil {
		return ""
	}
	return p.Value.Reply.Parent.URI
}

// Posts are those of the account that stand, the oldest first.
func (u *User) Posts() []Post {
	u.t.Helper()
	var said struct{ Records []Post }
	q := url.Values{"repo": {u.DID}, "collection": {posts}, "limit": {"100"}, "reverse": {"true"}}
	u.call("com.atproto.repo.listRecords?"+q.Encode(), nil, &said)
	return said.Records
}

// Sees reports whether a post is shown.
func (u *User) Sees(p Ref) bool {
	u.t.Helper()
	var said struct{ Posts []Ref }
	u.call("app.bsky.feed.getPosts?"+url.Values{"uris": {p.URI}}.Encode(), nil, &said)
	return len(said.Posts) == 1
}

// Bytes are those of a picture of the account's.
func (u *User) Bytes(p Picture) []byte {
	u.t.Helper()
	q := url.Values{"did": {u.DID}, "cid": {p.Image.Ref.Link}}
	status, said := u.do(http.MethodGet, "com.atproto.sync.getBlob?"+q.Encode(), nil)
	if status != http.StatusOK {
		u.t.Fatalf("a picture: %d %s", status, said)
	}
	return said
}

// Profile is what an account says of itself, with what it has pinned.
type Profile struct {
	Type   string `json:"$type"`
	About  string `json:"description"`
	Pinned Ref    `json:"pinnedPost"`
}

const profiles = "app.bsky.actor.profile"

// Describe says what the account is, and pins a post of it.
func (u *User) Describe(about string, pinned Ref) {
	u.t.Helper()
	u.call("com.atproto.repo.putRecord", map[string]any{"repo": u.DID, "collection": profiles, "rkey": "self",
		"record": Profile{profiles, about, pinned}}, nil)
}

// Profile reads it; an account that never said anything has an empty one.
func (u *User) Profile() Profile {
	u.t.Helper()
	var said struct{ Records []struct{ Value Profile } }
	u.call("com.atproto.repo.listRecords?"+url.Values{"repo": {u.DID}, "collection": {profiles}}.Encode(), nil, &said)
	if len(said.Records) == 0 {
		return Profile{}
	}
	return said.Records[0].Value
}
