package oauth2

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/vault"
)

var now = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// server answers one status and body, and keeps what was asked last.
type server struct {
	*httptest.Server
	status int
	body   string
	form   url.Values
	header http.Header
}

func newServer(t *testing.T, status int, body string) *server {
	s := &server{status: status, body: body}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		s.form, s.header = r.PostForm, r.Header
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(s.status)
		_, _ = w.Write([]byte(s.body))
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) app() App {
	clock := func() time.Time { return now }
	return App{HTTP: httpapi.New(httpapi.Options{Base: s.URL, Now: clock}), To: "/token", ID: "the app", Usual: time.Hour,
		Wait: time.Minute, Now: clock}
}

// TestToken: what is not said of a token is what is usual, or what it was.
func TestToken(t *testing.T) {
	t.Parallel()
	old := vault.Token{Refresh: "r0", Ends: now.Add(time.Hour)}
	for body, want := range map[string]vault.Token{
		`{"access_token":"a"}`: {Access: "a", Refresh: "r0", Until: now.Add(time.Hour), Ends: old.Ends},
		`{"access_token":"a","refresh_token":"r1","expires_in":60}`: {Access: "a", Refresh: "r1", Until: now.Add(time.Minute),
			Ends: old.Ends},
		`{"access_token":"a","refresh_token_expires_in":90}`: {Access: "a", Refresh: "r0", Until: now.Add(time.Hour),
			Ends: now.Add(90 * time.Second)},
	} {
		if got, err := newServer(t, 200, body).app().Renew(t.Context(), old); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", body, got, err, want)
		}
	}
}

// TestAnswers: what is no token is nothing to go on with, and no secret is in any error.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		body   string
		want   connector.Outcome
	}{
		{200, `{}`, connector.Deferred}, {400, `{"error":"invalid_grant","of":"the code, the verifier"}`, connector.Refused},
		{503, "busy", connector.Unsure}, {200, "<html>", connector.Unsure},
	} {
		app := newServer(t, c.status, c.body).app()
		app.Secret = "hush"
		_, err := app.Redeem(t.Context(), connector.Grant{Code: "the code", Verifier: "the verifier"}, "http://127.0.0.1/")
		if got := connector.OutcomeOf(err).Outcome; got != c.want {
			t.Errorf("%d %s: %v", c.status, c.body, err)
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			for _, secret := range []string{"the code", "the verifier", "hush"} {
				if text := fmt.Sprintf("%+v", e); strings.Contains(text, secret) {
					t.Errorf("%q is in %s", secret, text)
				}
			}
		}
	}
}

// TestSecret: an app that has a secret says it in one place.
func TestSecret(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		secret   string
		inHeader bool
		form     string
		header   string
	}{
		{"", true, "", ""}, {"", false, "", ""}, {"a:b", false, "a:b", ""}, {"a:b", true, "", "Basic dGhlK2FwcDphJTNBYg=="},
	} {
		s := newServer(t, 200, `{"access_token":"a"}`)
		app := s.app()
		app.Secret, app.InHeader = c.secret, c.inHeader
		if _, err := app.Renew(t.Context(), vault.Token{Refresh: "r"}); err != nil {
			t.Fatal(err)
		}
		if s.form.Get("client_secret") != c.form || s.header.Get("Authorization") != c.header || s.form.Get("client_id") != "the app" {
			t.Errorf("%+v: form %v, header %v", c, s.form, s.header)
		}
	}
}

// TestTyped: a code may be typed in each way in which people find it.
func TestTyped(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"4/0a+b", "4%2F0a%2Bb", "http://127.0.0.1/?state=s&code=4%2F0a%2Bb"} {
		s := newServer(t, 200, `{"access_token":"a"}`)
		if _, err := s.app().Redeem(t.Context(), connector.Grant{Code: typed}, "http://127.0.0.1/"); err != nil {
			t.Fatal(err)
		}
		if got := s.form.Get("code"); got != "4/0a+b" {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}
