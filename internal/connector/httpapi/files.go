package httpapi

import (
	"context"
	"net/http"
	"time"

	"experthour/internal/connector"
)

const (
	// fileTimeout bounds the reading of a file, whoever keeps it.
	fileTimeout = 10 * time.Second
	// LongestAddress is how long the address of a file may be, in bytes.
	LongestAddress = 2_000
)

// Files are what strangers sent, at addresses that are theirs or their platform's. Embedded in a connector it makes that
// a connector.Filer, whose files are named by their addresses. They are read without a token, and nothing at
// addresses that are not public.
type Files struct{ client *Client }

var _ connector.Filer = Files{}

// NewFiles makes them, of so many bytes at most each; near is that of connector.Env.
func NewFiles(most int64, now func() time.Time, near bool) Files {
	return Files{New(Options{Timeout: fileTimeout, Now: now, Most: most, Strange: true, Near: near})}
}

// File reads one.
func (f Files) File(ctx context.Context, address string) ([]byte, error) {
	if address == "" || len(address) > LongestAddress {
		return nil, &connector.SendError{Outcome: connector.Refused, Detail: "no address that is called"}
	}
	h := http.Header{"Connection": {"close"}, "Accept": {"image/jpeg, image/png, image/webp, image/gif"}}
	a, err := f.client.Do(ctx, Request{Method: http.MethodGet, To: address, Header: h})
	return a.Body, err
}
