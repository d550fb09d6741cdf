package flickrfake

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector/faultfake"
)

// Path is where the endpoint stands at a server.
const Path = "/services/rest"

// failure is how Flickr says no: in HTTP 200 where it has a code, else by a status.
type failure struct {
	status, code int
	text         string
}

func (f *failure) Error() string { return f.text }

func fail(code int, text string) *failure { return &failure{http.StatusOK, code, text} }

func problem(what string) *failure {
	return &failure{http.StatusUnauthorized, 0, "oauth_problem=" + what}
}

// method is one of the API.
type method struct {
	params []string // that it knows beside those of every method
	post   bool     // it changes something
	login  bool
	do     func(*Flickr, url.Values) (map[string]any, error)
}

// comments begins the names of the methods for comments under a photo.
const comments = "flickr.photos.comments."

var methods = map[string]method{
	"flickr.test.login":            {login: true, do: (*Flickr).testLogin},
	"flickr.auth.oauth.checkToken": {login: true, do: (*Flickr).checkToken},
	"flickr.photos.getInfo":        {params: []string{"photo_id"}, do: (*Flickr).getInfo},
	comments + "getList":           {params: []string{"photo_id", "min_comment_date", "max_comment_date"}, do: (*Flickr).getList},
	comments + "addComment":        {params: []string{"photo_id", "comment_text"}, post: true, login: true, do: (*Flickr).addComment},
	comments + "editComment":       {params: []string{"comment_id", "comment_text"}, post: true, login: true, do: (*Flickr).editComment},
	comments + "deleteComment":     {params: []string{"comment_id"}, post: true, login: true, do: (*Flickr).deleteComment},
}

// everywhere are the parameters of every method.
var everywhere = []string{"method", "api_key", "format", "nojsoncallback"}

// ServeHTTP answers one call.
func (f *Flickr) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	step, login := steps[r.Method+" "+r.URL.Path]
	if !login && r.URL.Path != Path && r.URL.Path != Path+"/" {
		http.NotFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	// Flickr's own client writes with multipart forms, whose fields it signs all the same.
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		http.Error(w, "no form", http.StatusBadRequest)
		return
	}
	if login {
		f.step(w, r, step)
		return
	}
	out, x, faulty, err := f.call(r)
	if faulty {
		x.Write(w, r)
		return
	}
	say(w, out, err)
}

// call does what one says; a fault comes in place of its answer.
func (f *Flickr) call(r *http.Request) (out map[string]any, x faultfake.Fault, faulty bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	x, faulty = f.Take(r.Form.Get("method"))
	if faulty && !x.Done {
		return nil, x, true, nil
	}
	m, err := f.let(r)
	if err != nil {
		return nil, x, faulty, err
	}
	out, err = m.do(f, r.Form)
	return out, x, faulty, err
}

// let looks whether a call is one that may be made.
func (f *Flickr) let(r *http.Request) (method, error) {
	if !f.counted() {
		return method{}, &failure{http.StatusTooManyRequests, 0, "Too many requests"}
	}
	g, err := f.admit(r, r.Form)
	if err != nil {
		return method{}, err
	}
	name := r.Form.Get("method")
	m, known := methods[name]
	switch {
	case g.token != "" && g.perms == "": // it has to be allowed first
		return m, fail(98, "Invalid auth token")
	case !known:
		return m, fail(112, `Method "`+name+`" not found`)
	case r.Form.Get("format") != "json" || r.Form.Get("nojsoncallback") != "1":
		return m, fail(111, `Format "`+r.Form.Get("format")+`" not found`)
	case m.post != (r.Method == http.MethodPost):
		return m, fail(901, "fake: "+name+" is not called by "+r.Method)
	case m.post && len(r.URL.RawQuery) > 0:
		return m, fail(902, "fake: what is written stands in the body, not in the address")
	case m.login && g.perms == "", m.post && (f.readOnly || g.perms == "read"):
		return m, fail(99, "User not logged in / Insufficient permissions")
	}
	f.counts[name]++
	f.caller = g.token
	return m, m.knows(r.Form)
}

// knows refuses what a method has no parameter for, and what is given twice.
func (m method) knows(form url.Values) error {
	for k, vs := range form {
		if len(vs) != 1 {
			return fail(903, "fake: given twice: "+k)
		}
		if !slices.Contains(everywhere, k) && !slices.Contains(m.params, k) && !strings.HasPrefix(k, "oauth_") {
			return fail(904, "fake: unknown parameter: "+k)
		}
	}
	return nil
}

// counted counts a call of the key, in any span of an hour.
func (f *Flickr) counted() bool {
	since := f.now().Add(-time.Hour)
	f.calls = slices.DeleteFunc(f.calls, func(at time.Time) bool { return !at.After(since) })
	if len(f.calls) >= f.rate {
		return false
	}
	f.calls = append(f.calls, f.now())
	return true
}

func say(w http.ResponseWriter, out map[string]any, err error) {
	if no, ok := errors.AsType[*failure](err); ok {
		if no.code == 0 {
			http.Error(w, no.text, no.status)
			return
		}
		out = map[string]any{"stat": "fail", "code": no.code, "message": no.text}
	} else {
		out["stat"] = "ok"
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(out) // who hung up does not read it
}
