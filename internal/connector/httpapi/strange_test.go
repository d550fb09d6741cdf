package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"experthour/internal/connector"
)

func TestPublicAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "193.40.5.1": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.8.8.8": false, "0.0.0.0": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "192.0.0.192": false, "198.18.0.1": false, "224.0.0.1": false,
		"255.255.255.255": false, "240.0.0.1": false, "203.0.113.5": false,
		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:0:7f00:1::": false, "2001:db8::1": false, "fe80::1": false,
		"fe80::1%eth0": false, "fd00:ec2::254": false, "fec0::1": false, "ff02::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// TestStrangeAddressesAreNotCalled: whatever a stranger writes for an address, nothing of this
// machine or its networks hears of it, also by a name that leads there.
func TestStrangeAddressesAreNotCalled(t *testing.T) {
	t.Parallel()
	var called atomic.Int32
	heard := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Add(1) })
	plain, tls := httptest.NewServer(heard), httptest.NewTLSServer(heard)
	t.Cleanup(func() { plain.Close(); tls.Close() })
	_, port, _ := strings.Cut(strings.TrimPrefix(plain.URL, "http://"), ":")
	c := New(Options{Strange: true})
	for _, to := range []string{plain.URL + "/a.png", tls.URL + "/a.png", "https://127.0.0.1/a.png", "https://localhost/a.png",
		"http://localhost:" + port + "/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
		"https://0.0.0.0/", "https://2130706433/", "https://me:secret@127.0.0.1/", "https:///a.png", "file:///etc/passwd",
		"gopher://127.0.0.1/", "//127.0.0.1/", "/a.png", ""} {
		_, err := c.Do(t.Context(), Request{Method: http.MethodGet, To: to})
		if e := connector.OutcomeOf(err); err == nil || e.Outcome != connector.Refused && to != "https://2130706433/" {
			t.Errorf("%s: %v", to, err)
		}
	}
	if n := called.Load(); n != 0 {
		t.Errorf("%d calls arrived", n)
	}
}

// TestDialsAreJudged: the judge stands at the connection, behind whatever looked the name up.
func TestDialsAreJudged(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	at := strings.TrimPrefix(s.URL, "http://")
	for name, way := range map[string]*http.Transport{"strangers": strangers, "nearby": nearby} {
		conn, err := way.DialContext(context.Background(), "tcp", at)
		if err == nil {
			conn.Close()
		}
		if refused := errors.Is(err, errNotPublic); refused != (way == strangers) {
			t.Errorf("%s: %v", name, err)
		}
		if way.Proxy != nil {
			t.Errorf("%s go over a proxy", name)
		}
	}
	_, err := nearby.DialContext(context.Background(), "tcp", "169.254.169.254:80")
	if !errors.Is(err, errNotPublic) {
		t.Errorf("near is this machine alone: %v", err)
	}
}

// TestTooLongAFile: of a file that is too large it can be told that it is, and it is not read to its end.
func TestTooLongAFile(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 1<<20)
		for range 50 {
			n, err := w.Write(block)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	}))
	t.Cleanup(s.Close)
	c := New(Options{Base: s.URL, Strange: true, Near: true, Most: 1 << 20})
	a, err := c.Do(t.Context(), Request{Method: http.MethodGet, To: "/"})
	s.CloseClientConnections()
	if !errors.Is(err, connector.ErrTooLarge) || len(a.Body) != 0 || sent.Load() > 40<<20 {
		t.Errorf("%v, %d bytes were sent", err, sent.Load())
	}
}

// TestNoStrangeRedirect: an address that leads elsewhere leads nowhere.
func TestNoStrangeRedirect(t *testing.T) {
	t.Parallel()
	var called atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		called.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	t.Cleanup(s.Close)
	_, err := New(Options{Base: s.URL, Strange: true, Near: true}).Do(t.Context(), Request{Method: http.MethodGet, To: "/a.png"})
	if err == nil || called.Load() != 1 {
		t.Errorf("%v after %d calls", err, called.Load())
	}
}
