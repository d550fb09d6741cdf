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
	"experthour/internal/connector/vault"
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

var (
	errGiven = errors.New("[youtube] refresh_token is in the configuration and would go on to be used; remove it there first")
	errNone  = errors.New("nobody let the program in yet")
)

// app is the program as Google knows it.
func (y *YouTube) app() oauth2.App {
	return oauth2.App{HTTP: y.http, To: y.account.TokenURL, ID: y.account.ClientID, Secret: y.account.ClientSecret.Reveal(),
		Usual: usualFor, Wait: mendWait, Now: y.env.Now}
}

// renew asks for the next access token. The refresh token stays what it was, so asking again after a
// lost answer does no harm. Google documents that it ends after seven days where the program is in "Testing"
// (https://developers.google.com/identity/protocols/oauth2#expiration).
func (y *YouTube) renew(ctx context.Context, old vault.Token) (vault.Token, error) {
	if old.Refresh == "" {
		return vault.Token{}, &connector.SendError{Outcome: connector.Deferred, Wait: mendWait, Detail: "no token", Cause: errNone}
	}
	t, err := y.app().Renew(ctx, old)
	return t, connector.Repeatable(err)
}

// Connect has a person let the program comment as their channel, and keeps what comes of it. Google
// gives a refresh token only where consent is asked for anew.
func (y *YouTube) Connect(ctx context.Context, b connector.Browser) error {
	if y.account.RefreshToken.Reveal() != "" {
		return errGiven
	}
	back := cmp.Or(b.Back(), nowhere)
	g, err := b.Ask(ctx, y.account.LoginURL, url.Values{"client_id": {y.account.ClientID}, "redirect_uri": {back}, "scope": {scope},
		"access_type": {"offline"}, "prompt": {"consent"}})
	if err != nil {
		return err
	}
	t, err := y.app().Redeem(ctx, g, back)
	if err != nil {
		return err
	}
	if t.Refresh == "" {
		return &connector.SendError{Outcome: connector.Refused, Detail: "Google gave no token that lasts; try once more"}
	}
	return vault.Put(ctx, y.vault, t, y.env.Now())
}

// unlet is what people have to do about the token; ok is false when that is not what is wrong.
func unlet(err error) (id string, ok bool) {
	switch {
	case errors.Is(err, errNone):
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
