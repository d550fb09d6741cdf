package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
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
	*testing.T
	network
	gate   *testenv.Gate // between the two
	tag    string
	at     *institution
	run    *running
	tokens map[string]string
}

// openSocial opens an hour with a hashtag of its own: whoever is on the same network reads
// those of others too.
func openSocial(t *testing.T, on network, tag string) *social {
	s := &social{T: t, network: on, tag: tag, at: &institution{t: t, dir: t.TempDir(), listen: free(t)}, tokens: map[string]string{}}
	s.at.base = "http://" + s.at.listen
	var own string
	s.gate, own = on.open(t, tag)
	writeConfig(t, s.at.dir, fmt.Sprintf(settings, realRedis(t), s.at.listen)+own)
	for _, name := range []string{"Anna Bērziņa", "Jānis Kalniņš", "Edgars Ozols"} {
		s.tokens[name] = s.at.token(name)
	}
	s.begin()
	return s
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

// question waits until the desk has n questions, and gives the one that says something.
func (s *social) question(n int, says string) (found map[string]any) {
	s.Helper()
	testenv.Until(s, fmt.Sprint(n, " questions, one with ", says), func() bool {
		_, out := s.at.api(s.tokens["Anna Bērziņa"], http.MethodGet, "/api/v1/desk/sessions/homes/questions", nil)
		all, _ := out["questions"].([]any)
		if len(all) > n {
			s.Fatalf("%d questions, want %d: %v", len(all), n, all)
		}
		for _, q := range all {
			if q := q.(map[string]any); strings.Contains(fmt.Sprint(q["text"]), says) {
				found = q
			}
		}
		return len(all) == n && found != nil
	})
	return found
}

// becomes waits until a question is in a state.
func (s *social) becomes(n int, says, state string) {
	s.Helper()
	testenv.Until(s, says+" is "+state, func() bool { return s.question(n, says)["state"] == state })
}

// give gives a command about a question.
func (s *social) give(who string, q map[string]any, verb string, in map[string]any) {
	s.Helper()
	s.tell(who, fmt.Sprintf("/questions/%v/%s", q["number"], verb), in)
}

// tell gives a command about the hour.
func (s *social) tell(who, what string, in map[string]any) {
	s.Helper()
	if status, out := s.at.api(s.tokens[who], http.MethodPost, "/api/v1/desk/sessions/homes"+what, in); status != http.StatusOK {
		s.Fatalf("%s by %s: %d %v", what, who, status, out)
	}
}

// submit answers a question, which is accepted before.
func (s *social) submit(q map[string]any, answer string) {
	s.Helper()
	s.give("Anna Bērziņa", q, "accept", nil)
	s.give("Edgars Ozols", q, "submit", map[string]any{"text": answer})
}

// illustrate answers a question from the expert's page, with a picture.
func (s *social) illustrate(q map[string]any, answer string) {
	s.Helper()
	s.give("Anna Bērziņa", q, "accept", nil)
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
		s.Fatal(err)
	}
	client, link := &http.Client{Jar: cookies{}}, s.at.link("Edgars Ozols")
	enter(s.T, client, link)
	at, _, _ := strings.Cut(link, "?")
	resp, err := client.Post(fmt.Sprintf("%s/homes/q/%v/submit", at, q["number"]), form.FormDataContentType(), &b)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.Fatalf("an answer with a picture: %s", resp.Status)
	}
}

// approve approves what the answer of a question is now.
func (s *social) approve(who string, n int, says string) {
	s.Helper()
	q := s.question(n, says)
	s.give(who, q, "approve", map[string]any{"revision": q["revision"], "digest": q["digest"]})
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

// public waits until the public reads something.
func (s *social) public(what string, ok func(said string) bool) {
	s.Helper()
	testenv.Until(s, what, func() bool {
		_, out := s.at.api("", http.MethodGet, "/api/v1/sessions/homes", nil)
		return ok(fmt.Sprint(out))
	})
}
