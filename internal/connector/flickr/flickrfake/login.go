package flickrfake

import (
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// OAuthPath is where the log-in stands at a server
// (https://www.flickr.com/services/api/auth.oauth.html).
const OAuthPath = "/services/oauth"

// token is what a person let an app have.
type token struct{ secret, perms string }

// request is a token that has to be allowed first.
type request struct {
	secret, back    string
	perms, verifier string // once a person said yes
}

// steps are those of a log-in. The page of authorize passes over what it does not know.
var steps = map[string]func(*Flickr, *http.Request, url.Values) (string, error){
	"GET " + OAuthPath + "/request_token": (*Flickr).requestToken,
	"GET " + OAuthPath + "/authorize":     (*Flickr).authorize,
	"POST " + OAuthPath + "/authorize":    (*Flickr).agree,
	"GET " + OAuthPath + "/access_token":  (*Flickr).accessToken,
}

// problems are how the steps name what is a code elsewhere.
var problems = map[int]string{96: "signature_invalid", 97: "parameter_absent&oauth_parameters_absent=oauth_signature",
	98: "token_rejected", 100: "consumer_key_unknown"}

// redirect sends a browser back.
type redirect struct{ to string }

func (r *redirect) Error() string { return r.to }

// step does one, and answers.
func (f *Flickr) step(w http.ResponseWriter, r *http.Request, do func(*Flickr, *http.Request, url.Values) (string, error)) {
	f.mu.Lock()
	said, err := do(f, r, oauthOf(r, r.Form))
	f.mu.Unlock()
	var no *failure
	var to *redirect
	switch {
	case errors.As(err, &to):
		http.Redirect(w, r, to.to, http.StatusFound)
	case errors.As(err, &no) && no.code != 0:
		http.Error(w, "oauth_problem="+problems[no.code], http.StatusUnauthorized)
	case errors.As(err, &no):
		http.Error(w, no.text, no.status)
	default:
		_, _ = w.Write([]byte(said)) // who hung up does not read it
	}
}

// oauthOf are the parameters of OAuth, which may stand in the header or among the others.
func oauthOf(r *http.Request, params url.Values) url.Values {
	oauth := header(r)
	for k, vs := range params {
		if strings.HasPrefix(k, "oauth_") {
			oauth[k] = vs
		}
	}
	return oauth
}

// signs looks at the signature of a step; more are the parameters that it has beside those of all.
func (f *Flickr) signs(r *http.Request, oauth url.Values, more ...string) error {
	usual := []string{"oauth_consumer_key", "oauth_nonce", "oauth_signature", "oauth_signature_method", "oauth_timestamp", "oauth_version"}
	for k := range oauth {
		if !slices.Contains(usual, k) && !slices.Contains(more, k) {
			return problem("parameter_rejected&oauth_parameters_rejected=" + k)
		}
	}
	for k := range r.Form {
		if _, is := oauth[k]; !is {
			return problem("parameter_rejected&oauth_parameters_rejected=" + k)
		}
	}
	for _, k := range more {
		if oauth.Get(k) == "" {
			return problem("parameter_absent&oauth_parameters_absent=" + k)
		}
	}
	_, err := f.admit(r, r.Form)
	return err
}

func (f *Flickr) requestToken(r *http.Request, oauth url.Values) (string, error) {
	if err := f.signs(r, oauth, "oauth_callback"); err != nil {
		return "", err
	}
	back, err := url.Parse(oauth.Get("oauth_callback"))
	if err != nil || back.String() != "oob" && back.Host == "" {
		return "", problem("parameter_rejected&oauth_parameters_rejected=oauth_callback")
	}
	name := "72157720000000002-" + strings.ToLower(rand.Text())[:16]
	f.requests[name] = &request{secret: strings.ToLower(rand.Text())[:16], back: back.String()}
	said := url.Values{"oauth_callback_confirmed": {"true"}, "oauth_token": {name}, "oauth_token_secret": {f.requests[name].secret}}
	return said.Encode(), nil
}

// asks finds the request that a person is asked about.
func (f *Flickr) asks(r *http.Request) (*request, error) {
	q := r.URL.Query()
	asked := f.requests[q.Get("oauth_token")]
	if asked == nil || asked.verifier != "" || !slices.Contains([]string{"read", "write", "delete"}, q.Get("perms")) {
		return nil, &failure{status: http.StatusBadRequest, text: "Oops! Flickr doesn't recognize this request."}
	}
	return asked, nil
}

func (f *Flickr) authorize(r *http.Request, _ url.Values) (string, error) {
	if _, err := f.asks(r); err != nil {
		return "", err
	}
	return `<form method="post"><button>OK, I'll authorize it</button><button name="deny" value="1">No</button></form>`, nil
}

// agree is the press of a button on the page.
func (f *Flickr) agree(r *http.Request, _ url.Values) (string, error) {
	asked, err := f.asks(r)
	if err != nil {
		return "", err
	}
	name := r.URL.Query().Get("oauth_token")
	if r.PostForm.Get("deny") != "" {
		delete(f.requests, name)
		return "<p>You did not authorize it.</p>", nil
	}
	b := make([]byte, 3)
	_, _ = rand.Read(b) // it never fails
	asked.perms, asked.verifier = r.URL.Query().Get("perms"), fmt.Sprintf("%03d-%03d-%03d", b[0], b[1], b[2])
	if asked.back != "oob" {
		back, _ := url.Parse(asked.back) // it was looked at
		back.RawQuery = url.Values{"oauth_token": {name}, "oauth_verifier": {asked.verifier}}.Encode()
		return "", &redirect{back.String()}
	}
	return `<p>Type this code: <span class="code">` + html.EscapeString(asked.verifier) + "</span></p>", nil
}

func (f *Flickr) accessToken(r *http.Request, oauth url.Values) (string, error) {
	if err := f.signs(r, oauth, "oauth_token", "oauth_verifier"); err != nil {
		return "", err
	}
	asked := f.requests[oauth.Get("oauth_token")]
	switch {
	case asked == nil:
		return "", problem("token_rejected")
	case asked.verifier == "" || asked.verifier != oauth.Get("oauth_verifier"):
		return "", problem("verifier_invalid")
	}
	delete(f.requests, oauth.Get("oauth_token"))
	name := "72157720000000003-" + strings.ToLower(rand.Text())[:16]
	f.tokens[name] = token{strings.ToLower(rand.Text())[:16], asked.perms}
	return url.Values{"fullname": {SelfName}, "oauth_token": {name}, "oauth_token_secret": {f.tokens[name].secret}, "user_nsid": {Self},
		"username": {SelfName}}.Encode(), nil
}

// secretOf is that of a token or of a request for one.
func (f *Flickr) secretOf(name string) string {
	if asked := f.requests[name]; asked != nil {
		return asked.secret
	}
	return f.tokens[name].secret
}

// Tokens are those that there are, with their secrets: the first one, and those of who logged in.
func (f *Flickr) Tokens() (all []string) {
	f.do(func() {
		for name, t := range f.tokens {
			all = append(all, name, t.secret)
		}
	})
	return all
}
