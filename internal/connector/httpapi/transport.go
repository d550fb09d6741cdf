package httpapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
)

// HTTP is a client for libraries that make their own requests. An error without an
// answer is a *connector.SendError inside of theirs; see Explain. Redirects are answers
// like any other.
func (c *Client) HTTP() *http.Client {
	return &http.Client{Transport: roundTripper{c}, CheckRedirect: follow}
}

// follow follows nothing.
func follow(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

type roundTripper struct{ c *Client }

// waitLimit is what a library reads where a platform does not say how long.
const waitLimit = 10 * time.Second

// RoundTrip is http.RoundTripper's. Libraries read Retry-After in seconds only:
// whatever form the platform chose is written so.
func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.c.trip(r, t.c.secrets.with(credentials(r.Header)...))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		wait := cmp.Or(RateOf(resp.Header, t.c.opts.Now()).later(), waitLimit)
		resp.Header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	return resp, nil
}

// Explain says what is known after an error of a library that calls through HTTP: what
// was seen of the connection, and without that nothing. The library's own errors must
// have been looked at before.
func (c *Client) Explain(err error) *connector.SendError {
	if e, ok := errors.AsType[*connector.SendError](err); ok {
		return e
	}
	return &connector.SendError{Outcome: connector.Unsure, Detail: "no usable answer", Cause: c.Quiet(err)}
}

// waitNet is for a platform that cannot be reached.
const waitNet = 5 * time.Second

// trip makes one round trip and never a second one of what may have been done. Its
// errors are *connector.SendError.
func (c *Client) trip(r *http.Request, hide secrets) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(r.Context(), c.opts.Timeout)
	resp, err := c.cross(r.WithContext(ctx), hide)
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = &answerBody{ReadCloser: resp.Body, left: c.opts.Most, close: cancel}
	return resp, nil
}

// cross is trip for as long as the context of the request lasts, with an answer of any length.
func (c *Client) cross(r *http.Request, hide secrets) (*http.Response, error) {
	if err := c.strange(r); err != nil {
		return nil, err
	}
	var over crossing
	r = once(r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotConn: over.got})))
	resp, err := c.via.RoundTrip(r)
	if err == nil {
		return resp, nil
	}
	e := &connector.SendError{Outcome: connector.Deferred, Wait: waitNet, Cause: hide.quiet(err)}
	switch {
	case errors.Is(err, errNotPublic):
		e.Outcome, e.Wait, e.Detail = connector.Refused, 0, "no public address"
	case over.wrote():
		e.Outcome, e.Detail = doubt(r.Method), "no usable answer"
	case errors.Is(err, context.Canceled):
		e.Detail = "not sent"
	default:
		e.Detail = r.URL.Hostname() + " cannot be reached"
	}
	return nil, e
}

// once keeps net/http from repeating a request by itself on the strength of its key:
// the platform may still be at the first. It looks for the name as it writes it, and
// names are the same to platforms however they are written.
func once(r *http.Request) *http.Request {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		values, ok := r.Header[name]
		if !ok {
			continue
		}
		r.Header = r.Header.Clone()
		delete(r.Header, name)
		r.Header[strings.ToLower(name)] = values
	}
	return r
}

// answerBody bounds an answer and ends the time of its call.
type answerBody struct {
	io.ReadCloser
	left  int64
	close context.CancelFunc
}

// errTooLong is a connector.ErrTooLarge, where a file is read.
var errTooLong = fmt.Errorf("the answer is too long: %w", connector.ErrTooLarge)

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left+1)])
	b.left -= int64(n)
	if b.left < 0 {
		return n, errTooLong
	}
	return n, err
}

func (b *answerBody) Close() error {
	defer b.close()
	return b.ReadCloser.Close()
}
