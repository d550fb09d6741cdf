package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"experthour/internal/session"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newSite(t *testing.T, change func(*Config)) *Site {
	t.Helper()
	c := Config{Language: session.English, PublicURL: "https://hour.example", Now: func() time.Time { return noon },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if change != nil {
		change(&c)
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestClientAddrTrustsOnlyProxies(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(c *Config) {
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	})
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "203.0.113.5", "192.0.2.1"}, // anybody can send the header
		{"10.0.0.1:5", "203.0.113.5", "203.0.113.5"},
		{"10.0.0.1:5", "6.6.6.6, 203.0.113.5", "203.0.113.5"}, // the left part is the client's word
		{"10.0.0.1:5", "203.0.113.5, 10.0.0.2", "203.0.113.5"},
		{"10.0.0.1:5", "garbage", "10.0.0.1"},
		{"10.0.0.1:5", "203.0.113.5, garbage", "10.0.0.1"},
		{"10.0.0.1:5", "", "10.0.0.1"},
		{"[fd00::1]:5", "2001:db8::7", "2001:db8::7"},
		{"[::ffff:10.0.0.1]:5", "::ffff:203.0.113.5", "203.0.113.5"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := s.ClientAddr(r).String(); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

// counted is a store of quotas that a test looks into: each allows so many and no more.
type counted struct {
	mu    sync.Mutex
	spent map[string]int
	calls int
}

func (c *counted) Spend(_ context.Context, group string, qs ...session.Quota) (time.Duration, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	for _, q := range qs {
		if c.spent[group+q.Name] >= q.Most {
			return q.Per, nil
		}
	}
	for _, q := range qs {
		c.spent[group+q.Name]++
	}
	return 0, nil
}

// fits counts how many calls are let through, one from each address that from makes.
func fits(t *testing.T, l *Limiter, count int, from func(i int) string) (n int) {
	t.Helper()
	for i := range count {
		err := l.Take(t.Context(), netip.MustParseAddr(from(i)), noon, "")
		if err == nil {
			n++
		} else if session.KindOf(err) != session.TooMany {
			t.Fatal(err)
		}
	}
	return n
}

// TestLimiterCountsNetworks: who has many addresses has no more than a few times as much, and
// others are let through.
func TestLimiterCountsNetworks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from func(i int) string
		want int
	}{
		"one IPv4 address": {func(int) string { return "192.0.2.1" }, 5},
		"a /24":            {func(i int) string { return fmt.Sprintf("192.0.2.%d", i%256) }, 20},
		"many /24":         {func(i int) string { return fmt.Sprintf("10.%d.%d.1", i/256, i%256) }, 1000},
		"one /64":          {func(i int) string { return fmt.Sprintf("2001:db8::%x", i) }, 5},
		"one /56":          {func(i int) string { return fmt.Sprintf("2001:db8:0:%x::1", i%256) }, 20},
		"one /48":          {func(i int) string { return fmt.Sprintf("2001:db8:0:%x::1", i*64%65536) }, 80},
		"many /48":         {func(i int) string { return fmt.Sprintf("2001:db8:%x::1", i) }, 1000},
	} {
		q := &counted{spent: map[string]int{}}
		l := NewLimiter(q, []byte("secret"), "ask", Rate{5, time.Minute}, Rate{100, time.Hour})
		if n := fits(t, l, 1000, c.from); n != c.want {
			t.Errorf("%s: %d of 1000, want %d", name, n, c.want)
		}
	}
}

func TestLimiterByTheHour(t *testing.T) {
	t.Parallel()
	l := NewLimiter(&counted{spent: map[string]int{}}, nil, "ask", Rate{1000, time.Minute}, Rate{7, time.Hour})
	if n := fits(t, l, 100, func(int) string { return "192.0.2.1" }); n != 7 {
		t.Errorf("%d", n)
	}
}

// What was refused is refused again without the store, for as long as it said, and subjects
// are counted apart.
func TestLimiterRemembersARefusal(t *testing.T) {
	t.Parallel()
	q := &counted{spent: map[string]int{}}
	l := NewLimiter(q, nil, "vote", Rate{1, time.Minute})
	from := netip.MustParseAddr("192.0.2.1")
	take := func(at time.Time, subject string) error { return l.Take(t.Context(), from, at, subject) }
	for range 100 {
		_ = take(noon, "a")
	}
	if q.calls != 2 {
		t.Errorf("the store was asked %d times", q.calls)
	}
	if err := l.Take(t.Context(), from, noon, "b"); err != nil {
		t.Errorf("another subject: %v", err)
	}
	_ = take(noon.Add(time.Minute), "a")
	if q.calls != 4 {
		t.Errorf("after the wait: %d times", q.calls)
	}
	for i := range remembered + 10 {
		l.remember(fmt.Sprint(i), noon)
	}
	if len(l.refused) > remembered {
		t.Errorf("%d remembered", len(l.refused))
	}
}

// Nobody who reads the store learns an address.
func TestLimiterStoresNoAddress(t *testing.T) {
	t.Parallel()
	q := &counted{spent: map[string]int{}}
	_ = NewLimiter(q, []byte("s"), "ask", Rate{1, time.Minute}).Take(t.Context(), netip.MustParseAddr("192.0.2.1"), noon, "")
	for name := range q.spent {
		if strings.Contains(name, "192") || strings.Contains(name, "0.2") {
			t.Errorf("%s", name)
		}
	}
}

func TestStatusOf(t *testing.T) {
	t.Parallel()
	for status, err := range map[int]error{
		422: session.Fail(session.Invalid, "question_empty"),
		403: session.Fail(session.Forbidden, "forbidden"),
		404: fmt.Errorf("read: %w", session.Fail(session.NotFound, "session_unknown")),
		409: session.Fail(session.Stale, "stale"),
		429: TooFast(time.Second),
		503: session.Fail(session.Unavailable, "unavailable"),
		500: errors.New("a bug"),
		413: &http.MaxBytesError{},
		405: ErrMethod,
	} {
		if got := StatusOf(err); got != status {
			t.Errorf("%v: %d, want %d", err, got, status)
		}
	}
}

func serve(s *Site, h http.HandlerFunc, r *http.Request) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	mux.HandleFunc("/", h)
	rec := httptest.NewRecorder()
	s.Wrap(mux).ServeHTTP(rec, r)
	return rec
}

