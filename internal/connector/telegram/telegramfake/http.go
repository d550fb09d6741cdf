package telegramfake

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

var tokenForm = regexp.MustCompile(`^[1-9][0-9]*:[A-Za-z0-9_-]+$`)

func wellFormed(token string) bool { return len(token) <= 80 && tokenForm.MatchString(token) }

// serve is the whole server: the address, the token, the call, its faults.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		return
	}
	defer s.work.Done()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.stop, cancel)()

	if path, ok := s.filePath(r.URL.Path); ok {
		s.answer(ctx, w, Download, params{"path": path})
		return
	}
	method, err := s.route(r.URL.Path)
	if err != nil {
		respond(w, reply(nil, err))
		return
	}
	p, err := readParams(r)
	if err != nil {
		respond(w, reply(nil, err))
		return
	}
	if method == "" {
		method = strings.ToLower(p["method"])
	}
	s.answer(ctx, w, method, p)
}

// route takes the method out of /bot{TOKEN}/{method}. Names of methods are not
// case sensitive.
func (s *Server) route(path string) (string, error) {
	rest, ok := strings.CutPrefix(path, "/bot")
	token, method, hasMethod := strings.Cut(rest, "/")
	if !ok || !hasMethod || !wellFormed(token) {
		return "", &apiError{code: http.StatusNotFound, text: "Not Found"}
	}
	if token != s.o.Token {
		return "", &apiError{code: http.StatusUnauthorized, text: "Unauthorized"}
	}
	return strings.ToLower(method), nil
}

// call does what a method does and says what it answers.
func (s *Server) call(ctx context.Context, method string, p params) (any, error) {
	switch method {
	case "getupdates":
		return s.getUpdates(ctx, p)
	case Download:
		return s.download(p["path"])
	}
	do, ok := methods[method]
	if !ok {
		return nil, &apiError{code: http.StatusNotFound, text: "Not Found: method not found"}
	}
	defer s.lock()()
	defer s.bump()
	if s.out {
		return nil, badRequest("logged out")
	}
	return do(s, p)
}

// answered is a successful result with the sentence that goes along with it.
type answered struct {
	result any
	text   string
}

// answer is an HTTP answer that is ready to be written, or to be damaged first.
type answer struct {
	status     int
	retryAfter int
	kind       string // Content-Type; empty is JSON
	body       []byte
}

func reply(result any, err error) answer {
	if err != nil {
		return refusal(err)
	}
	if b, ok := result.(blob); ok {
		return answer{status: http.StatusOK, kind: "application/octet-stream", body: b}
	}
	out := map[string]any{"ok": true, "result": result}
	if a, ok := result.(answered); ok {
		out["result"], out["description"] = a.result, a.text
	}
	return answer{status: http.StatusOK, body: encode(out)}
}

func refusal(err error) answer {
	var e *apiError
	if !errors.As(err, &e) {
		e = &apiError{code: http.StatusInternalServerError, text: "Internal Server Error: " + err.Error()}
	}
	out := map[string]any{"ok": false, "error_code": e.code, "description": e.text}
	if e.retryAfter > 0 {
		out["parameters"] = map[string]any{"retry_after": e.retryAfter}
	}
	if e.migratedTo != 0 {
		out["parameters"] = map[string]any{"migrate_to_chat_id": e.migratedTo}
	}
	return answer{status: e.code, retryAfter: e.retryAfter, body: encode(out)}
}

func respond(w http.ResponseWriter, a answer) {
	w.Header().Set("Content-Type", cmp.Or(a.kind, "application/json"))
	if a.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(a.retryAfter))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// encode leaves < > & as they are, as the real server does.
func encode(v any) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("telegramfake: encode: " + err.Error()) // only the fake's own values come here
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}
