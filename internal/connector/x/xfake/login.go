package xfake

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The app as OAuth 2.0 knows it; its secret counts only where Confidential says so.
const (
	ClientID     = "M1M5R3BMVy13QmpScXkzTUt5OE46MTpjaQ"
	ClientSecret = "bnIzZ1dPQm5kM0RkR3hLcVQ0cGJHd3hYc0tqcA"
)

// Where people let an app in, where it gets tokens, and where it gives one back
// (https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token).
const (
	Login  = "/i/oauth2/authorize"
	Tokens = "/2/oauth2/token"
	Back   = "/2/oauth2/revoke"
)

const (
	accessFor = 2 * time.Hour
	codeFor   = 30 * time.Second
)

// granted are all the scopes that X has of those that posts need.
var granted = []string{"tweet.read", "tweet.write", "users.read", "offline.access", "media.write", "tweet.moderate.write", "like.read"}

// family is what came of one log-in: X takes all of it back when a refresh token comes twice.
type family struct {
	scopes  []string
	access  string
	until   time.Time
	refresh string
	over    bool
}

// grant is what somebody allowed: a code.
type grant struct {
	back, challenge string
	scopes          []string
	until           time.Time
	of              *family // what came of it; nil is nothing yet
}

// doors are what lets an app in by OAuth 2.0.
type doors struct {
	registered   []string // addresses to which people are sent back, to the letter
	confidential bool
	without      string // a scope that people take out
	grants       map[string]*grant
	families     []*family
	used         map[string]*family // refresh tokens that came once
	renewals     int
}

// Register adds an address to which people may be sent back.
func (x *X) Register(back string) {
	x.do(func() { x.doors.registered = append(x.doors.registered, back) })
}

// Confidential says that the app has a secret, without which no token is given.
func (x *X) Confidential(is bool) { x.do(func() { x.doors.confidential = is }) }

// Without leaves a scope out of what people allow from now on.
func (x *X) Without(scope string) { x.do(func() { x.doors.without = scope }) }

// Disconnect takes back all that people allowed, as they do themselves under "Connected apps".
func (x *X) Disconnect() {
	x.do(func() {
		for _, f := range x.doors.families {
			f.over = true
		}
	})
}

// Renewals is how many times a token was renewed.
func (x *X) Renewals() (n int) {
	x.do(func() { n = x.doors.renewals })
	return n
}

var entrances = map[string]func(*X, http.ResponseWriter, *http.Request){
	"GET " + Login: (*X).askPerson, "POST " + Login: (*X).decide, "POST " + Tokens: (*X).token, "POST " + Back: (*X).giveBack,
	"POST " + AppTokens: (*X).appToken,
}

// asked is what people are asked for; why is what is wrong with it. Only S256 is known here, where X has "plain" too.
func (x *X) asked(q url.Values) (g *grant, why string) {
	known := []string{"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"}
	for name := range q {
		if !slices.Contains(known, name) || len(q[name]) != 1 {
			return nil, "fake: unknown parameter " + name
		}
	}
	scopes := strings.Fields(q.Get("scope"))
	switch {
	case q.Get("response_type") != "code":
		why = "response_type"
	case q.Get("client_id") != ClientID:
		why = "client_id"
	case !slices.Contains(x.doors.registered, q.Get("redirect_uri")):
		why = "redirect_uri"
	case len(scopes) == 0 || slices.ContainsFunc(scopes, func(s string) bool { return !slices.Contains(granted, s) }):
		why = "scope"
	case q.Get("state") == "" || len(q.Get("state")) > 500:
		why = "state"
	case len(q.Get("code_challenge")) != 43 || q.Get("code_challenge_method") != "S256":
		why = "code_challenge"
	}
	scopes = slices.DeleteFunc(scopes, func(s string) bool { return s == x.doors.without })
	return &grant{back: q.Get("redirect_uri"), challenge: q.Get("code_challenge"), scopes: scopes}, why
}

