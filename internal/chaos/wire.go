package chaos

import (
	"bytes"
	"context"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"experthour/internal/backoff"
)

// wire is the way from the replicas to the platform. What was done there is answered a
// moment later, as over a real network: that is when a replica's death leaves it open what
// became of a post.
type wire struct {
	server *http.Server
	base   string
	aimed  atomic.Int32 // how many replicas are to die between a post and its answer
	hits   atomic.Int32
	kill   func(replica int)
}

// longest is how long an answer is on its way at most.
const longest = 200 * time.Millisecond

func openWire(to string, kill func(int)) (*wire, error) {
	target, err := url.Parse(to)
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &wire{base: "http://" + ln.Addr().String(), kill: kill}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			_, rest, _ := strings.Cut(r.In.URL.Path[1:], "/")
			r.Out.URL.Path = "/" + rest
		},
		ModifyResponse: w.delay,
		ErrorHandler:   func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }, // as the platform broke off
		ErrorLog:       log.New(new(bytes.Buffer), "", 0),
	}
	w.server = &http.Server{Handler: from(proxy), ReadHeaderTimeout: time.Minute, ErrorLog: proxy.ErrorLog}
	go func() { _ = w.server.Serve(ln) }()
	return w, nil
}

// at is the platform's address for a replica.
func (w *wire) at(replica int) string { return w.base + "/" + strconv.Itoa(replica) }

// delay holds an answer back, and lets the replica die that waits for it, if one is to.
func (w *wire) delay(r *http.Response) error {
	asked := r.Request
	if strings.HasSuffix(asked.URL.Path, "/sendMessage") && w.aimed.Load() > 0 {
		said, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		r.Body = io.NopCloser(bytes.NewReader(said))
		if in, ok := asked.Context().Value(replicaKey{}).(int); ok && bytes.Contains(said, []byte(saysReceipt)) {
			w.aimed.Add(-1)
			w.hits.Add(1)
			w.kill(in)
		}
	}
	backoff.Pause(asked.Context(), time.Duration(rand.Int64N(int64(longest))))
	return nil
}

// replicaKey is where a request says which replica made it.
type replicaKey struct{}

// from notes who asks.
func from(next http.Handler) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		name, _, _ := strings.Cut(r.URL.Path[1:], "/")
		n, _ := strconv.Atoi(name) // the address is ours
		next.ServeHTTP(rw, r.WithContext(context.WithValue(r.Context(), replicaKey{}, n)))
	}
}
