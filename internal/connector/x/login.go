package x

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/oauth2"
	"experthour/internal/connector/vault"
	"experthour/internal/session"
)

var _ connector.Returner = (*X)(nil)

// loginURL is where people are asked (https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code).
const loginURL = "https://x.com/i/oauth2/authorize"

// scopes are what the calls need, and a token that can be renewed.
var scopes = []string{"tweet.read", "tweet.write", "users.read", "media.write", "offline.access"}

// accessFor is how long an access token holds that does not say it.
const accessFor = 2 * time.Hour

var errGiven = errors.New("the keys of OAuth 1.0a are in the configuration and would go on to be used; remove api_key, api_secret, token" +
	" and token_secret from [x] and write client_id there first")

// logs reports whether a person logs in: keys in the configuration come first.
func (a *Account) logs() bool {
	return a.ClientID != "" && a.Token.Reveal()+a.TokenSecret.Reveal() == ""
}

// back is where people come back to; X takes only an address that is registered for the app, to the letter.
func (a *Account) back() string { return fmt.Sprintf("http://127.0.0.1:%d/", a.RedirectPort) }

// login is how the account lets the program in by OAuth 2.0. X's refresh tokens work once; what is
// asked again with one of them loses all that came of it (https://github.com/trypostit/trypost/issues/126).
type login struct {
	oauth2.Client
	vault connector.Vault
	token *vault.Keeper
	back  string
}

func newLogin(env connector.Env, a Account, client *httpapi.Client, id session.ConnectorID) *login {
	l := &login{vault: env.Vault(id, a.ClientID), back: a.back(), Client: oauth2.Client{HTTP: client, Page: a.LoginURL,
		Server: "/2/oauth2/token", ID: a.ClientID, Secret: a.ClientSecret.Reveal(), Basic: true, Scopes: scopes, Rotates: true,
		Usual: accessFor, Now: env.Now}}
	l.token = vault.Keep(vault.Options{Name: id, Vault: l.vault, Login: kind, Ask: l.Renew, Leases: env.Leases, Owner: env.Owner,
		Now: env.Now, Log: env.Log})
	return l
}

// Returns is where X sends people back to.
func (x *X) Returns() string {
	if x.login == nil {
		return ""
	}
	return x.login.back
}

// Connect has a person let the program post as the account, and keeps what comes of it.
func (x *X) Connect(ctx context.Context, b connector.Browser) error {
	if x.login == nil {
		return errGiven
	}
	return x.login.Connect(ctx, b, cmp.Or(b.Back(), x.login.back), nil, x.login.vault)
}

// authorize gives the header of a call. Where X refuses it, refused says whether there may be another one.
func (x *X) authorize(ctx context.Context, r httpapi.Request) (header string, refused func() bool, err error) {
	if x.login == nil {
		return x.sign.Header(r.Method, x.base+r.To, r.Query), func() bool { return false }, nil
	}
	t, err := x.login.token.Token(ctx)
	return "Bearer " + t.Access, func() bool { x.login.token.Refused(ctx, t.Access); return true }, err
}

// The codes of the server for tokens: X says of a token that is used up or taken back, and of a wrong
// secret (https://github.com/plhery/node-twitter-api-v2/issues/496 and 319).
const (
	badToken       = "invalid_request"
	badTokenToo    = "invalid_grant"
	badClient      = "unauthorized_client"
	badClientToo   = "invalid_client"
	wordsOfRefusal = "x.log_in_again"
)

// unlet is what people have to do to let the program in; empty is that this is not what is wrong.
func (x *X) unlet(err error) (id string) {
	e := httpapi.ErrorOf(err)
	switch {
	case x.login == nil && e.Status == http.StatusUnauthorized:
		return "x.login_refused"
	case x.login == nil || err == nil:
		return ""
	case errors.Is(err, oauth2.ErrNone):
		return "x.unconnected"
	case e.Code == badClient, e.Code == badClientToo:
		return "x.client_refused"
	case e.Code == badToken, e.Code == badTokenToo, e.Status == http.StatusUnauthorized, errors.Is(err, vault.ErrLost):
		return wordsOfRefusal
	}
	return ""
}
