package youtubefake

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestTokens: an access token holds for an hour, one in "Testing" can be renewed for seven days, and
// one that lasts is given to who asks people for it.
func TestTokens(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	c.clock.at = c.clock.at.Add(time.Hour - time.Second)
	c.wants("nearly an hour", c.call(list, ""), 200, "")
	c.clock.at = c.clock.at.Add(time.Second)
	c.wants("an hour", c.call(list, ""), 401, "authError")
	c.token = ""
	c.wants("none", c.call(list, ""), 401, "required")
	for name, form := range map[string]url.Values{
		"invalid_client":         {"client_secret": {"x"}},
		"unsupported_grant_type": {"grant_type": {"password"}},
		"invalid_grant":          {"grant_type": {"refresh_token"}, "refresh_token": {"x"}},
	} {
		if s := c.enter(form); s.status < 400 || !strings.Contains(s.body, `"error":"`+name+`"`) {
			t.Errorf("%s: %s", name, s.body)
		}
	}
	c.y.Testing(true)
	s := c.redeem(c.allow("access_type=offline"))
	if s.Refresh == "" || s.Ends != 7*24*3600 {
		t.Errorf("in Testing: %s", s.body)
	}
	again := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {s.Refresh}}
	c.clock.at = c.clock.at.Add(testingFor - time.Second)
	if s := c.enter(again); s.Access == "" || s.Refresh != "" || s.Ends != 1 {
		t.Errorf("a second before: %s", s.body)
	}
	c.clock.at = c.clock.at.Add(time.Second)
	if s := c.enter(again); s.status != 400 {
		t.Errorf("after seven days: %s", s.body)
	}
	c.y.Testing(false)
	if s := c.redeem(c.allow("access_type=offline")); s.Refresh != "" || s.Access == "" {
		t.Errorf("without consent: %s", s.body)
	}
	if s := c.redeem(c.allow("access_type=offline&prompt=consent")); s.Refresh == "" || s.Ends != 0 {
		t.Errorf("with consent: %s", s.body)
	}
	code := c.allow("prompt=consent")
	c.token = c.redeem(code).Access
	c.wants("what was allowed", c.call(list, ""), 200, "")
	if s := c.redeem(code); s.status != 400 {
		t.Errorf("twice: %s", s.body)
	}
	c.y.Revoke()
	c.wants("revoked", c.call(list, ""), 401, "authError")
	c.y.Restore()
	c.y.Scopeless()
	c.token = c.enter(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {Refresh}}).Access
	c.wants("without the scope", c.call(list, ""), 403, "insufficientPermissions")
}

const back = "http://127.0.0.1:40123/"

// allow has a person say yes, and gives the code.
func (c *caller) allow(more string) string {
	c.t.Helper()
	page := c.y.URL + Login + "?response_type=code&client_id=" + ClientID + "&scope=" + url.QueryEscape(Scope) + "&redirect_uri=" +
		url.QueryEscape(back) + "&" + more
	for _, wrong := range []string{"response_type", "client_id", "scope", "redirect_uri"} {
		resp, err := http.Get(strings.Replace(page, wrong+"=", wrong+"=x", 1))
		if err != nil || resp.StatusCode != http.StatusBadRequest {
			c.t.Errorf("a wrong %s: %v, %v", wrong, resp, err)
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(page, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	at, err := resp.Location()
	if err != nil {
		c.t.Fatal(err)
	}
	return at.Query().Get("code")
}

func (c *caller) redeem(code string) said {
	return c.enter(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {back}})
}
