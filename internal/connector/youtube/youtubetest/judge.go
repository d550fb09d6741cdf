// Package youtubetest judges what is said between a program and YouTube by the description of the
// Data API that Google itself gives out, with its clients: youtube-api.json in the module
// google.golang.org/api (https://developers.google.com/discovery/v1/reference/apis).
//
// It knows that description, and neither the connector nor the fake.
package youtubetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// described is the API.
type described struct {
	Parameters map[string]parameter
	Resources  map[string]resource
	Schemas    map[string]schema
}

type resource struct {
	Methods   map[string]method
	Resources map[string]resource
}

type method struct {
	Verb       string `json:"httpMethod"`
	Path       string
	Parameters map[string]parameter
	Request    schema
	Response   schema
}

type parameter struct {
	Type             string
	Required         bool
	Repeated         bool
	Enum             []string
	Minimum, Maximum string
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       string
	Format     string
	Enum       []string
	Items      *schema
	Properties map[string]schema
}

// read finds the description in the module of the clients, which is got where it is not on this machine yet.
var read = sync.OnceValues(func() (d described, err error) {
	out, err := exec.Command("go", "mod", "download", "-json", "google.golang.org/api").Output()
	if err != nil {
		return d, fmt.Errorf("the module is not to be had: %w", err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return d, err
	}
	b, err := os.ReadFile(filepath.Join(module.Dir, "youtube", "v3", "youtube-api.json"))
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(b, &d)
})

// judge is a test that fails for what is not described.
type judge struct {
	testing.TB
	api described
}

// Judge opens a way to a server on which every request to the API and every answer must be as it is
// described; else the test fails. Of answers that say no nothing is described.
func Judge(t testing.TB, server string) (address string) {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	api, err := read()
	if err != nil {
		t.Fatal(err)
	}
	j := judge{t, api}
	on := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, ModifyResponse: j.answered,
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }, // one of the two is gone
		ErrorLog:     slog.NewLogLogger(slog.DiscardHandler, 0)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		j.asked(r)
		on.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}

const root = "/youtube/v3/"

func (j judge) method(r *http.Request) (method, bool) { return methodOf(j.api.Resources, r) }

func methodOf(resources map[string]resource, r *http.Request) (method, bool) {
	for _, of := range resources {
		for _, m := range of.Methods {
			if m.Verb == r.Method && "/"+m.Path == r.URL.Path {
				return m, true
			}
		}
		if m, known := methodOf(of.Resources, r); known {
			return m, true
		}
	}
	return method{}, false
}

// asked judges a request, whose body it reads before.
func (j judge) asked(r *http.Request) {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil || !strings.HasPrefix(r.URL.Path, root) { // whoever asked is gone, or asks for a token
		return
	}
	m, known := j.method(r)
	if !known {
		j.Errorf("%s %s is not described", r.Method, r.URL.Path)
		return
	}
	for _, wrong := range j.wrong(m, r.URL.Query(), body) {
		j.Errorf("%s %s: %s", r.Method, r.URL, wrong)
	}
}

// wrong is what a request has that is not described, and what it lacks.
func (j judge) wrong(m method, query url.Values, body []byte) (all []string) {
	for name, values := range query {
		p, known := m.Parameters[name]
		if !known {
			p, known = j.api.Parameters[name]
		}
		switch {
		case !known:
			all = append(all, "no parameter "+name)
		case len(values) > 1 && !p.Repeated:
			all = append(all, name+" is given more than once")
		}
		for _, v := range values {
			all = append(all, p.wrong(name, v)...)
		}
	}
	for name, p := range m.Parameters {
		if p.Required && query.Get(name) == "" {
			all = append(all, name+" is missing")
		}
	}
	if m.Request.Ref == "" && len(body) > 0 {
		return append(all, "it takes no body")
	}
	return append(all, j.json("body", m.Request, body)...)
}

func (p parameter) wrong(name, value string) []string {
	if p.Type == "integer" {
		n, err := strconv.Atoi(value)
		least, _ := strconv.Atoi(p.Minimum)
		most, _ := strconv.Atoi(p.Maximum)
		if err != nil || n < least || p.Maximum != "" && n > most {
			return []string{fmt.Sprintf("%s is %q, not from %s to %s", name, value, p.Minimum, p.Maximum)}
		}
	}
	if p.Type == "boolean" && value != "true" && value != "false" || len(p.Enum) > 0 && !slices.Contains(p.Enum, value) {
		return []string{fmt.Sprintf("%s cannot be %q", name, value)}
	}
	return nil
}

func (j judge) json(at string, s schema, raw []byte) []string {
	if s.Ref == "" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return []string{at + " is no JSON"}
	}
	return j.value(at, s, v)
}

func (j judge) value(at string, s schema, v any) (all []string) {
	if s.Ref != "" {
		s = j.api.Schemas[s.Ref]
	}
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			of, known := s.Properties[name]
			if !known {
				all = append(all, at+"."+name+" is not described")
				continue
			}
			all = append(all, j.value(at+"."+name, of, inner)...)
		}
		return append(all, is(at, s, "object")...)
	case []any:
		if wrong := is(at, s, "array"); wrong != nil {
			return wrong
		}
		for i, inner := range v {
			all = append(all, j.value(fmt.Sprint(at, ".", i), *s.Items, inner)...)
		}
		return all
	case string:
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
			return []string{fmt.Sprintf("%s cannot be %q", at, v)}
		}
		return is(at, s, "string")
	case json.Number:
		return is(at, s, "integer", "number")
	case bool:
		return is(at, s, "boolean")
	}
	return []string{at + " is null"}
}

func is(at string, s schema, types ...string) []string {
	if slices.Contains(types, s.Type) {
		return nil
	}
	return []string{fmt.Sprintf("%s is %s, not %s", at, types[0], s.Type)}
}

// answered judges an answer.
func (j judge) answered(r *http.Response) error {
	m, known := j.method(r.Request)
	if !known || r.StatusCode != http.StatusOK {
		return nil
	}
	if strings.HasSuffix(m.Path, "/stream") {
		return j.goingOn(r, m)
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil || !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) { // a page in its place is what a test wants
		return err
	}
	for _, wrong := range j.json("answer", m.Response, body) {
		j.Errorf("%s %s is answered %s: %s", r.Request.Method, r.Request.URL, body, wrong)
	}
	return nil
}

// goingOn judges each answer of a list that goes on, while it passes.
func (j judge) goingOn(r *http.Response, m method) error {
	copied, passes := io.Pipe()
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, passes), both{r.Body, passes}}
	go func() {
		defer func() { _, _ = io.Copy(io.Discard, copied) }() // whatever is wrong, it goes on
		d := json.NewDecoder(copied)
		if t, err := d.Token(); err != nil || t != json.Delim('[') {
			return
		}
		for d.More() {
			var one json.RawMessage
			if d.Decode(&one) != nil {
				return
			}
			for _, wrong := range j.json("answer", m.Response, one) {
				j.Errorf("%s is answered %s: %s", r.Request.URL, one, wrong)
			}
		}
	}()
	return nil
}

// both are closed together.
type both struct{ one, other io.Closer }

// Close is io.Closer's.
func (b both) Close() error { return errors.Join(b.other.Close(), b.one.Close()) }
