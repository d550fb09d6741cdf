package xfake

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	comeBack = "http://127.0.0.1:8976/"
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	allOf    = "tweet.read tweet.write users.read offline.access"
)

// question is what a person is asked, with something in place of what is right.
func question(other url.Values) url.Values {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{"response_type": {"code"}, "client_id": {ClientID}, "redirect_uri": {comeBack}, "scope": {allOf}, "state": {"s1"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
	maps.Copy(q, other)
	return q
}

// allow has a person say yes, and gives where they are sent.
func (c *caller) allow(other url.Values, form url.Values) *url.URL {
	c.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(c.x.URL+Login+"?"+question(other).Encode(), form)
	if err != nil {
		c.t.Fatal(err)
	}
	_ = resp.Body.Close()
	at, _ := resp.Location() // none is what is refused
	return at
}

// tokens are what the server for them gives, and what it says of a refusal.
type tokens struct {
	said
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Scope   string
	For     int `json:"expires_in"`
}

func (c *caller) enter(to string, form url.Values, secret string) (s tokens) {
	c.t.Helper()
	r, _ := http.NewRequest(http.MethodPost, c.x.URL+to, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if secret != "" {
		r.SetBasicAuth(ClientID, secret)
	}
	s.said = c.send(r)
	decode(s.body, &s)
	return s
}

func (c *caller) redeem(code string, other url.Values) tokens {
	c.t.Helper()
	f := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {comeBack}, "code_verifier": {verifier},
		"client_id": {ClientID}}
	maps.Copy(f, other)
	return c.enter(Tokens, f, "")
}

func (c *caller) renew(refresh string) tokens {
	c.t.Helper()
	return c.enter(Tokens, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}, "client_id": {ClientID}}, "")
}

// logIn allows everything, and gives the tokens.
func (c *caller) logIn() tokens {
	c.t.Helper()
	return c.redeem(c.allow(nil, nil).Query().Get("code"), nil)
}

// as makes a call with an access token.
func (c *caller) as(access, what, body string) said {
	c.t.Helper()
	verb, path, _ := strings.Cut(what, " ")
	r, _ := http.NewRequest(verb, c.x.URL+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+access)
	return c.send(r)
}

func newLoginCaller(t *testing.T) *caller {
	c := newCaller(t)
	c.x.Register(comeBack)
	return c
}

// TestAsking: what a person is asked must be right in every part, and their no comes back.
func TestAsking(t *testing.T) {
	t.Parallel()
	c := newLoginCaller(t)
	for name, other := range map[string]url.Values{
		"response type": {"response_type": {"token"}},
		"client":        {"client_id": {"x"}},
		"address":       {"redirect_uri": {"http://127.0.0.1:8976"}}, // one slash less
		"scope":         {"scope": {"tweet.read posts.write"}},
		"no scope":      {"scope": {""}},
		"no state":      {"state": {""}},
		"long state":    {"state": {strings.Repeat("s", 501)}},
		"plain":         {"code_challenge_method": {"plain"}},
		"no challenge":  {"code_challenge": {""}},
		"unknown":       {"prompt": {"consent"}},
	} {
		if at := c.allow(other, nil); at != nil {
			t.Errorf("%s: it is sent to %s", name, at)
		}
		resp, err := http.Get(c.x.URL + Login + "?" + question(other).Encode())
		if err != nil || resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: the page is %v, %v", name, resp, err)
		}
	}
	resp, err := http.Get(c.x.URL + Login + "?" + question(nil).Encode())
	if err != nil {
		t.Fatal(err)
	}
	if page, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 || !strings.Contains(string(page), "Authorize app") {
		t.Errorf("the page is %s", page)
	}
	q := c.allow(nil, url.Values{"deny": {"yes"}}).Query()
	if q.Get("error") != "access_denied" || q.Has("code") || q.Get("state") != "s1" {
		t.Errorf("a no comes back as %v", q)
	}
}

// TestRedeeming: a code gives tokens once, for half a minute, to who asked for it; one that comes twice ends
// what came of it.
func TestRedeeming(t *testing.T) {
	t.Parallel()
	c := newLoginCaller(t)
	for name, other := range map[string]url.Values{
		"verifier": {"code_verifier": {"x"}}, "address": {"redirect_uri": {"http://127.0.0.1:1/"}}, "client": {"client_id": {"x"}},
		"grant": {"grant_type": {"password"}}, "unknown": {"x": {"y"}},
	} {
		if s := c.redeem(c.allow(nil, nil).Query().Get("code"), other); s.status != 400 || s.Access != "" {
			t.Errorf("%s: %s", name, s.body)
		}
	}
	code := c.allow(nil, nil).Query().Get("code")
	c.clock.at = c.clock.at.Add(30 * time.Second)
	c.wants("late", c.redeem(code, nil).said, 400, "authorization code was invalid")
	code = c.allow(nil, nil).Query().Get("code")
	c.redeem(code, url.Values{"code_verifier": {"x"}})
	c.wants("after a wrong attempt", c.redeem(code, nil).said, 400, "authorization code was invalid")
	code = c.allow(nil, nil).Query().Get("code")
	s := c.redeem(code, nil)
	if s.status != 200 || s.Scope != allOf || s.For != 7200 || s.Refresh == "" {
		t.Errorf("the tokens are %s", s.body)
	}
	c.wants("with it", c.as(s.Access, "GET /2/users/me", ""), 200, Self)
	c.wants("twice", c.redeem(code, nil).said, 400, "authorization code was invalid")
	c.wants("after that", c.as(s.Access, "GET /2/users/me", ""), 401, "bearer")
}

