package oauth2

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/vault"
)

// ErrNone says that nobody let the program in yet.
var ErrNone = errors.New("nobody let the program in yet")

// mendWait is while somebody has to let it in.
const mendWait = 30 * time.Second

// Client is this program as a platform knows it.
type Client struct {
	HTTP *httpapi.Client
	// Page is where people are asked, and Server what gives tokens: addresses.
	Page, Server string
	ID, Secret   string
	// Basic says that the secret goes into the header, where there is one (RFC 6749, 2.3.1), and not into the form.
	Basic bool
	// Scopes are what it needs; who lets it do less is told.
	Scopes []string
	// Rotates says that a refresh token works once: after a lost answer nobody knows whether it still does.
	Rotates bool
	// Usual is how long an access token holds that does not say it.
	Usual time.Duration
	Now   func() time.Time
}

// Connect has a person let the program in, on the page with more parameters than all servers want,
// and keeps the token. They come back to an address, which need not answer: then they type what the browser shows.
func (c Client) Connect(ctx context.Context, b connector.Browser, back string, more url.Values, v connector.Vault) error {
	params := url.Values{"client_id": {c.ID}, "redirect_uri": {back}, "scope": {strings.Join(c.Scopes, " ")}}
	for k, vs := range more {
		params[k] = vs
	}
	g, err := b.Ask(ctx, c.Page, params)
	if err != nil {
		return err
	}
	t, scopes, err := c.ask(ctx, url.Values{"grant_type": {"authorization_code"}, "redirect_uri": {back}, "code": {code(g.Code)},
		"code_verifier": {g.Verifier}})
	switch lacks := c.lacking(scopes); {
	case err != nil:
		return err
	case t.Refresh == "":
		return refused("the platform gave no token that lasts; try once more")
	case len(lacks) > 0:
		return refused("the program was not let do everything that it needs (" + strings.Join(lacks, ", ") + "); try once more")
	}
	return vault.Put(ctx, v, t, c.Now())
}

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}

// lacking are the scopes that were not given; a server that says nothing gave all (RFC 6749, 5.1).
func (c Client) lacking(given []string) []string {
	if len(given) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.Scopes), func(s string) bool { return slices.Contains(given, s) })
}

// Renew asks for the token after old, as vault.Options.Ask.
func (c Client) Renew(ctx context.Context, old vault.Token) (vault.Token, error) {
	if old.Refresh == "" {
		return vault.Token{}, &connector.SendError{Outcome: connector.Deferred, Wait: mendWait, Detail: "no token", Cause: ErrNone}
	}
	t, _, err := c.ask(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old.Refresh}})
	if t.Refresh == "" {
		t.Refresh = old.Refresh
	}
	if t.Ends.IsZero() {
		t.Ends = old.Ends
	}
	if !c.Rotates {
		err = connector.Repeatable(err)
	}
	return t, err
}

// answer is what a server for tokens says. How long the refresh token holds is no part of the standard.
type answer struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	For     int64  `json:"expires_in"`
	Ends    int64  `json:"refresh_token_expires_in"`
	Scope   string
}

func (c Client) ask(ctx context.Context, form url.Values) (vault.Token, []string, error) {
	var said answer
	r := httpapi.Request{Method: http.MethodPost, To: c.Server, Into: &said, Secrets: []string{c.Secret}, Header: http.Header{}}
	for _, key := range []string{"refresh_token", "code", "code_verifier"} {
		r.Secrets = append(r.Secrets, form[key]...)
	}
	switch {
	case c.Basic && c.Secret != "":
		pair := url.QueryEscape(c.ID) + ":" + url.QueryEscape(c.Secret)
		r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
	default:
		form.Set("client_id", c.ID)
		if c.Secret != "" {
			form.Set("client_secret", c.Secret)
		}
	}
	r.Body = httpapi.Form(form)
	if _, err := c.HTTP.Do(ctx, r); err != nil {
		return vault.Token{}, nil, err
	}
	if said.Access == "" {
		return vault.Token{}, nil, c.nothing()
	}
	return said.token(c.Now(), c.Usual), strings.Fields(said.Scope), nil
}

// nothing is the error of an answer that says "done" and has no token.
func (c Client) nothing() error {
	e := &connector.SendError{Outcome: connector.Deferred, Wait: mendWait, Detail: "an answer without a token"}
	if c.Rotates {
		e.Outcome = connector.Unsure
	}
	return e
}

func (a answer) token(now time.Time, usual time.Duration) vault.Token {
	t := vault.Token{Access: a.Access, Refresh: a.Refresh, Until: now.Add(cmp.Or(time.Duration(max(a.For, 0))*time.Second, usual))}
	if a.Ends > 0 {
		t.Ends = now.Add(time.Duration(a.Ends) * time.Second)
	}
	return t
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