func (x *X) askPerson(w http.ResponseWriter, r *http.Request) {
	if _, why := x.asked(r.URL.Query()); why != "" {
		http.Error(w, "Something went wrong: "+why, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<form method="post" action="%s"><button>Authorize app</button></form>`, html.EscapeString(r.URL.RequestURI()))
}

func (x *X) decide(w http.ResponseWriter, r *http.Request) {
	g, why := x.asked(r.URL.Query())
	if why != "" {
		http.Error(w, "Something went wrong: "+why, http.StatusBadRequest)
		return
	}
	said := url.Values{"state": {r.URL.Query().Get("state")}}
	if r.FormValue("deny") != "" {
		said.Set("error", "access_denied")
	} else {
		code := rand.Text() + rand.Text()
		g.until = x.now().Add(codeFor)
		x.doors.grants[code] = g
		said.Set("code", code)
	}
	http.Redirect(w, r, g.back+"?"+said.Encode(), http.StatusFound)
}

// deny is how the server for tokens refuses (https://github.com/plhery/node-twitter-api-v2/issues/496 and 319).
func deny(w http.ResponseWriter, status int, code, text string) {
	tell(w, status, map[string]any{"error": code, "error_description": text})
}

func tell(w http.ResponseWriter, status int, out map[string]any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out) // who hung up does not read it
}

// form reads one of those fields, from the app; ok is false when it was refused.
func (x *X) form(w http.ResponseWriter, r *http.Request, fields ...string) (f url.Values, ok bool) {
	if r.ParseForm() != nil || r.URL.RawQuery != "" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		deny(w, http.StatusBadRequest, "invalid_request", "fake: a form is wanted")
		return nil, false
	}
	id, secret, basic := r.BasicAuth()
	switch {
	case x.doors.confidential && (!basic || id != ClientID || secret != ClientSecret):
		deny(w, http.StatusUnauthorized, "unauthorized_client", "Missing valid authorization header")
		return nil, false
	case !x.doors.confidential && (basic || r.PostForm.Get("client_id") != ClientID):
		deny(w, http.StatusBadRequest, "invalid_request", "Value passed for the client id was invalid.")
		return nil, false
	}
	for name, vs := range r.PostForm {
		if len(vs) != 1 || !slices.Contains(append(fields, "client_id"), name) {
			deny(w, http.StatusBadRequest, "invalid_request", "fake: unknown field "+name)
			return nil, false
		}
	}
	return r.PostForm, true
}

func (x *X) token(w http.ResponseWriter, r *http.Request) {
	f, ok := x.form(w, r, "grant_type", "code", "redirect_uri", "code_verifier", "refresh_token")
	switch {
	case !ok:
	case f.Get("grant_type") == "authorization_code":
		x.redeem(w, f)
	case f.Get("grant_type") == "refresh_token":
		x.renew(w, f.Get("refresh_token"))
	default:
		deny(w, http.StatusBadRequest, "unsupported_grant_type", "fake: no such grant")
	}
}

// redeem gives the tokens for a code, once: one that comes again takes back what came of it.
func (x *X) redeem(w http.ResponseWriter, f url.Values) {
	g := x.doors.grants[f.Get("code")]
	if g != nil && g.of != nil {
		g.of.over = true
	}
	sum := sha256.Sum256([]byte(f.Get("code_verifier")))
	if g == nil || g.of != nil || !x.now().Before(g.until) || f.Get("redirect_uri") != g.back ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge {
		delete(x.doors.grants, f.Get("code")) // right or wrong, it was used
		deny(w, http.StatusBadRequest, "invalid_request", "Value passed for the authorization code was invalid.")
		return
	}
	g.of = &family{scopes: g.scopes}
	x.doors.families = append(x.doors.families, g.of)
	x.give(w, g.of)
}

// renew gives the next tokens, once for each refresh token.
func (x *X) renew(w http.ResponseWriter, refresh string) {
	if f := x.doors.used[refresh]; f != nil {
		f.over = true
	}
	i := slices.IndexFunc(x.doors.families, func(f *family) bool { return refresh != "" && f.refresh == refresh && !f.over })
	if i < 0 {
		deny(w, http.StatusBadRequest, "invalid_request", "Value passed for the token was invalid.")
		return
	}
	x.doors.renewals++
	x.doors.used[refresh] = x.doors.families[i]
	x.give(w, x.doors.families[i])
}

// give makes the next tokens of a log-in. The access token before is none any more, which X does not say.
func (x *X) give(w http.ResponseWriter, f *family) {
	f.access, f.until = "at-"+rand.Text(), x.now().Add(accessFor)
	out := map[string]any{"token_type": "bearer", "expires_in": int(accessFor.Seconds()), "access_token": f.access,
		"scope": strings.Join(f.scopes, " ")}
	if slices.Contains(f.scopes, "offline.access") {
		f.refresh = "rt-" + rand.Text()
		out["refresh_token"] = f.refresh
	}
	tell(w, http.StatusOK, out)
}

// giveBack ends the log-in that a token belongs to.
func (x *X) giveBack(w http.ResponseWriter, r *http.Request) {
	f, ok := x.form(w, r, "token", "token_type_hint")
	if !ok {
		return
	}
	for _, of := range x.doors.families {
		of.over = of.over || f.Get("token") == of.access || f.Get("token") == of.refresh
	}
	tell(w, http.StatusOK, map[string]any{"revoked": true})
}

// bearer looks at the token of a call, and at whether it may do that.
func (x *X) bearer(token string, c call) error {
	if c.app {
		if token != AppToken {
			return unauthorized("app-only")
		}
		return nil
	}
	i := slices.IndexFunc(x.doors.families, func(f *family) bool { return f.access == token && !f.over && x.now().Before(f.until) })
	if i < 0 {
		return unauthorized("bearer")
	}
	for _, s := range c.scopes() {
		if !slices.Contains(x.doors.families[i].scopes, s) {
			return no(http.StatusForbidden, "fake: the token lacks the scope "+s)
		}
	}
	return nil
}

// scopes are what a call needs, by X's description.
func (c call) scopes() []string {
	switch c.name {
	case Create, Delete:
		return []string{"tweet.read", "tweet.write", "users.read"}
	case Upload, Describe:
		return []string{"media.write"}
	case Subscribe, Subscriptions:
		return []string{"tweet.read"}
	}
	return []string{"tweet.read", "users.read"}
}
