package facebook

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/httpapi"
)

const timeout = 20 * time.Second

// Codes of a Page's, besides those of all platforms
// (https://developers.facebook.com/docs/graph-api/guides/error-handling).
const (
	codeBlocked   = 368
	codeDuplicate = 506
)

// rules are those of a Page's. What it calls a duplicate (506, and 368, which is also said to whom
// it has blocked for a while) may have been done.
var rules = []httpapi.Rule{
	{Code: "368", Outcome: connector.Unsure},
	{Code: "506", Outcome: connector.Unsure},
	{Code: "341", Outcome: connector.Deferred, Wait: graph.RateWait},
	{Code: "80001", Outcome: connector.Deferred, Wait: graph.RateWait},
	{Code: "102", Outcome: connector.Deferred, Wait: graph.MendWait},
	{Code: "104", Outcome: connector.Deferred, Wait: graph.MendWait},
	{Status: http.StatusUnauthorized, Outcome: connector.Deferred, Wait: graph.MendWait},
}

// calls are made with one token and its proof.
type calls struct {
	*graph.Client
	token, proof string
}

// newCalls makes them. hide are further secrets.
func newCalls(base, token, secret string, now func() time.Time, hide ...string) *calls {
	proof := graph.Proof(token, secret)
	return &calls{token: token, proof: proof, Client: graph.New(graph.Options{Base: base, Rules: rules, Timeout: timeout, Now: now,
		Secrets: append(hide, token, secret, proof)})}
}

// get asks what changes nothing.
func (c *calls) get(ctx context.Context, path string, params url.Values, into any) error {
	return c.as(ctx, c.token, graph.Request(http.MethodGet, path, c.proven(params), into))
}

// post changes something.
func (c *calls) post(ctx context.Context, path string, params url.Values, into any) error {
	return c.as(ctx, c.token, graph.Request(http.MethodPost, path, c.proven(params), into))
}

func (c *calls) proven(params url.Values) url.Values {
	return graph.With(params, "appsecret_proof", c.proof)
}

// upload hands a file over.
func (c *calls) upload(ctx context.Context, path string, into any, parts ...httpapi.Part) error {
	parts = append(parts, httpapi.Part{Name: "appsecret_proof", Content: []byte(c.proof)})
	return c.as(ctx, c.token, httpapi.Request{Method: http.MethodPost, To: path, Body: httpapi.Multipart(parts...), Into: into})
}

// remove deletes an object.
func (c *calls) remove(ctx context.Context, path string) error {
	var said struct{ Success bool }
	err := c.as(ctx, c.token, graph.Request(http.MethodDelete, path, c.proven(nil), &said))
	if err == nil && !said.Success {
		return graph.Unusable(http.MethodDelete)
	}
	return err
}

// as calls with a token.
func (c *calls) as(ctx context.Context, token string, r httpapi.Request) error {
	r.Header = http.Header{"Authorization": {"Bearer " + token}}
	return c.Do(ctx, r)
}

// refusesToken reports whether the API takes no call with this token.
func refusesToken(err error) bool {
	code := graph.Code(err)
	return httpapi.ErrorOf(err).Status == http.StatusUnauthorized || code == graph.CodeToken || code == 102 || code == 104
}
