package web

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// healthz says that the process answers; whatever is restarted by it must not look
// at the store, or an outage of the store restarts every replica.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") }

// readyz says whether questions can be taken here.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.readiness.get(r.Context(), s.Hub.Hold, s.Ready); err != nil {
		s.Site.Log.Debug("not ready", "error", err) // whoever looks at the store says why
		plain(w, http.StatusServiceUnavailable, "store unavailable\n")
		return
	}
	plain(w, http.StatusOK, "ready\n")
}

// readiness is what a look at the store said, which costs it a write: one goes on at a time,
// and its answer is good for a moment.
type readiness struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

func (a *readiness) get(ctx context.Context, hold time.Duration, look func(context.Context) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if look != nil && time.Since(a.at) >= hold {
		a.err = look(context.WithoutCancel(ctx)) // it is for all who wait
		a.at = time.Now()
	}
	return a.err
}

// robots keeps secret addresses and the desk out of search engines that ask first.
func robots(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "User-agent: *\nDisallow: /r/\nDisallow: /desk\nDisallow: /api/\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
