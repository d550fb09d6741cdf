package mastodon

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/connector/receive"
)

// visitor is somebody with a browser.
type visitor struct {
	t    *testing.T
	back string
	code string // that comes back instead
}

func (v visitor) Back() string { return v.back }

const proof = "a-verifier-that-is-longer-than-forty-three-characters"

// Ask says yes on the page.
func (v visitor) Ask(_ context.Context, page string, params url.Values) (connector.Grant, error) {
	sum := sha256.Sum256([]byte(proof))
	for name, value := range map[string]string{"response_type": "code", "state": "s", "code_challenge_method": "S256",
		"code_challenge": base64.RawURLEncoding.EncodeToString(sum[:])} {
		params.Set(name, value)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(page, params)
	if err != nil {
		return connector.Grant{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	if v.code != "" {
		return connector.Grant{Code: v.code, Verifier: proof}, nil
	}
	if at, err := resp.Location(); err == nil {
		return connector.Grant{Code: at.Query().Get("code"), Verifier: proof}, nil
	}
	_, rest, _ := strings.Cut(string(body), `value="`)
	code, _, _ := strings.Cut(rest, `"`)
	return connector.Grant{Code: html.UnescapeString(code), Verifier: proof}, nil
}

// The token of whoever logs in is in the vault, and counts with the next call; without one
// the check says what to do.
func TestConnect(t *testing.T) {
	t.Parallel()
	for _, back := range []string{"http://127.0.0.1:9/", ""} {
		w, m := newWorld(t, usual)
		m.given = ""
		if fs := m.Check(t.Context()); len(fs) != 1 || fs[0].ID != "mastodon.connect" || !fs[0].Bad {
			t.Errorf("without a token: %+v", fs)
		}
		if _, err := m.Fetch(t.Context(), receive.Look{}, nil); err == nil {
			t.Error("fetched without a token")
		}
		if err := m.Connect(t.Context(), visitor{t: t, back: back}); err != nil {
			t.Fatal(err)
		}
		if fs := m.Check(t.Context()); fs[0].ID != "mastodon.works" {
			t.Errorf("with it: %+v", fs)
		}
		if token, err := m.token(t.Context()); err != nil || token == mastodonfake.Token || !slices.Contains(w.fake.Tokens(), token) {
			t.Errorf("the token in the vault is none of the server's: %v", err)
		}
	}
}

// A token in the file counts, so no other one is made beside it; and a wrong code leaves
// what was there.
func TestConnectFails(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	if err := m.Connect(t.Context(), visitor{t: t}); !errors.Is(err, errGiven) {
		t.Errorf("beside a token of the file: %v", err)
	}
	m.given = ""
	if err := m.Connect(t.Context(), visitor{t: t}); err != nil {
		t.Fatal(err)
	}
	before, _ := m.token(t.Context())
	err := m.Connect(t.Context(), visitor{t: t, code: "s3cret-code"})
	if connector.OutcomeOf(err).Outcome != connector.Refused || strings.Contains(err.Error(), "s3cret-code") {
		t.Errorf("with a wrong code: %v", err)
	}
	if after, err := m.token(t.Context()); after != before || err != nil {
		t.Errorf("after a wrong code the token is another one: %v", err)
	}
	w.fake.Revoke(before)
	if fs := m.Check(t.Context()); fs[0].ID != "mastodon.account" {
		t.Errorf("with a token that was taken back: %+v", fs)
	}
}
