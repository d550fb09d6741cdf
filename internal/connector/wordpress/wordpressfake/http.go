package wordpressfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// failure is how WordPress says no.
type failure struct {
	status        int
	code, message string
}

func (f *failure) Error() string { return f.code }

func fail(status int, code, message string) *failure { return &failure{status, code, message} }

// request is one that was let in.
type request struct {
	*http.Request
	body map[string]any
	raw  []byte // of a file
}

// route has the parameters and fields that it knows; others are refused.
type route struct {
	query, body []string
	file        bool // the body is one
	do          func(*Site, request) (any, error)
}

func (s *Site) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, r := range routes {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, req *http.Request) { s.serve(w, req, r) })
	}
	mux.HandleFunc("GET /wp-content/uploads/{file}", s.file)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		say(w, fail(http.StatusNotFound, "rest_no_route", "No route was found matching the URL and request method."))
	})
	return mux
}

// read and list are what every route of that kind knows of a query.
var (
	read     = []string{"context", "_fields"}
	list     = append([]string{"status", "author", "order", "orderby", "per_page", "page"}, read...)
	newPost  = []string{"title", "content", "slug", "status", "comment_status", "ping_status", "categories"}
	newReply = []string{"post", "parent", "content", "author_user_agent", "author_name", "author_email"}
)

var routes = map[string]route{
	"GET /wp-json/{$}":                    {query: read, do: (*Site).index},
	"GET /wp-json/wp/v2/users/me":         {query: read, do: (*Site).me},
	"GET /wp-json/wp/v2/categories/{id}":  {query: read, do: (*Site).category},
	"GET /wp-json/wp/v2/posts":            {query: append([]string{"slug"}, list...), do: (*Site).listPosts},
	"POST /wp-json/wp/v2/posts":           {query: read, body: newPost, do: (*Site).addPost},
	"GET /wp-json/wp/v2/posts/{id}":       {query: read, do: (*Site).getPost},
	"POST /wp-json/wp/v2/posts/{id}":      {query: read, body: []string{"title", "content", "comment_status", "sticky"}, do: (*Site).editPost},
	"DELETE /wp-json/wp/v2/posts/{id}":    {query: []string{"force"}, do: (*Site).removePost},
	"GET /wp-json/wp/v2/comments":         {query: append([]string{"post", "parent", "include"}, list...), do: (*Site).listComments},
	"POST /wp-json/wp/v2/comments":        {query: read, body: newReply, do: (*Site).addComment},
	"GET /wp-json/wp/v2/comments/{id}":    {query: read, do: (*Site).getComment},
	"POST /wp-json/wp/v2/comments/{id}":   {query: read, body: []string{"content", "author_user_agent", "status"}, do: (*Site).editComment},
	"DELETE /wp-json/wp/v2/comments/{id}": {query: []string{"force"}, do: (*Site).removeComment},
	"GET /wp-json/wp/v2/media":            {query: append([]string{"slug", "search"}, list...), do: (*Site).listMedia},
	"POST /wp-json/wp/v2/media":           {query: read, file: true, do: (*Site).addMedia},
	"POST /wp-json/wp/v2/media/{id}":      {query: read, body: []string{"alt_text"}, do: (*Site).editMedia},
	"DELETE /wp-json/wp/v2/media/{id}":    {query: []string{"force"}, do: (*Site).removeMedia},
}

