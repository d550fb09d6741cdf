package instagramfake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector/instagram/instagramfake"
	"experthour/internal/testenv"
)

// caller calls a fake by raw HTTP.
type caller struct {
	*instagramfake.Instagram
	t     *testing.T
	mu    sync.Mutex
	at    time.Time
	token string
}

func call(t *testing.T) *caller {
	c := &caller{t: t, at: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC), token: instagramfake.Token}
	c.Instagram = instagramfake.New(t, func() time.Time {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.at
	})
	return c
}

func (c *caller) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// raw sends parameters where the documentation has them.
func (c *caller) raw(ctx context.Context, verb, to, params string) (*http.Response, error) {
	address, body := c.URL+to, io.Reader(nil)
	params = "access_token=" + c.token + "&" + params
	if verb == http.MethodPost {
		body = strings.NewReader(params)
	} else {
		address += "?" + params
	}
	r, err := http.NewRequestWithContext(ctx, verb, address, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if verb == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return http.DefaultClient.Do(r)
}

// say makes a call and gives what is answered, flattened: "code subcode" of a refusal.
func (c *caller) say(verb, to, params string) (said map[string]any, refusal string) {
	c.t.Helper()
	resp, err := c.raw(c.t.Context(), verb, to, params)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&said); err != nil {
		c.t.Fatal(err)
	}
	e, failed := said["error"].(map[string]any)
	if failed != (resp.StatusCode == http.StatusBadRequest) {
		c.t.Errorf("%s %s: %s %v", verb, to, resp.Status, said)
	}
	if !failed {
		return said, ""
	}
	refusal = fmt.Sprint(e["code"])
	if sub := e["error_subcode"]; sub != nil {
		refusal += fmt.Sprintf(" %.0f", sub)
	}
	return said, refusal
}

// gets wants an answer, or a refusal.
func (c *caller) gets(want, verb, to, params string) map[string]any {
	c.t.Helper()
	said, refusal := c.say(verb, to, params)
	if refusal != want {
		c.t.Errorf("%s %s %s: %q, want %q: %v", verb, to, params, refusal, want, said)
	}
	return said
}

const comments = "/v26.0/" + instagramfake.Media + "/comments"

// ids of a list.
func (c *caller) ids(to, params string) (all []string) {
	c.t.Helper()
	data, _ := c.gets("", "GET", to, params)["data"].([]any)
	for _, one := range data {
		all = append(all, fmt.Sprint(one.(map[string]any)["id"]))
	}
	return all
}

func message(text string) string { return url.Values{"message": {text}}.Encode() }

// TestStrict: what the documentation does not name is refused, and so is a token at a wrong place.
func TestStrict(t *testing.T) {
	t.Parallel()
	c := call(t)
	one := "/v26.0/" + c.Write("ilze", "", "x")
	for _, s := range []struct{ want, verb, to, params string }{
		{"100", "GET", "/v26.0/me/nothing", ""}, {"100", "PUT", "/v26.0/me", ""}, {"100", "GET", "/me", ""},
		{"100", "GET", "/v26.0/me", "fields=id,likes"}, {"100", "GET", "/v26.0/me", "field=id"}, {"100", "GET", one, "fields=id&fields=id"},
		{"100", "GET", one, "fields=is_reply"}, {"100", "POST", one, "message=x"}, {"100", "POST", one + "/replies?message=x", ""},
		{"100", "GET", one, "fields=caption"},
		{"100", "POST", comments, "text=x"}, {"100", "POST", comments, "message=+"}, {"100", "GET", comments, "since=5"},
		{"", "GET", comments, "fields=id,text,like_count,hidden,from&limit=5"}, {"", "GET", "/v26.0/" + instagramfake.Self, "fields=user_id"},
		{"", "GET", "/v26.0/" + instagramfake.Media, "fields=id,caption,is_comment_enabled"}, {"", "GET", "/v26.0/me/media", "fields=id"},
	} {
		c.gets(s.want, s.verb, s.to, s.params)
	}
}

// TestToken: an unknown, revoked or ended one, and a permission that is missing; one that is a day
// old is renewed, and the old one holds as well.
func TestToken(t *testing.T) {
	t.Parallel()
	c := call(t)
	c.Revoke()
	c.gets("190", "GET", "/v26.0/me", "")
	c.Restore()
	const to, grant = "/refresh_access_token", "grant_type=ig_refresh_token"
	c.gets("100", "GET", to, "grant_type=th_refresh_token")
	next := c.gets("", "GET", to, grant)
	if next["expires_in"] != float64(60*24*3600) || next["token_type"] != "bearer" {
		t.Errorf("it gives %v", next)
	}
	c.gets("", "GET", "/v26.0/me", "")
	old := c.token
	c.token = fmt.Sprint(next["access_token"])
	c.gets("100", "GET", to, grant) // too young
	c.pass(59 * 24 * time.Hour)
	c.gets("", "GET", "/v26.0/me", "")
	c.Forbid("instagram_business_manage_comments")
	c.gets("10", "GET", comments, "")
	c.token = old
	c.gets("190", "GET", "/v26.0/me", "")
	c.token = "x"
	c.gets("190", "GET", "/v26.0/me", "")
}

