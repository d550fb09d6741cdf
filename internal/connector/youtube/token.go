package youtube

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
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

// renew asks for the next access token. The refresh token stays what it was, so asking again after a
// lost answer does no harm.
func (y *YouTube) renew(ctx context.Context, old vault.Token) (vault.Token, error) {
	if old.Refresh == "" {
		return vault.Token{}, &connector.SendError{Outcome: connector.Deferred, Wait: mendWait, Detail: "no token", Cause: errNone}
	}
	t, err := y.ask(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old.Refresh}})
	if t.Refresh == "" {
		t.Refresh = old.Refresh
	}
	if t.Ends.IsZero() {
		t.Ends = old.Ends
	}
	return t, connector.Repeatable(err)
}

// ask gets a token. That Google says how long the refresh token holds, where it is one of a program
// in "Testing", is known from people's reports; it documents the seven days alone
// (https://developers.google.com/identity/protocols/oauth2#expiration).
func (y *YouTube) ask(ctx context.Context, form url.Values) (vault.Token, error) {
	form.Set("client_id", y.account.ClientID)
	form.Set("client_secret", y.account.ClientSecret.Reveal())
	var said struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		For     int64  `json:"expires_in"`
		Ends    int64  `json:"refresh_token_expires_in"`
		Scope   string
	}
	r := httpapi.Request{Method: http.MethodPost, To: y.account.TokenURL, Body: httpapi.Form(form), Into: &said}
	for _, key := range []string{"client_secret", "refresh_token", "code", "code_verifier"} {
		r.Secrets = append(r.Secrets, form[key]...)
	}
	if _, err := y.http.Do(ctx, r); err != nil {
		return vault.Token{}, err
	}
	if said.Access == "" {
		return vault.Token{}, &connector.SendError{Outcome: connector.Deferred, Wait: mendWait, Detail: "an answer without a token"}
	}
	t, now := vault.Token{Access: said.Access, Refresh: said.Refresh, Until: y.env.Now().Add(usualFor)}, y.env.Now()
	if said.For > 0 {
		t.Until = now.Add(time.Duration(said.For) * time.Second)
	}
	if said.Ends > 0 {
		t.Ends = now.Add(time.Duration(said.Ends) * time.Second)
	}
	return t, nil
}

// Connect has a person let the program comment as their channel, and keeps what comes of it. Google
// gives a refresh token only where consent is asked for anew.
func (y *YouTube) Connect(ctx context.Context, b connector.Browser) error {
	if y.account.RefreshToken.Reveal() != "" {
		return errGiven
	}
	back := b.Back()
	if back == "" {
		back = nowhere
	}
	g, err := b.Ask(ctx, y.account.LoginURL, url.Values{"client_id": {y.account.ClientID}, "redirect_uri": {back}, "scope": {scope},
		"access_type": {"offline"}, "prompt": {"consent"}})
	if err != nil {
		return err
	}
	t, err := y.ask(ctx, url.Values{"grant_type": {"authorization_code"}, "redirect_uri": {back}, "code": {code(g.Code)},
		"code_verifier": {g.Verifier}})
	if err != nil {
		return err
	}
	if t.Refresh == "" {
		return &connector.SendError{Outcome: connector.Refused, Detail: "Google gave no token that lasts; try once more"}
	}
	return vault.Put(ctx, y.vault, t, y.env.Now())
}

// code is what was typed: the code, as it stands in an address or as it is, or the whole address.
func code(typed string) string {
	if u, err := url.Parse(typed); err == nil && u.Query().Get("code") != "" {
		return u.Query().Get("code")
	}
	if strings.Contains(typed, "%") {
		if plain, err := url.QueryUnescape(typed); err == nil {
			return plain
		}
	}
	return typed
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
