package httpapi

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
)

const token = "s3cret+token/1"

// peer is a server that answers as a script says: it gets every connection, and says
// how many requests it has read.
type peer struct {
	t    *testing.T
	addr string

	mu   sync.Mutex
	read []string
	done chan struct{} // is closed when the test ends
}

func listen(t *testing.T, script func(p *peer, c net.Conn, in *bufio.Reader)) *peer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, addr: l.Addr().String(), done: make(chan struct{})}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				script(p, c, bufio.NewReader(c))
			})
		}
	})
	t.Cleanup(func() {
		close(p.done)
		l.Close()
		wg.Wait()
	})
	return p
}

// next reads a request whole, and gives its method and body.
func (p *peer) next(in *bufio.Reader) (string, bool) {
	r, err := http.ReadRequest(in)
	if err != nil {
		return "", false
	}
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.read = append(p.read, r.Method+" "+string(body))
	return r.Method, true
}

func (p *peer) seen() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.read)
}

// client has connections of its own and the token in its address.
func client(t *testing.T, address string, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{Base: address + "/bot" + token, Secrets: []string{token}, Dialect: speaks("error")}
	for _, f := range change {
		f(&o)
	}
	c := New(o)
	c.via = shared.Clone()
	t.Cleanup(c.via.CloseIdleConnections)
	return c
}

func post(ctx context.Context, c *Client, into any) (Answer, error) {
	return c.Do(ctx, Request{Method: http.MethodPost, To: "/send", Header: headers("Authorization", "Bearer "+token),
		Body: JSON("what people wrote"), Into: into})
}

// quietly fails when an error says what no log may hold.
func quietly(t *testing.T, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, secret := range []string{"s3cret", "what people wrote", "/bot"} {
			if strings.Contains(e.Error(), secret) {
				t.Errorf("%q says %q", e, secret)
			}
		}
	}
}

func outcome(t *testing.T, err error) string {
	t.Helper()
	quietly(t, err)
	if err == nil {
		return "sent"
	}
	if _, ok := err.(*connector.SendError); !ok {
		t.Errorf("%T: %v", err, err)
	}
	names := [...]string{connector.Unsure: "unsure", connector.Refused: "refused", connector.Deferred: "later"}
	return names[connector.OutcomeOf(err).Outcome]
}

