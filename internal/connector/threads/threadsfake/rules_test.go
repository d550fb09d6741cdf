package threadsfake_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/connector/threads/threadsfake"
)

// caller calls a fake by raw HTTP.
type caller struct {
	*threadsfake.Threads
	graphfake.Caller
}

func call(t *testing.T) *caller {
	clock := graphfake.NewClock(time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC))
	f := threadsfake.New(t, clock.Now)
	return &caller{f, graphfake.Caller{Clock: clock, T: t, URL: f.URL, Token: threadsfake.Token}}
}

func (c *caller) create(text, to string) string {
	c.T.Helper()
	params := url.Values{"media_type": {"TEXT"}, "text": {text}}
	if to != "" {
		params.Set("reply_to_id", to)
	}
	return c.Caller.Made("/v1.0/me/threads", params.Encode())
}

func (c *caller) status(container string) string {
	c.T.Helper()
	return fmt.Sprint(c.Gets("", "GET", "/v1.0/"+container, "fields=id,status,error_message")["status"])
}

const publish = "/v1.0/me/threads_publish"

// TestStrict: what the documentation does not name is refused, and so is a token at a wrong place.
func TestStrict(t *testing.T) {
	t.Parallel()
	c := call(t)
	post := c.Write(threadsfake.SelfName, "", "x")
	for _, s := range []struct{ want, verb, to, params string }{
		{"100", "GET", "/me", ""}, {"100", "GET", "/v1.0/me", "fields=id,likes"},
		{"100", "GET", "/v1.0/" + post + "/conversation", "limit=100"}, {"100", "GET", "/v1.0/" + post, "fields=status"},
		{"100", "GET", "/v1.0/" + post, "fields=like_count"}, {"100", "POST", publish + "?creation_id=1", ""},
		{"100", "POST", "/v1.0/me/threads", "media_type=TEXT&text=x&reply_to=1"}, {"100", "POST", "/v1.0/me/threads", "media_type=IMAGE&text=x"},
		{"100", "POST", "/v1.0/me/threads", "media_type=TEXT&text=+"}, {"100", "GET", "/v1.0/me/mentions", "since=5"},
		{"", "GET", "/v1.0/me/mentions", "since=1688540400&fields=id,text"}, {"", "GET", "/v1.0/" + threadsfake.Self, "fields=id,username"},
	} {
		c.Gets(s.want, s.verb, s.to, s.params)
	}
}

// TestPermissions: each operation takes the one of its own; a token is renewed by its own grant, and
// a tester of the app may ask about it.
func TestPermissions(t *testing.T) {
	t.Parallel()
	c := call(t)
	post := c.Write(threadsfake.SelfName, "", "x")
	c.Gets("100", "GET", "/refresh_access_token", "grant_type=th_exchange_token")
	c.Gets("", "GET", "/refresh_access_token", "grant_type=th_refresh_token")
	c.Forbid("threads_delete")
	c.Gets("10", "DELETE", "/v1.0/"+post, "")
	c.Forbid("threads_read_replies")
	c.Gets("10", "GET", "/v1.0/"+post+"/conversation", "")
	c.Forbid("threads_manage_replies")
	c.Gets("10", "POST", "/v1.0/me/threads", "media_type=TEXT&text=x&reply_to_id="+post)
	for ago, want := range map[time.Duration]bool{time.Hour: true, 61 * 24 * time.Hour: false} {
		c.Issue("other", ago)
		said, _ := c.Gets("", "GET", "/v1.0/debug_token", "input_token=other")["data"].(map[string]any)
		if said["is_valid"] != want {
			t.Errorf("it says %v", said)
		}
	}
	c.Tester(false)
	c.Gets("10", "GET", "/v1.0/debug_token", "input_token=other")
}

// TestContainer: what may not be published yet is said not to be there, and what is out stands as
// a reply.
func TestContainer(t *testing.T) {
	t.Parallel()
	c := call(t)
	above := c.Write("ilze", "", "@"+threadsfake.SelfName+" ?")
	c.Prepare(30 * time.Second)
	k := c.create("x", above)
	c.Gets("24 4279009", "POST", publish, "creation_id="+k)
	c.Pass(30 * time.Second)
	id := c.Caller.Made(publish, "creation_id="+k)
	if got := c.status(k); got != "PUBLISHED" || len(id) < 17 || id == k {
		t.Error(got, id)
	}
	p := c.Gets("", "GET", "/v1.0/"+id, "fields=id,text,replied_to,root_post,is_reply_owned_by_me,permalink,timestamp,hide_status")
	if fmt.Sprint(p["replied_to"], p["root_post"], p["text"], p["hide_status"], p["is_reply_owned_by_me"]) !=
		fmt.Sprint(map[string]any{"id": above}, map[string]any{"id": above}, "x", "NOT_HUSHED", true) {
		t.Errorf("it stands as %v", p)
	}
}

