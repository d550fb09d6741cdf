package graph

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"experthour/internal/connector/httpapi"
)

// mostAnswer bounds a page of a list.
const mostAnswer = 8 << 20

// Options are those of a Client.
type Options struct {
	Base    string
	Secrets []string       // that no error tells
	Rules   []httpapi.Rule // of the platform's own codes
	Timeout time.Duration
	Now     func() time.Time
}

// Client calls the API. Any number of goroutines may use it.
type Client struct {
	http *httpapi.Client
	used atomic.Int64
}

// New makes one; it calls nothing yet.
func New(o Options) *Client {
	return &Client{http: httpapi.New(httpapi.Options{Base: o.Base, Secrets: o.Secrets, Dialect: dialect(o.Rules), Timeout: o.Timeout,
		Most: mostAnswer, Now: o.Now})}
}

// Used is how much of its calls the app has used, in parts of a hundred, as the last answer said.
func (c *Client) Used() int { return int(c.used.Load()) }

// Do makes one call.
func (c *Client) Do(ctx context.Context, r httpapi.Request) error {
	a, err := c.http.Do(ctx, r)
	if a.Header != nil {
		used, _ := usage(a.Header)
		c.used.Store(int64(used))
	}
	return explained(a, err)
}

// Request has its parameters where the method has them.
func Request(method, to string, params url.Values, into any) httpapi.Request {
	r := httpapi.Request{Method: method, To: to, Into: into}
	if method == http.MethodPost {
		r.Body = httpapi.Form(params)
	} else {
		r.Query = params
	}
	return r
}

// With is params and one more.
func With(params url.Values, name, value string) url.Values {
	all := url.Values{name: {value}}
	for k, vs := range params {
		all[k] = vs
	}
	return all
}

// Proof shows with a call that who has the token has the app's secret too ("appsecret_proof").
func Proof(token, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}
