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

	"experthour/internal/connector/bluesky/blueskyfake"
	"experthour/internal/connector/bluesky/blueskytest"
	"experthour/internal/testenv"
)

const blueskySettings = `
[bluesky]
handle = %q
app_password = %q
api_url = %q
[[public]]
kind = "bluesky"
hashtag = %q
`

// skyline is a Bluesky with the institution's account, one who asks, and readers. Posts are
// named by their addresses.
type skyline interface {
	account() (handle, password, url string)
	ask(text string) string
	under(post, text string) string
	edit(post, text string)
	remove(post string)
	like(post string) // by one more
	posts() []skyPost
}

// skyPost is a post of the institution that stands.
type skyPost struct {
	at, under, text string
	alts            []string // of its pictures
}

// fakeSky is one of the project's own.
type fakeSky struct {
	*blueskyfake.Server
	ilze *blueskyfake.User
}

func newFakeSky(t *testing.T) skyline {
	s := blueskyfake.New(t, blueskyfake.Options{})
	return &fakeSky{s, s.User("ilze.test")}
}

func (f *fakeSky) account() (string, string, string) {
	return blueskyfake.BotHandle, blueskyfake.BotPassword, f.URL
}
func (f *fakeSky) ask(text string) string         { return f.ilze.Write(text).URI }
func (f *fakeSky) under(post, text string) string { return f.ilze.Reply(f.Post(post), text).URI }
func (f *fakeSky) edit(post, text string)         { f.Post(post).Edit(text) }
func (f *fakeSky) remove(post string)             { f.Post(post).Delete() }
func (f *fakeSky) like(post string)               { f.Post(post).Like(1) }

func (f *fakeSky) posts() (all []skyPost) {
	for _, p := range f.ByBot() {
		one := skyPost{at: p.URI, text: p.Record.Text}
		if p.Record.Reply != nil {
			one.under = p.Record.Reply.Parent.URI
		}
		if p.Record.Embed != nil {
			for _, picture := range p.Record.Embed.Images {
				one.alts = append(one.alts, picture.Alt)
			}
		}
		all = append(all, one)
	}
	return all
}

// realSky is Bluesky's own.
type realSky struct {
	t            *testing.T
	s            *blueskytest.Server
	office, ilze *blueskytest.User
	versions     map[string]blueskytest.Ref
	readers      int
}

func newRealSky(t *testing.T, s *blueskytest.Server, name string) skyline {
	return &realSky{t: t, s: s, office: s.Join(t, name), ilze: s.Join(t, name+"-ilze"), versions: map[string]blueskytest.Ref{}}
}

func (r *realSky) account() (handle, password, url string) {
	return r.office.Handle, r.office.AppPassword(), r.s.URL
}

func (r *realSky) keep(p blueskytest.Ref) string {
	r.versions[p.URI] = p
	return p.URI
}

func (r *realSky) ask(text string) string { return r.keep(r.ilze.Write(text)) }

func (r *realSky) under(post, text string) string {
	for _, p := range r.office.Posts() {
		if p.URI == post {
			return r.keep(r.ilze.Reply(p.Ref, text))
		}
	}
	r.t.Fatalf("no post at %s", post)
	return ""
}

func (r *realSky) edit(post, text string) { r.ilze.Edit(r.versions[post], text) }
func (r *realSky) remove(post string)     { r.ilze.Delete(r.versions[post]) }

func (r *realSky) like(post string) {
	r.readers++
	r.s.Join(r.t, fmt.Sprint(strings.TrimSuffix(r.office.Handle, ".test"), "-reader", r.readers)).Like(r.versions[post])
}

func (r *realSky) posts() (all []skyPost) {
	for _, p := range r.office.Posts() {
		one := skyPost{at: p.URI, under: p.Under(), text: p.Value.Text}
		for _, picture := range p.Value.Embed.Images {
			one.alts = append(one.alts, picture.Alt)
		}
		all = append(all, one)
	}
	return all
}