// TestAnswers: what is known after each way in which an answer can come or be missing.
func TestAnswers(t *testing.T) {
	t.Parallel()
	say := func(text string) func(*peer, net.Conn, *bufio.Reader) {
		return func(p *peer, c net.Conn, in *bufio.Reader) {
			if _, ok := p.next(in); ok {
				_, _ = io.WriteString(c, text)
			}
		}
	}
	whole := func(status, body string, more ...string) func(*peer, net.Conn, *bufio.Reader) {
		return say(fmt.Sprintf("HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s", status, len(body), strings.Join(more, ""), body))
	}
	const hint = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
	page := "<html>" + token + " what people wrote</html>"
	for name, c := range map[string]struct {
		script     func(*peer, net.Conn, *bufio.Reader)
		post, read string // the outcome of a POST and of a GET
	}{
		"an answer":            {whole("200 OK", `{"id":"1"}`), "sent", "sent"},
		"closes while reading": {func(_ *peer, _ net.Conn, in *bufio.Reader) { _, _ = in.Peek(1) }, "unsure", "later"},
		"closes after reading": {say(""), "unsure", "later"},
		"half a head":          {say("HTTP/1.1 200 OK\r\nContent-Le"), "unsure", "later"},
		"half a body":          {say("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"id\""), "unsure", "later"},
		"half a chunk":         {say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"id\""), "unsure", "later"},
		"half a refusal":       {say("HTTP/1.1 403 Forbidden\r\nContent-Length: 99\r\n\r\n{\"error\""), "refused", "refused"},
		"no HTTP":              {say("SSH-2.0-OpenSSH_9.2\r\n"), "unsure", "later"},
		"hints before": {say("HTTP/1.1 100 Continue\r\n\r\n" + hint +
			"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id\":\"1\"}"), "sent", "sent"},
		"hints without end":     {say(strings.Repeat(hint, 9000)), "unsure", "later"},
		"a head without end":    {say("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20)), "unsure", "later"},
		"a proxy's page":        {whole("200 OK", page), "unsure", "later"},
		"a proxy's error":       {whole("502 Bad Gateway", page), "unsure", "later"},
		"a proxy's refusal":     {whole("403 Forbidden", page), "refused", "later"},
		"nothing":               {whole("200 OK", ""), "unsure", "later"},
		"other JSON":            {whole("200 OK", `["`+token+`"]`), "unsure", "later"},
		"JSON and more":         {whole("200 OK", `{"id":"1"} what people wrote`), "unsure", "later"},
		"too long":              {whole("200 OK", `{"id":"`+strings.Repeat("1", 2000-8)+`"}`), "unsure", "later"},
		"as long as may be":     {whole("200 OK", `{"id":"`+strings.Repeat("1", 2000-9)+`"}`), "sent", "sent"},
		"too many":              {whole("429 Too Many Requests", `{"error":"slow","message":"Slow down"}`), "later", "later"},
		"a token of no use":     {whole("401 Unauthorized", "{}"), "later", "later"},
		"perhaps there already": {whole("409 Conflict", "{}"), "unsure", "later"},
		"moved":                 {whole("307 Temporary Redirect", "", "Location: http://127.0.0.1:1/\r\n"), "unsure", "later"},
		"another protocol":      {say("HTTP/1.1 101 Switching Protocols\r\nConnection: close\r\n\r\n"), "unsure", "later"},
		"a refusal before the body": {func(_ *peer, c net.Conn, in *bufio.Reader) {
			_, _ = in.ReadString('\n')
			_, _ = io.WriteString(c, "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
			_, _ = io.Copy(io.Discard, in)
		}, "refused", "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var into struct{ ID string }
			p := listen(t, c.script)
			cl := client(t, "http://"+p.addr, func(o *Options) { o.Most = 2000 })
			if _, err := post(t.Context(), cl, &into); outcome(t, err) != c.post {
				t.Errorf("POST: %v, want %s", err, c.post)
			}
			if _, err := cl.Do(t.Context(), Request{Method: http.MethodGet, To: "/look", Into: &into}); outcome(t, err) != c.read {
				t.Errorf("GET: %v, want %s", err, c.read)
			}
			if n := p.seen(); n > 2 {
				t.Errorf("%d requests arrived", n)
			}
		})
	}
}

// TestNotReached: what goes wrong before anything of the request was written is no
// doubt.
func TestNotReached(t *testing.T) {
	t.Parallel()
	closed := listen(t, func(*peer, net.Conn, *bufio.Reader) {})
	address := closed.addr
	dial := func(err error) func(*Client) {
		return func(c *Client) {
			c.via.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, err }
		}
	}
	for name, c := range map[string]struct {
		base  string
		spoil func(*Client)
	}{
		"nobody listens":     {"http://127.0.0.1:1", func(*Client) {}},
		"no such name":       {"https://api.example", dial(&net.DNSError{Err: "no such host", Name: "api.example", IsNotFound: true})},
		"no way there":       {"https://api.example", dial(&net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH})},
		"closed during TLS":  {"https://" + address, func(*Client) {}},
		"a strange protocol": {"ftp://" + address, func(*Client) {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := client(t, c.base)
			c.spoil(cl)
			_, err := post(t.Context(), cl, nil)
			if e := connector.OutcomeOf(err); outcome(t, err) != "later" || e.Wait != waitNet {
				t.Errorf("%v, wait %v", err, e.Wait)
			}
		})
	}
	t.Run("an unknown certificate", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request arrived") }))
		srv.Config.ErrorLog = log.New(io.Discard, "", 0)
		srv.StartTLS()
		t.Cleanup(srv.Close)
		if _, err := post(t.Context(), client(t, srv.URL), nil); outcome(t, err) != "later" {
			t.Errorf("%v", err)
		}
	})
	t.Run("given up before", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := post(ctx, client(t, "http://"+address), nil); outcome(t, err) != "later" || !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}

// TestGivenUp: a context that ends while the platform works leaves doubt, wherever the
// call is.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first string // what the server says before it falls silent
		body  Body
	}{
		"no answer":   {"", JSON(1)},
		"half a body": {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", JSON(1)},
		"not taken":   {"", Raw("image/jpeg", make([]byte, 16<<20))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			p := listen(t, func(p *peer, conn net.Conn, in *bufio.Reader) {
				_, _ = in.ReadString('\n')
				_, _ = io.WriteString(conn, c.first)
				cancel()
				<-p.done
			})
			_, err := client(t, "http://"+p.addr).Do(ctx, Request{Method: http.MethodPost, To: "/", Body: c.body})
			if outcome(t, err) != "unsure" || !errors.Is(err, context.Canceled) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestTimeout: one call has its time, answer included.
func TestTimeout(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{"no answer": "", "a slow body": "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := New(Options{Base: "http://api.example", Timeout: 5 * time.Second})
				c.via = shared.Clone()
				c.via.DialContext = func(context.Context, string, string) (net.Conn, error) {
					here, there := net.Pipe()
					go func() {
						_, _ = bufio.NewReader(there).ReadString('\n')
						_, _ = io.WriteString(there, first)
						_, _ = io.Copy(io.Discard, there)
						there.Close()
					}()
					return &wire{Conn: here}, nil
				}
				begin := time.Now()
				_, err := post(t.Context(), c, nil)
				if took := time.Since(begin); outcome(t, err) != "unsure" || took != 5*time.Second {
					t.Errorf("after %v: %v", took, err)
				}
				c.via.CloseIdleConnections()
			})
		})
	}
}
