package slackfake_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector/slack/slackfake"
)

// raw calls the Web API with nothing but net/http.
type raw struct {
	t     *testing.T
	w     *slackfake.Workspace
	token string
}

type object = map[string]any

type answer struct {
	status int
	header http.Header
	text   string
	body   object
}

func (a answer) code() string { s, _ := a.body["error"].(string); return s }
func (a answer) ok() bool     { b, _ := a.body["ok"].(bool); return b }
func (a answer) str(key string) string {
	s, _ := a.body[key].(string)
	return s
}

// start opens a workspace without a test to report to, so that misuse only returns errors.
func start(t *testing.T, opts slackfake.Options) (raw, *slackfake.Workspace) {
	t.Helper()
	w, err := slackfake.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return raw{t: t, w: w, token: "xoxb-fake-bot"}, w
}

func (r raw) app() raw { r.token = "xapp-fake-app"; return r }

// call sends key-value pairs as a form; a value that is no string goes as JSON, as Slack wants it.
func (r raw) call(method string, pairs ...any) answer {
	r.t.Helper()
	a, err := r.try(method, pairs...)
	if err != nil {
		r.t.Fatalf("%s: %v", method, err)
	}
	return a
}

func (r raw) try(method string, pairs ...any) (answer, error) {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		s, isString := pairs[i+1].(string)
		if !isString {
			data, _ := json.Marshal(pairs[i+1])
			s = string(data)
		}
		form.Set(pairs[i].(string), s)
	}
	return r.send(method, "application/x-www-form-urlencoded", form.Encode(), "Bearer "+r.token)
}

func (r raw) json(method string, args any) answer {
	r.t.Helper()
	data, err := json.Marshal(args)
	if err != nil {
		r.t.Fatal(err)
	}
	a, err := r.send(method, "application/json; charset=utf-8", string(data), "Bearer "+r.token)
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

func (r raw) send(method, kind, body, auth string) (answer, error) {
	req, _ := http.NewRequest(http.MethodPost, r.w.URL()+method, bytes.NewBufferString(body))
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if auth != "" && auth != "Bearer " {
		req.Header.Set("Authorization", auth)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	a := answer{status: resp.StatusCode, header: resp.Header, text: string(data)}
	_ = json.Unmarshal(data, &a.body)
	return a, err
}

// post posts text and gives the ts.
func (r raw) post(pairs ...any) string {
	r.t.Helper()
	a := r.call("chat.postMessage", append([]any{"channel", "C1"}, pairs...)...)
	if a.str("ts") == "" {
		r.t.Fatalf("post: %s", a.text)
	}
	return a.str("ts")
}

func wantCode(t *testing.T, a answer, code string) {
	t.Helper()
	if a.ok() || a.code() != code || a.status != http.StatusOK {
		t.Errorf("got %d %s, want %s", a.status, a.text, code)
	}
}

func wantOK(t *testing.T, a answer) {
	t.Helper()
	if !a.ok() {
		t.Errorf("got %d %s, want ok", a.status, a.text)
	}
}

func section(s string) object {
	return object{"type": "section", "text": object{"type": "mrkdwn", "text": s}}
}

func plain(s string) object { return object{"type": "plain_text", "text": s} }

func button(id, label string) object {
	return object{"type": "button", "action_id": id, "text": plain(label)}
}

func actions(elements ...any) object { return object{"type": "actions", "elements": elements} }

func many(n int, item func(i int) any) []any {
	out := make([]any, n)
	for i := range n {
		out[i] = item(i)
	}
	return out
}

func letters(n int) string { return strings.Repeat("x", n) }

// clock is a clock that only moves when told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (a answer) messages() []object {
	var out []object
	items, _ := a.body["messages"].([]any)
	for _, item := range items {
		out = append(out, item.(object))
	}
	return out
}

func texts(messages []object) string {
	var out []string
	for _, m := range messages {
		out = append(out, m["text"].(string))
	}
	return strings.Join(out, ",")
}

func cursor(a answer) string {
	meta, _ := a.body["response_metadata"].(object)
	s, _ := meta["next_cursor"].(string)
	return s
}
