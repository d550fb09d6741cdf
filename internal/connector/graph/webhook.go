package graph

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"
)

const (
	// MostCall bounds the body of one call, as the program does. Meta puts up to 1,000 changes into one.
	MostCall   = 1 << 20
	putTimeout = 10 * time.Second
)

// Webhook is what Meta calls, for any of its platforms.
type Webhook struct {
	Verify string // the word that both know
	Secret string // of the app
	Take   func(ctx context.Context, body []byte) error
	Log    *slog.Logger
}

// ServeHTTP answers the question whether the address is ours, and takes what is signed.
func (h Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		h.prove(w, r)
	case http.MethodPost:
		h.called(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "GET or POST only", http.StatusMethodNotAllowed)
	}
}

// challenge is the form of what is sent back: nothing that a browser could take for a page.
var challenge = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)

// prove answers Meta's challenge, which it makes when the address is written down.
func (h Webhook) prove(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	asked := q.Get("hub.challenge")
	if q.Get("hub.mode") != "subscribe" || !equal(q.Get("hub.verify_token"), h.Verify) || !challenge.MatchString(asked) {
		http.Error(w, "not the word that was agreed", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, asked)
}

// called stores what came and only then says so: Meta repeats what was not taken, for hours.
func (h Webhook) called(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, MostCall+1))
	switch {
	case err != nil:
		http.Error(w, "not read", http.StatusBadRequest)
		return
	case len(body) > MostCall:
		http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		return
	case !h.signed(r.Header.Get("X-Hub-Signature-256"), body):
		http.Error(w, "wrong signature", http.StatusUnauthorized)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), putTimeout)
	defer cancel()
	if err := h.Take(ctx, body); err != nil {
		h.Log.Warn("what a webhook brought was not stored and is left to come again", "error", err)
		w.Header().Set("Retry-After", "2")
		http.Error(w, "not stored", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// signed compares the signature over the very bytes that came.
func (h Webhook) signed(header string, body []byte) bool {
	given, ok := strings.CutPrefix(header, "sha256=")
	sum, err := hex.DecodeString(given)
	mac := hmac.New(sha256.New, []byte(h.Secret))
	mac.Write(body)
	return ok && err == nil && h.Secret != "" && hmac.Equal(sum, mac.Sum(nil))
}

// equal compares words in a time that tells nothing about them.
func equal(got, want string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return want != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
