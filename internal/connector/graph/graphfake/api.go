package graphfake

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector/faultfake"
)

const (
	day   = 24 * time.Hour
	holds = 60 * day // a long-lived token
)

// Operation is one of the API, by what the documentation says of it.
type Operation struct {
	Name, Verb string
	Path       *regexp.Regexp // with the object in a group
	Params     []string       // beside access_token
	Fields     []string       // that it gives; none is that it has no parameter fields
	Scope      string         // that the token must have; "" is none
	Do         func(Call) (map[string]any, error)
}

// Path is one of an operation, as a whole.
func Path(p string) *regexp.Regexp { return regexp.MustCompile("^" + p + "$") }

// Call is one that was let in.
type Call struct {
	At     string // the object in the path
	Token  string
	Form   url.Values
	Fields []string
	To     string // the address
}

// Picked leaves the fields that were asked for.
func (c Call) Picked(all map[string]any) map[string]any {
	out := map[string]any{}
	for _, field := range c.Fields {
		if v, ok := all[field]; ok {
			out[field] = v
		}
	}
	return out
}

// Only refuses fields that the object at hand does not have, although the operation knows them.
func (c Call) Only(fields []string) error {
	for _, field := range c.Fields {
		if !slices.Contains(fields, field) {
			return Fail(100, "Tried accessing nonexisting field (%s)", field)
		}
	}
	return nil
}

// Token is one of the account's.
type Token struct {
	Made, Ends time.Time
	Revoked    bool
}

// API is one account with what all have. Any number of goroutines may use it.
type API struct {
	faultfake.Faults
	Containers
	URL string // empty until somebody serves it

	Now        func() time.Time
	Operations []Operation
	Tokens     map[string]*Token
	Scopes     []string
	Late       time.Duration // how long lists do not have what is new
	Stutters   bool
	self, kind string

	mu     sync.Mutex
	last   int
	rate   int
	calls  Window
	counts map[string]int
}

// Account are the facts of one.
type Account struct {
	Self, Kind string // the account, and what the headers of usage call the API
	Token      string // its first token, which is a week old
	Scopes     []string
	First      int // ids are beyond it
	Grant      string
	Basic      string // the permission that a renewal takes
}

// Make makes an account, which nobody serves yet.
func Make(now func() time.Time, a Account) *API {
	f := &API{Now: now, Tokens: map[string]*Token{}, Scopes: slices.Clone(a.Scopes), self: a.Self, kind: a.Kind, last: a.First, rate: 48_000,
		calls: Window{Span: day}, counts: map[string]int{}}
	f.Containers = Containers{api: f, all: map[string]*Container{}}
	f.Issue(a.Token, 7*day)
	f.Operations = []Operation{{Name: "refresh", Verb: http.MethodGet, Path: Path(`/refresh_access_token`), Params: []string{"grant_type"},
		Scope: a.Basic, Do: func(c Call) (map[string]any, error) { return f.refresh(c, a.Grant, a.Token[:4]) }}}
	return f
}

// Serve serves h, which stands on the API, for a test.
func (f *API) Serve(t testing.TB, h http.Handler) {
	s := httptest.NewServer(h)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	f.URL = s.URL
}

// Do changes what the API knows.
func (f *API) Do(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// Issue is a long-lived token that was made so long ago.
func (f *API) Issue(access string, ago time.Duration) {
	f.Do(func() { f.Tokens[access] = &Token{Made: f.Now().Add(-ago), Ends: f.Now().Add(holds - ago)} })
}

// Revoke takes every token back.
func (f *API) Revoke() { f.Do(func() { f.each(true) }) }

// Restore gives them again.
func (f *API) Restore() { f.Do(func() { f.each(false) }) }

func (f *API) each(revoked bool) {
	for _, t := range f.Tokens {
		t.Revoked = revoked
	}
}

// Forbid takes a permission away.
func (f *API) Forbid(scope string) {
	f.Do(func() { f.Scopes = slices.DeleteFunc(f.Scopes, func(s string) bool { return s == scope }) })
}

// Lag shows in lists only what was written so long ago.
func (f *API) Lag(d time.Duration) { f.Do(func() { f.Late = d }) }

// Stutter has every page of a list be the first one, with a next one behind it
// (https://github.com/mobolic/facebook-sdk/issues/510).
func (f *API) Stutter(is bool) { f.Do(func() { f.Stutters = is }) }

// Rate is how many calls the app has in 24 hours.
func (f *API) Rate(most int) { f.Do(func() { f.rate = most }) }

// Calls is how many calls of an operation were let in.
func (f *API) Calls(op string) (n int) {
	f.Do(func() { n = f.counts[op] })
	return n
}

// Next is an id that nothing has.
func (f *API) Next() string {
	f.last++
	return strconv.Itoa(f.last)
}

// ServeHTTP answers one call.
func (f *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "no form", http.StatusBadRequest)
		return
	}
	i := slices.IndexFunc(f.Operations, func(o Operation) bool { return o.Verb == r.Method && o.Path.MatchString(r.URL.Path) })
	if i < 0 {
		Say(w, nil, Fail(100, "Unsupported request: %s %s", r.Method, r.URL.Path))
		return
	}
	out, x, faulty, err := f.call(w.Header(), f.Operations[i], r)
	if faulty {
		x.Write(w, r)
		return
	}
	Say(w, out, err)
}