// TestRenewing: an access token ends after two hours or with the next one, and a refresh token works once: then the whole
// log-in ends.
func TestRenewing(t *testing.T) {
	t.Parallel()
	c := newLoginCaller(t)
	s := c.logIn()
	c.clock.at = c.clock.at.Add(2*time.Hour - time.Second)
	c.wants("nearly two hours", c.as(s.Access, "GET /2/users/me", ""), 200, Self)
	c.clock.at = c.clock.at.Add(time.Second)
	c.wants("two hours", c.as(s.Access, "GET /2/users/me", ""), 401, "bearer")
	next := c.renew(s.Refresh)
	c.wants("the next", c.as(next.Access, "GET /2/users/me", ""), 200, Self)
	third := c.renew(next.Refresh)
	c.wants("the one before", c.as(next.Access, "GET /2/users/me", ""), 401, "bearer")
	c.wants("unknown", c.renew("x").said, 400, "Value passed for the token was invalid.")
	c.wants("the third", c.as(third.Access, "GET /2/users/me", ""), 200, Self)
	if n := c.x.Renewals(); n != 2 {
		t.Errorf("renewed %d times", n)
	}
	c.wants("one that comes again", c.renew(s.Refresh).said, 400, "Value passed for the token was invalid.")
	c.wants("ends all", c.as(third.Access, "GET /2/users/me", ""), 401, "bearer")
	c.wants("for ever", c.renew(third.Refresh).said, 400, "token was invalid")
}

// TestScopes: a call needs its scopes, and a token that lasts is asked for.
func TestScopes(t *testing.T) {
	t.Parallel()
	c := newLoginCaller(t)
	s := c.redeem(c.allow(url.Values{"scope": {"tweet.read users.read"}}, nil).Query().Get("code"), nil)
	if s.Refresh != "" || s.Scope != "tweet.read users.read" {
		t.Errorf("the tokens are %s", s.body)
	}
	c.wants("read", c.as(s.Access, "GET "+mentions, ""), 200, "meta")
	c.wants("write", c.as(s.Access, "POST /2/tweets", `{"text":"a"}`), 403, "tweet.write")
	c.wants("delete", c.as(s.Access, "DELETE /2/tweets/1", ""), 403, "tweet.write")
	c.x.Without("users.read")
	s = c.logIn()
	c.wants("taken out", c.as(s.Access, "GET /2/users/me", ""), 403, "users.read")
	c.x.Without("")
	s = c.logIn()
	c.wants("all", c.as(s.Access, "POST /2/tweets", `{"text":"a"}`), 201, "data")
}

// TestGivingBack: an app with a secret needs it, and what is given back, by whom ever, ends.
func TestGivingBack(t *testing.T) {
	t.Parallel()
	c := newLoginCaller(t)
	s := c.logIn()
	c.wants("a wrong client", c.enter(Back, url.Values{"token": {s.Refresh}}, "").said, 400, "invalid_request")
	c.wants("a secret of none", c.enter(Back, url.Values{"token": {s.Refresh}}, ClientSecret).said, 400, "invalid_request")
	c.wants("a field", c.enter(Back, url.Values{"token": {s.Refresh}, "client_id": {ClientID}, "x": {"y"}}, "").said, 400, "unknown field x")
	c.wants("given back", c.enter(Back, url.Values{"token": {s.Refresh}, "client_id": {ClientID}}, "").said, 200, "revoked")
	c.wants("it is over", c.as(s.Access, "GET /2/users/me", ""), 401, "bearer")
	s = c.logIn()
	c.x.Disconnect()
	c.wants("by a person", c.as(s.Access, "GET /2/users/me", ""), 401, "bearer")
	s = c.logIn()
	c.x.Confidential(true)
	c.wants("no secret", c.renew(s.Refresh).said, 401, "unauthorized_client")
	again := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {s.Refresh}}
	c.wants("a wrong one", c.enter(Tokens, again, "x").said, 401, "unauthorized_client")
	c.wants("the right one", c.enter(Tokens, again, ClientSecret).said, 200, "access_token")
	c.wants("no form", c.call("POST "+Tokens, nil, `{}`), 400, "a form is wanted")
}
