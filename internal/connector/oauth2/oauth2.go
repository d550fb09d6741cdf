package oauth2

import (
	"cmp"
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/vault"
)

// App is the program as a platform knows it.
type App struct {
	HTTP *httpapi.Client
	To   string // where tokens are asked for: a path below the client's address, or a whole address
	ID   string
	// Secret is of an app that can keep one; others have none.
	Secret string
	// InHeader says that the secret stands in a header (RFC 6749, 2.3.1), and else in the form.
	InHeader bool
	Usual    time.Duration // how long a token holds that does not say it
	Wait     time.Duration // while somebody has to mend what is wrong
	Now      func() time.Time
}

// Redeem gets the token for what a person allowed who was sent back to an address. The code may be typed: as it is, as
// it stands in an address, or the whole address.
func (a App) Redeem(ctx context.Context, g connector.Grant, back string) (vault.Token, error) {
	return a.ask(ctx, url.Values{"grant_type": {"authorization_code"}, "redirect_uri": {back}, "code": {code(g.Code)},
		"code_verifier": {g.Verifier}})
}

// Renew gets the token after an old one. What lets it be asked for once more, and its end, stay what they were where
// the answer says nothing of them.
func (a App) Renew(ctx context.Context, old vault.Token) (vault.Token, error) {
	t, err := a.ask(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old.Refresh}})
	t.Refresh = cmp.Or(t.Refresh, old.Refresh)
	t.Ends = cmp.Or(t.Ends, old.Ends)
	return t, err
}

// answer is what a server for tokens says. That it says how long the refresh token holds, where that ends, is known of
// Google from people's reports.
type answer struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	For     int64  `json:"expires_in"`
	Ends    int64  `json:"refresh_token_expires_in"`
}

func (a App) ask(ctx context.Context, form url.Values) (vault.Token, error) {
	form.Set("client_id", a.ID)
	r := httpapi.Request{Method: http.MethodPost, To: a.To, Header: http.Header{}}
	switch {
	case a.InHeader && a.Secret != "":
		r.Header.Set("Authorization", "Basic "+basic(a.ID, a.Secret))
	case a.Secret != "":
		form.Set("client_secret", a.Secret)
	}
	for _, key := range []string{"client_secret", "refresh_token", "code", "code_verifier"} {
		r.Secrets = append(r.Secrets, form[key]...)
	}
	var said answer
	r.Body, r.Into = httpapi.Form(form), &said
	if _, err := a.HTTP.Do(ctx, r); err != nil {
		return vault.Token{}, err
	}
	if said.Access == "" {
		return vault.Token{}, &connector.SendError{Outcome: connector.Deferred, Wait: a.Wait, Detail: "an answer without a token"}
	}
	return said.token(a.Now(), a.Usual), nil
}

func (s answer) token(now time.Time, usual time.Duration) vault.Token {
	t := vault.Token{Access: s.Access, Refresh: s.Refresh, Until: now.Add(usual)}
	if s.For > 0 {
		t.Until = now.Add(time.Duration(s.For) * time.Second)
	}
	if s.Ends > 0 {
		t.Ends = now.Add(time.Duration(s.Ends) * time.Second)
	}
	return t
}

// basic are the credentials of an app (RFC 6749, 2.3.1: each part is encoded as in a form).
func basic(id, secret string) string {
	return base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id) + ":" + url.QueryEscape(secret)))
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
