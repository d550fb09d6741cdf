package testenv

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
)

// Gate hands calls on to a server, and holds or refuses some of them.
type Gate struct {
	URL string

	mu    sync.Mutex
	rules map[string]*Hold // by the names of calls
	calls map[string]int
}

// Hold is a call that is held: the program that made it waits.
type Hold struct {
	// Reached is closed when there is one.
	Reached chan struct{}
	once    sync.Once
	free    chan struct{}
	after   bool
	refuse  http.HandlerFunc // answers instead, once
}

// OpenGate opens one, which ends with the test. name says which call a request is.
func OpenGate(t testing.TB, server string, name func(*http.Request) string) *Gate {
	t.Helper()
	g := &Gate{rules: map[string]*Hold{}, calls: map[string]int{}}
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	on := httputil.NewSingleHostReverseProxy(to)
	on.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) } // who called is gone
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := g.next(name(r))
		switch {
		case h == nil:
			on.ServeHTTP(w, r)
		case h.refuse != nil:
			h.refuse(w, r)
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
	t.Cleanup(func() { g.Let(); s.CloseClientConnections(); s.Close() })
	return g
}

func (g *Gate) next(call string) *Hold {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls[call]++
	h := g.rules[call]
	if h != nil && h.refuse != nil {
		delete(g.rules, call)
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

func (g *Gate) rule(call string, h *Hold) *Hold {
	g.mu.Lock()
	defer g.mu.Unlock()
	if before := g.rules[call]; before != nil {
		close(before.free)
	}
	h.Reached, h.free = make(chan struct{}), make(chan struct{})
	g.rules[call] = h
	return h
}

// Before holds all calls of a name from now on, of which the server never hears. What was
// held of it goes on.
func (g *Gate) Before(call string) *Hold { return g.rule(call, &Hold{}) }

// After holds the answers to all calls of a name from now on: the server has done them.
// What was held of it goes on.
func (g *Gate) After(call string) *Hold { return g.rule(call, &Hold{after: true}) }

// Refuse has the next call of a name answered otherwise.
func (g *Gate) Refuse(call string, refuse http.HandlerFunc) { g.rule(call, &Hold{refuse: refuse}) }

// Let ends what is held of some calls, or of all, and holds nothing of them any more.
func (g *Gate) Let(calls ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for name, h := range g.rules {
		if len(calls) == 0 || slices.Contains(calls, name) {
			close(h.free)
			delete(g.rules, name)
		}
	}
}

// Calls is how often there was a call of a name.
func (g *Gate) Calls(name string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls[name]
}