// TestVanishedParent: of what is gone there is no container, and none is published under what
// goes meanwhile. Without the permission for mentions only the account's own conversations are open.
func TestVanishedParent(t *testing.T) {
	t.Parallel()
	c := call(t)
	above := c.Write("ilze", "", "?")
	k := c.create("x", above)
	c.Remove(above)
	c.Gets("100", "POST", publish, "creation_id="+k)
	c.Gets("24 4279009", "POST", "/v1.0/me/threads", "media_type=TEXT&text=x&reply_to_id="+above)
	c.Gets("100 33", "GET", "/v1.0/"+above, "")
	c.Gets("100 33", "DELETE", "/v1.0/"+above, "")
	c.Gets("100 33", "GET", "/v1.0/"+above+"/conversation", "")
	other := c.Write("ilze", "", "?")
	c.Gets("10", "GET", "/v1.0/"+other+"/conversation", "")
	c.Gets("10", "DELETE", "/v1.0/"+other, "")
	c.Forbid("threads_manage_mentions")
	c.Gets("10", "POST", "/v1.0/me/threads", "media_type=TEXT&text=x&reply_to_id="+other)
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
	hide := func(want, at, to string) { c.Gets(want, "POST", "/v1.0/"+at+"/manage_reply", "hide="+to) }
	hide("", top, "true")
	for at, want := range map[string]string{top: "HIDDEN", under: "HIDDEN", beside: "NOT_HUSHED"} {
		if got := c.Gets("", "GET", "/v1.0/"+at, "fields=hide_status")["hide_status"]; got != want {
			t.Errorf("it is %v, want %s", got, want)
		}
	}
	hide("", top, "false")
	if got := c.Gets("", "GET", "/v1.0/"+under, "fields=hide_status")["hide_status"]; got != "UNHUSHED" {
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
		c.Gets("100", "POST", "/v1.0/me/threads", url.Values{"media_type": {"TEXT"}, "text": {strings.Repeat(letter, most+1)}}.Encode())
	}
}

// TestLists: pages of 25, the newest first.
func TestLists(t *testing.T) {
	t.Parallel()
	c := call(t)
	root := c.Write(threadsfake.SelfName, "", "x")
	var first, last string
	for i := range 30 {
		c.Pass(time.Second)
		last = c.Write("ilze", root, fmt.Sprint("@"+threadsfake.SelfName+" ", i))
		if i == 0 {
			first = last
		}
	}
	mine := c.Write(threadsfake.SelfName, last, "y")
	to := "/v1.0/" + root + "/conversation"
	page := c.Gets("", "GET", to, "fields=id")
	after := page["paging"].(map[string]any)["cursors"].(map[string]any)["after"]
	if got := c.IDs(to, ""); len(got) != 25 || got[0] != last && got[0] != mine {
		t.Errorf("a page is %q", got)
	}
	if got := c.IDs(to, fmt.Sprint("after=", after)); len(got) != 6 || got[5] != first {
		t.Errorf("the next page is %q", got)
	}
	if got := c.IDs(to, "reverse=false"); got[0] != first {
		t.Errorf("backwards it is %q", got)
	}
	if got := c.IDs("/v1.0/me/mentions", "since="+fmt.Sprint(time.Date(2026, 11, 30, 10, 0, 29, 0, time.UTC).Unix())); len(got) != 2 {
		t.Errorf("mentions are %q", got)
	}
	if a, b := c.IDs("/v1.0/me/threads", ""), c.IDs("/v1.0/me/replies", ""); fmt.Sprint(a, b) != fmt.Sprint([]string{root}, []string{mine}) {
		t.Errorf("the account's own are %q and %q", a, b)
	}
}

// TestQuotas: posts, replies and deletes in 24 hours.
func TestQuotas(t *testing.T) {
	t.Parallel()
	c := call(t)
	root := c.Write(threadsfake.SelfName, "", "x")
	c.Spend("posts", 250)
	c.Spend("replies", 999)
	c.Spend("deletes", 100)
	c.Gets("4", "POST", publish, "creation_id="+c.create("x", ""))
	c.Gets("", "POST", publish, "creation_id="+c.create("x", root))
	c.Gets("4", "POST", publish, "creation_id="+c.create("x", root))
	c.Gets("4", "DELETE", "/v1.0/"+root, "")
	data := c.Gets("", "GET", "/v1.0/me/threads_publishing_limit", "fields=quota_usage,reply_quota_usage,delete_quota_usage,config")["data"]
	if got := data.([]any)[0].(map[string]any); got["quota_usage"] != 250.0 || got["reply_quota_usage"] != 1000.0 {
		t.Errorf("used: %v", got)
	}
	c.Pass(24 * time.Hour)
	c.Gets("", "DELETE", "/v1.0/"+root, "")
}
