package telegramfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// hook is a bot's webhook: it writes down what comes and answers as told.
type hook struct {
	*httptest.Server
	mu     sync.Mutex
	came   []delivery
	change chan struct{}
}

type delivery struct {
	at     time.Time
	id     int
	chat   int64
	secret string
}

// newHook answers with what the function says for the n-th delivery.
func newHook(t *testing.T, answer func(n int, d delivery, w http.ResponseWriter)) *hook {
	t.Helper()
	h := &hook{change: make(chan struct{}, 1000)}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var u struct {
			ID      int `json:"update_id"`
			Message *message
		}
		if err := json.Unmarshal(body, &u); err != nil || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%q: %v", body, err)
		}
		d := delivery{time.Now(), u.ID - firstUpdate, 0, r.Header.Get("X-Telegram-Bot-Api-Secret-Token")}
		if u.Message != nil {
			d.chat = u.Message.Chat.ID
		}
		h.mu.Lock()
		h.came = append(h.came, d)
		n := len(h.came)
		h.mu.Unlock()
		h.change <- struct{}{}
		answer(n, d, w)
	}))
	t.Cleanup(h.Close)
	return h
}

// after waits for the n-th delivery.
func (h *hook) after(t *testing.T, n int) []delivery {
	t.Helper()
	for ctx := soon(t); ; {
		h.mu.Lock()
		got := slices.Clone(h.came)
		h.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-h.change:
		case <-ctx.Done():
			t.Fatalf("%d of %d deliveries came", len(got), n)
		}
	}
}

func fine(int, delivery, http.ResponseWriter) {}

func none(s *Server) func() bool { return func() bool { return len(s.Pending()) == 0 } }

func TestWebhookSettings(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{Now: clock.now})
	local := New(t, Options{LocalWebhooks: true, NoLimits: true})
	set := func(s *Server, pairs ...any) got {
		clock.add(time.Minute)
		return raw(t, s, "setWebhook", pairs...)
	}
	for _, c := range []struct {
		url, secret, want string
	}{
		{"http://example.org/", "", "bad webhook: An HTTPS URL must be provided for webhook"},
		{"https://example.org:444/", "", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"},
		{"https://127.0.0.1/", "", "bad webhook: IP address 127.0.0.1 is reserved"},
		{"https:///", "", "invalid webhook URL specified"},
		{"https://example.org/", "a b", "secret token contains unallowed characters"},
		{"https://example.org/", strings.Repeat("x", 257), "secret token is too long"},
	} {
		want(t, set(s, "url", c.url, "secret_token", c.secret), 400, "Bad Request: "+c.want)
	}
	for _, u := range []string{"https://example.org/", "https://example.org:8443/x", "https://example.org:88/"} {
		want(t, set(s, "url", u, "secret_token", strings.Repeat("x-_", 85)), 200, "")
	}
	want(t, raw(t, s, "setWebhook", "url", "https://example.org/"), 429, "Too Many Requests: retry after 1")
	want(t, set(local, "url", "http://example.org/"), 400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
	want(t, set(local, "url", "http://127.0.0.1:1/"), 200, "")

	g := set(s, "url", "https://example.org:88/", "max_connections", 700, "allowed_updates", `["message"]`)
	if g.Description != "Webhook was set" {
		t.Errorf("got %q", g.Description)
	}
	if g = set(s, "url", "https://example.org:88/", "max_connections", 100); g.Description != "Webhook is already set" {
		t.Errorf("got %q", g.Description)
	}
	info := decode[struct {
		URL         string
		Connections int      `json:"max_connections"`
		Allowed     []string `json:"allowed_updates"`
		Pending     *int     `json:"pending_update_count"`
	}](t, raw(t, s, "getWebhookInfo").Result)
	if info.URL != "https://example.org:88/" || info.Connections != 100 ||
		!slices.Equal(info.Allowed, []string{"message"}) || info.Pending == nil {
		t.Errorf("got %+v", info)
	}
	if g := raw(t, s, "deleteWebhook"); g.Description != "Webhook was deleted" || s.WebhookURL() != "" {
		t.Errorf("got %q", g.Description)
	}
	if g := raw(t, s, "deleteWebhook"); g.Description != "Webhook is already deleted" {
		t.Errorf("got %q", g.Description)
	}
}

func TestWebhookDelivers(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna := s.User(1, "Anna")
	anna.Start("early")
	h := newHook(t, fine)
	want(t, raw(t, s, "setWebhook", "url", h.URL, "secret_token", "s3cret"), 200, "")
	anna.Write("late")
	got := h.after(t, 2)
	if got[0].id != 0 || got[1].id != 1 || got[0].secret != "s3cret" {
		t.Errorf("got %+v", got)
	}
	s.Await(soon(t), "everything confirmed", none(s))
}

// Only 2xx confirms. The second attempt comes at once, later ones after 2, 4, 8 s …
func TestWebhookResends(t *testing.T) {
	t.Parallel()
	o := quick()
	o.Second = 20 * time.Millisecond
	s := New(t, o)
	statuses := []int{302, 500, 404, 503, 204}
	h := newHook(t, func(n int, _ delivery, w http.ResponseWriter) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(statuses[min(n, len(statuses))-1])
	})
	want(t, raw(t, s, "setWebhook", "url", h.URL), 200, "")
	s.User(1, "Anna").Start("")
	got := h.after(t, 5)
	s.Await(soon(t), "everything confirmed", none(s))
	for i, least := range []time.Duration{0, 40, 80, 160} {
		if d := got[i+1].at.Sub(got[i].at); d < least*time.Millisecond {
			t.Errorf("attempt %d came after %v", i+2, d)
		}
	}
	info := decode[struct {
		Message string `json:"last_error_message"`
		Date    int64  `json:"last_error_date"`
	}](t, raw(t, s, "getWebhookInfo").Result)
	if info.Message != "Wrong response from the webhook: 503 Service Unavailable" || info.Date == 0 {
		t.Errorf("got %+v", info)
	}
}

