package httpapi

import (
	"bufio"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

const fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

// TestResetOnReuse: a request that a reused connection lost is not repeated, not even
// with a key: the platform may be at work on it.
func TestResetOnReuse(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.Header{
		"no key": headers(), "a key": headers("Idempotency-Key", "k"), "an older name": headers("X-Idempotency-Key", "k"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := listen(t, func(p *peer, c net.Conn, in *bufio.Reader) {
				if _, ok := p.next(in); ok && p.seen() == 1 {
					_, _ = io.WriteString(c, fine)
					_, _ = p.next(in)
				}
				_ = c.(*net.TCPConn).SetLinger(0) // a reset
			})
			c := client(t, "http://"+p.addr)
			r := Request{Method: http.MethodPost, To: "/send", Header: h, Body: JSON(1)}
			if _, err := c.Do(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Do(t.Context(), r); outcome(t, err) != "unsure" || p.seen() != 2 {
				t.Errorf("%v, %d requests arrived", err, p.seen())
			}
		})
	}
}

// TestKeyArrives: however its name is written.
func TestKeyArrives(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("Idempotency-Key") }))
	t.Cleanup(srv.Close)
	r := Request{Method: http.MethodPost, To: "/", Header: headers("Idempotency-Key", "k7")}
	if _, err := New(Options{Base: srv.URL}).Do(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if k := <-got; k != "k7" {
		t.Errorf("the key arrived as %q", k)
	}
}

// brittle is a connection on which nothing can be written after the first request.
type brittle struct {
	net.Conn
	broken *atomic.Bool
}

func (b brittle) Write(p []byte) (int, error) {
	if b.broken.Load() {
		return 0, syscall.EPIPE
	}
	return b.Conn.Write(p)
}

// TestDeadOnReuse: nothing was written, so that the request may go over another
// connection; where its body cannot be had twice, it is known at least that nothing
// arrived.
func TestDeadOnReuse(t *testing.T) {
	t.Parallel()
	pipe := func(r io.Reader) io.Reader { return io.NopCloser(r) }
	for name, c := range map[string]struct {
		body func(io.Reader) io.Reader
		tls  bool
		want string
		seen int32
	}{
		"a body to read twice": {func(r io.Reader) io.Reader { return r }, false, "sent", 2},
		"a pipe":               {pipe, false, "later", 1},
		"a pipe over TLS":      {pipe, true, "later", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen atomic.Int32
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
			start := srv.Start
			if c.tls {
				start = srv.StartTLS
			}
			start()
			t.Cleanup(srv.Close)
			cl := client(t, srv.URL)
			if c.tls {
				cl.via.TLSClientConfig = srv.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
			}
			var broken atomic.Bool
			cl.via.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, address)
				if err == nil && seen.Load() == 0 {
					conn = brittle{conn, &broken}
				}
				return &wire{Conn: conn}, err
			}
			if _, err := post(t.Context(), cl, nil); err != nil {
				t.Fatal(err)
			}
			broken.Store(true)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL, c.body(strings.NewReader("text")))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := cl.HTTP().Do(r)
			if err != nil {
				err = cl.Explain(err)
			} else {
				resp.Body.Close()
			}
			if outcome(t, err) != c.want || seen.Load() != c.seen {
				t.Errorf("%v, %d requests arrived", err, seen.Load())
			}
		})
	}
}

// TestOneProtocol: where HTTP/2 is offered too, it is not spoken.
func TestOneProtocol(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `"`+r.Proto+`"`)
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	c := client(t, srv.URL)
	c.via.TLSClientConfig = srv.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	c.via.TLSClientConfig.NextProtos = nil
	for range 2 {
		var proto string
		if _, err := post(t.Context(), c, &proto); err != nil || proto != "HTTP/1.1" {
			t.Errorf("%q, %v", proto, err)
		}
	}
}

// TestNoRedirect: neither a call nor a library's request, nor its credentials, go where
// an answer points.
func TestNoRedirect(t *testing.T) {
	t.Parallel()
	elsewhere := listen(t, func(p *peer, _ net.Conn, _ *bufio.Reader) { p.t.Error("somebody came") })
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+elsewhere.addr, http.StatusFound)
	}))
	t.Cleanup(srv.Close)
	c := client(t, srv.URL)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		a, err := c.Do(t.Context(), Request{Method: method, To: "/", Header: headers("Authorization", "Bearer "+token)})
		if quietly(t, err); err == nil || a.Status != http.StatusFound || ErrorOf(err).Status != http.StatusFound {
			t.Errorf("%s: %d, %v", method, a.Status, err)
		}
	}
	resp, err := c.HTTP().Get(srv.URL)
	if err != nil || resp.StatusCode != http.StatusFound {
		t.Errorf("a library: %v", err)
	} else {
		resp.Body.Close()
	}
}

// TestBomb: an answer is bounded as it is after decompression.
func TestBomb(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Error("gzip was not asked for")
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(make([]byte, 8<<20))
		_ = z.Close()
	}))
	t.Cleanup(srv.Close)
	a, err := post(t.Context(), client(t, srv.URL), nil)
	if outcome(t, err) != "unsure" || a.Body != nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("%d bytes, %v", len(a.Body), err)
	}
}
