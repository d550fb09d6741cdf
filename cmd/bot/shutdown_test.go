package main

import (
	"context"
	"net"
	"net/http"
	"testing"

	"experthour/internal/testenv"
)

// TestStopFinishesRequests stops the program while a question is on its way to the
// store: its request goes on, for its asker waits for the answer.
func TestStopFinishesRequests(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stop()
		testenv.Until(t, "the program takes no more requests", func() bool {
			c, err := net.Dial("tcp", ln.Addr().String())
			if err == nil {
				c.Close()
			}
			return err != nil
		})
		if r.Context().Err() != nil { // the store would answer that it is away
			http.Error(w, "cancelled", http.StatusServiceUnavailable)
		}
	})
	served := make(chan error, 1)
	go func() { served <- serveHTTP(ctx, ln, h) }()
	res, err := http.Post("http://"+ln.Addr().String(), "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("the request was cut off: %s", res.Status)
	}
	if err := <-served; err != nil {
		t.Errorf("serve: %v", err)
	}
}