// TestComments: a reply to a reply stands under the top comment; to what is hidden or gone there
// is none, and where comments are closed neither.
func TestComments(t *testing.T) {
	t.Parallel()
	c := call(t)
	top := c.Write("ilze", "", "?")
	first := fmt.Sprint(c.gets("", "POST", "/v26.0/"+top+"/replies", message("a"))["id"])
	second := fmt.Sprint(c.gets("", "POST", "/v26.0/"+first+"/replies", message("b"))["id"])
	if got := c.gets("", "GET", "/v26.0/"+second, "fields=id,text,parent_id,username,like_count,hidden"); got["parent_id"] != top ||
		got["text"] != "b" || got["username"] != instagramfake.SelfName || got["hidden"] != false || len(second) < 17 {
		t.Errorf("it stands as %v", got)
	}
	if got := c.ids("/v26.0/"+top+"/replies", ""); len(got) != 2 {
		t.Errorf("the replies are %q", got)
	}
	c.gets("10", "DELETE", "/v26.0/"+top, "")
	c.gets("", "DELETE", "/v26.0/"+first, "")
	c.gets("100 33", "DELETE", "/v26.0/"+first, "")
	c.gets("100 33", "GET", "/v26.0/"+first, "")
	c.gets("100 33", "POST", "/v26.0/"+first+"/replies", message("a"))
	c.gets("100 33", "POST", "/v26.0/"+first, "hide=true")
	c.gets("100", "POST", "/v26.0/"+top, "hide=x")
	for _, at := range []string{top, second} {
		c.gets("", "POST", "/v26.0/"+at, "hide=true")
		if got := c.gets("", "GET", "/v26.0/"+at, "fields=hidden")["hidden"]; got != (at == top) {
			t.Errorf("%s is hidden: %v", at, got)
		}
	}
	c.gets("100", "POST", "/v26.0/"+top+"/replies", message("a"))
	c.Close(true)
	c.gets("10", "POST", comments, message("a"))
	c.Close(false)
	c.gets("", "POST", comments, message(strings.Repeat("ā", 2200)))
	c.gets("100", "POST", comments, message(strings.Repeat("ā", 2201)))
	c.Vanish(true)
	c.gets("100 33", "GET", comments, "")
	c.gets("100 33", "GET", "/v26.0/"+instagramfake.Media, "")
	c.gets("100 33", "POST", comments, message("a"))
}

// TestLists: pages of 50, the newest first, only so long after they were written, without replies.
func TestLists(t *testing.T) {
	t.Parallel()
	c := call(t)
	var first, last string
	for i := range 60 {
		c.pass(time.Second)
		last = c.Write("ilze", "", fmt.Sprint(i))
		if i == 0 {
			first = last
		}
	}
	c.Write("ilze", last, "reply")
	page := c.gets("", "GET", comments, "fields=id")
	after := page["paging"].(map[string]any)["cursors"].(map[string]any)["after"]
	if got := c.ids(comments, ""); len(got) != 50 || got[0] != last {
		t.Errorf("a page is %q", got)
	}
	if got := c.ids(comments, fmt.Sprint("after=", after)); len(got) != 10 || got[9] != first {
		t.Errorf("the next page is %q", got)
	}
	c.Lag(time.Hour)
	if got := c.ids(comments, ""); len(got) != 0 {
		t.Errorf("too early there are %q", got)
	}
}

// TestRates: comments in an hour and calls in a day, with the header that says for how long.
func TestRates(t *testing.T) {
	t.Parallel()
	c := call(t)
	c.PerHour(1)
	c.gets("", "POST", comments, message("a"))
	c.gets("4", "POST", comments, message("b"))
	c.pass(time.Hour)
	c.gets("", "POST", comments, message("c"))
	c.Rate(1)
	resp, err := c.raw(t.Context(), "GET", "/v26.0/me", "")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if usage := resp.Header.Get("X-Business-Use-Case-Usage"); !strings.Contains(usage, `"estimated_time_to_regain_access":9`) {
		t.Errorf("the header is %q", usage)
	}
}

// TestFaults: did it and answered otherwise, did it and hung, did nothing and answered or hung.
func TestFaults(t *testing.T) {
	t.Parallel()
	c := call(t)
	c.Answer("comment", 500, `{}`)
	c.Break("comment", 500, `{}`)
	for _, want := range []int{0, 1} {
		resp, err := c.raw(t.Context(), "POST", comments, message("a"))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 500 || len(c.Comments()) != want {
			t.Errorf("%s with %d comments", resp.Status, len(c.Comments()))
		}
	}
	for want, fault := range map[int]func(string){2: c.Hang, 3: c.Stall} {
		fault("comment")
		n := len(c.Comments())
		ctx, giveUp := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			resp, err := c.raw(ctx, "POST", comments, message("a"))
			if err == nil {
				resp.Body.Close()
			}
			done <- err
		}()
		testenv.Until(t, "it is met", func() bool { return c.Waiting() == 0 })
		giveUp()
		if err := <-done; err == nil {
			t.Error("it answers")
		}
		if got := len(c.Comments()) - n; got != 3-want {
			t.Errorf("%d were made", got)
		}
	}
}
