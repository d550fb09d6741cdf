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

	"experthour/internal/connector/receive"
)

// MostCall bounds the body of one call, into which Meta puts up to 1,000 changes.
const MostCall = receive.MostCall

// Webhook is what Meta calls, for any of its platforms.
type Webhook struct {
	Verify string // the word that both know
	Secret string // of the app
	Take   func(ctx context.Context, body []byte) error
	Log    *slog.Logger
}

// ServeHTTP answers the question whether the address is ours, and takes what is signed: Meta repeats what was not
// taken, for hours.
func (h Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	good := func(from http.Header, body []byte) bool { return h.signed(from.Get("X-Hub-Signature-256"), body) }
	receive.Signed{Prove: h.prove, Good: good, Take: h.Take, Log: h.Log}.ServeHTTP(w, r)
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
