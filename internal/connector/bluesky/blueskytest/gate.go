package blueskytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"experthour/internal/testenv"
)

// Gate is one before a server, whose calls are named by their methods. It remembers in
// which order records were put.
type Gate struct {
	*testenv.Gate

	mu  sync.Mutex
	put []string // keys of records
}

// Open opens one, which ends with the test.
func Open(t testing.TB, server string) *Gate {
	g := &Gate{}
	g.Gate = testenv.OpenGate(t, server, func(r *http.Request) string {
		g.note(r)
		return strings.TrimPrefix(r.URL.Path, "/xrpc/")
	})
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

// Reject refuses the next call of a method.
func (g *Gate) Reject(method string) {
	g.Refuse(method, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error":"InvalidRequest","message":"no"}`, http.StatusBadRequest)
	})
}
