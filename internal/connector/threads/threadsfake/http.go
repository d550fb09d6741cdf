package threadsfake

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

// failure is how Threads says no.
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
	free   bool // a token of any age and state may be tried
	do     func(*Threads, call) (map[string]any, error)
}

// call is a request that was let in.
type call struct {
	at     string // the object in the path
	form   url.Values
	fields []string
}

// mediaFields are those of a post that is read by itself
// (https://developers.facebook.com/documentation/threads/reference/media-retrieval), and
// replyFields of one in a list of replies (…/reference/reply-management).
var (
	replyFields = strings.Fields("id media_product_type media_type media_url permalink username text timestamp shortcode " +
		"thumbnail_url children is_quote_post has_replies root_post replied_to is_reply is_reply_owned_by_me hide_status reply_audience " +
		"quoted_post reposted_post gif_url topic_tag is_verified profile_picture_url")
	mediaFields = append(strings.Fields("owner alt_text link_attachment_url poll_attachment is_spoiler_media text_entities text_attachment "+
		"location_id"), replyFields...)
	containerFields = []string{"id", "status", "error_message"}
	limitFields     = strings.Fields("quota_usage config reply_quota_usage reply_config delete_quota_usage delete_config " +
		"location_search_quota_usage location_search_config")
	paged = []string{"since", "until", "limit", "before", "after"}
)

func path(p string) *regexp.Regexp { return regexp.MustCompile("^" + p + "$") }

const (
	user = `/v1\.0/(?:me|` + Self + `)`
	node = `/v1\.0/([0-9]{1,30})`
)

// operations are the documented calls of which the fake knows.
var operations = []operation{
	{"me", http.MethodGet, path(user), nil, strings.Fields("id username name threads_profile_picture_url threads_biography is_verified"),
		"threads_basic", false, (*Threads).self},
	{"create", http.MethodPost, path(user + "/threads"), strings.Fields("media_type text image_url video_url is_carousel_item children " +
		"reply_to_id reply_control allowlisted_country_codes alt_text link_attachment quote_post_id topic_tag"), nil,
		"threads_content_publish", false, (*Threads).create},
	{"publish", http.MethodPost, path(user + "/threads_publish"), []string{"creation_id"}, nil, "threads_content_publish", false,
		(*Threads).publish},
	{"own", http.MethodGet, path(user + "/threads"), paged, mediaFields, "threads_basic", false, (*Threads).own},
	{"replies", http.MethodGet, path(user + "/replies"), paged, mediaFields, "threads_read_replies", false, (*Threads).ownReplies},
	{"mentions", http.MethodGet, path(user + "/mentions"), paged, mediaFields, "threads_manage_mentions", false, (*Threads).mentions},
	{"limit", http.MethodGet, path(user + "/threads_publishing_limit"), nil, limitFields, "threads_content_publish", false,
		(*Threads).limits},
	{"conversation", http.MethodGet, path(node + "/conversation"), []string{"reverse", "before", "after"}, replyFields,
		"threads_read_replies", false, (*Threads).conversation},
	{"node", http.MethodGet, path(node), nil, append(slices.Clone(mediaFields), containerFields...), "threads_basic", false, (*Threads).node},
	{"hide", http.MethodPost, path(node + "/manage_reply"), []string{"hide"}, nil, "threads_manage_replies", false, (*Threads).hide},
	{"delete", http.MethodDelete, path(node), nil, nil, "threads_delete", false, (*Threads).delete},
	{"refresh", http.MethodGet, path(`/refresh_access_token`), []string{"grant_type"}, nil, "threads_basic", false, (*Threads).refresh},
	{"debug", http.MethodGet, path(`/v1\.0/debug_token`), []string{"input_token"}, nil, "", true, (*Threads).debug},
}

// ServeHTTP answers one call.
func (f *Threads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
func (f *Threads) call(o operation, r *http.Request) (out map[string]any, x fault, faulty bool, err error) {
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
func (f *Threads) let(o operation, r *http.Request) (c call, err error) {
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
func (f *Threads) admit(o operation, access string) error {
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
func (f *Threads) say(w http.ResponseWriter, out map[string]any, err error) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	if no, ok := errors.AsType[*failure](err); ok {
		if no.code == 4 {
			w.Header().Set("X-Business-Use-Case-Usage", `{"`+Self+`":[{"type":"threads","call_count":100,"estimated_time_to_regain_access":9}]}`)
		}
		e := map[string]any{"message": no.text, "type": "THApiException", "code": no.code, "fbtrace_id": "Abc"}
		if no.subcode != 0 {
			e["error_subcode"] = no.subcode
		}
		out = map[string]any{"error": e}
		w.WriteHeader(http.StatusBadRequest)
	}
	_ = json.NewEncoder(w).Encode(out) // who hung up does not read it
}
