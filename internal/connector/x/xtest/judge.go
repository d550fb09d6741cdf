// Package xtest judges what is sent to X, in tests, by the description that X publishes.
package xtest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// Described is the variable that names a file with the description: openapi.json of
// https://github.com/xdevplatform/docs. It is X's own work, so that none is kept here.
const Described = "EXPERTHOUR_X_OPENAPI"

// described reads it once; nil is that there is none.
var described = sync.OnceValues(func() (routers.Router, error) {
	name := os.Getenv(Described)
	if name == "" {
		return nil, nil
	}
	doc, err := openapi3.NewLoader().LoadFromFile(name)
	if err != nil {
		return nil, err
	}
	doc.Servers = nil                // it is called where the test serves it
	return gorillamux.NewRouter(doc) // without doc.Validate, which finds mistakes that are none of ours
})

var options = func() *openapi3filter.Options {
	o := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true}
	o.WithCustomSchemaErrorFunc(func(e *openapi3.SchemaError) string {
		return "/" + strings.Join(e.JSONPointer(), "/") + ": " + e.Reason
	})
	return o
}()

// Need skips a test that is for nothing without the description.
func Need(t testing.TB) {
	t.Helper()
	if os.Getenv(Described) == "" {
		t.Skipf("%s names no description of X's API", Described)
	}
}

// Judge leads to a handler, through which every request and every good answer must be as X
// describes them; else the test fails. Without the description it leads there at once. X's
// refusals are not what it describes, so they are not judged.
func Judge(t testing.TB, to http.Handler) http.Handler {
	t.Helper()
	routes, err := described()
	if err != nil {
		t.Fatal(err)
	}
	if routes == nil {
		return to
	}
	return beside(to, judge{t, routes, to})
}

// beside leads past the judge where people log in and tokens are given, of which the description has the addresses alone.
func beside(to, judged http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oauth2/token" || strings.HasPrefix(r.URL.Path, "/2/oauth2/") || strings.HasPrefix(r.URL.Path, "/i/oauth2/") {
			to.ServeHTTP(w, r)
			return
		}
		judged.ServeHTTP(w, r)
	})
}

type judge struct {
	testing.TB
	routes routers.Router
	to     http.Handler
}

// ServeHTTP judges what goes either way.
func (j judge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil { // whoever asked is gone
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	in := j.asked(r, body)
	heard := httptest.NewRecorder()
	j.to.ServeHTTP(heard, r)
	if r.Context().Err() != nil { // nobody waits for it any more
		return
	}
	if in != nil && heard.Code/100 == 2 && strings.HasPrefix(heard.Header().Get("Content-Type"), "application/json") {
		out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: heard.Code, Header: heard.Header(), Options: options}
		if err := openapi3filter.ValidateResponse(context.WithoutCancel(r.Context()), out.SetBodyBytes(heard.Body.Bytes())); err != nil {
			j.Errorf("%s %s is answered %d %s: %v", r.Method, r.URL, heard.Code, heard.Body, err)
		}
	}
	for k, vs := range heard.Header() {
		w.Header()[k] = vs
	}
	w.WriteHeader(heard.Code)
	_, _ = w.Write(heard.Body.Bytes())
}

// asked judges a request; nil is one that is not described.
func (j judge) asked(r *http.Request, body []byte) *openapi3filter.RequestValidationInput {
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	copied.URL.RawQuery = strings.ReplaceAll(copied.URL.RawQuery, "%2C", ",") // lists, as X's own client spells them too
	route, params, err := j.routes.FindRoute(copied)
	if err != nil {
		j.Errorf("%s %s is not described: %v", r.Method, r.URL.Path, err)
		return nil
	}
	in := &openapi3filter.RequestValidationInput{Request: copied, PathParams: params, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
		j.Errorf("%s %s with %s: %v", r.Method, r.URL, body, err)
	}
	for name := range r.URL.Query() {
		if route.Operation.Parameters.GetByInAndName("query", name) == nil && route.PathItem.Parameters.GetByInAndName("query", name) == nil {
			j.Errorf("%s %s has no parameter %q", r.Method, r.URL, name)
		}
	}
	return in
}