func (s *Site) serve(w http.ResponseWriter, req *http.Request, r route) {
	s.mu.Lock()
	defer s.mu.Unlock()
	instead := s.instead(req.Method)
	if instead != nil && !instead.done {
		instead.write(w)
		return
	}
	in, err := s.admit(req, r)
	if err != nil {
		say(w, err)
		return
	}
	out, err := r.do(s, in)
	if instead != nil {
		instead.write(w)
		return
	}
	if err != nil {
		say(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	if req.Method == http.MethodPost && !strings.Contains(req.URL.Path[len("/wp-json/wp/v2/"):], "/") {
		w.WriteHeader(http.StatusCreated)
	}
	_ = json.NewEncoder(w).Encode(only(out, req.URL.Query().Get("_fields"))) // who hung up does not read it
}

// admit checks who asks, and that nothing is asked that it does not know.
func (s *Site) admit(req *http.Request, r route) (request, error) {
	in := request{Request: req}
	for k := range req.URL.Query() {
		if !slices.Contains(r.query, k) {
			return in, fail(http.StatusBadRequest, "fake_unknown_parameter", k)
		}
	}
	if !s.signed(req) {
		if err := stranger(req); err != nil {
			return in, err
		}
	}
	if req.Method != http.MethodPost {
		return in, nil
	}
	if r.file {
		return in, in.files(req)
	}
	if err := json.NewDecoder(req.Body).Decode(&in.body); err != nil || req.Header.Get("Content-Type") != "application/json" {
		return in, fail(http.StatusBadRequest, "rest_invalid_json", "Invalid JSON body passed.")
	}
	for k := range in.body {
		if !slices.Contains(r.body, k) {
			return in, fail(http.StatusBadRequest, "fake_unknown_field", k)
		}
	}
	return in, nil
}

// signed reports whether a request is the user's. With a wrong password it is a stranger's,
// as at a real site.
func (s *Site) signed(req *http.Request) bool {
	bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
	name, password, given := req.BasicAuth()
	return given && name == User && s.password != "" && bare(password) == bare(s.password)
}

// stranger says what is not for everybody.
func stranger(req *http.Request) error {
	path := strings.TrimPrefix(req.URL.Path, "/wp-json/wp/v2")
	code := map[string]string{http.MethodPost: "rest_cannot_create", http.MethodDelete: "rest_cannot_delete"}[req.Method]
	switch {
	case path == "/users/me":
		code = "rest_not_logged_in"
	case req.URL.Query().Get("status") != "":
		code = "rest_forbidden_param"
	case req.URL.Query().Get("context") == "edit":
		code = "rest_forbidden_context"
	case req.Method == http.MethodPost && path == "/comments":
		code = "rest_comment_login_required"
	case req.Method == http.MethodPost && strings.Count(path, "/") > 1:
		code = "rest_cannot_edit"
	}
	if code == "" {
		return nil
	}
	return fail(http.StatusUnauthorized, code, "Sorry, you must be logged in.")
}

func say(w http.ResponseWriter, err error) {
	f, ok := err.(*failure)
	if !ok {
		f = fail(http.StatusInternalServerError, "fake_broken", err.Error())
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(f.status)
	_, _ = fmt.Fprintf(w, `{"code":%q,"message":%q,"data":{"status":%d}}`, f.code, f.message, f.status)
}

func (r request) text(key string) string {
	s, _ := r.body[key].(string)
	return s
}

func (r request) number(key string) int {
	n, _ := r.body[key].(float64)
	return int(n)
}

// numbers are those of a query, joined by commas.
func (r request) numbers(key string) (ns []int) {
	for s := range strings.SplitSeq(r.URL.Query().Get(key), ",") {
		if n, err := strconv.Atoi(s); err == nil {
			ns = append(ns, n)
		}
	}
	return ns
}

func (r request) id() int {
	n, _ := strconv.Atoi(r.PathValue("id"))
	return n
}

func (r request) edits() bool { return r.URL.Query().Get("context") == "edit" }

// only leaves the fields that were asked for; a part of one ("content.raw") is none of them.
func only(out any, fields string) any {
	if fields == "" {
		return out
	}
	keep := strings.Split(fields, ",")
	switch v := out.(type) {
	case map[string]any:
		maps.DeleteFunc(v, func(k string, _ any) bool { return !slices.Contains(keep, k) })
	case []any:
		for _, e := range v {
			only(e, fields)
		}
	}
	return out
}
