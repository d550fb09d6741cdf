package facebook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

const (
	timeout    = 20 * time.Second
	mostAnswer = 8 << 20
	// mendWait is while somebody has to mend the token or the app.
	mendWait = 30 * time.Second
	// rateWait is after too many calls, where no header says how long it lasts.
	rateWait = 5 * time.Minute
)

// Codes of the Graph API, by https://developers.facebook.com/docs/graph-api/guides/error-handling
// and https://developers.facebook.com/docs/graph-api/overview/rate-limiting.
const (
	codeParameter  = "100"
	codeToken      = "190"
	codePermission = "10"
	codeBlocked    = "368"
	codeDuplicate  = "506"
	// subMissing of codeParameter is an object that is not there, or that may not be seen.
	subMissing = 33
)

// dialect is how the Graph API says no. What it calls temporary (1, 2) may have been done
// (https://github.com/arsduo/koala/issues/699), and so may what it calls a duplicate (506, and
// 368, which is also said to whom it has blocked for a while).
var dialect = httpapi.Dialect{Code: []string{"error.code"}, Words: []string{"error.error_user_msg", "error.message"}, Fails: true,
	Rules: []httpapi.Rule{
		{Code: "1", Outcome: connector.Unsure},
		{Code: "2", Outcome: connector.Unsure},
		{Code: codeBlocked, Outcome: connector.Unsure},
		{Code: codeDuplicate, Outcome: connector.Unsure},
		{Code: "4", Outcome: connector.Deferred, Wait: rateWait},
		{Code: "17", Outcome: connector.Deferred, Wait: rateWait},
		{Code: "32", Outcome: connector.Deferred, Wait: rateWait},
		{Code: "341", Outcome: connector.Deferred, Wait: rateWait},
		{Code: "613", Outcome: connector.Deferred, Wait: rateWait},
		{Code: "80001", Outcome: connector.Deferred, Wait: rateWait},
		{Code: "102", Outcome: connector.Deferred, Wait: mendWait},
		{Code: "104", Outcome: connector.Deferred, Wait: mendWait},
		{Code: codeToken, Outcome: connector.Deferred, Wait: mendWait},
		{Status: http.StatusUnauthorized, Outcome: connector.Deferred, Wait: mendWait},
	}}

// graph calls the API with one token.
type graph struct {
	http  *httpapi.Client
	token string
	proof string
	used  atomic.Int64 // how much of what the app has is used, in parts of a hundred
}

// newGraph makes one. hide are further secrets.
func newGraph(base, token, secret string, now func() time.Time, hide ...string) *graph {
	proof := proofOf(token, secret)
	return &graph{token: token, proof: proof, http: httpapi.New(httpapi.Options{Base: base, Dialect: dialect, Timeout: timeout,
		Most: mostAnswer, Now: now, Secrets: append(hide, token, secret, proof)})}
}

// proofOf shows with a call that who has the token has the app's secret too
// (https://developers.facebook.com/docs/graph-api/guides/secure-requests).
func proofOf(token, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}

// get asks what changes nothing.
func (g *graph) get(ctx context.Context, path string, params url.Values, into any) error {
	q := url.Values{"appsecret_proof": {g.proof}}
	for k, vs := range params {
		q[k] = vs
	}
	return g.call(ctx, httpapi.Request{Method: http.MethodGet, To: path, Query: q, Into: into}, g.token)
}

// post changes something.
func (g *graph) post(ctx context.Context, path string, params url.Values, into any) error {
	form := url.Values{"appsecret_proof": {g.proof}}
	for k, vs := range params {
		form[k] = vs
	}
	return g.call(ctx, httpapi.Request{Method: http.MethodPost, To: path, Body: httpapi.Form(form), Into: into}, g.token)
}

// upload hands a file over.
func (g *graph) upload(ctx context.Context, path string, into any, parts ...httpapi.Part) error {
	parts = append(parts, httpapi.Part{Name: "appsecret_proof", Content: []byte(g.proof)})
	return g.call(ctx, httpapi.Request{Method: http.MethodPost, To: path, Body: httpapi.Multipart(parts...), Into: into}, g.token)
}

