package flickrfake

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// at signs as usual, but for what is put in place: OAuth's parameters, and another secret for them.
func (c *caller) at(to, secret string, oauth vals, query url.Values) (status int, said url.Values) {
	c.t.Helper()
	c.oauth, c.secret, c.address = oauth, &secret, strings.TrimSuffix(c.f.URL, Path)+OAuthPath+to
	r, err := http.NewRequest(http.MethodGet, c.address+"?"+query.Encode(), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if h := c.sign(http.MethodGet, query); h != "" {
		r.Header.Set("Authorization", h)
	}
	s := c.send(r)
	said, _ = url.ParseQuery(strings.TrimSpace(s.body))
	return s.status, said
}

// asks gets a token that has to be allowed first.
func (c *caller) asks(back string) (token, secret string) {
	c.t.Helper()
	status, said := c.at("/request_token", "", vals{"oauth_token": ""}, url.Values{"oauth_callback": {back}})
	if status != http.StatusOK || said.Get("oauth_callback_confirmed") != "true" || said.Get("oauth_token_secret") == "" {
		c.t.Fatalf("%d %v", status, said)
	}
	return said.Get("oauth_token"), said.Get("oauth_token_secret")
}

// agrees presses a button of the page that asks, and follows nothing.
func (c *caller) agrees(token, perms string, form url.Values) (status int, page, location string) {
	c.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(strings.TrimSuffix(c.f.URL, Path)+OAuthPath+"/authorize?"+
		url.Values{"oauth_token": {token}, "perms": {perms}}.Encode(), form)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), resp.Header.Get("Location")
}

func codeOf(page string) string {
	_, rest, _ := strings.Cut(page, `class="code">`)
	code, _, _ := strings.Cut(rest, "<")
	return code
}

// TestLogin: who typed the code has a token that may what was asked for, once.
func TestLogin(t *testing.T) {
	t.Parallel()
	for perms, code := range map[string]int{"read": 99, "write": 0} {
		c := newCaller(t)
		token, secret := c.asks("oob")
		_, page, _ := c.agrees(token, perms, nil)
		verifier := url.Values{"oauth_verifier": {codeOf(page)}}
		status, said := c.at("/access_token", secret, vals{"oauth_token": token}, verifier)
		if status != http.StatusOK || said.Get("user_nsid") != Self || said.Get("oauth_token") == "" || said.Get("username") != SelfName {
			t.Fatalf("%d %v", status, said)
		}
		if status, said := c.at("/access_token", secret, vals{"oauth_token": token}, verifier); status != http.StatusUnauthorized {
			t.Errorf("a second time: %d %v", status, said)
		}
		tokenSecret := said.Get("oauth_token_secret")
		c.oauth, c.secret, c.address = vals{"oauth_token": said.Get("oauth_token")}, &tokenSecret, ""
		c.wants("reading", c.call(login, nil), 0)
		if s := c.call("GET flickr.auth.oauth.checkToken", nil); !strings.Contains(s.body, `"perms":{"_content":"`+perms+`"}`) {
			t.Error(s.body)
		}
		c.wants("writing", c.call(add, text("Jā.")), code)
		c.f.Revoke()
		c.wants("revoked", c.call(login, nil), 98)
	}
}

// TestLoginRefused: each step that goes wrong gives no token.
func TestLoginRefused(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	oob, old := url.Values{"oauth_callback": {"oob"}}, strconv.FormatInt(c.clock.at.Add(-time.Hour).Unix(), 10)
	wants := func(what, problem string, status int, said url.Values) {
		t.Helper()
		if status != http.StatusUnauthorized || !strings.HasPrefix(said.Get("oauth_problem"), problem) {
			t.Errorf("%s: %d %v", what, status, said)
		}
	}
	try := func(what, problem string, oauth vals, query url.Values) {
		t.Helper()
		if _, given := oauth["oauth_token"]; !given {
			oauth["oauth_token"] = ""
		}
		status, said := c.at("/request_token", "", oauth, query)
		wants(what, problem, status, said)
	}
	try("no callback", "parameter_absent", vals{}, nil)
	try("no address", "parameter_rejected", vals{}, url.Values{"oauth_callback": {"home"}})
	try("more", "parameter_rejected", vals{}, url.Values{"oauth_callback": {"oob"}, "perms": {"write"}})
	try("more of OAuth", "parameter_rejected", vals{"oauth_token": Token}, oob)
	try("another key", "consumer_key_unknown", vals{"oauth_consumer_key": "x"}, oob)
	try("signature", "signature_invalid", vals{"oauth_signature": "AAAA"}, oob)
	try("no signature", "parameter_absent", vals{"oauth_signature": ""}, oob)
	try("old", "timestamp_refused", vals{"oauth_timestamp": old}, oob)

	token, secret := c.asks("oob")
	redeem := func(what, problem, token, secret, code string) {
		t.Helper()
		status, said := c.at("/access_token", secret, vals{"oauth_token": token}, url.Values{"oauth_verifier": {code}})
		wants(what, problem, status, said)
	}
	redeem("before anybody agreed", "verifier_invalid", token, secret, "123-456-789")
	c.oauth, c.secret, c.address = vals{"oauth_token": token}, &secret, ""
	c.wants("a call with what has to be allowed first", c.call(list, photo), 98)
	_, page, _ := c.agrees(token, "write", nil)
	redeem("another code", "verifier_invalid", token, secret, "1")
	redeem("no code", "parameter_absent", token, secret, "")
	redeem("another secret", "signature_invalid", token, "x", codeOf(page))
	redeem("a token that is one", "token_rejected", Token, TokenSecret, codeOf(page))
	if status, _, _ := c.agrees(token, "write", nil); status != http.StatusBadRequest {
		t.Errorf("a second time: %d", status)
	}
	other, secret := c.asks("oob")
	if status, _, _ := c.agrees(other, "all", nil); status != http.StatusBadRequest {
		t.Errorf("unknown permissions: %d", status)
	}
	if _, page, _ := c.agrees(other, "write", url.Values{"deny": {"1"}}); codeOf(page) != "" {
		t.Error("who said no is shown a code")
	}
	redeem("after a no", "signature_invalid", other, secret, "123-456-789")
}

// TestLoginBack: who has an address is sent there.
func TestLoginBack(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	token, _ := c.asks("http://127.0.0.1:9/")
	status, _, location := c.agrees(token, "write", nil)
	back, err := url.Parse(location)
	if err != nil || status != http.StatusFound || back.Host != "127.0.0.1:9" || back.Query().Get("oauth_token") != token ||
		back.Query().Get("oauth_verifier") == "" {
		t.Errorf("%d %s", status, location)
	}
}
