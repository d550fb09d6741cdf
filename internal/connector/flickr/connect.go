package flickr

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/vault"
)

var _ connector.Connecter = (*Flickr)(nil)

var (
	errGiven = errors.New("[flickr] token is in the configuration and would go on to be used; remove it and token_secret there first")
	errTyped = errors.New("the code that Flickr shows has to be typed here; run it once more with --type-code")
)

// Connect has the account allow the app to write, in the three steps of OAuth 1.0a, and keeps
// the token that comes of it (https://www.flickr.com/services/api/auth.oauth.html).
func (f *Flickr) Connect(ctx context.Context, b connector.Browser) error {
	switch {
	case f.given.token != "":
		return errGiven
	case b.Back() != "":
		return errTyped
	}
	asked, err := f.step(ctx, "/request_token", url.Values{"oauth_callback": {"oob"}}, credentials{})
	if err != nil {
		return err
	}
	g, err := b.Ask(ctx, f.oauth+"/authorize", url.Values{"oauth_token": {asked.token}, "perms": {"write"}})
	if err != nil {
		return err
	}
	c, err := f.step(ctx, "/access_token", url.Values{"oauth_verifier": {g.Code}}, asked)
	if err != nil {
		return err
	}
	return vault.Put(ctx, f.vault, vault.Token{Access: c.token + " " + c.tokenSecret}, f.env.Now())
}

// problem is a word of those by which OAuth says what is wrong.
var problem = regexp.MustCompile(`^[a-z_]{1,64}$`)

// step asks for a token, with the one of the step before.
func (f *Flickr) step(ctx context.Context, to string, params url.Values, with credentials) (credentials, error) {
	a, err := f.http.Do(ctx, httpapi.Request{Method: http.MethodGet, To: f.oauth + to, Query: params,
		Header:  http.Header{"Authorization": {f.signed(with, http.MethodGet, f.oauth+to, params)}},
		Secrets: []string{with.token, with.tokenSecret, params.Get("oauth_verifier")}})
	said, _ := url.ParseQuery(strings.TrimSpace(string(a.Body))) // what there is counts
	c := credentials{said.Get("oauth_token"), said.Get("oauth_token_secret")}
	switch no := said.Get("oauth_problem"); {
	case err != nil && problem.MatchString(no):
		return c, refused("Flickr says " + no)
	case err == nil && (c.token == "" || c.tokenSecret == "" || strings.Contains(c.token+c.tokenSecret, " ")):
		return c, refused("Flickr gave no token")
	}
	return c, err
}

// credentials are those of the file, or else those that a person got by "bot connect": new ones
// count with the next call.
func (f *Flickr) credentials(ctx context.Context) (credentials, error) {
	if f.given.token != "" {
		return f.given, nil
	}
	t, err := vault.Get(ctx, f.vault)
	if err != nil {
		return credentials{}, &connector.SendError{Outcome: connector.Deferred, Wait: mendWait, Detail: "no token", Cause: err}
	}
	token, secret, _ := strings.Cut(t.Access, " ")
	return credentials{token, secret}, nil
}

// untokened says what a person can do where there is no token.
func (f *Flickr) untokened(err error) (finding connector.Finding, is bool) {
	switch {
	case errors.Is(err, vault.ErrNone):
		return bad("flickr.connect"), true
	case errors.Is(err, vault.ErrLocked):
		return bad("token.locked", "connector", string(f.Name)), true
	}
	return finding, false
}
