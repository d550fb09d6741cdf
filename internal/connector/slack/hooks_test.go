package slack

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/slack/slackfake"
)

// sent posts a body as somebody who knows the secret, at a time.
func sent(t *testing.T, to, secret string, at time.Time, kind, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", slackfake.Sign(secret, stamp, []byte(body)))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

const (
	asForm = "application/x-www-form-urlencoded"
	asText = "application/json"
)

func overHTTP(o *Options) { o.Mode = HTTP }

func TestVerifyURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast, overHTTP)
	w.serve()
	if err := w.fake.VerifyURL(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSignature(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast, overHTTP)
	srv := w.serve()
	event := `{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel":"C0DESK","user":"U0ANNA",` +
		`"text":"Hi","ts":"1.000001"}}`
	now := time.Now()
	for name, c := range map[string]struct {
		secret string
		at     time.Time
		body   string
		want   int
	}{
		"good":         {signature, now, event, http.StatusOK},
		"wrong secret": {"another", now, event, http.StatusUnauthorized},
		"old":          {signature, now.Add(-6 * time.Minute), event, http.StatusUnauthorized},
		"from ahead":   {signature, now.Add(6 * time.Minute), event, http.StatusUnauthorized},
		"too long":     {signature, now, event + strings.Repeat(" ", mostBody), http.StatusRequestEntityTooLarge},
	} {
		for _, path := range []string{PathEvents, PathCommands, PathInteractions} {
			status, _ := sent(t, srv.URL+path, c.secret, c.at, asText, c.body)
			if path != PathEvents && c.want == http.StatusOK {
				continue
			}
			if status != c.want {
				t.Errorf("%s at %s: status %d, want %d", name, path, status, c.want)
			}
		}
	}
	resp, err := http.Get(srv.URL + PathEvents)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET is answered %d", resp.StatusCode)
	}
}

// Without a secret nothing is let in: an empty key signs nothing.
func TestNoSigningSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast, overHTTP, func(o *Options) { o.SigningSecret = "" })
	srv := w.serve()
	if status, _ := sent(t, srv.URL+PathEvents, "", time.Now(), asText, "{}"); status != http.StatusUnauthorized {
		t.Errorf("status %d", status)
	}
}

// Only the body is signed: a payload in the address is nobody's.
func TestPayloadInTheAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast, overHTTP)
	srv := w.serve()
	payload := url.QueryEscape(`{"type":"block_actions","user":{"id":"U0ANNA"},"actions":[{"type":"button","action_id":"a0","block_id":"b0",` +
		`"value":"x","action_ts":"1.1"}]}`)
	if status, _ := sent(t, srv.URL+PathInteractions+"?payload="+payload, signature, time.Now(), asForm, ""); status != http.StatusBadRequest {
		t.Errorf("status %d", status)
	}
	if n := len(got(w.inbox, &w.inbox.presses)); n != 0 {
		t.Errorf("%d presses", n)
	}
	if status, _ := sent(t, srv.URL+PathCommands+"?text=close&user_id=U0ANNA", signature, time.Now(), asForm,
		"text=help"); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	if c := got(w.inbox, &w.inbox.commands)[0]; c.Text != "help" || c.By.ID != "" {
		t.Errorf("command %+v", c)
	}
}

// A signed request can be sent again for five minutes.
func TestReplayedRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast, overHTTP)
	srv := w.serve()
	command := "text=close&user_id=U0ANNA&channel_id=C0DESK&trigger_id=1.2.3"
	press := "payload=" + url.QueryEscape(`{"type":"block_actions","user":{"id":"U0ANNA"},
		"container":{"message_ts":"1.5","channel_id":"C0DESK"},
		"actions":[{"type":"button","action_id":"a0","block_id":"b0","value":"x","action_ts":"1.1"}]}`)
	for range 2 {
		at := time.Now()
		if status, _ := sent(t, srv.URL+PathCommands, signature, at, asForm, command); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
		if status, _ := sent(t, srv.URL+PathInteractions, signature, at, asForm, press); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	if c, p := len(got(w.inbox, &w.inbox.commands)), len(got(w.inbox, &w.inbox.presses)); c != 1 || p != 1 {
		t.Errorf("%d commands, %d presses", c, p)
	}
}

func TestHooksOnlyInModeHTTP(t *testing.T) {
	t.Parallel()
	if hooks := newWorld(t, fast).Hooks(); hooks != nil {
		t.Errorf("hooks %v", hooks)
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast, overHTTP)
	srv := w.serve()
	for _, body := range []string{"", "payload=", "payload=%7B", "payload=null", "%zz",
		"payload=" + url.QueryEscape(`{"type":"block_actions","actions":[]}`),
		"payload=" + url.QueryEscape(`{"type":"view_submission"}`), "payload=" + url.QueryEscape(`{"type":"block_suggestion"}`)} {
		if status, answer := sent(t, srv.URL+PathInteractions, signature, time.Now(), asForm, body); status >= 500 {
			t.Errorf("%q: status %d, %s", body, status, answer)
		}
	}
	if bytes.Contains([]byte(w.logs.String()), []byte("panic")) {
		t.Error(w.logs)
	}
}
