package draugiemfake

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/testenv"
)

// clock is a time that stands until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

type vals = map[string]string

// caller calls by hand.
type caller struct {
	t     *testing.T
	d     *Draugiem
	clock *clock
}

func newCaller(t *testing.T) *caller {
	c := &clock{time.Unix(1_764_500_000, 0)}
	return &caller{t: t, d: New(t, c.now), clock: c}
}

type said struct {
	status int
	body   string
	Status string
	ID     string
	Pid    string
	Error  json.RawMessage
	FAQ    json.RawMessage
	Posts  json.RawMessage
	New    string `json:"unanswered_faq"`
	Old    string `json:"answered_faq"`
}

// call makes one, such as "pages/faq list"; a parameter in place of what is usual replaces it.
func (c *caller) call(what string, params vals) (s said) {
	c.t.Helper()
	action, method, _ := strings.Cut(what, " ")
	form := url.Values{"app": {PageKey}, "apikey": {UserKey}, "action": {action}}
	if method != "" {
		form.Set("method", method)
	}
	for k, v := range params {
		form.Set(k, v)
	}
	return c.send(http.MethodPost, c.d.URL, form.Encode())
}

func (c *caller) request(method, to, body string) *http.Request {
	c.t.Helper()
	r, err := http.NewRequest(method, to, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func (c *caller) send(method, to, body string) (s said) {
	c.t.Helper()
	resp, err := http.DefaultClient.Do(c.request(method, to, body))
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, _ := io.ReadAll(resp.Body)
	_ = json.Unmarshal(b, &s) // some answers are none
	s.status, s.body = resp.StatusCode, strings.TrimSpace(string(b))
	return s
}

// wants is an error with that code, in HTTP 200; 0 is none.
func (c *caller) wants(what string, s said, code int) {
	c.t.Helper()
	var e failure
	_ = json.Unmarshal(s.Error, &e)
	if s.status != http.StatusOK || e.Code != code || code == 0 && s.Error != nil {
		c.t.Errorf("%s: %d %s", what, s.status, s.body)
	}
}

func answer(id, text string) vals { return vals{"question_id": id, "answer": text} }

func pieceOf(text string) vals {
	return vals{"title": "Stunda", "text": text, "draft": "0", "comments": "0"}
}

// TestPostOnly: keys in an address are refused, and so is what is no form.
func TestPostOnly(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	keys := "app=" + PageKey + "&apikey=" + UserKey + "&action=pages/faq&method=list"
	if s := c.send(http.MethodGet, c.d.URL+"?"+keys, ""); s.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", s.status)
	}
	if s := c.send(http.MethodPost, c.d.URL+"?"+keys, keys); s.status != http.StatusMethodNotAllowed {
		t.Errorf("POST with keys in the address: %d", s.status)
	}
	if s := c.send(http.MethodPost, strings.TrimSuffix(c.d.URL, "/"), keys); s.status != http.StatusNotFound {
		t.Errorf("another path: %d", s.status)
	}
	if s := c.send(http.MethodPost, c.d.URL, "%zz"); s.status != http.StatusBadRequest {
		t.Errorf("no form: %d", s.status)
	}
	c.wants("right", c.send(http.MethodPost, c.d.URL, keys), 0)
}

// TestQuestions: a question is listed under its id, answered, counted and deleted.
func TestQuestions(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	if s := c.call("pages/faq list", nil); s.body != `{"faq":[]}` {
		t.Errorf("an empty list is %s", s.body)
	}
	id := c.d.Ask("491171", "Ilze", "Kas & <ir>?")
	if len(id) != 16 || id <= "9007199254740992" {
		t.Errorf("the id is %s", id)
	}
	wants := func(want string) {
		t.Helper()
		if s := c.call("pages/faq list", nil); s.status != http.StatusOK || string(s.FAQ) != want {
			t.Errorf("the list is %s, want %s", s.FAQ, want)
		}
	}
	one := `"created":"1764500000","id":"` + id + `","name":"Ilze","question":"Kas \u0026 \u003cir\u003e?","uid":"491171"`
	wants(`{"` + id + `":{"answer":null,` + one + `}}`)
	if s := c.call("pages/dashboard", nil); s.New != "1" || s.Old != "0" {
		t.Error(s.body)
	}
	if s := c.call("pages/faq answer", answer(id, "Jā.")); s.body != `{"status":"OK"}` {
		t.Error(s.body)
	}
	wants(`{"` + id + `":{"answer":"Jā.",` + one + `}}`)
	if s := c.call("pages/dashboard", nil); s.New != "0" || s.Old != "1" {
		t.Error(s.body)
	}
	c.wants("delete", c.call("pages/faq delete", vals{"question_id": id}), 0)
	c.wants("delete again", c.call("pages/faq delete", vals{"question_id": id}), 920)
	c.wants("answer what is gone", c.call("pages/faq answer", answer(id, "Jā.")), 920)
	wants(`[]`)
}

// TestAgain: what a second answer does.
func TestAgain(t *testing.T) {
	t.Parallel()
	for how, want := range map[Again]struct {
		code int
		text string
	}{Overwrites: {0, "Nē."}, Refuses: {921, "Jā."}, Keeps: {0, "Jā."}} {
		c := newCaller(t)
		c.d.Again(how)
		id := c.d.Ask("1", "Ilze", "Kas ir?")
		c.wants("first", c.call("pages/faq answer", answer(id, "Jā.")), 0)
		c.wants("second", c.call("pages/faq answer", answer(id, "Nē.")), want.code)
		if got := c.d.Questions()[0].Answer; got != want.text {
			t.Errorf("%d: the answer is %q", how, got)
		}
	}
}

// TestNews: news are added, listed, read alone, edited and deleted; the same text twice is two.
func TestNews(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	one, two := c.call("pages/news add", pieceOf("Sākam.")), c.call("pages/news add", pieceOf("Sākam."))
	if one.Status != "OK" || one.ID == "" || one.ID == two.ID {
		t.Fatalf("%s and %s", one.body, two.body)
	}
	edit := pieceOf("Vēlāk.")
	edit["id"] = one.ID
	c.wants("edit", c.call("pages/news edit", edit), 0)
	want := `{"` + one.ID + `":{"created":"1764500000","draft":"0","id":"` + one.ID + `","text":"Vēlāk.","title":"Stunda"}}`
	if s := c.call("pages/news get", vals{"id": one.ID}); string(s.Posts) != want {
		t.Errorf("it is %s", s.Posts)
	}
	c.wants("delete", c.call("pages/news delete", vals{"id": two.ID}), 0)
	for _, what := range []string{"get", "delete"} {
		c.wants(what, c.call("pages/news "+what, vals{"id": two.ID}), 930)
	}
	edit["id"] = two.ID
	c.wants("edit what is gone", c.call("pages/news edit", edit), 930)
	if s := c.call("pages/news list", nil); string(s.Posts) != want {
		t.Errorf("the list is %s", s.Posts)
	}
	c.d.Titles(true)
	if s := c.call("pages/news list", nil); strings.Contains(s.body, "Vēlāk.") || !strings.Contains(s.body, "Stunda") {
		t.Errorf("without texts the list is %s", s.body)
	}
	if s := c.call("pages/news get", vals{"id": one.ID}); !strings.Contains(s.body, "Vēlāk.") {
		t.Errorf("it is %s", s.body)
	}
	for name, want := range map[string]bool{"pid": true, "": false} {
		c.d.NewsID(name)
		if s := c.call("pages/news add", pieceOf("Sākam.")); (s.Pid != "") != want || s.ID != "" {
			t.Errorf("%q: %s", name, s.body)
		}
	}
}

// TestRefused: what does not fit.
func TestRefused(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	id := c.d.Ask("1", "Ilze", "Kas ir?")
	draft := pieceOf("x")
	draft["draft"] = "yes"
	for _, x := range []struct {
		what   string
		params vals
		code   int
	}{
		{"pages/faq list", vals{"app": "x"}, 901},
		{"pages/faq list", vals{"apikey": "x"}, 902},
		{"pages/faq ask", nil, 903},
		{"pages/faq", nil, 903},
		{"pages/faq list", vals{"page": "2"}, 905},
		{"pages/faq answer", answer(id, " "), 906},
		{"pages/faq answer", vals{"answer": "x"}, 906},
		{"pages/news add", vals{"title": "x", "text": "x", "draft": "0"}, 906},
		{"pages/news add", draft, 907},
		{"pages/faq answer", answer(id, strings.Repeat("ā", MostChars+1)), 908},
		{"pages/faq answer", answer(id, strings.Repeat("ā", MostChars)), 0},
	} {
		c.wants(x.what, c.call(x.what, x.params), x.code)
	}
	if n := c.d.Calls("pages/faq answer"); n != 1 {
		t.Errorf("%d were let in", n)
	}
}

// TestSwitches: what is told in one way or another, and what goes wrong.
func TestSwitches(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	id := c.d.Ask("1", "Ilze", "Kas\n& kur?")
	wants := func(what string, has bool, part string) {
		t.Helper()
		if s := c.call("pages/faq list", nil); strings.Contains(s.body, part) != has {
			t.Errorf("%s: %s", what, s.body)
		}
	}
	c.d.Dates(Local)
	wants("local times", true, `"created":"2025-11-30 12:53:20"`)
	c.d.Dates(None)
	wants("no times", false, `created`)
	c.d.Nameless(true)
	wants("no names", false, `Ilze`)
	c.d.Arrays(true)
	wants("an array", true, `{"faq":[{`)
	c.d.Markup(true)
	wants("markup", true, `Kas\u003cbr /\u003e\n\u0026amp; kur?`)
	c.d.Reword(id, "Kas?")
	wants("reworded", true, `"Kas?"`)
	c.d.Close(true)
	c.wants("closed", c.call("pages/faq answer", answer(id, "Jā.")), 904)
	c.wants("closed, reading", c.call("pages/faq list", nil), 0)
	c.d.Close(false)
	c.d.Revoke()
	c.wants("revoked", c.call("pages/faq list", nil), 902)
	c.d.BareErrors(true)
	if s := c.call("pages/faq list", nil); s.body != `{"error":"fake: this person may not use the API of the page"}` {
		t.Error(s.body)
	}
	c.d.Restore()
	c.wants("restored", c.call("pages/faq list", nil), 0)
	c.d.Reply(id, "Ar roku.")
	wants("by hand", true, "Ar roku.")
	c.d.Remove(id)
	wants("removed", false, id)
}

// TestLag: lists show late what was written.
func TestLag(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	id := c.d.Ask("1", "Ilze", "Kas ir?")
	c.clock.at = c.clock.at.Add(time.Minute)
	c.d.Lag(time.Minute)
	c.call("pages/faq answer", answer(id, "Jā."))
	news := c.d.Publish("Stunda", "Sākam.")
	for _, shown := range []bool{false, true} {
		list := c.call("pages/faq list", nil).body + c.call("pages/news list", nil).body
		if !strings.Contains(list, id) || strings.Contains(list, "Jā.") != shown || strings.Contains(list, news) != shown {
			t.Errorf("shown %v: %s", shown, list)
		}
		c.clock.at = c.clock.at.Add(time.Minute)
	}
}

// TestRate: there are so many calls in any hour, refused ones too.
func TestRate(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.d.Rate(2)
	c.wants("first", c.call("pages/faq list", nil), 0)
	c.clock.at = c.clock.at.Add(59 * time.Minute)
	c.wants("second", c.call("pages/faq ask", nil), 903)
	c.wants("third", c.call("pages/faq list", nil), 910)
	c.clock.at = c.clock.at.Add(time.Minute)
	c.wants("when the first is an hour old", c.call("pages/faq list", nil), 0)
}

// TestFaults: what is broken was done, what is answered in its place was not.
func TestFaults(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	const add = "pages/news add"
	c.d.Break(add, 500, "oops")
	c.d.Answer(add, 502, "proxy")
	if s := c.call(add, pieceOf("Viens.")); s.status != 500 {
		t.Error(s.body)
	}
	if s := c.call(add, pieceOf("Divi.")); s.status != 502 {
		t.Error(s.body)
	}
	c.d.Hang(add)
	ctx, giveUp := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		form := url.Values{"app": {PageKey}, "apikey": {UserKey}, "action": {"pages/news"}, "method": {"add"}, "title": {"Stunda"},
			"text": {"Trīs."}, "draft": {"0"}, "comments": {"1"}}
		_, err := http.DefaultClient.Do(c.request(http.MethodPost, c.d.URL, form.Encode()).WithContext(ctx))
		ended <- err
	}()
	testenv.Until(t, "what was asked for is done", func() bool { return len(c.d.News()) == 2 })
	giveUp()
	if err := <-ended; err == nil {
		t.Error("it answered")
	}
	if all := c.d.News(); len(all) != 2 || all[1].Text != "Trīs." {
		t.Errorf("%+v", all)
	}
}
