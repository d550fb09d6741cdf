package worldtest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"

	"experthour/internal/connector"
)

// Hook is what a platform calls, with a mailbox that a test looks into.
type Hook struct {
	Handler http.Handler
	Signed  string // the header of the signature
	Stored  []connector.Event
	Full    bool // nothing can be stored
}

// Put is a receive.Put: each key is stored once.
func (h *Hook) Put(_ context.Context, events ...connector.Event) (int, error) {
	if h.Full {
		return 0, errors.New("no room")
	}
	for _, e := range events {
		if !slices.ContainsFunc(h.Stored, func(o connector.Event) bool { return o.Key == e.Key }) {
			h.Stored = append(h.Stored, e)
		}
	}
	return len(events), nil
}

// Call brings something under a signature, and gives the status of the answer.
func (h *Hook) Call(body []byte, signature string) int {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set(h.Signed, signature)
	w := httptest.NewRecorder()
	h.Handler.ServeHTTP(w, r)
	return w.Code
}
