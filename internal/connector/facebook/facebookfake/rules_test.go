package facebookfake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/graph/graphfake"
)

type vals = map[string]string

// caller calls by hand: what is signed is spelled out here and nowhere shared.
type caller struct {
	t     *testing.T
	p     *Page
	clock *graphfake.Clock
}

func newCaller(t *testing.T) *caller {
	c := graphfake.NewClock(time.Unix(1_796_000_000, 0))
	return &caller{t: t, p: New(t, c.Now), clock: c}
}

type said struct {
	status  int
	header  http.Header
	ID      string
	Message string
	Success bool
	Data    json.RawMessage
	Paging  struct {
		Cursors struct{ After string }
		Next    string
	}
	Error struct {
		Message, Type string
		Fbtrace_id    string
		Code          int
		Error_subcode int
	}
}

func proof(token string) string {
	h := hmac.New(sha256.New, []byte(AppSecret))
	h.Write([]byte(token))
	return hex.EncodeToString(h.Sum(nil))
}

// call makes one call, "GET /path", with a good token and proof where params say nothing else; ""
// leaves one out.
func (c *caller) call(what string, params vals) said {
	c.t.Helper()
	method, path, _ := strings.Cut(what, " ")
	form := url.Values{"access_token": {Token}, "appsecret_proof": {proof(Token)}}
	for k, v := range params {
		form.Set(k, v)
		if v == "" {
			form.Del(k)
		}
	}
	if method == http.MethodPost {
		return c.send(method, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	}
	return c.send(method, path+"?"+form.Encode(), "", nil)
}

func (c *caller) send(method, to, kind string, body io.Reader) (s said) {
	c.t.Helper()
	r, err := http.NewRequest(method, c.p.URL+to, body)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, _ := io.ReadAll(resp.Body)
	_ = json.Unmarshal(b, &s) // some answers are none
	s.status, s.header = resp.StatusCode, resp.Header
	return s
}

// data are the objects of a list.
func (s said) data() (all []map[string]any) {
	_ = json.Unmarshal(s.Data, &all)
	return all
}

func (c *caller) fails(what string, s said, status, code, sub int) {
	c.t.Helper()
	e := s.Error
	if s.status != status || e.Code != code || e.Error_subcode != sub || e.Type != "OAuthException" || e.Fbtrace_id == "" || e.Message == "" {
		c.t.Errorf("%s: %d %+v", what, s.status, s.Error)
	}
}

func (c *caller) post(to, text string) string {
	c.t.Helper()
	s := c.call("POST "+to, vals{"message": text})
	if s.ID == "" {
		c.t.Fatalf("%d %+v", s.status, s.Error)
	}
	return s.ID
}

func TestWhoMay(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.fails("no token", c.call("GET /me", vals{"access_token": ""}), 401, 104, 0)
	c.fails("another", c.call("GET /me", vals{"access_token": "x"}), 400, 190, 0)
	c.fails("no proof", c.call("GET /me", vals{"appsecret_proof": ""}), 400, 100, 0)
	c.fails("a wrong proof", c.call("GET /me", vals{"appsecret_proof": proof("x")}), 400, 100, 0)
	if s := c.call("GET /me", nil); s.ID != Self {
		t.Errorf("%+v", s)
	}
	c.p.Revoke()
	c.fails("revoked", c.call("GET /me", nil), 401, 190, 460)
	c.p.Restore()
	c.p.Expire(c.clock.Now())
	c.fails("expired", c.call("GET /me", nil), 401, 190, 463)
	c.p.Expire(time.Time{})
	for scope, what := range map[string]string{"pages_manage_posts": "POST /" + Self + "/feed", "pages_read_engagement": "GET /me",
		"pages_manage_metadata": "GET /me/subscribed_apps", "pages_read_user_content": "GET /me/feed"} {
		c.p.Forbid(scope)
		c.fails(scope, c.call(what, vals{"message": ""}), 403, 10, 0)
		c.p.Allow()
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.fails("a parameter", c.call("POST /me/feed", vals{"message": "x", "picture": "y"}), 400, 100, 0)
	c.fails("a field", c.call("GET /me", vals{"fields": "id,fan_mood"}), 400, 100, 0)
	c.fails("an edge", c.call("GET /me/friends", nil), 400, 100, 33)
	c.fails("an object", c.call("GET /1_2", nil), 400, 100, 33)
	if resp, err := http.Get(strings.TrimSuffix(c.p.URL, Version) + "me"); err != nil || resp.StatusCode != 400 || resp.Body.Close() != nil {
		t.Errorf("no version: %v", err)
	}
	s := c.send("POST", "/me/feed?message=x&access_token="+Token+"&appsecret_proof="+proof(Token), "application/json", strings.NewReader("{}"))
	c.fails("in the address", s, 400, 100, 0)
	c.fails("no JSON", c.send("POST", "/me/feed", "application/json", strings.NewReader("x")), 400, 100, 0)
}

// TestLife posts, comments, replies, edits and deletes.
func TestLife(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	post := c.post("/"+Self+"/feed", "Stunda")
	asked := c.p.Write(post, "7", "Ilze", "Kas?")
	answer := c.post("/"+asked+"/comments", "Tas, @[7].")
	const all = "id,message,from,parent{id,from{id}},permalink_url,created_time,can_comment,is_hidden,like_count,attachment"
	s := c.call("GET /"+post+"/comments", vals{"filter": "stream", "order": "chronological", "fields": all})
	d := s.data()
	if len(d) != 2 || d[1]["id"] != answer || d[1]["parent"].(map[string]any)["id"] != asked || d[1]["message"] != "Tas, "+SelfName+"." {
		t.Fatalf("%+v", d)
	}
	if d := c.call("GET /"+post+"/comments", nil).data(); len(d) != 1 || d[0]["id"] != asked || len(d[0]) != 1 {
		t.Errorf("at the top %+v", d)
	}
	if d := c.call("GET /"+asked+"/comments", vals{"order": "reverse_chronological"}).data(); len(d) != 1 || d[0]["id"] != answer {
		t.Errorf("replies %+v", d)
	}
	c.fails("order", c.call("GET /"+post+"/comments", vals{"order": "ranked"}), 400, 100, 0)
	c.fails("somebody else's", c.call("POST /"+asked, vals{"message": "x"}), 403, 200, 0)
	for _, to := range []string{"true", "true", "false"} {
		if s := c.call("POST /"+asked, vals{"is_hidden": to}); !s.Success || c.p.Nodes()[1].Hidden != (to == "true") {
			t.Errorf("hidden %s: %+v", to, s)
		}
	}
	c.fails("no boolean", c.call("POST /"+asked, vals{"is_hidden": "x"}), 400, 100, 0)
	c.fails("both in one", c.call("POST /"+asked, vals{"is_hidden": "true", "message": "x"}), 400, 100, 0)
	c.fails("its own", c.call("POST /"+answer, vals{"is_hidden": "true"}), 403, 200, 0)
	c.fails("blank", c.call("POST /"+asked+"/comments", vals{"message": " "}), 400, 100, 0)
	c.fails("long", c.call("POST /"+asked+"/comments", vals{"message": strings.Repeat("ā", MostComment+1)}), 400, 100, 0)
	c.fails("long", c.call("POST /me/feed", vals{"message": strings.Repeat("ā", MostPost+1)}), 400, 100, 0)
	if s := c.call("POST /"+answer, vals{"message": "Cits."}); !s.Success || c.p.Nodes()[2].Text != "Cits." {
		t.Errorf("%+v", s)
	}
	if s := c.call("POST /"+post, vals{"message": "Stunda!", "fields": "id,message"}); s.Message != "Stunda!" {
		t.Errorf("%+v", s)
	}
	if s := c.call("DELETE /"+answer, nil); !s.Success {
		t.Errorf("%+v", s)
	}
	c.fails("again", c.call("DELETE /"+answer, nil), 400, 100, 33)
	c.p.Close(asked, true)
	c.fails("closed", c.call("POST /"+asked+"/comments", vals{"message": "x"}), 403, 200, 0)
	c.call("DELETE /"+post, nil)
	if n := c.p.Nodes(); len(n) != 0 {
		t.Errorf("%+v", n)
	}
	c.fails("under nothing", c.call("POST /"+asked+"/comments", vals{"message": "x"}), 400, 100, 33)
}

// TestLists: 25 a page where nothing is said, cursors, since, and what a list leaves out.
func TestLists(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	post := c.p.Publish("Stunda")
	for i := range 60 {
		c.clock.Pass(time.Second)
		c.p.Write(post, "7", "Ilze", fmt.Sprint(i))
	}
	read := func(params vals) (texts []string, s said) {
		params["fields"] = "id,message,from"
		s = c.call("GET /"+post+"/comments", params)
		for _, d := range s.data() {
			texts = append(texts, fmt.Sprint(d["message"]))
		}
		return texts, s
	}
	first, s := read(vals{})
	if len(first) != 25 || s.Paging.Next == "" {
		t.Errorf("%q, %q", first, s.Paging.Next)
	}
	second, s := read(vals{"after": s.Paging.Cursors.After, "limit": "35"})
	if len(second) != 35 || second[0] != "25" || s.Paging.Next != "" {
		t.Errorf("%q, %q", second, s.Paging.Next)
	}
	if late, _ := read(vals{"since": fmt.Sprint(c.clock.Now().Unix() - 1)}); !slices.Equal(late, []string{"58", "59"}) {
		t.Errorf("%q", late)
	}
	c.fails("limit", c.call("GET /"+post+"/comments", vals{"limit": "101"}), 400, 100, 0)
	c.p.Stutter(true)
	again, s := read(vals{"after": s.Paging.Cursors.After})
	if !slices.Equal(again, first) || s.Paging.Next == "" {
		t.Errorf("%q, %q", again, s.Paging.Next)
	}
	c.p.Stutter(false)
	c.p.Unnamed(true)
	c.p.Unmoderate(true)
	if _, s := read(vals{"limit": "1"}); s.data()[0]["from"] != nil || s.data()[0]["id"] != nil {
		t.Errorf("%+v", s.data())
	}
	c.p.Late(c.p.Write(post, "7", "Ilze", "vēls"), true)
	if one, _ := read(vals{"since": fmt.Sprint(c.clock.Now().Unix())}); !slices.Equal(one, []string{"59"}) {
		t.Errorf("%q", one)
	}
	c.p.Lag(time.Minute)
	if none, _ := read(vals{"since": fmt.Sprint(c.clock.Now().Unix())}); len(none) != 0 {
		t.Errorf("%q", none)
	}
}

// TestRates: calls of a day, told in parts of a hundred, with codes of a choice and the time to wait.
func TestRates(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.p.Rate(2, 32)
	s := c.call("GET /me", nil)
	if got := s.header.Get("X-App-Usage"); got != `{"call_count":50,"total_cputime":1,"total_time":1}` {
		t.Errorf("%s", got)
	}
	c.call("GET /me", nil)
	s = c.call("GET /me", nil)
	c.fails("over", s, 403, 32, 0)
	used := s.header.Get("X-Business-Use-Case-Usage")
	if !strings.Contains(used, `"call_count":100`) || !strings.Contains(used, `regain_access":7`) {
		t.Errorf("%s", used)
	}
	c.clock.Pass(24 * time.Hour)
	if s := c.call("GET /me", nil); s.ID != Self {
		t.Errorf("%+v", s.Error)
	}
	for _, code := range []int{4, 80001} {
		c.p.Rate(0, code)
		c.fails("over", c.call("GET /me", nil), 403, code, 0)
	}
}

// TestDuplicates: the same again at the same place is refused, elsewhere it is not.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.p.Duplicates(true)
	post := c.post("/me/feed", "Stunda")
	c.fails("post", c.call("POST /me/feed", vals{"message": "Stunda"}), 400, 506, 0)
	one, two := c.p.Write(post, "7", "Ilze", "Kas?"), c.p.Write(post, "8", "Jānis", "Kur?")
	c.post("/"+one+"/comments", "Jā.")
	c.fails("comment", c.call("POST /"+one+"/comments", vals{"message": "Jā."}), 400, 506, 0)
	c.post("/"+two+"/comments", "Jā.")
	c.post("/"+one+"/comments", "Nē.")
	c.post("/"+one+"/comments", "Jā.")
}

// TestFaults: what was done and broken stands, what was only answered does not.
func TestFaults(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	post := c.p.Publish("Stunda")
	c.p.Break("POST post/comments", 500, graphfake.Body(2, 0, "Retry"))
	c.fails("broken", c.call("POST /"+post+"/comments", vals{"message": "viens"}), 500, 2, 0)
	c.p.Answer("POST post/comments", 403, graphfake.Body(368, 1390008, "Blocked"))
	c.fails("blocked", c.call("POST /"+post+"/comments", vals{"message": "divi"}), 403, 368, 1390008)
	if n := c.p.Nodes(); len(n) != 2 || n[1].Text != "viens" || c.p.Calls("POST post/comments") != 1 {
		t.Errorf("%+v", n)
	}
}
