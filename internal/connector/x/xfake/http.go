package xfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector/faultfake"
)

// The calls, by which switches name them.
const (
	Create   = "POST /2/tweets"
	Delete   = "DELETE /2/tweets/:id"
	Lookup   = "GET /2/tweets"
	Me       = "GET /2/users/me"
	Mentions = "GET /2/users/:id/mentions"
	Timeline = "GET /2/users/:id/tweets"
	Search   = "GET /2/tweets/search/recent"
)

// problem is how X says no.
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Type   string `json:"type"`
	Status int    `json:"status"`
}

func (p *problem) Error() string { return p.Detail }

func no(status int, detail string) *problem {
	return &problem{http.StatusText(status), detail, "about:blank", status}
}

func invalid(what string) *problem {
	return &problem{"Invalid Request", what, "https://api.x.com/2/problems/invalid-request", http.StatusBadRequest}
}

// call is one of the API.
type call struct {
	name   string
	params []string // that it knows in its address
	most   int      // in a quarter of an hour, for each user
	do     func(*X, *request) (any, error)
	app    bool // the app asks, and no account
}

var listed = []string{"max_results", "pagination_token", "start_time", "since_id"}

var fields = []string{"post.fields", "expansions", "user.fields", "media.fields"}

var calls = []call{
	{Upload, nil, 500, (*X).upload, false},
	{Describe, nil, 500, (*X).describe, false},
	{Hooks, []string{"webhook_config.fields"}, 450, (*X).listHooks, true},
	{MakeHook, nil, 450, (*X).makeHook, true},
	{TryHook, nil, 450, (*X).tryHook, true},
	{Replay, nil, 450, (*X).replay, true},
	{Subscriptions, []string{"max_results", "pagination_token"}, 450, (*X).listSubscriptions, false},
	{Subscribe, nil, 450, (*X).subscribe, false},
	{Create, nil, 100, (*X).create, false},
	{Delete, nil, 50, (*X).delete, false},
	{Lookup, append([]string{"ids"}, fields...), 5000, (*X).lookup, false},
	{Me, fields, 75, (*X).me, false},
	{Mentions, append(listed, fields...), 300, (*X).mentions, false},
	{Timeline, append(listed, fields...), 900, (*X).timeline, false},
	{Search, append(append([]string{"query", "sort_order", "next_token"}, listed...), fields...), 300, (*X).search, false},
}

// request is a call as it was made.
type request struct {
	*http.Request
	call  call
	id    string // in its path
	query url.Values
	body  []byte
}

// find finds the call that a request makes.
func named(r *http.Request) (c call, id string, ok bool) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	name := r.Method + " /" + strings.Join(parts, "/")
	switch {
	case len(parts) == 3 && (r.Method == http.MethodDelete || r.Method == http.MethodPut), len(parts) == 4 && parts[1] == "users":
		id = parts[2]
		parts[2] = ":id"
		name = r.Method + " /" + strings.Join(parts, "/")
	}
	i := slices.IndexFunc(calls, func(c call) bool { return c.name == name })
	if i < 0 {
		return call{}, "", false
	}
	return calls[i], id, true
}

// ServeHTTP answers one call.
func (x *X) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if enter := entrances[r.Method+" "+r.URL.Path]; enter != nil {
		x.enter(enter, w, r)
		return
	}
	c, id, ok := named(r)
	if !ok {
		say(w, nil, no(http.StatusNotFound, "fake: there is no such call"))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 8<<20))
	if err != nil {
		return
	}
	out, f, faulty, err := x.call(w.Header(), &request{r, c, id, r.URL.Query(), body})
	if faulty {
		f.Write(w, r)
		return
	}
	say(w, out, err)
}

// enter answers who logs in or wants a token; a fault comes in place of its answer.
func (x *X) enter(do func(*X, http.ResponseWriter, *http.Request), w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	said := httptest.NewRecorder()
	x.mu.Lock()
	f, faulty := x.Take(r.Method + " " + r.URL.Path)
	if !faulty || f.Done {
		do(x, said, r)
	}
	x.mu.Unlock()
	if faulty {
		f.Write(w, r)
		return
	}
	maps.Copy(w.Header(), said.Header())
	w.WriteHeader(said.Code)
	_, _ = w.Write(said.Body.Bytes())
}

// call does what one says; a fault comes in place of its answer.
func (x *X) call(h http.Header, r *request) (out any, f faultfake.Fault, faulty bool, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f, faulty = x.Take(r.call.name)
	if faulty && !f.Done {
		return nil, f, true, nil
	}
	if err := x.let(h, r); err != nil {
		return nil, f, faulty, err
	}
	out, err = r.call.do(x, r)
	return out, f, faulty, err
}

// let looks whether a call is one that may be made.
func (x *X) let(h http.Header, r *request) error {
	if err := x.admit(r); err != nil {
		return err
	}
	h.Set("x-access-level", map[bool]string{false: "read-write", true: "read"}[x.readOnly])
	if !x.counted(h, r.call) {
		return no(http.StatusTooManyRequests, "Too Many Requests")
	}
	if x.spent >= x.credit {
		return &problem{"CreditsDepleted", "Your enrolled account [1] does not have any credits to fulfill this request.",
			"https://api.x.com/2/problems/credits", http.StatusPaymentRequired}
	}
	for k, vs := range r.query {
		if len(vs) != 1 || !slices.Contains(r.call.params, k) {
			return invalid("fake: the query parameter [" + k + "] is not one of " + strings.Join(r.call.params, ","))
		}
	}
	x.counts[r.call.name]++
	return nil
}

// window is a quarter of an hour.
type window struct {
	ends time.Time
	used int
}

// counted counts a call and says in the headers what is left.
func (x *X) counted(h http.Header, c call) bool {
	most, set := x.most[c.name]
	if !set {
		most = c.most
	}
	w := x.windows[c.name]
	if w == nil || !x.now().Before(w.ends) {
		w = &window{ends: x.now().Add(15 * time.Minute)}
		x.windows[c.name] = w
	}
	w.used++
	h.Set("x-rate-limit-limit", strconv.Itoa(most))
	h.Set("x-rate-limit-remaining", strconv.Itoa(max(most-w.used, 0)))
	h.Set("x-rate-limit-reset", strconv.FormatInt(w.ends.Unix(), 10))
	h.Set("Date", x.now().UTC().Format(http.TimeFormat))
	return w.used <= most
}

// charge takes money: each thing that is read costs once a day.
func (x *X) charge(what string, price int) {
	key := fmt.Sprint(x.now().UTC().Format(time.DateOnly), " ", what)
	if !x.read[key] {
		x.read[key] = true
		x.spent += price
	}
}

func say(w http.ResponseWriter, out any, err error) {
	status := http.StatusOK
	if p, ok := errors.AsType[*problem](err); ok {
		out, status = p, p.Status
	}
	if c, ok := out.(created); ok {
		out, status = map[string]any(c), http.StatusCreated
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out) // who hung up does not read it
}
