package youtubefake

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Scope is the one that comments need.
const Scope = "https://www.googleapis.com/auth/youtube.force-ssl"

// Login and Token are where people allow a program what it asks for, and where it gets its token.
const (
	Login = "/o/oauth2/v2/auth"
	Token = "/token"
)

const (
	accessFor  = time.Hour
	testingFor = 7 * 24 * time.Hour
)

// key is a token, what it may and until when; zero is for ever.
type key struct {
	scope string
	until time.Time
}

func (k key) holds(now time.Time) bool { return k.until.IsZero() || now.Before(k.until) }

// grant is what somebody allowed, good for one token.
type grant struct {
	back, challenge, scope string
	offline                bool
}

// doors are what lets a program in.
type doors struct {
	access, refresh map[string]key
	grants          map[string]grant
	revoked         bool
	testing         bool
	granted         bool // somebody allowed the program something before
}

func newDoors() doors {
	return doors{access: map[string]key{}, refresh: map[string]key{Refresh: {scope: Scope}}, grants: map[string]grant{}}
}

// Revoke takes every token back; Restore gives them again.
func (y *YouTube) Revoke() { y.do(func() { y.doors.revoked = true }) }

// Restore gives the tokens again.
func (y *YouTube) Restore() { y.do(func() { y.doors.revoked = false }) }

// Testing says that the program's consent screen is in "Testing": what is allowed from now on ends
// after seven days.
func (y *YouTube) Testing(is bool) { y.do(func() { y.doors.testing = is }) }

// Scopeless leaves the tokens to come without the scope: people can take it out.
func (y *YouTube) Scopeless() {
	y.do(func() { y.doors.refresh[Refresh] = key{scope: "https://www.googleapis.com/auth/userinfo.email"} })
}

// Expire ends the access tokens that are out.
func (y *YouTube) Expire() { y.do(func() { clear(y.doors.access) }) }

var entrances = map[string]func(*YouTube, http.ResponseWriter, *http.Request){
	"GET " + Login: (*YouTube).askPerson, "POST " + Login: (*YouTube).decide, "POST " + Token: (*YouTube).token,
}

// admitted looks at the token of a call.
func (y *YouTube) admitted(r *http.Request) error {
	given, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	k, known := y.doors.access[given]
	switch {
	case !is:
		return &failure{http.StatusUnauthorized, "required", "global", "Login Required."}
	case !known || y.doors.revoked || !k.holds(y.now()):
		return &failure{http.StatusUnauthorized, "authError", "global", "Invalid Credentials"}
	case !slices.Contains(strings.Fields(k.scope), Scope):
		return &failure{http.StatusForbidden, "insufficientPermissions", "global", "Request had insufficient authentication scopes."}
	}
	return nil
}

// asked is what a page is asked to let somebody allow; why is what is wrong with it. A program for
// the desktop may have people come back to any port of their own machine.
func (y *YouTube) asked(r *http.Request) (g grant, why string) {
	q := r.URL.Query()
	known := []string{"client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method",
		"access_type", "prompt"}
	for name := range q {
		if !slices.Contains(known, name) {
			return g, "fake: unknown parameter " + name
		}
	}
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != ClientID:
		why = "invalid_client"
	case err != nil || back.Scheme != "http" || back.Hostname() != "127.0.0.1":
		why = "redirect_uri_mismatch"
	case q.Get("response_type") != "code":
		why = "unsupported_response_type"
	case q.Get("code_challenge") != "" && q.Get("code_challenge_method") != "S256":
		why = "invalid_request"
	case q.Get("scope") != Scope:
		why = "invalid_scope"
	}
	offline := q.Get("access_type") == "offline" && (!y.doors.granted || q.Get("prompt") == "consent")
	return grant{q.Get("redirect_uri"), q.Get("code_challenge"), q.Get("scope"), offline}, why
}

// askPerson shows the page on which a person says yes or no.
func (y *YouTube) askPerson(w http.ResponseWriter, r *http.Request) {
	if _, why := y.asked(r); why != "" {
		http.Error(w, why, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<form method="post" action="%s"><button>Allow</button></form>`, html.EscapeString(r.URL.RequestURI()))
}

func (y *YouTube) decide(w http.ResponseWriter, r *http.Request) {
	g, why := y.asked(r)
	if why != "" {
		http.Error(w, why, http.StatusBadRequest)
		return
	}
	said := url.Values{"state": {r.URL.Query().Get("state")}}
	if r.FormValue("deny") != "" {
		said.Set("error", "access_denied")
	} else {
		code := "4/0" + rand.Text() // as Google's, it has a slash
		y.doors.grants[code], y.doors.granted = g, true
		said.Set("code", code)
	}
	http.Redirect(w, r, g.back+"?"+said.Encode(), http.StatusFound)
}

// no is how the server for tokens refuses.
func no(w http.ResponseWriter, status int, code, text string) {
	answer(w, status, map[string]any{"error": code, "error_description": text})
}

func (y *YouTube) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || len(r.URL.RawQuery) > 0 {
		no(w, http.StatusBadRequest, "invalid_request", "fake: a form is wanted")
		return
	}
	f := r.PostForm
	if f.Get("client_id") != ClientID || f.Get("client_secret") != ClientSecret {
		no(w, http.StatusUnauthorized, "invalid_client", "The OAuth client was not found.")
		return
	}
	switch f.Get("grant_type") {
	case "authorization_code":
		y.redeem(w, f)
	case "refresh_token":
		k, known := y.doors.refresh[f.Get("refresh_token")]
		if !known || y.doors.revoked || !k.holds(y.now()) {
			no(w, http.StatusBadRequest, "invalid_grant", "Token has been expired or revoked.")
			return
		}
		y.give(w, k, "")
	default:
		no(w, http.StatusBadRequest, "unsupported_grant_type", "Invalid grant_type.")
	}
}

func (y *YouTube) redeem(w http.ResponseWriter, f url.Values) {
	g, good := y.doors.grants[f.Get("code")]
	delete(y.doors.grants, f.Get("code")) // right or wrong, it was used
	sum := sha256.Sum256([]byte(f.Get("code_verifier")))
	if !good || f.Get("redirect_uri") != g.back || g.challenge != "" && base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge {
		no(w, http.StatusBadRequest, "invalid_grant", "Bad Request")
		return
	}
	k, refresh := key{scope: g.scope}, ""
	if y.doors.testing {
		k.until = y.now().Add(testingFor)
	}
	if g.offline {
		refresh = "1//0" + rand.Text()
		y.doors.refresh[refresh] = k
	}
	y.give(w, k, refresh)
}

// give makes an access token. Of a refresh token it says how long that holds, where it ends.
func (y *YouTube) give(w http.ResponseWriter, k key, refresh string) {
	access := "ya29." + rand.Text()
	y.doors.access[access] = key{k.scope, y.now().Add(accessFor)}
	out := map[string]any{"access_token": access, "expires_in": int(accessFor.Seconds()) - 1, "scope": k.scope, "token_type": "Bearer"}
	if refresh != "" {
		out["refresh_token"] = refresh
	}
	if !k.until.IsZero() {
		out["refresh_token_expires_in"] = int(k.until.Sub(y.now()).Seconds())
	}
	answer(w, http.StatusOK, out)
}
