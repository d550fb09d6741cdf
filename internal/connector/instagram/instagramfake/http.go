package instagramfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// failure is how Instagram says no.
type failure struct {
	code, subcode int
	text          string
}

func (f *failure) Error() string { return f.text }

func fail(code int, format string, args ...any) *failure {
	return &failure{code: code, text: fmt.Sprintf(format, args...)}
}

// operation is one of the API, by what the documentation says of it.
type operation struct {
	name   string
	verb   string
	path   *regexp.Regexp
	params []string // beside access_token
	fields []string // that it gives; none is that it has no parameter fields
	scope  string
	do     func(*Instagram, call) (map[string]any, error)
}

// call is a request that was let in.
type call struct {
	at     string // the object in the path
	form   url.Values
	fields []string
}

// The fields that the documentation names: of a comment, of a post, and of the account.
var (
	commentFields = strings.Fields("id text timestamp username from hidden like_count parent_id media replies user " +
		"legacy_instagram_comment_id")
	mediaFields = strings.Fields("id caption comments_count is_comment_enabled like_count media_type media_url owner permalink shortcode " +
		"timestamp username")
	selfFields = strings.Fields("id user_id username name account_type profile_picture_url followers_count follows_count media_count")
	paged      = []string{"before", "after", "limit"}
)

func path(p string) *regexp.Regexp { return regexp.MustCompile("^" + p + "$") }

const (
	user  = `/v26\.0/(?:me|` + Self + `)`
	post  = `/v26\.0/` + Media
	node  = `/v26\.0/([0-9]{1,30})`
	basic = "instagram_business_basic"
	talk  = "instagram_business_manage_comments"
)

// operations are the documented calls of which the fake knows.
var operations = []operation{
	{"me", http.MethodGet, path(user), nil, selfFields, basic, (*Instagram).self},
	{"posts", http.MethodGet, path(user + "/media"), paged, mediaFields, basic, (*Instagram).posts},
	{"media", http.MethodGet, path(post), nil, mediaFields, basic, (*Instagram).media},
	{"comments", http.MethodGet, path(post + "/comments"), paged, commentFields, talk, (*Instagram).top},
	{"comment", http.MethodPost, path(post + "/comments"), []string{"message"}, nil, talk, (*Instagram).write},
	{"replies", http.MethodGet, path(node + "/replies"), paged, commentFields, talk, (*Instagram).replies},
	{"reply", http.MethodPost, path(node + "/replies"), []string{"message"}, nil, talk, (*Instagram).write},
	{"node", http.MethodGet, path(node), nil, append(slices.Clone(mediaFields), commentFields...), talk, (*Instagram).node},
	{"hide", http.MethodPost, path(node), []string{"hide"}, nil, talk, (*Instagram).hide},
	{"delete", http.MethodDelete, path(node), nil, nil, talk, (*Instagram).delete},
	{"refresh", http.MethodGet, path(`/refresh_access_token`), []string{"grant_type"}, nil, basic, (*Instagram).refresh},
}

// ServeHTTP answers one call.
func (f *Instagram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "no form", http.StatusBadRequest)
		return
	}
	i := slices.IndexFunc(operations, func(o operation) bool { return o.verb == r.Method && o.path.MatchString(r.URL.Path) })
	if i < 0 {
		f.say(w, nil, fail(100, "Unsupported request: %s %s", r.Method, r.URL.Path))
		return
	}
	out, x, faulty, err := f.call(operations[i], r)
	if faulty {
		x.write(w, r)
		return
	}
	f.say(w, out, err)
}

// call does what one says; a fault comes in place of its answer.
func (f *Instagram) call(o operation, r *http.Request) (out map[string]any, x fault, faulty bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	x, faulty = f.fault(o.name)
	if faulty && !x.done {
		return nil, x, true, nil
	}
	c, err := f.let(o, r)
	if err != nil {
		return nil, x, faulty, err
	}
	out, err = o.do(f, c)
	return out, x, faulty, err
}

// let looks whether a call is one that may be made.
func (f *Instagram) let(o operation, r *http.Request) (c call, err error) {
	if o.verb == http.MethodPost && r.URL.RawQuery != "" {
		return c, fail(100, "fake: what is written stands in the body, not in the address")
	}
	for k, vs := range r.Form {
		if len(vs) != 1 || k != "access_token" && !slices.Contains(o.params, k) && (k != "fields" || o.fields == nil) {
			return c, fail(100, "fake: unknown parameter, or given twice: %s", k)
		}
	}
	if err := f.admit(o, r.Form.Get("access_token")); err != nil {
		return c, err
	}
	c = call{form: r.Form, fields: []string{"id"}}
	if m := o.path.FindStringSubmatch(r.URL.Path); len(m) > 1 {
		c.at = m[1]
	}
	if given := r.Form.Get("fields"); given != "" {
		c.fields = strings.Split(given, ",")
	}
	for _, field := range c.fields {
		if o.fields != nil && !slices.Contains(o.fields, field) {
			return c, fail(100, "Tried accessing nonexisting field (%s)", field)
		}
	}
	f.counts[o.name]++
	return c, nil
}

// admit looks at the rate, the token and its permissions.
func (f *Instagram) admit(o operation, access string) error {
	since := f.now().Add(-day)
	f.calls = slices.DeleteFunc(f.calls, func(at time.Time) bool { return !at.After(since) })
	if len(f.calls) >= f.rate {
		return fail(4, "Application request limit reached")
	}
	f.calls = append(f.calls, f.now())
	t := f.tokens[access]
	switch {
	case t == nil:
		return fail(190, "Invalid OAuth access token - Cannot parse access token")
	case t.revoked:
		return fail(190, "Error validating access token: The user has not authorized application.")
	case !f.now().Before(t.ends):
		return fail(190, "Error validating access token: Session has expired.")
	case o.scope != "" && !slices.Contains(f.scopes, o.scope):
		return fail(10, "Application does not have permission for this action")
	}
	return nil
}

// say answers; a limit of calls says in a header how many minutes it lasts.
func (f *Instagram) say(w http.ResponseWriter, out map[string]any, err error) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	if no, ok := errors.AsType[*failure](err); ok {
		if no.code == 4 {
			w.Header().Set("X-Business-Use-Case-Usage", `{"`+Self+`":[{"type":"instagram","call_count":100,"estimated_time_to_regain_access":9}]}`)
		}
		e := map[string]any{"message": no.text, "type": "IGApiException", "code": no.code, "fbtrace_id": "Abc"}
		if no.subcode != 0 {
			e["error_subcode"] = no.subcode
		}
		out = map[string]any{"error": e}
		w.WriteHeader(http.StatusBadRequest)
	}
	_ = json.NewEncoder(w).Encode(out) // who hung up does not read it
}
