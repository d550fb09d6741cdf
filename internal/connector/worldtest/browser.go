package worldtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"testing"

	"experthour/internal/connector"
)

// Browser is a person who agrees to what a pretend platform asks, by the only button of its page.
type Browser struct {
	T  testing.TB
	At string // where they come back to; empty is that they type a code
	// Typed is what they type, of the address that they were sent to; nil is the code.
	Typed func(address *url.URL) string
}

var _ connector.Browser = Browser{}

// Back is connector.Browser's.
func (b Browser) Back() string { return b.At }

// Ask is connector.Browser's.
func (b Browser) Ask(_ context.Context, page string, params url.Values) (connector.Grant, error) {
	b.T.Helper()
	verifier := rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	params = maps.Clone(params)
	maps.Copy(params, url.Values{"response_type": {"code"}, "state": {rand.Text()}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}})
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.PostForm(page+"?"+params.Encode(), nil)
	if err != nil {
		b.T.Fatal(err)
	}
	_ = resp.Body.Close()
	at, err := resp.Location()
	if err != nil {
		b.T.Fatalf("%s answers %d: %v", page, resp.StatusCode, err)
	}
	if b.Typed == nil {
		return connector.Grant{Code: at.Query().Get("code"), Verifier: verifier}, nil
	}
	return connector.Grant{Code: b.Typed(at), Verifier: verifier}, nil
}