// remove deletes an object.
func (g *graph) remove(ctx context.Context, path string) error {
	var said struct{ Success *bool }
	r := httpapi.Request{Method: http.MethodDelete, To: path, Query: url.Values{"appsecret_proof": {g.proof}}, Into: &said}
	err := g.call(ctx, r, g.token)
	if err == nil && (said.Success == nil || !*said.Success) {
		return unusable(http.MethodDelete)
	}
	return err
}

func (g *graph) call(ctx context.Context, r httpapi.Request, token string) error {
	r.Header = http.Header{"Authorization": {"Bearer " + token}}
	a, err := g.http.Do(ctx, r)
	used, wait := usage(a.Header)
	if a.Header != nil {
		g.used.Store(int64(used))
	}
	if err == nil {
		return nil
	}
	var said struct {
		Error struct {
			Sub int `json:"error_subcode"`
		}
	}
	_ = json.Unmarshal(a.Body, &said) // some answers are none
	e := *connector.OutcomeOf(err)
	if e.Outcome == connector.Deferred && e.Wait == rateWait && wait > 0 {
		e.Wait = wait
	}
	e.Cause = &answered{said.Error.Sub, e.Cause}
	return &e
}

// answered is an error with the API's finer code.
type answered struct {
	sub   int
	cause error
}

// Error is that of the cause, which quotes nothing.
func (a *answered) Error() string {
	if a.cause == nil {
		return "no cause"
	}
	return a.cause.Error()
}

// Unwrap gives the cause.
func (a *answered) Unwrap() error { return a.cause }

// missing reports whether the API says that there is no such object, or none that may be seen.
func missing(err error) bool {
	a, ok := errors.AsType[*answered](err)
	return ok && a.sub == subMissing && code(err) == codeParameter
}

func code(err error) string { return httpapi.ErrorOf(err).Code }

// refusesToken reports whether the API takes no call with this token.
func refusesToken(err error) bool {
	e := httpapi.ErrorOf(err)
	return e.Status == http.StatusUnauthorized || e.Code == codeToken || e.Code == "102" || e.Code == "104"
}

// forbids reports whether the token lacks a permission: 10, and 200 to 299.
func forbids(err error) bool {
	n, _ := strconv.Atoi(code(err))
	return n == 10 || n >= 200 && n <= 299
}

// unusable is an answer of which nobody knows what it says.
func unusable(method string) error {
	e := &connector.SendError{Outcome: connector.Unsure, Detail: "no usable answer"}
	if method == http.MethodGet {
		e.Outcome = connector.Deferred
	}
	return e
}

// counts are what the headers of usage say, each in parts of a hundred, and how many minutes there
// are to wait (https://developers.facebook.com/docs/graph-api/overview/rate-limiting#headers).
type counts struct {
	Calls float64 `json:"call_count"`
	CPU   float64 `json:"total_cputime"`
	Time  float64 `json:"total_time"`
	Wait  float64 `json:"estimated_time_to_regain_access"`
}

// usage is the most of what is used, and how long no call will be let in.
func usage(h http.Header) (used int, wait time.Duration) {
	var all []counts
	for _, name := range []string{"X-App-Usage", "X-Page-Usage"} {
		var c counts
		if json.Unmarshal([]byte(h.Get(name)), &c) == nil {
			all = append(all, c)
		}
	}
	var cases map[string][]counts
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &cases) == nil {
		for _, cs := range cases {
			all = append(all, cs...)
		}
	}
	for _, c := range all {
		used = max(used, int(min(max(c.Calls, c.CPU, c.Time, 0), 1_000)))
		minutes := min(max(c.Wait, 0), httpapi.LongestWait.Minutes())
		wait = max(wait, time.Duration(minutes*float64(time.Minute)))
	}
	return used, wait
}
