package telegramfake

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"experthour/internal/testenv"
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// waits takes the place of time: what waits for up to longest is told at once that it is
// over, and what waits for more is never told.
type waits struct {
	longest time.Duration
	mu      sync.Mutex
	asked   []time.Duration
}

func (w *waits) after(d time.Duration) <-chan time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, d)
	over := make(chan time.Time)
	if d <= w.longest {
		close(over)
	}
	return over
}

// were fails the test unless exactly that was waited for, the shortest named first.
func (w *waits) were(t *testing.T, want ...time.Duration) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if got := slices.Sorted(slices.Values(w.asked)); !slices.Equal(got, want) {
		t.Errorf("it waited for %v, want %v", got, want)
	}
}

// quick makes waits short.
func quick() Options { return Options{Second: time.Millisecond, LocalWebhooks: true} }

func soon(t *testing.T) context.Context {
	t.Helper()
	return testenv.Soon(t)
}

// got is an answer of the server.
type got struct {
	Status      int `json:"-"`
	Header      http.Header
	OK          bool
	Result      json.RawMessage
	ErrorCode   int `json:"error_code"`
	Description string
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	}
}

// raw calls a method by form, as curl would; pairs are names and values.
func raw(t *testing.T, s *Server, method string, pairs ...any) got {
	t.Helper()
	g, err := try(t.Context(), s, method, pairs...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func try(ctx context.Context, s *Server, method string, pairs ...any) (got, error) {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i].(string), fmt.Sprint(pairs[i+1]))
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL()+"/bot"+s.Token()+"/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		return got{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(r)
}

func do(r *http.Request) (got, error) {
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return got{}, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return got{}, err
	}
	var g got
	if err := json.Unmarshal(body, &g); err != nil {
		return got{}, fmt.Errorf("%q: %w", body, err)
	}
	g.Status, g.Header = res.StatusCode, res.Header
	return g, nil
}

// want fails unless the answer is the refusal; "" is ok.
func want(t *testing.T, g got, code int, description string) {
	t.Helper()
	if description == "" {
		if !g.OK || g.Status != 200 {
			t.Fatalf("got %d %q, want ok", g.Status, g.Description)
		}
		return
	}
	if g.OK || g.Status != code || g.ErrorCode != code || g.Description != description {
		t.Fatalf("got %d %q, want %d %q", g.Status, g.Description, code, description)
	}
}

type update map[string]json.RawMessage

func (u update) id() int {
	var id int
	_ = json.Unmarshal(u["update_id"], &id)
	return id
}

// updates polls once with the given arguments.
func updates(t *testing.T, s *Server, pairs ...any) []update {
	t.Helper()
	g := raw(t, s, "getUpdates", pairs...)
	want(t, g, 200, "")
	return decode[[]update](t, g.Result)
}

var peeks atomic.Int64

// peek is every update that waits. It confirms nothing: a negative offset keeps as
// many as it says, and one that never repeats is not slowed down.
func peek(t *testing.T, s *Server) []update {
	t.Helper()
	return updates(t, s, "offset", -1000-peeks.Add(1))
}

// newest is the message, or what else it holds, of the newest update of a kind.
func newest[T any](t *testing.T, s *Server, kind string) T {
	t.Helper()
	all := peek(t, s)
	for _, u := range slices.Backward(all) {
		if u[kind] != nil {
			return decode[T](t, u[kind])
		}
	}
	t.Fatalf("no %s among %v", kind, kinds(all))
	panic("not reached")
}

func decode[T any](t *testing.T, data []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return v
}

type message struct {
	ID         int  `json:"message_id"`
	Thread     int  `json:"message_thread_id"`
	InTopic    bool `json:"is_topic_message"`
	Automatic  bool `json:"is_automatic_forward"`
	From       *struct{ ID int64 }
	SenderChat *struct{ ID int64 } `json:"sender_chat"`
	Chat       struct {
		ID    int64
		Type  string
		Forum bool `json:"is_forum"`
	}
	Date     int64
	EditDate int64 `json:"edit_date"`
	Text     string
	Caption  string
	ReplyTo  *message `json:"reply_to_message"`
	Entities []struct {
		Type           string
		Offset, Length int
		URL            string
	}
	Markup    json.RawMessage        `json:"reply_markup"`
	MigrateTo int64                  `json:"migrate_to_chat_id"`
	MovedFrom int64                  `json:"migrate_from_chat_id"`
	Created   *struct{ Name string } `json:"forum_topic_created"`
	Pinned    *message               `json:"pinned_message"`
	NewOnes   []struct{ ID int64 }   `json:"new_chat_members"`
}

// send sends a text and returns the message.
func send(t *testing.T, s *Server, chat int64, text string, pairs ...any) message {
	t.Helper()
	g := raw(t, s, "sendMessage", append([]any{"chat_id", chat, "text", text}, pairs...)...)
	want(t, g, 200, "")
	return decode[message](t, g.Result)
}

// keyboard is an inline keyboard of one row; labels are their own data.
func keyboard(labels ...string) string {
	row := []map[string]string{}
	for _, l := range labels {
		row = append(row, map[string]string{"text": l, "callback_data": l})
	}
	return string(encode(map[string]any{"inline_keyboard": []any{row}}))
}

// kinds are the kinds of the updates.
func kinds(all []update) []string {
	var out []string
	for _, u := range all {
		for k := range u {
			if k != "update_id" {
				out = append(out, k)
			}
		}
	}
	return out
}