func TestPanicIsAnsweredAndLogged(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	s := newSite(t, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	rec := serve(s, func(http.ResponseWriter, *http.Request) { panic("boom") }, httptest.NewRequest(http.MethodGet, "/x?token=secret", nil))
	if rec.Code != http.StatusInternalServerError || !strings.Contains(log.String(), "boom") {
		t.Errorf("%d, %s", rec.Code, log.String())
	}
}

func TestLogHoldsNoPerson(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	s := newSite(t, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	r := httptest.NewRequest(http.MethodGet, "/r/receipt-in-path?token=secret-token", nil)
	r.RemoteAddr = "192.0.2.77:1"
	r.Header.Set("User-Agent", "browser-name")
	serve(s, func(w http.ResponseWriter, r *http.Request) { s.ErrorPage(w, r, "", errors.New("a bug")) }, r)
	for _, secret := range []string{"receipt-in-path", "secret-token", "192.0.2.77", "browser-name"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%s is in the log: %s", secret, log.String())
		}
	}
}

func TestHeadersAndLimits(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	echo := func(w http.ResponseWriter, r *http.Request) {
		if _, ok := r.Context().Deadline(); !ok {
			t.Error("no time limit")
		}
		if _, err := io.ReadAll(r.Body); err != nil {
			s.Refuse(w, r, err)
		}
	}
	rec := serve(s, echo, httptest.NewRequest(http.MethodPost, "/x", strings.NewReader(strings.Repeat("x", publicBody+1))))
	if rec.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", rec.Code)
	}
	if rec.Header().Get("Strict-Transport-Security") == "" || rec.Header().Get("Content-Security-Policy") != policy {
		t.Errorf("%v", rec.Header())
	}
	if rec := serve(s, echo, httptest.NewRequest(http.MethodPost, "/desk/x",
		strings.NewReader(strings.Repeat("x", publicBody+1)))); rec.Code != http.StatusOK {
		t.Errorf("desk: %d", rec.Code)
	}
}

