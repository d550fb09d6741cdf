package mastodon

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/vault"
)

var _ connector.Connecter = (*Mastodon)(nil)

const (
	// usualScopes are what the program needs, besides pinScope where announcements are pinned.
	usualScopes = "read write:statuses write:media"
	// typed is to where a server sends people back whose browser cannot reach this program.
	typed = "urn:ietf:wg:oauth:2.0:oob"
)

// application is this program as a server knows it.
type application struct {
	ID     string `json:"client_id"`
	Secret string `json:"client_secret"`
}

func (m *Mastodon) scopes() string {
	if m.pins {
		return usualScopes + " " + pinScope
	}
	return usualScopes
}

var errGiven = errors.New("[mastodon] token is in the configuration and would go on to be used; remove it there first")

// Connect makes an application of its own at the server, and keeps the token that the person
// who logs in lets it have.
func (m *Mastodon) Connect(ctx context.Context, b connector.Browser) error {
	if m.given != "" {
		return errGiven
	}
	back := cmp.Or(b.Back(), typed)
	app, err := m.register(ctx, back)
	if err != nil {
		return err
	}
	g, err := b.Ask(ctx, m.server+"/oauth/authorize", url.Values{"client_id": {app.ID}, "redirect_uri": {back}, "scope": {m.scopes()}})
	if err != nil {
		return err
	}
	token, err := m.redeem(ctx, app, g, back)
	if err != nil {
		return err
	}
	return vault.Put(ctx, m.vault, vault.Token{Access: token}, m.Now())
}

func (m *Mastodon) register(ctx context.Context, back string) (app application, err error) {
	err = m.post(ctx, "/api/v1/apps", url.Values{"client_name": {"Expert hour"}, "redirect_uris": {back}, "scopes": {m.scopes()}}, &app)
	if err == nil && (app.ID == "" || app.Secret == "") {
		err = &connector.SendError{Outcome: connector.Refused, Detail: "the server registers no applications"}
	}
	return app, err
}

// redeem makes a token of what a person allowed.
func (m *Mastodon) redeem(ctx context.Context, app application, g connector.Grant, back string) (string, error) {
	var said struct {
		Token string `json:"access_token"`
	}
	err := m.post(ctx, "/oauth/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {app.ID}, "client_secret": {app.Secret},
		"redirect_uri": {back}, "code": {g.Code}, "code_verifier": {g.Verifier}}, &said)
	if err == nil && said.Token == "" {
		err = &connector.SendError{Outcome: connector.Refused, Detail: "the server gave no token"}
	}
	return said.Token, err
}

// post sends a form, none of whose values is for any log, without a token.
func (m *Mastodon) post(ctx context.Context, to string, form url.Values, into any) error {
	r := httpapi.Request{Method: http.MethodPost, To: to, Body: httpapi.Form(form), Into: into, Header: alone()}
	for _, key := range []string{"client_secret", "code", "code_verifier"} {
		r.Secrets = append(r.Secrets, form[key]...)
	}
	_, err := m.http.Do(ctx, r)
	return err
}
