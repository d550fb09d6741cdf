package instagramfake_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/connector/instagram/instagramfake"
)

// caller calls a fake by raw HTTP.
type caller struct {
	*instagramfake.Instagram
	graphfake.Caller
}

func call(t *testing.T) *caller {
	clock := graphfake.NewClock(time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC))
	f := instagramfake.New(t, clock.Now)
	return &caller{f, graphfake.Caller{Clock: clock, T: t, URL: f.URL, Token: instagramfake.Token}}
}

const comments = "/v26.0/" + instagramfake.Media + "/comments"

func message(text string) string { return url.Values{"message": {text}}.Encode() }

// TestStrict: what the documentation does not name is refused, and so is a token at a wrong place.
func TestStrict(t *testing.T) {
	t.Parallel()
	c := call(t)
	one := "/v26.0/" + c.Write("ilze", "", "x")
	for _, s := range []struct{ want, verb, to, params string }{
		{"100", "GET", "/me", ""}, {"100", "GET", "/v26.0/me", "fields=id,likes"},
		{"100", "GET", one, "fields=is_reply"}, {"100", "POST", one, "message=x"}, {"100", "POST", one + "/replies?message=x", ""},
		{"100", "GET", one, "fields=caption"},
		{"100", "POST", comments, "text=x"}, {"100", "POST", comments, "message=+"}, {"100", "GET", comments, "since=5"},
		{"", "GET", comments, "fields=id,text,like_count,hidden,from&limit=5"}, {"", "GET", "/v26.0/" + instagramfake.Self, "fields=user_id"},
		{"", "GET", "/v26.0/" + instagramfake.Media, "fields=id,caption,is_comment_enabled"}, {"", "GET", "/v26.0/me/media", "fields=id"},
	} {
		c.Gets(s.want, s.verb, s.to, s.params)
	}
}

// TestPermissions: each operation takes the one of its own; a token is renewed by its own grant.
func TestPermissions(t *testing.T) {
	t.Parallel()
	c := call(t)
	one := c.Write("ilze", "", "x")
	c.Gets("100", "GET", "/refresh_access_token", "grant_type=th_refresh_token")
	c.Gets("", "GET", "/refresh_access_token", "grant_type=ig_refresh_token")
	k := c.create(map[string]string{"image_url": c.shows(picture(4, 5))})
	c.Forbid("instagram_business_content_publish")
	c.Gets("10", "GET", "/v26.0/"+k, "")
	c.Gets("10", "POST", "/v26.0/me/media_publish", "creation_id="+k)
	c.Gets("10", "GET", "/v26.0/me/content_publishing_limit", "")
	c.Forbid("instagram_business_manage_comments")
	c.Gets("10", "GET", comments, "")
	c.Gets("10", "GET", "/v26.0/"+one, "")
	c.Gets("", "GET", "/v26.0/"+instagramfake.Media, "")
}

// TestComments: a reply to a reply stands under the top comment; to what is hidden or gone there
// is none, and where comments are closed neither.
func TestComments(t *testing.T) {
	t.Parallel()
	c := call(t)
	top := c.Write("ilze", "", "?")
	first := c.Caller.Made("/v26.0/"+top+"/replies", message("a"))
	second := c.Caller.Made("/v26.0/"+first+"/replies", message("b"))
	if got := c.Gets("", "GET", "/v26.0/"+second, "fields=id,text,parent_id,username,like_count,hidden"); got["parent_id"] != top ||
		got["text"] != "b" || got["username"] != instagramfake.SelfName || got["hidden"] != false || len(second) < 17 {
		t.Errorf("it stands as %v", got)
	}
	if got := c.IDs("/v26.0/"+top+"/replies", ""); len(got) != 2 {
		t.Errorf("the replies are %q", got)
	}
	c.Gets("10", "DELETE", "/v26.0/"+top, "")
	c.Gets("", "DELETE", "/v26.0/"+first, "")
	c.Gets("100 33", "DELETE", "/v26.0/"+first, "")
	c.Gets("100 33", "GET", "/v26.0/"+first, "")
	c.Gets("100 33", "POST", "/v26.0/"+first+"/replies", message("a"))
	c.Gets("100 33", "POST", "/v26.0/"+first, "hide=true")
	c.Gets("100", "POST", "/v26.0/"+top, "hide=x")
	for _, at := range []string{top, second} {
		c.Gets("", "POST", "/v26.0/"+at, "hide=true")
		if got := c.Gets("", "GET", "/v26.0/"+at, "fields=hidden")["hidden"]; got != (at == top) {
			t.Errorf("%s is hidden: %v", at, got)
		}
	}
	c.Gets("100", "POST", "/v26.0/"+top+"/replies", message("a"))
	c.Close(true)
	c.Gets("10", "POST", comments, message("a"))
	c.Close(false)
	c.Gets("", "POST", comments, message(strings.Repeat("ā", 2200)))
	c.Gets("100", "POST", comments, message(strings.Repeat("ā", 2201)))
	c.Vanish(true)
	c.Gets("100 33", "GET", comments, "")
	c.Gets("100 33", "GET", "/v26.0/"+instagramfake.Media, "")
	c.Gets("100 33", "POST", comments, message("a"))
}

// TestLists: pages of 50, the newest first, without replies.
func TestLists(t *testing.T) {
	t.Parallel()
	c := call(t)
	var first, last string
	for i := range 60 {
		c.Pass(time.Second)
		last = c.Write("ilze", "", fmt.Sprint(i))
		if i == 0 {
			first = last
		}
	}
	c.Write("ilze", last, "reply")
	page := c.Gets("", "GET", comments, "fields=id")
	after := page["paging"].(map[string]any)["cursors"].(map[string]any)["after"]
	if got := c.IDs(comments, ""); len(got) != 50 || got[0] != last {
		t.Errorf("a page is %q", got)
	}
	if got := c.IDs(comments, fmt.Sprint("after=", after)); len(got) != 10 || got[9] != first {
		t.Errorf("the next page is %q", got)
	}
}

// TestRates: comments in an hour.
func TestRates(t *testing.T) {
	t.Parallel()
	c := call(t)
	c.PerHour(1)
	c.Gets("", "POST", comments, message("a"))
	c.Gets("4", "POST", comments, message("b"))
	c.Pass(time.Hour)
	c.Gets("", "POST", comments, message("c"))
}
