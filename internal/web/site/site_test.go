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
	"strings"
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

func TestLimiter(t *testing.T) {
	t.Parallel()
	l := NewLimiter(2)
	from := netip.MustParseAddr("2001:db8::1")
	neighbour := netip.MustParseAddr("2001:db8::ffff")
	l.Take(from, noon)
	if _, ok := l.Take(neighbour, noon); !ok {
		t.Error("the second call")
	}
	wait, ok := l.Take(from, noon)
	if ok || wait != 30*time.Second {
		t.Errorf("the third call of one network: %v %v", wait, ok)
	}
	if _, ok := l.Take(netip.MustParseAddr("192.0.2.1"), noon); !ok {
		t.Error("another address has to wait")
	}
	if _, ok := l.Take(from, noon.Add(wait)); !ok {
		t.Error("after the wait")
	}
	if _, ok := NewLimiter(0).Take(from, noon); !ok {
		t.Error("0 is no limit")
	}
}

func TestLimiterForgets(t *testing.T) {
	t.Parallel()
	l := NewLimiter(1)
	for i := range remembered + 100 {
		l.Take(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), noon)
	}
	if len(l.known) != remembered || l.recent.Len() != remembered {
		t.Errorf("%d and %d are remembered", len(l.known), l.recent.Len())
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

// source is a follower whose entries the test tells.
type source struct {
	started chan string
	entries chan session.Entry
}

func newSource() *source {
	return &source{make(chan string, 10), make(chan session.Entry)}
}

func (s *source) Follow(ctx context.Context, _ session.ID, after string, fn func(session.Entry) error) error {
	s.started <- after
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e := <-s.entries:
			if err := fn(e); err != nil {
				return err
			}
		}
	}
}
