package threadsfake_test

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

	"experthour/internal/connector/threads/threadsfake"
	"experthour/internal/testenv"
)

// caller calls a fake by raw HTTP.
type caller struct {
	*threadsfake.Threads
	t     *testing.T
	mu    sync.Mutex
	at    time.Time
	token string
}

func call(t *testing.T) *caller {
	c := &caller{t: t, at: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC), token: threadsfake.Token}
	c.Threads = threadsfake.New(t, func() time.Time {
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

func (c *caller) create(text, to string) string {
	c.t.Helper()
	params := url.Values{"media_type": {"TEXT"}, "text": {text}}
	if to != "" {
		params.Set("reply_to_id", to)
	}
	return fmt.Sprint(c.gets("", "POST", "/v1.0/me/threads", params.Encode())["id"])
}

func (c *caller) status(container string) string {
	c.t.Helper()
	return fmt.Sprint(c.gets("", "GET", "/v1.0/"+container, "fields=id,status,error_message")["status"])
}

const publish = "/v1.0/me/threads_publish"

// ids of a list.
func (c *caller) ids(to, params string) (all []string) {
	c.t.Helper()
	data, _ := c.gets("", "GET", to, params)["data"].([]any)
	for _, one := range data {
		all = append(all, fmt.Sprint(one.(map[string]any)["id"]))
	}
	return all
}

// TestStrict: what the documentation does not name is refused, and so is a token at a wrong place.
func TestStrict(t *testing.T) {
	t.Parallel()
	c := call(t)
	post := c.Write(threadsfake.SelfName, "", "x")
	for _, s := range []struct{ want, verb, to, params string }{
		{"100", "GET", "/v1.0/me/nothing", ""}, {"100", "PUT", "/v1.0/me", ""}, {"100", "GET", "/me", ""},
		{"100", "GET", "/v1.0/me", "fields=id,likes"}, {"100", "GET", "/v1.0/me", "field=id"}, {"100", "GET", "/v1.0/me", "fields=id&fields=id"},
		{"100", "GET", "/v1.0/" + post + "/conversation", "limit=100"}, {"100", "GET", "/v1.0/" + post, "fields=status"},
		{"100", "GET", "/v1.0/" + post, "fields=like_count"}, {"100", "POST", publish + "?creation_id=1", ""},
		{"100", "POST", "/v1.0/me/threads", "media_type=TEXT&text=x&reply_to=1"}, {"100", "POST", "/v1.0/me/threads", "media_type=IMAGE&text=x"},
		{"100", "POST", "/v1.0/me/threads", "media_type=TEXT&text=+"}, {"100", "GET", "/v1.0/me/mentions", "since=5"},
		{"", "GET", "/v1.0/me/mentions", "since=1688540400&fields=id,text"}, {"", "GET", "/v1.0/" + threadsfake.Self, "fields=id,username"},
	} {
		c.gets(s.want, s.verb, s.to, s.params)
	}
}

// TestToken: an unknown, revoked or ended one; a permission that is missing.
func TestToken(t *testing.T) {
	t.Parallel()
	c := call(t)
	post := c.Write(threadsfake.SelfName, "", "x")
	c.gets("", "GET", "/v1.0/me", "")
	c.Revoke()
	c.gets("190", "GET", "/v1.0/me", "")
	c.Restore()
	c.Forbid("threads_delete")
	c.gets("10", "DELETE", "/v1.0/"+post, "")
	c.Forbid("threads_read_replies")
	c.gets("10", "GET", "/v1.0/"+post+"/conversation", "")
	c.Forbid("threads_manage_replies")
	c.gets("10", "POST", "/v1.0/me/threads", "media_type=TEXT&text=x&reply_to_id="+post)
	c.token = "x"
	c.gets("190", "GET", "/v1.0/me", "")
	c.token = threadsfake.Token
	c.pass(53 * 24 * time.Hour)
	c.gets("190", "GET", "/v1.0/me", "")
}

// TestRefresh: a token that is a day old is renewed, and the old one holds as well.
func TestRefresh(t *testing.T) {
	t.Parallel()
	c := call(t)
	const to, grant = "/refresh_access_token", "grant_type=th_refresh_token"
	c.gets("100", "GET", to, "grant_type=th_exchange_token")
	next := c.gets("", "GET", to, grant)
	if next["expires_in"] != float64(60*24*3600) || next["token_type"] != "bearer" {
		t.Errorf("it gives %v", next)
	}
	c.gets("", "GET", "/v1.0/me", "")
	old := c.token
	c.token = fmt.Sprint(next["access_token"])
	c.gets("100", "GET", to, grant) // too young
	c.pass(59 * 24 * time.Hour)
	c.gets("", "GET", "/v1.0/me", "")
	said, _ := c.gets("", "GET", "/v1.0/debug_token", "input_token="+old)["data"].(map[string]any)
	if said["is_valid"] != false {
		t.Errorf("it says %v", said)
	}
	c.Tester(false)
	c.gets("10", "GET", "/v1.0/debug_token", "input_token="+old)
}

// TestContainer: the states of one, and what may be published.
func TestContainer(t *testing.T) {
	t.Parallel()
	c := call(t)
	above := c.Write("ilze", "", "@"+threadsfake.SelfName+" ?")
	c.Prepare(30 * time.Second)
	k := c.create("x", above)
	c.gets("100", "GET", "/v1.0/"+k, "fields=text")
	if got := c.status(k); got != "IN_PROGRESS" {
		t.Error(got)
	}
	c.gets("24 4279009", "POST", publish, "creation_id="+k)
	c.pass(30 * time.Second)
	if got := c.status(k); got != "FINISHED" || len(c.Posts()) != 1 {
		t.Error(got)
	}
	c.Unready(1)
	c.gets("24 4279009", "POST", publish, "creation_id="+k)
	id := fmt.Sprint(c.gets("", "POST", publish, "creation_id="+k)["id"])
	if got := c.status(k); got != "PUBLISHED" || len(id) < 17 || id == k {
		t.Error(got, id)
	}
	c.gets("24 4279009", "POST", publish, "creation_id="+k) // not twice
	p := c.gets("", "GET", "/v1.0/"+id, "fields=id,text,replied_to,root_post,is_reply_owned_by_me,permalink,timestamp,hide_status")
	if fmt.Sprint(p["replied_to"], p["root_post"], p["text"], p["hide_status"], p["is_reply_owned_by_me"]) !=
		fmt.Sprint(map[string]any{"id": above}, map[string]any{"id": above}, "x", "NOT_HUSHED", true) {
		t.Errorf("it stands as %v", p)
	}
	c.Fail()
	c.Prepare(0)
	if got := c.status(c.create("x", "")); got != "ERROR" {
		t.Error(got)
	}
	k = c.create("x", "")
	c.pass(24 * time.Hour)
	if got := c.status(k); got != "EXPIRED" {
		t.Error(got)
	}
	c.gets("24 4279009", "POST", publish, "creation_id="+k)
}

// TestVanishedParent: of what is gone there is no container, and none is published under what
// goes meanwhile. Without the permission for mentions only the account's own conversations are open.
func TestVanishedParent(t *testing.T) {
	t.Parallel()
	c := call(t)
	above := c.Write("ilze", "", "?")
	k := c.create("x", above)
	c.Remove(above)
	c.gets("100", "POST", publish, "creation_id="+k)
	c.gets("24 4279009", "POST", "/v1.0/me/threads", "media_type=TEXT&text=x&reply_to_id="+above)
	c.gets("100 33", "GET", "/v1.0/"+above, "")
	c.gets("100 33", "DELETE", "/v1.0/"+above, "")
	c.gets("100 33", "GET", "/v1.0/"+above+"/conversation", "")
	other := c.Write("ilze", "", "?")
	c.gets("10", "GET", "/v1.0/"+other+"/conversation", "")
	c.gets("10", "DELETE", "/v1.0/"+other, "")
	c.Forbid("threads_manage_mentions")
	c.gets("10", "POST", "/v1.0/me/threads", "media_type=TEXT&text=x&reply_to_id="+other)
}

// TestHide: what replies right to a post of the account is hidden with what stands under it, and
// nothing else is.
func TestHide(t *testing.T) {
	t.Parallel()
	c := call(t)
	news := c.Write(threadsfake.SelfName, "", "!")
	top := c.Write("ilze", news, "?")
	under := c.Write("anna", top, "?")
	beside := c.Write("anna", news, "?")
	elsewhere := c.Write("ilze", c.Write("anna", "", "?"), "?")
	hide := func(want, at, to string) { c.gets(want, "POST", "/v1.0/"+at+"/manage_reply", "hide="+to) }
	hide("", top, "true")
	for at, want := range map[string]string{top: "HIDDEN", under: "HIDDEN", beside: "NOT_HUSHED"} {
		if got := c.gets("", "GET", "/v1.0/"+at, "fields=hide_status")["hide_status"]; got != want {
			t.Errorf("it is %v, want %s", got, want)
		}
	}
	hide("", top, "false")
	if got := c.gets("", "GET", "/v1.0/"+under, "fields=hide_status")["hide_status"]; got != "UNHUSHED" {
		t.Errorf("it is %v", got)
	}
	hide("100", top, "x")
	hide("100", under, "true")
	hide("100", news, "true")
	hide("10", elsewhere, "true")
	hide("100 33", "17899999999999999", "true")
	c.Forbid("threads_manage_replies")
	hide("10", top, "true")
}

// TestLength: 500 by the platform's own count.
func TestLength(t *testing.T) {
	t.Parallel()
	c := call(t)
	for letter, most := range map[string]int{"a": 500, "ā": 500, "👍": 125, "👩‍👩‍👧‍👦": 20} {
		c.create(strings.Repeat(letter, most), "")
		c.gets("100", "POST", "/v1.0/me/threads", url.Values{"media_type": {"TEXT"}, "text": {strings.Repeat(letter, most+1)}}.Encode())
	}
}

// TestLists: pages of 25, the newest first, only so long after they were written.
func TestLists(t *testing.T) {
	t.Parallel()
	c := call(t)
	root := c.Write(threadsfake.SelfName, "", "x")
	var first, last string
	for i := range 30 {
		c.pass(time.Second)
		last = c.Write("ilze", root, fmt.Sprint("@"+threadsfake.SelfName+" ", i))
		if i == 0 {
			first = last
		}
	}
	mine := c.Write(threadsfake.SelfName, last, "y")
	to := "/v1.0/" + root + "/conversation"
	page := c.gets("", "GET", to, "fields=id")
	after := page["paging"].(map[string]any)["cursors"].(map[string]any)["after"]
	if got := c.ids(to, ""); len(got) != 25 || got[0] != last && got[0] != mine {
		t.Errorf("a page is %q", got)
	}
	if got := c.ids(to, fmt.Sprint("after=", after)); len(got) != 6 || got[5] != first {
		t.Errorf("the next page is %q", got)
	}
	if got := c.ids(to, "reverse=false"); got[0] != first {
		t.Errorf("backwards it is %q", got)
	}
	if got := c.ids("/v1.0/me/mentions", "since="+fmt.Sprint(time.Date(2026, 11, 30, 10, 0, 29, 0, time.UTC).Unix())); len(got) != 2 {
		t.Errorf("mentions are %q", got)
	}
	if a, b := c.ids("/v1.0/me/threads", ""), c.ids("/v1.0/me/replies", ""); fmt.Sprint(a, b) != fmt.Sprint([]string{root}, []string{mine}) {
		t.Errorf("the account's own are %q and %q", a, b)
	}
	c.Lag(time.Minute)
	if got := c.ids(to, ""); len(got) != 0 {
		t.Errorf("too early there are %q", got)
	}
}

// TestQuotas: posts, replies and deletes in 24 hours, and all calls, with the header that says
// for how long.
func TestQuotas(t *testing.T) {
	t.Parallel()
	c := call(t)
	root := c.Write(threadsfake.SelfName, "", "x")
	c.Spend("posts", 250)
	c.Spend("replies", 999)
	c.Spend("deletes", 100)
	c.gets("4", "POST", publish, "creation_id="+c.create("x", ""))
	c.gets("", "POST", publish, "creation_id="+c.create("x", root))
	c.gets("4", "POST", publish, "creation_id="+c.create("x", root))
	c.gets("4", "DELETE", "/v1.0/"+root, "")
	data := c.gets("", "GET", "/v1.0/me/threads_publishing_limit", "fields=quota_usage,reply_quota_usage,delete_quota_usage,config")["data"]
	if got := data.([]any)[0].(map[string]any); got["quota_usage"] != 250.0 || got["reply_quota_usage"] != 1000.0 {
		t.Errorf("used: %v", got)
	}
	c.pass(24 * time.Hour)
	c.gets("", "DELETE", "/v1.0/"+root, "")
	c.Rate(1)
	resp, err := c.raw(t.Context(), "GET", "/v1.0/me", "")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if usage := resp.Header.Get("X-Business-Use-Case-Usage"); !strings.Contains(usage, `"estimated_time_to_regain_access":9`) {
		t.Errorf("the header is %q", usage)
	}
}

// TestFaults: did it and answered otherwise, did it and hung, did nothing.
func TestFaults(t *testing.T) {
	t.Parallel()
	c := call(t)
	k := c.create("x", "")
	c.Answer("publish", 500, `{}`)
	c.Break("publish", 500, `{}`)
	for _, want := range []int{0, 1} {
		resp, err := c.raw(t.Context(), "POST", publish, "creation_id="+k)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 500 || len(c.Posts()) != want {
			t.Errorf("%s with %d posts", resp.Status, len(c.Posts()))
		}
	}
	k = c.create("y", "")
	c.Hang("publish")
	ctx, giveUp := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		resp, err := c.raw(ctx, "POST", publish, "creation_id="+k)
		if err == nil {
			resp.Body.Close()
		}
		done <- err
	}()
	testenv.Until(t, "it is done", func() bool { return len(c.Posts()) == 2 })
	giveUp()
	if err := <-done; err == nil {
		t.Error("it answers")
	}
	if got := c.status(k); got != "PUBLISHED" {
		t.Error(got)
	}
}