// sky is an institution that uses a Bluesky.
type sky struct {
	*testing.T
	skyline
	gate   *blueskytest.Gate // between the two
	office string            // its handle, with "@"
	tag    string
	at     *institution
	run    *running
	tokens map[string]string
}

// openSky opens an hour with a hashtag of its own: whoever is on the same Bluesky reads those of others too.
func openSky(t *testing.T, on skyline, tag string) *sky {
	s := &sky{T: t, skyline: on, tag: tag, at: &institution{t: t, dir: t.TempDir(), listen: free(t)}, tokens: map[string]string{}}
	handle, password, url := on.account()
	s.office, s.gate = "@"+handle, blueskytest.Open(t, url)
	s.at.base = "http://" + s.at.listen
	writeConfig(t, s.at.dir, fmt.Sprintf(settings, realRedis(t), s.at.listen)+fmt.Sprintf(blueskySettings, handle, password, s.gate.URL, tag))
	for _, name := range []string{"Anna Bērziņa", "Jānis Kalniņš", "Edgars Ozols"} {
		s.tokens[name] = s.at.token(name)
	}
	s.begin()
	return s
}

func (s *sky) begin() {
	s.Helper()
	s.run = start(s.T, s.at.dir, "run")
	s.at.await()
}

// kill ends the program without warning while a call is held, and begins anew.
func (s *sky) kill(held *blueskytest.Hold) {
	s.Helper()
	s.reach(held)
	testenv.Kill(s.run.cmd)
	s.gate.Let()
	s.begin()
}

// reach waits until a call is held.
func (s *sky) reach(held *blueskytest.Hold) {
	s.Helper()
	select {
	case <-held.Reached:
	case <-testenv.Soon(s).Done():
		s.Fatal("the call that should be held was not made")
	}
}

// question waits until the desk has n questions, and gives the one that says something.
func (s *sky) question(n int, says string) (found map[string]any) {
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
func (s *sky) becomes(n int, says, state string) {
	s.Helper()
	testenv.Until(s, says+" is "+state, func() bool { return s.question(n, says)["state"] == state })
}

// give gives a command about a question.
func (s *sky) give(who string, q map[string]any, verb string, in map[string]any) {
	s.Helper()
	s.tell(who, fmt.Sprintf("/questions/%v/%s", q["number"], verb), in)
}

// tell gives a command about the hour.
func (s *sky) tell(who, what string, in map[string]any) {
	s.Helper()
	if status, out := s.at.api(s.tokens[who], http.MethodPost, "/api/v1/desk/sessions/homes"+what, in); status != http.StatusOK {
		s.Fatalf("%s by %s: %d %v", what, who, status, out)
	}
}

// submit answers a question, which is accepted before.
func (s *sky) submit(q map[string]any, answer string) {
	s.Helper()
	s.give("Anna Bērziņa", q, "accept", nil)
	s.give("Edgars Ozols", q, "submit", map[string]any{"text": answer})
}

// illustrate answers a question from the expert's page, with a picture.
func (s *sky) illustrate(q map[string]any, answer string) {
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
func (s *sky) approve(who string, n int, says string) {
	s.Helper()
	q := s.question(n, says)
	s.give(who, q, "approve", map[string]any{"revision": q["revision"], "digest": q["digest"]})
}

// posted waits for the one post of the institution with a text.
func (s *sky) posted(part string) (found skyPost) {
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

func (s *sky) stands(p skyPost) bool {
	for _, q := range s.posts() {
		if q.at == p.at {
			return true
		}
	}
	return false
}

// public waits until the public reads something.
func (s *sky) public(what string, ok func(said string) bool) {
	s.Helper()
	testenv.Until(s, what, func() bool {
		_, out := s.at.api("", http.MethodGet, "/api/v1/sessions/homes", nil)
		return ok(fmt.Sprint(out))
	})
}
