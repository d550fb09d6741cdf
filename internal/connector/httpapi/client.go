package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"experthour/internal/connector"
)

// Options are what a Client needs; all but Base have defaults.
type Options struct {
	// Base is what addresses begin with that are given as a path. A secret may be in
	// it.
	Base string
	// Secrets are kept out of errors, beside the credentials that a request carries in
	// its header Authorization.
	Secrets []string
	Dialect Dialect
	// Timeout bounds one call, until its answer was read; 30 s if left out.
	Timeout time.Duration
	// Most bounds an answer, in bytes after decompression; 4 MiB if left out.
	Most int64
	// Now is the clock where an answer does not say what time it is.
	Now func() time.Time
	// Strange says that strangers chose the addresses: only https at its own port is called, only
	// at addresses of the public internet, which is judged when the connection is made, and over
	// no proxy. What is not called is Refused.
	Strange bool
	// Near, for tests, takes the addresses of this machine for public ones of a Strange client,
	// and http and every port there.
	Near bool
}

const (
	defaultTimeout = 30 * time.Second
	defaultMost    = 4 << 20
)

// Client calls one platform. Any number of goroutines may use it.
type Client struct {
	opts    Options
	secrets secrets
	via     *http.Transport
}

// New makes a client; it calls nothing.
func New(o Options) *Client {
	o.Base = strings.TrimRight(o.Base, "/")
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Most == 0 {
		o.Most = defaultMost
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{opts: o, secrets: newSecrets(o.Secrets...), via: way(o)}
}

// Request is one call.
type Request struct {
	Method string
	// To is a path below Options.Base, with a slash in front, or a whole address.
	To     string
	Query  url.Values
	Header http.Header
	Body   Body
	// Secrets are more of them, of this request alone.
	Secrets []string
	// Into takes the JSON of a successful answer; nil leaves it alone.
	Into any
}

// Answer is what a platform said, whole.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Rate   Rate
}

// OK tells a success by its status.
func (a Answer) OK() bool { return a.Status >= 200 && a.Status <= 299 }

// Do makes one call. Every error is a *connector.SendError; where the platform
// answered, its Cause is an *Error and the answer is returned too. After GET and HEAD,
// which change nothing, what is in doubt is Deferred and not Unsure.
func (c *Client) Do(ctx context.Context, r Request) (Answer, error) {
	req, err := c.request(ctx, r)
	hide := c.secrets.with(append(credentials(r.Header), r.Secrets...)...)
	if err != nil {
		return Answer{}, &connector.SendError{Outcome: connector.Refused, Detail: "not a request", Cause: hide.quiet(err)}
	}
	resp, err := c.trip(req, hide)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	a := Answer{Status: resp.StatusCode, Header: resp.Header, Rate: RateOf(resp.Header, c.opts.Now())}
	body, err := io.ReadAll(resp.Body)
	switch {
	case err == nil:
		a.Body = body
	case a.OK():
		return a, unreadable(r.Method, a, hide.quiet(err))
	}
	if err := c.judge(r.Method, a, hide); err != nil || r.Into == nil {
		return a, err
	}
	if err := json.Unmarshal(a.Body, r.Into); err != nil {
		return a, unreadable(r.Method, a, errNoJSON)
	}
	return a, nil
}

// errNoJSON stands for the errors of encoding/json, which quote what they could not
// read.
var errNoJSON = errors.New("the answer cannot be read")

// unreadable is a success of which nobody knows what came of it.
func unreadable(method string, a Answer, why error) error {
	cause := &Error{Status: a.Status, Rate: a.Rate, Strange: true, Cause: why}
	return &connector.SendError{Outcome: doubt(method), Detail: "no usable answer", Cause: cause}
}

// doubt is the outcome of what may have been done.
func doubt(method string) connector.Outcome {
	if method == http.MethodGet || method == http.MethodHead {
		return connector.Deferred
	}
	return connector.Unsure
}

func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	if r.Body.err != nil {
		return nil, r.Body.err
	}
	address := r.To
	if strings.HasPrefix(address, "/") {
		address = c.opts.Base + address
	}
	var body io.Reader
	if r.Body.kind != "" {
		body = bytes.NewReader(r.Body.content)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, address, body)
	if err != nil {
		return nil, err
	}
	if len(r.Query) > 0 {
		query := req.URL.Query()
		for k, vs := range r.Query {
			query[k] = append(query[k], vs...)
		}
		req.URL.RawQuery = query.Encode()
	}
	if r.Header != nil {
		req.Header = r.Header.Clone()
	}
	if r.Body.kind != "" {
		req.Header.Set("Content-Type", r.Body.kind)
	}
	return req, nil
}
