package web

import (
	"io"
	"net/http"
)

// healthz says that the process answers; whatever is restarted by it must not look
// at the store, or an outage of the store restarts every replica.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") }

// readyz says whether questions can be taken here.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if s.Ready != nil {
		if err := s.Ready(r.Context()); err != nil {
			s.Site.Log.Warn("not ready", "error", err)
			plain(w, http.StatusServiceUnavailable, "store unavailable\n")
			return
		}
	}
	plain(w, http.StatusOK, "ready\n")
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