func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	for name, c := range map[string]struct {
		path, header, value string
		code                int
	}{
		"other site":    {"/x", "Origin", "https://evil.example", 403},
		"own site":      {"/x", "Origin", "https://hour.example", 200},
		"fetch":         {"/api/x", "Sec-Fetch-Site", "cross-site", 403},
		"program":       {"/x", "X-Nothing", "", 200},
		"webhook":       {"/webhooks/x", "Sec-Fetch-Site", "cross-site", 200},
		"a letter":      {"/leave/x", "Origin", "https://mail.example", 200},
		"with a token":  {"/api/x", "Authorization", "Bearer t", 200},
		"opaque origin": {"/x", "Origin", "null", 403},
	} {
		r := httptest.NewRequest(http.MethodPost, "http://inner:8080"+c.path, nil)
		r.Header.Set(c.header, c.value)
		rec := serve(s, func(http.ResponseWriter, *http.Request) {}, r)
		if rec.Code != c.code {
			t.Errorf("%s: %d, want %d", name, rec.Code, c.code)
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	address := s.Asset("site.css")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{name}", s.ServeAsset)
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, address, nil))
	if !strings.Contains(rec.Body.String(), "body") || !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/css") {
		t.Errorf("%s: %s %v", address, rec.Body, rec.Header())
	}
	rec = httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/static/site.css", nil))
	if rec.Code != http.StatusNotFound {
		t.Errorf("without the hash: %d", rec.Code)
	}
}

func TestRenderFailsWhole(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	p, err := s.Pages(fstest.MapFS{"p/x.html": {Data: []byte(`{{define "main"}}half {{.Missing.Field}}{{end}}`)}}, "p")
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	p.Render(rec, httptest.NewRequest(http.MethodGet, "/", nil), 200, "x", Page{}, struct{ Other int }{})
	if rec.Code != http.StatusInternalServerError || strings.Contains(rec.Body.String(), "half") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// source is a store in which the session "s" has the entries that the test tells.
type source struct {
	mu      sync.Mutex
	entries []session.Entry
	ballots int64
	asked   int
	err     error
}

func (s *source) Updates(_ context.Context, since map[session.ID]session.Update) (map[session.ID]session.Update, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	found := map[session.ID]session.Update{}
	for id, last := range since {
		if id == "s" {
			found[id] = s.since(last.Last)
		}
	}
	return found, s.err
}

func (s *source) since(last string) session.Update {
	u := session.Update{Last: "0-0", Ballots: s.ballots}
	if n := len(s.entries); n > 0 {
		u.Last = s.entries[n-1].ID
	}
	for i, e := range s.entries {
		if last != "" && (last == "0-0" || i > 0 && s.after(last) <= i) {
			u.Entries = append(u.Entries, e)
		}
	}
	return u
}

func (s *source) after(id string) int {
	return slices.IndexFunc(s.entries, func(e session.Entry) bool { return e.ID == id }) + 1
}

// tell makes changes happen, one look for each.
func (s *source) tell(h *Hub, es ...session.Entry) {
	for _, e := range es {
		s.mu.Lock()
		s.entries = append(s.entries, e)
		s.mu.Unlock()
		h.Wake("s")
		if _, err := h.Moment(context.Background(), "s"); err != nil {
			panic(err)
		}
	}
}

func (s *source) set(change func()) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	return s.asked
}
