package mastodonfake

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
)

// Typed is the address of applications that have none: people read the code and type it.
const Typed = "urn:ietf:wg:oauth:2.0:oob"

// application is one that was registered.
type application struct {
	secret, back string
	scopes       []string
}

// grant is what somebody allowed, good for one token.
type grant struct {
	app, challenge string
	scopes         []string
}

// entrances are what needs no token, and which fields each takes.
var entrances = map[string]struct {
	fields []string
	serve  func(*Fake, http.ResponseWriter, *http.Request)
}{
	"POST /api/v1/apps":     {[]string{"client_name", "redirect_uris", "scopes", "website"}, (*Fake).register},
	"GET /oauth/authorize":  {authorizing, (*Fake).askPerson},
	"POST /oauth/authorize": {append([]string{"deny"}, authorizing...), (*Fake).decide},
	"POST /oauth/token": {[]string{"grant_type", "client_id", "client_secret", "redirect_uri", "code", "code_verifier", "scope"},
		(*Fake).redeem},
}

var authorizing = []string{"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method",
	"force_login", "lang"}

// enter serves what needs no token; ok is false for what does.
func (f *Fake) enter(w http.ResponseWriter, r *http.Request) (ok bool) {
	e, ok := entrances[r.Method+" "+r.URL.Path]
	if !ok {
		return false
	}
	if err := r.ParseForm(); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return true
	}
	for name, values := range r.Form {
		if !slices.Contains(e.fields, name) || len(values) > 1 {
			fail(w, http.StatusBadRequest, "unknown parameter "+name)
			return true
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	e.serve(f, w, r)
	return true
}

func (f *Fake) register(w http.ResponseWriter, r *http.Request) {
	back := r.FormValue("redirect_uris")
	u, err := url.Parse(back)
	if r.FormValue("client_name") == "" || err != nil || u.Scheme == "" {
		fail(w, http.StatusUnprocessableEntity, "Validation failed: Redirect URI must be an absolute URI.")
		return
	}
	id, app := rand.Text(), application{secret: rand.Text(), back: back, scopes: strings.Fields(r.FormValue("scopes"))}
	if len(app.scopes) == 0 {
		app.scopes = []string{"read"}
	}
	f.apps[id] = app
	answer(w, http.StatusOK, map[string]any{"id": "1", "name": r.FormValue("client_name"), "client_id": id, "client_secret": app.secret,
		"redirect_uri": back, "redirect_uris": []string{back}, "scopes": app.scopes, "client_secret_expires_at": 0})
}

// asked is what a page is asked to let somebody allow; why is what is wrong with it.
func (f *Fake) asked(r *http.Request) (g grant, back, why string) {
	app, known := f.apps[r.FormValue("client_id")]
	g = grant{r.FormValue("client_id"), r.FormValue("code_challenge"), strings.Fields(r.FormValue("scope"))}
	switch method := r.FormValue("code_challenge_method"); {
	case !known:
		why = "Client authentication failed due to unknown client"
	case r.FormValue("redirect_uri") != app.back:
		why = "The redirect uri included is not valid."
	case r.FormValue("response_type") != "code":
		why = "The authorization server does not support this response type."
	case g.challenge != "" && method != "S256" || g.challenge == "" && method != "":
		why = "The code challenge method must be S256."
	case slices.ContainsFunc(g.scopes, func(s string) bool { return !slices.Contains(app.scopes, s) }):
		why = "The requested scope is invalid, unknown, or malformed."
	}
	return g, app.back, why
}

// askPerson shows the page on which a person says yes or no.
func (f *Fake) askPerson(w http.ResponseWriter, r *http.Request) {
	if _, _, why := f.asked(r); why != "" {
		fail(w, http.StatusBadRequest, why)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<form method="post" action="%s"><button>Authorize</button></form>`, html.EscapeString(r.URL.RequestURI()))
}

func (f *Fake) decide(w http.ResponseWriter, r *http.Request) {
	g, back, why := f.asked(r)
	if why != "" {
		fail(w, http.StatusBadRequest, why)
		return
	}
	said := url.Values{"state": {r.FormValue("state")}}
	if r.FormValue("deny") != "" {
		said.Set("error", "access_denied")
	} else {
		code := rand.Text()
		f.grants[code] = g
		said.Set("code", code)
	}
	if back == Typed {
		_, _ = fmt.Fprintf(w, `<input class="oauth-code" readonly value="%s">`, html.EscapeString(said.Get("code")))
		return
	}
	http.Redirect(w, r, back+"?"+said.Encode(), http.StatusFound)
}

func (f *Fake) redeem(w http.ResponseWriter, r *http.Request) {
	app, known := f.apps[r.FormValue("client_id")]
	g, good := f.grants[r.FormValue("code")]
	delete(f.grants, r.FormValue("code")) // right or wrong, it was used
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	switch {
	case !known || r.FormValue("client_secret") != app.secret:
		fail(w, http.StatusUnauthorized, "invalid_client")
	case r.FormValue("grant_type") != "authorization_code":
		fail(w, http.StatusBadRequest, "unsupported_grant_type")
	case !good || g.app != r.FormValue("client_id") || r.FormValue("redirect_uri") != app.back,
		g.challenge != "" && base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge:
		fail(w, http.StatusBadRequest, "invalid_grant")
	default:
		token := rand.Text()
		f.tokens[token] = g.scopes
		answer(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "scope": strings.Join(g.scopes, " "),
			"created_at": f.now().Unix()})
	}
}

// Tokens are all that hold.
func (f *Fake) Tokens() (all []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for token := range f.tokens {
		all = append(all, token)
	}
	return all
}
