package httpapi

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"syscall"
	"time"
)

// shared are the connections of the whole program. They speak HTTP/1.1 only: there a
// connection has one request at a time, so that it can be known whether any of it was
// written. net/http repeats some requests of HTTP/2 that were (golang.org/issue/42777).
var shared = transport(http.ProxyFromEnvironment, nil)

// transport makes connections that control lets through; nil lets all.
func transport(proxy func(*http.Request) (*url.URL, error), control func(string, string, syscall.RawConn) error) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: control}
	only1 := new(http.Protocols)
	only1.SetHTTP1(true)
	return &http.Transport{
		Proxy: proxy,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &wire{Conn: conn}, nil
		},
		Protocols:              only1,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// wire counts what is written to a connection.
type wire struct {
	net.Conn

	mu      sync.Mutex
	written int64
	sealed  bool
}

var errSealed = errors.New("given up before anything was written")

// Write counts bytes before they may be on their way, and takes back what did not
// leave.
func (w *wire) Write(p []byte) (int, error) {
	if !w.begin(len(p)) {
		return 0, errSealed
	}
	n, err := w.Conn.Write(p)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.written -= int64(len(p) - n)
	return n, err
}

func (w *wire) begin(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sealed {
		return false
	}
	w.written += int64(n)
	return true
}

func (w *wire) mark() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.written
}

// seal reports that nothing was written since a mark, and sees to it that nothing will
// be.
func (w *wire) seal(since int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sealed = w.sealed || w.written == since
	return w.written == since
}

// crossing follows one request over the connections that it was given.
type crossing struct {
	mu    sync.Mutex
	wires []*wire // nil for a connection that does not count
	marks []int64
}

func (c *crossing) got(info httptrace.GotConnInfo) {
	conn := info.Conn
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	w, _ := conn.(*wire)
	var mark int64
	if w != nil {
		mark = w.mark()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wires, c.marks = append(c.wires, w), append(c.marks, mark)
}

// wrote reports whether some of the request may have left, after an error.
func (c *crossing) wrote() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, w := range c.wires {
		if w == nil || !w.seal(c.marks[i]) {
			return true
		}
	}
	return false
}
