package oauth2_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/oauth2"
	"experthour/internal/connector/vault"
	"experthour/internal/connector/worldtest"
)

// server is one that gives tokens, and notes what it was asked.
type server struct {
	*httptest.Server
	answer string
	status int
	form   url.Values
	header http.Header
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{status: http.StatusOK, answer: `{"access_token":"a1","refresh_token":"r1","expires_in":7200,"scope":"read write"}`}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page" {
			http.Redirect(w, r, r.URL.Query().Get("redirect_uri")+"?code="+url.QueryEscape("the/code"), http.StatusFound)
			return
		}
		_ = r.ParseForm()
		s.form, s.header = r.PostForm, r.Header
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(s.status)
		_, _ = w.Write([]byte(s.answer))
	}))
	t.Cleanup(s.Close)
	return s
}

var began = time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)

func (s *server) client() oauth2.Client {
	return oauth2.Client{HTTP: httpapi.New(httpapi.Options{Base: s.URL}), Page: s.URL + "/page", Server: "/token",
		ID: "id", Secret: "top secret", Scopes: []string{"read", "write"}, Usual: time.Hour, Now: func() time.Time { return began }}
}

const back = "http://127.0.0.1:1/"

// TestConnect: what a person types is understood, the secret goes where the platform wants it, and
// what they allowed is kept.
func TestConnect(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string]func(*url.URL) string{"come back": nil, "the address": (*url.URL).String,
		"escaped": func(*url.URL) string { return "the%2Fcode" }} {
		w, s := worldtest.New(t), newServer(t)
		c, v := s.client(), w.Env().Vault("x", "id")
		if err := c.Connect(t.Context(), worldtest.Browser{T: t, Typed: typed}, back, url.Values{"prompt": {"consent"}}, v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		kept, err := vault.Get(t.Context(), v)
		if err != nil || kept.Access != "a1" || kept.Refresh != "r1" || !kept.Until.Equal(began.Add(2*time.Hour)) {
			t.Errorf("%s: it keeps %+v, %v", name, kept, err)
		}
		if s.form.Get("code") != "the/code" || s.form.Get("redirect_uri") != back || s.form.Get("code_verifier") == "" ||
			s.form.Get("client_secret") != "top secret" || s.form.Get("client_id") != "id" || s.header.Get("Authorization") != "" {
			t.Errorf("%s: it asked %v", name, s.form)
		}
	}
}

// TestBasic: a secret for the header does not stand in the form; without one the id stands there.
func TestBasic(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.client()
	c.Basic = true
	_, err := c.Renew(t.Context(), vault.Token{Refresh: "r0"})
	if err != nil || s.header.Get("Authorization") != "Basic aWQ6dG9wK3NlY3JldA==" || s.form.Has("client_secret") || s.form.Has("client_id") {
		t.Errorf("it asked %v with %v: %v", s.form, s.header, err)
	}
	c.Secret = ""
	_, err = c.Renew(t.Context(), vault.Token{Refresh: "r0"})
	if err != nil || s.header.Get("Authorization") != "" || s.form.Get("client_id") != "id" || s.form.Get("refresh_token") != "r0" {
		t.Errorf("without a secret it asked %v: %v", s.form, err)
	}
}

// TestNotConnected: who allowed less than is needed, or got nothing that lasts, is told, and nothing is kept.
func TestNotConnected(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"access_token":"a1","refresh_token":"r1","scope":"read"}`: "(write)",
		`{"access_token":"a1","scope":"read write"}`:                "no token that lasts",
		`{}`: "without a token",
	} {
		w, s := worldtest.New(t), newServer(t)
		v := w.Env().Vault("x", "id")
		s.answer = answer
		err := s.client().Connect(t.Context(), worldtest.Browser{T: t}, back, nil, v)
		if err == nil || !strings.Contains(connector.OutcomeOf(err).Detail, want) {
			t.Errorf("%s: %v", answer, err)
		}
		if kept, err := vault.Get(t.Context(), v); err == nil {
			t.Errorf("%s: it keeps %+v", answer, kept)
		}
	}
}

// TestRenew: what the server leaves out stays as it was; an answer that was lost may be asked for again only
// where a refresh token works more than once; no error tells a secret.
func TestRenew(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, old := s.client(), vault.Token{Refresh: "refresh-0", Ends: began.Add(time.Hour)}
	s.answer = `{"access_token":"a2"}`
	if now, err := c.Renew(t.Context(), old); err != nil || now.Refresh != old.Refresh || !now.Ends.Equal(old.Ends) ||
		!now.Until.Equal(began.Add(time.Hour)) {
		t.Errorf("it is %+v, %v", now, err)
	}
	if _, err := c.Renew(t.Context(), vault.Token{}); connector.OutcomeOf(err).Outcome != connector.Deferred {
		t.Errorf("without one: %v", err)
	}
	for _, rotates := range []bool{false, true} {
		c.Rotates = rotates
		want := map[bool]connector.Outcome{false: connector.Deferred, true: connector.Unsure}[rotates]
		for _, answer := range []string{`{}`, worldtest.HTMLPage, ""} {
			s.answer = answer
			if _, err := c.Renew(t.Context(), old); connector.OutcomeOf(err).Outcome != want {
				t.Errorf("rotates %v, %q: %v", rotates, answer, err)
			}
		}
	}
	s.status, s.answer = http.StatusBadRequest, `{"error":"refresh-0 and top secret"}`
	c.HTTP = httpapi.New(httpapi.Options{Base: s.URL, Dialect: httpapi.Dialect{Code: []string{"error"}}})
	_, err := c.Renew(t.Context(), old)
	if text := connector.OutcomeOf(err).Detail + err.Error(); strings.Contains(text, "refresh-0") || strings.Contains(text, "top secret") {
		t.Errorf("it tells %s", text)
	}
}
