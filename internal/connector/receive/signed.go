package receive

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"
)

const (
	// MostCall bounds the body of one call, as the program does.
	MostCall   = 1 << 20
	putTimeout = 10 * time.Second
)

// Signed is what a platform calls that proves by a GET that the address is ours, and signs what it brings by POST.
type Signed struct {
	Prove http.HandlerFunc
	// Good looks at the signature, over the very bytes that came.
	Good func(h http.Header, body []byte) bool
	// Take stores what came. After its error the platform is told that nothing was taken.
	Take func(ctx context.Context, body []byte) error
	Log  *slog.Logger
}

// ServeHTTP stores what came and only then says so.
func (s Signed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		s.Prove(w, r)
	case http.MethodPost:
		s.called(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "GET or POST only", http.StatusMethodNotAllowed)
	}
}

func (s Signed) called(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, MostCall+1))
	switch {
	case err != nil:
		http.Error(w, "not read", http.StatusBadRequest)
		return
	case len(body) > MostCall:
		http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		return
	case !s.Good(r.Header, body):
		http.Error(w, "wrong signature", http.StatusUnauthorized)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), putTimeout)
	defer cancel()
	if err := s.Take(ctx, body); err != nil {
		s.Log.Warn("what a webhook brought was not stored and is left to come again", "error", err)
		w.Header().Set("Retry-After", "2")
		http.Error(w, "not stored", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}
