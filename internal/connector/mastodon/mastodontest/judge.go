package mastodontest

import (
	"bytes"
	"context"
	_ "embed"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

//go:embed api.yaml
var documented []byte

// judge knows what Mastodon documents.
type judge struct {
	testing.TB
	routes routers.Router
}

// Judge opens a way to a server on which every request and every answer must be as Mastodon
// documents them; else the test fails. Streams are judged by their requests.
func Judge(t testing.TB, server string) (address string) {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	j := judge{t, routes(t)}
	on := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, FlushInterval: -1, ModifyResponse: j.answered,
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }, // who called or who was called is gone
		ErrorLog:     slog.NewLogLogger(slog.DiscardHandler, 0)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { on.ServeHTTP(w, j.asked(r)) }))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}

// routes are what is documented. Its own mistakes are the test's.
func routes(t testing.TB) routers.Router {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(documented)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var options = func() *openapi3filter.Options {
	o := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true}
	o.WithCustomSchemaErrorFunc(func(e *openapi3.SchemaError) string {
		return "/" + strings.Join(e.JSONPointer(), "/") + ": " + e.Reason
	})
	return o
}()

// exempt are requests that are nothing of the documented API, by why.
func exempt(r *http.Request, body []byte) (why string) {
	if strings.HasPrefix(r.URL.Path, "/system/media_attachments/") {
		return "files, which are at any address"
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /oauth/authorize", "POST /oauth/authorize":
		return "pages for people"
	case "POST /api/v2/media":
		if !bytes.Contains(body, []byte("Content-Disposition")) {
			return "an empty form asks whether the token may hand over pictures, and wants to be refused"
		}
	}
	return ""
}

// judged is the key of what a request came to.
type judged struct{}

// asked judges a request, whose body it reads before.
func (j judge) asked(r *http.Request) *http.Request {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil || exempt(r, body) != "" { // whoever asked is gone, or asks for something else
		return r
	}
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := j.routes.FindRoute(copied)
	if err != nil {
		j.Errorf("%s %s is not documented: %v", r.Method, r.URL.Path, err)
		return r
	}
	in := &openapi3filter.RequestValidationInput{Request: copied, PathParams: params, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
		j.Errorf("%s %s with %s: %v", r.Method, r.URL, body, err)
	}
	for name := range r.URL.Query() {
		if route.Operation.Parameters.GetByInAndName("query", name) == nil {
			j.Errorf("%s %s has no parameter %q, says %s", r.Method, r.URL.Path, name, route.Operation.ExternalDocs.URL)
		}
	}
	return r.WithContext(context.WithValue(r.Context(), judged{}, in))
}

// answered judges an answer.
func (j judge) answered(r *http.Response) error {
	in, known := r.Request.Context().Value(judged{}).(*openapi3filter.RequestValidationInput)
	if !known || strings.HasPrefix(r.Header.Get("Content-Type"), "text/event-stream") {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return err
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: r.StatusCode, Header: r.Header, Options: options}
	if err := openapi3filter.ValidateResponse(r.Request.Context(), out.SetBodyBytes(body)); err != nil {
		j.Errorf("%s %s is answered %d %s: %v", in.Request.Method, in.Request.URL, r.StatusCode, body, err)
	}
	return nil
}
