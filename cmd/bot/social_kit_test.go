package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

// network is a social network with the institution's account, one who asks, and readers.
// Posts are named by what its API calls them.
type network interface {
	// open opens a gate before it, and says what the configuration has of it.
	open(t *testing.T, tag string) (gate *testenv.Gate, settings string)
	office() string // what mentions the account
	calls() calls
	ask(text string) string
	askWith(text, alt string, picture []byte) string
	under(post, text string) string
	edit(post, text string)
	remove(post string)
	like(post string) // by one more
	posts() []posted
}

// mapAlts are what a picture of a map is posted with.
var mapAlts = []string{"A map. · Picture: Ilze Ozola"}

// calls are those at which the program is killed, by their names at the gate: lists what is
// new, looks at open questions, posts, edits and removes.
type calls struct{ lists, looks, posts, edits, removes string }

// posted is a post of the institution that stands.
type posted struct {
	at, under, text string
	alts            []string // of its pictures
}

// social is an institution that uses a network.
type social struct {
	*clerks
	network
	gate *testenv.Gate // between the two
	tag  string
	run  *running
}

// openSocial opens an hour with a hashtag of its own: whoever is on the same network reads
// those of others too.
func openSocial(t *testing.T, on network, tag string) *social {
	s, own := join(newClerks(t), on, tag)
	s.configure(plain(realRedis(t), s.at) + own)
	s.begin()
	return s
}

// join opens a network for an institution, and says what the configuration has of it.
func join(c *clerks, on network, tag string) (*social, string) {
	s := &social{clerks: c, network: on, tag: tag}
	var own string
	s.gate, own = on.open(c.T, tag)
	return s, own
}

func (s *social) begin() {
	s.Helper()
	s.run = start(s.T, s.at.dir, "run")
	s.at.await()
}

// kill ends the program without warning while a call is held, and begins anew.
func (s *social) kill(held *testenv.Hold) {
	s.Helper()
	s.reach(held)
	testenv.Kill(s.run.cmd)
	s.gate.Let()
	s.begin()
}

// reach waits until a call is held.
func (s *social) reach(held *testenv.Hold) {
	s.Helper()
	select {
	case <-held.Reached:
	case <-testenv.Soon(s).Done():
		s.Fatal("the call that should be held was not made")
	}
}

// aRoof is a picture.
func aRoof(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sent waits until a moderator sees the picture that came with a question, with its words.
func (s *social) sent(q map[string]any, alt string) {
	s.Helper()
	client, link := &http.Client{Jar: cookies{}}, s.at.link("Anna Bērziņa")
	enter(s.T, client, link)
	at, _, _ := strings.Cut(link, "?")
	testenv.Until(s, "the picture of a question is seen at the desk", func() bool {
		page := shown(s.T, client, fmt.Sprintf("%s/homes/cards/%v", at, q["number"]))
		_, rest, found := strings.Cut(page, "/q/"+fmt.Sprint(q["number"])+"/sent/")
		hash, _, _ := strings.Cut(rest, `"`)
		if !found || !strings.Contains(page, alt) {
			return false
		}
		b := shown(s.T, client, fmt.Sprintf("%s/homes/q/%v/sent/%s", at, q["number"], hash))
		_, err := png.Decode(strings.NewReader(b))
		if err != nil {
			s.Fatalf("the picture at %s: %v", hash, err)
		}
		return true
	})
}

// shown is what stands at an address, for whoever is logged in.
func shown(t *testing.T, client *http.Client, at string) string {
	t.Helper()
	resp, err := client.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", at, resp.Status, err)
	}
	return string(all)
}

// illustrate answers a question with a picture.
func (s *social) illustrate(q map[string]any, answer string) {
	s.Helper()
	s.give("Anna Bērziņa", q, "accept", nil)
	illustrate(s.T, s.at, q["number"], answer)
}

// illustrate answers question n from the expert's page, with a picture.
func illustrate(t *testing.T, i *institution, n any, answer string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	file, err := form.CreateFormFile("file", "map.png")
	if err == nil {
		err = png.Encode(file, image.NewNRGBA(image.Rect(0, 0, 60, 40)))
	}
	for name, value := range map[string]string{"text": answer, "picture": "", "alt": "A map.", "author": "Ilze Ozola"} {
		err = errors.Join(err, form.WriteField(name, value))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	client, link := &http.Client{Jar: cookies{}}, i.link("Edgars Ozols")
	enter(t, client, link)
	at, _, _ := strings.Cut(link, "?")
	resp, err := client.Post(fmt.Sprintf("%s/homes/q/%v/submit", at, n), form.FormDataContentType(), &b)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("an answer with a picture: %s", resp.Status)
	}
}

// once waits for the one post of the institution with a text.
func (s *social) once(part string) (found posted) {
	s.Helper()
	testenv.Until(s, "a post with "+part, func() bool {
		n := 0
		for _, p := range s.posts() {
			if strings.Contains(p.text, part) {
				found = p
				n++
			}
		}
		if n > 1 {
			s.Fatalf("%q stands %d times", part, n)
		}
		return n == 1
	})
	return found
}

func (s *social) stands(p posted) bool {
	for _, q := range s.posts() {
		if q.at == p.at {
			return true
		}
	}
	return false
}