func TestWebhookDelays(t *testing.T) {
	t.Parallel()
	e := &event{}
	var got []float64
	for range 9 {
		got = append(got, e.next(""))
	}
	if !slices.Equal(got, []float64{0, 2, 4, 8, 16, 32, 60, 60, 60}) {
		t.Errorf("got %v", got)
	}
	if a, b, c := e.next("7"), e.next("99999"), e.next("-3"); a != 7 || b != 3600 || c != 60 {
		t.Errorf("Retry-After: %v %v %v", a, b, c)
	}
}

func TestWebhookHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	o := quick()
	o.Second = 20 * time.Millisecond
	s := New(t, o)
	h := newHook(t, func(n int, _ delivery, w http.ResponseWriter) {
		if n == 1 {
			w.Header().Set("Retry-After", "6")
			w.WriteHeader(503)
		}
	})
	want(t, raw(t, s, "setWebhook", "url", h.URL), 200, "")
	s.User(1, "Anna").Start("")
	if got := h.after(t, 2); got[1].at.Sub(got[0].at) < 120*time.Millisecond {
		t.Errorf("it came again after %v", got[1].at.Sub(got[0].at))
	}
}

// An update that fails holds back its own chat only.
func TestWebhookKeepsOrderPerChat(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna, bob := s.User(1, "Anna"), s.User(2, "Bob")
	var failed, works atomic.Bool
	h := newHook(t, func(_ int, d delivery, w http.ResponseWriter) {
		if d.chat == 1 && !works.Load() {
			w.WriteHeader(500)
			failed.Store(true)
		}
	})
	want(t, raw(t, s, "setWebhook", "url", h.URL), 200, "")
	anna.Start("")
	anna.Write("second")
	bob.Start("")
	bob.Write("second")
	s.Await(soon(t), "Bob's, and a failure of Anna's", func() bool { return len(s.Pending()) == 2 && failed.Load() })
	works.Store(true)
	s.Await(soon(t), "all", none(s))
	var hers, his []int
	for _, d := range h.after(t, 4) {
		if d.chat == 1 {
			hers = append(hers, d.id)
		} else {
			his = append(his, d.id)
		}
	}
	if !slices.Equal(slices.Compact(hers), []int{0, 1}) || !slices.Equal(his, []int{2, 3}) || len(hers) < 3 {
		t.Errorf("hers %v, his %v", hers, his)
	}
}

func TestWebhookConnections(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	most := 0
	both, free := make(chan struct{}, 9), make(chan struct{})
	h := newHook(t, func(int, delivery, http.ResponseWriter) {
		both <- struct{}{}
		<-free
	})
	for i := range 6 {
		s.User(int64(i+1), "Anna").Start("")
	}
	want(t, raw(t, s, "setWebhook", "url", h.URL, "max_connections", 2), 200, "")
	<-both
	<-both
	s.mu.Lock()
	for _, e := range s.queue.events {
		if e.flying {
			most++
		}
	}
	s.mu.Unlock()
	close(free)
	s.Await(soon(t), "all", none(s))
	if most != 2 {
		t.Errorf("%d at once", most)
	}
}

// A method in the answer is called, unless it is one that must not be.
func TestWebhookAnswerIsExecuted(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna := s.User(1, "Anna")
	h := newHook(t, func(n int, _ delivery, w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/json")
		body := `{"method":"deleteWebhook"}`
		if n == 2 {
			body = `{"method":"sendMessage","chat_id":1,"text":"from the answer"}`
		}
		_, _ = w.Write([]byte(body))
	})
	want(t, raw(t, s, "setWebhook", "url", h.URL), 200, "")
	anna.Start("")
	anna.Write("second")
	anna.Await(soon(t), Says("from the answer"))
	if s.WebhookURL() == "" {
		t.Error("the webhook was deleted")
	}
}

func TestWebhookGoesWhenGone(t *testing.T) {
	t.Parallel()
	clock := newClock()
	o := quick()
	o.Now = clock.now
	s := New(t, o)
	h := newHook(t, func(_ int, _ delivery, w http.ResponseWriter) { w.WriteHeader(410) })
	want(t, raw(t, s, "setWebhook", "url", h.URL), 200, "")
	s.User(1, "Anna").Start("")
	h.after(t, 2)
	if s.WebhookURL() == "" {
		t.Fatal("it went at once")
	}
	clock.add(goneFor + time.Second)
	s.Await(soon(t), "no webhook", func() bool { return s.WebhookURL() == "" })
	if got := len(s.Pending()); got != 1 {
		t.Errorf("%d pending", got)
	}
}

func TestDropPendingUpdates(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	s.User(1, "Anna").Start("")
	want(t, raw(t, s, "deleteWebhook", "drop_pending_updates", true), 200, "")
	if got := s.Pending(); len(got) != 0 {
		t.Errorf("pending %v", got)
	}
}

// Close ends waiting polls and deliveries.
func TestClose(t *testing.T) {
	t.Parallel()
	s, err := Start(Options{LocalWebhooks: true})
	if err != nil {
		t.Fatal(err)
	}
	poll := later(t, s, "getUpdates", "timeout", 50)
	for !s.Polling() {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if !s.Polling() {
			<-changed
		}
	}
	s.Close()
	if g := <-poll; g.OK {
		t.Errorf("got %+v", g)
	}
	if _, err := Start(Options{Token: "nonsense"}); err == nil {
		t.Error("a token without a number")
	}
}
