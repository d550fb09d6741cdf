package blueskytest

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Gate hands calls on to a server, and holds or refuses some of them.
type Gate struct {
	URL string

	mu    sync.Mutex
	rules map[string]*Hold // by method
	calls map[string]int
	put   []string // keys of records
}

// Hold is a call that is held: the program that made it waits.
type Hold struct {
	// Reached is closed when there is one.
	Reached chan struct{}
	once    sync.Once
	free    chan struct{}
	after   bool
	status  int
}

// Open opens a gate, which ends with the test.
func Open(t testing.TB, server string) *Gate {
	t.Helper()
	g := &Gate{rules: map[string]*Hold{}, calls: map[string]int{}}
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	on := httputil.NewSingleHostReverseProxy(to)
	on.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) } // who called is gone
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.note(r)
		h := g.next(strings.TrimPrefix(r.URL.Path, "/xrpc/"))
		switch {
		case h == nil:
			on.ServeHTTP(w, r)
		case h.status != 0:
			http.Error(w, `{"error":"InvalidRequest","message":"no"}`, h.status)
		case h.after:
			said := httptest.NewRecorder()
			on.ServeHTTP(said, r)
			h.wait(r)
			maps.Copy(w.Header(), said.Header())
			w.WriteHeader(said.Code)
			_, _ = w.Write(said.Body.Bytes())
		default:
			h.wait(r)
			panic(http.ErrAbortHandler) // what was held before it was done never is
		}
	}))
	g.URL = s.URL
	t.Cleanup(func() { g.Let(); s.Close() })
	return g
}

// note keeps which record is put.
func (g *Gate) note(r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "putRecord") {
		return
	}
	body, _ := io.ReadAll(r.Body) // what is cut off is for the server to refuse
	r.Body = io.NopCloser(bytes.NewReader(body))
	var said struct{ Rkey string }
	_ = json.Unmarshal(body, &said)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.put = append(g.put, said.Rkey)
}

// InOrder sorts posts by when they were put first through the gate: their server lists them
// by their keys.
func (g *Gate) InOrder(all []Post) []Post {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := func(p Post) int {
		return slices.IndexFunc(g.put, func(key string) bool { return strings.HasSuffix(p.URI, "/"+key) })
	}
	slices.SortStableFunc(all, func(a, b Post) int { return at(a) - at(b) })
	return all
}

func (g *Gate) next(method string) *Hold {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls[method]++
	h := g.rules[method]
	if h != nil && h.status != 0 {
		delete(g.rules, method)
	}
	return h
}

// wait holds a call until it may go on, or whoever made it is gone.
func (h *Hold) wait(r *http.Request) {
	h.once.Do(func() { close(h.Reached) })
	select {
	case <-h.free:
	case <-r.Context().Done():
	}
}

func (g *Gate) rule(method string, h *Hold) *Hold {
	g.mu.Lock()
	defer g.mu.Unlock()
	if before := g.rules[method]; before != nil {
		close(before.free)
	}
	h.Reached, h.free = make(chan struct{}), make(chan struct{})
	g.rules[method] = h
	return h
}

// Before holds all calls of a method from now on, of which the server never hears. What was
// held of it goes on.
func (g *Gate) Before(method string) *Hold { return g.rule(method, &Hold{}) }

// After holds the answers to all calls of a method from now on: the server has done them.
// What was held of it goes on.
func (g *Gate) After(method string) *Hold { return g.rule(method, &Hold{after: true}) }

// Refuse refuses the next call of a method.
func (g *Gate) Refuse(method string) { g.rule(method, &Hold{status: http.StatusBadRequest}) }

// Let ends what is held of some methods, or of all, and holds nothing of them any more.
func (g *Gate) Let(methods ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for m, h := range g.rules {
		if len(methods) == 0 || slices.Contains(methods, m) {
			close(h.free)
			delete(g.rules, m)
		}
	}
}

// Calls is how often a method was called.
func (g *Gate) Calls(method string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls[method]
}
