package youtube

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/oauth2"
)

var _ connector.Connecter = (*YouTube)(nil)

const (
	// scope lets a program comment (https://developers.google.com/youtube/v3/docs/comments/insert).
	scope = "https://www.googleapis.com/auth/youtube.force-ssl"
	// nowhere is where people come back to whose browser cannot reach this program: nothing answers
	// there, and the code stands in the address that the browser shows.
	nowhere = "http://127.0.0.1:1/"
	// usualFor is how long an access token holds that does not say it.
	usualFor = time.Hour
)

var errGiven = errors.New("[youtube] refresh_token is in the configuration and would go on to be used; remove it there first")

// clientOf is the program as Google knows it. A refresh token stays what it was, so asking again after a lost answer does no
// harm. That Google says how long it holds, where it is one of a program in "Testing", is known from people's reports; it
// documents the seven days alone (https://developers.google.com/identity/protocols/oauth2#expiration).
func clientOf(a Account, client *httpapi.Client, now func() time.Time) oauth2.Client {
	return oauth2.Client{HTTP: client, Page: a.LoginURL, Server: a.TokenURL, ID: a.ClientID, Secret: a.ClientSecret.Reveal(),
		Scopes: []string{scope}, Usual: usualFor, Now: now}
}

// Connect has a person let the program comment as their channel, and keeps what comes of it. Google
// gives a refresh token only where consent is asked for anew.
func (y *YouTube) Connect(ctx context.Context, b connector.Browser) error {
	if y.account.RefreshToken.Reveal() != "" {
		return errGiven
	}
	return y.login.Connect(ctx, b, cmp.Or(b.Back(), nowhere), url.Values{"access_type": {"offline"}, "prompt": {"consent"}}, y.vault)
}

// unlet is what people have to do about the token; ok is false when that is not what is wrong.
func unlet(err error) (id string, ok bool) {
	switch {
	case errors.Is(err, oauth2.ErrNone):
		return "youtube.unconnected", true
	case said(err, badGrant):
		return "youtube.token_dead", true
	case said(err, badClient):
		return "youtube.client_refused", true
	case said(err, noScope):
		return "youtube.no_scope", true
	case said(err, notEnabled):
		return "youtube.not_enabled", true
	case errors.Is(err, errNoChannel):
		return "youtube.no_channel", true
	case httpapi.ErrorOf(err).Status == http.StatusUnauthorized:
		return "youtube.token_refused", true
	}
	return "", false
}