// call does what one says; a fault comes in place of its answer.
func (f *API) call(h http.Header, o Operation, r *http.Request) (out map[string]any, x faultfake.Fault, faulty bool, err error) {
	x, faulty = f.Take(o.Name)
	if faulty && !x.Done {
		return nil, x, true, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	c, err := f.let(o, r)
	if err == nil {
		out, err = o.Do(c)
	}
	wait := 0
	if no, ok := errors.AsType[*Failure](err); ok {
		wait = no.Wait
	}
	Usage(h, f.self, f.kind, f.calls.Used(f.Now()), f.rate, wait)
	return out, x, faulty, err
}

// let looks whether a call is one that may be made.
func (f *API) let(o Operation, r *http.Request) (c Call, err error) {
	if o.Verb == http.MethodPost && r.URL.RawQuery != "" {
		return c, Fail(100, "fake: what is written stands in the body, not in the address")
	}
	for k, vs := range r.Form {
		if len(vs) != 1 || k != "access_token" && !slices.Contains(o.Params, k) && (k != "fields" || o.Fields == nil) {
			return c, Fail(100, "fake: unknown parameter, or given twice: %s", k)
		}
	}
	c = Call{Form: r.Form, Token: r.Form.Get("access_token"), Fields: []string{"id"}, To: f.URL + r.URL.Path}
	if err := f.admit(o, c.Token); err != nil {
		return c, err
	}
	if m := o.Path.FindStringSubmatch(r.URL.Path); len(m) > 1 {
		c.At = m[1]
	}
	if given := r.Form.Get("fields"); given != "" {
		c.Fields = strings.Split(given, ",")
	}
	if o.Fields != nil {
		err = c.Only(o.Fields)
	}
	if err == nil {
		f.counts[o.Name]++
	}
	return c, err
}

// admit looks at the rate, the token and its permissions.
func (f *API) admit(o Operation, access string) error {
	if f.calls.Used(f.Now()) >= f.rate {
		return &Failure{Code: 4, Text: "Application request limit reached", Wait: 9}
	}
	f.calls.Add(f.Now())
	t := f.Tokens[access]
	switch {
	case t == nil:
		return Fail(190, "Invalid OAuth access token - Cannot parse access token")
	case t.Revoked:
		return Fail(190, "Error validating access token: The user has not authorized application.")
	case !f.Now().Before(t.Ends):
		return Fail(190, "Error validating access token: Session has expired.")
	}
	return f.May(o.Scope)
}

// May refuses a call without a permission.
func (f *API) May(scope string) error {
	if scope != "" && !slices.Contains(f.Scopes, scope) {
		return Fail(10, "Application does not have permission for this action")
	}
	return nil
}

// refresh gives another token; the old one holds until its own end.
func (f *API) refresh(c Call, grant, prefix string) (map[string]any, error) {
	switch {
	case c.Form.Get("grant_type") != grant:
		return nil, Fail(100, "The grant_type is invalid")
	case f.Now().Sub(f.Tokens[c.Token].Made) < day:
		return nil, Fail(100, "fake: the token is younger than 24 hours")
	}
	next := prefix + f.Next()
	f.Tokens[next] = &Token{Made: f.Now(), Ends: f.Now().Add(holds)}
	return map[string]any{"access_token": next, "token_type": "bearer", "expires_in": int(holds / time.Second)}, nil
}

// Listed is a page of what lists have already, the newest first unless it is the oldest.
func Listed[T any](f *API, c Call, all []T, at func(T) time.Time, l List[T]) (map[string]any, error) {
	all = slices.DeleteFunc(slices.Clone(all), func(one T) bool { return f.Now().Sub(at(one)) < f.Late })
	slices.SortStableFunc(all, func(a, b T) int { return at(b).Compare(at(a)) })
	if l.Oldest {
		slices.Reverse(all)
	}
	l.To, l.Stutters = c.To, f.Stutters
	return l.Page(c.Form, all)
}

// Stamp is a time as the API writes it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05-0700") }

// Quota is the limit of something in 24 hours as the API gives it.
func Quota(total int) map[string]any {
	return map[string]any{"quota_total": total, "quota_duration": 86400}
}
