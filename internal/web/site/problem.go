package site

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// statuses is the one table from kinds of errors to HTTP. A kind that is missing is
// Internal, 500.
var statuses = map[session.Kind]int{
	session.Invalid:     http.StatusUnprocessableEntity,
	session.Forbidden:   http.StatusForbidden,
	session.NotFound:    http.StatusNotFound,
	session.Already:     http.StatusConflict,
	session.Stale:       http.StatusConflict,
	session.Refused:     http.StatusConflict,
	session.TooMany:     http.StatusTooManyRequests,
	session.Unavailable: http.StatusServiceUnavailable,
}

// retryStore is when a caller should try again after the store was away.
const retryStore = 5 * time.Second

// StatusError is an error whose HTTP status says more than its kind.
type StatusError struct {
	Status     int           // 0: from the kind of Err
	RetryAfter time.Duration // 0: none
	Err        error
}

// Error is the text for the log.
func (e *StatusError) Error() string { return e.Err.Error() }

// Unwrap gives the error that is worded for people.
func (e *StatusError) Unwrap() error { return e.Err }

// The errors that HTTP itself brings.
var (
	ErrNoPage    = session.Fail(session.NotFound, "page_unknown")
	ErrMethod    = &StatusError{Status: http.StatusMethodNotAllowed, Err: session.Fail(session.Invalid, "method")}
	ErrTooLarge  = &StatusError{Status: http.StatusRequestEntityTooLarge, Err: session.Fail(session.Invalid, "body_too_large")}
	ErrMediaType = &StatusError{Status: http.StatusUnsupportedMediaType, Err: session.Fail(session.Invalid, "media_type")}
	ErrOrigin    = &StatusError{Status: http.StatusForbidden, Err: session.Fail(session.Forbidden, "cross_origin")}
	ErrForm      = &StatusError{Status: http.StatusBadRequest, Err: session.Fail(session.Invalid, "form_broken")}
)

// TooFast is the error of a caller who has to wait.
func TooFast(wait time.Duration) error {
	return &StatusError{RetryAfter: wait, Err: session.Fail(session.TooMany, "too_fast", "wait", wait.Round(time.Second))}
}

// StatusOf is the HTTP status of an error.
func StatusOf(err error) int {
	if e, ok := errors.AsType[*StatusError](err); ok && e.Status != 0 {
		return e.Status
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	if s, ok := statuses[session.KindOf(err)]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// known replaces the errors of net/http by ours, which have words.
func known(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return ErrTooLarge
	}
	return err
}

// problem is an RFC 9457 document. Code is the id of the error, which never changes
// with the language; Field is the field of the request that is wrong, if it is one; By is
// the person who was faster, or whose it is. Errors are all of them, where there are several;
// Detail words all.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	Field  string `json:"field,omitempty"`
	By     string `json:"by,omitempty"`

	Errors []oneProblem `json:"errors,omitempty"`
}

type oneProblem struct {
	Detail string `json:"detail"`
	Code   string `json:"code"`
	Field  string `json:"field,omitempty"`
}

// Problem answers an API call with an error, and logs it when it is ours.
func (s *Site) Problem(w http.ResponseWriter, r *http.Request, err error) {
	err = known(err)
	status := s.failed(w, r, err)
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: s.Words(r).Error(err), Code: code(err), Field: string(session.FieldOf(err)), By: string(session.ByOf(err))}
	if all := session.Errors(err); len(all) > 1 {
		for _, e := range all {
			p.Errors = append(p.Errors, oneProblem{s.Words(r).Error(e), e.ID, string(e.Field)})
		}
	}
	w.Header().Set("Content-Type", "application/problem+json")
	s.write(w, status, p)
}

// JSON answers an API call.
func (s *Site) JSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	s.write(w, status, v)
}

func (s *Site) write(w http.ResponseWriter, status int, v any) {
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		s.Log.Debug("answer not written", "error", err)
	}
}

func code(err error) string {
	if e, ok := errors.AsType[*session.Error](err); ok {
		return e.ID
	}
	return "internal"
}

// failed sets the headers that belong to an error and logs what readers do not see.
func (s *Site) failed(w http.ResponseWriter, r *http.Request, err error) int {
	status := StatusOf(err)
	wait := time.Duration(0)
	if e, ok := errors.AsType[*StatusError](err); ok {
		wait = e.RetryAfter
	}
	// A crowd that is told to wait fills no log, nor does who asks for what there never is.
	ours := status >= http.StatusInternalServerError && wait == 0 && status != http.StatusNotImplemented
	if wait == 0 && status == http.StatusServiceUnavailable {
		wait = retryStore
	}
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	if ours {
		s.Log.Error("request failed", "route", r.Pattern, "request", RequestID(r), "error", err)
	}
	return status
}

// errorView is what templates/pages/error.html shows.
type errorView struct {
	Status        int
	Title, Detail string
	Back          string
	Time, ID      string
}

// ErrorPage answers a reader with an error, in language l or, when that is empty,
// in the reader's.
func (s *Site) ErrorPage(w http.ResponseWriter, r *http.Request, l session.Language, err error) {
	s.ErrorPageBack(w, r, l, "/", err)
}

// ErrorPageBack is ErrorPage with another way on than the list of sessions.
func (s *Site) ErrorPageBack(w http.ResponseWriter, r *http.Request, l session.Language, back string, err error) {
	err = known(err)
	if !l.Known() {
		l = s.LanguageOf(r)
	}
	words := wording.In(l)
	status := s.failed(w, r, err)
	v := errorView{Status: status, Title: errorTitle(words, status), Detail: words.Error(err), Back: back}
	if status >= http.StatusInternalServerError {
		v.Time, v.ID = words.Clock(s.Now()), RequestID(r)
	}
	s.errors.Render(w, r, status, "error", Page{Title: v.Title, Language: l, NoIndex: true}, v)
}

func errorTitle(w wording.Words, status int) string {
	switch status {
	case http.StatusNotFound:
		return w.Text("page.title_not_found")
	case http.StatusForbidden:
		return w.Text("page.title_forbidden")
	case http.StatusTooManyRequests:
		return w.Text("page.title_wait")
	case http.StatusServiceUnavailable:
		return w.Text("page.title_away")
	case http.StatusInternalServerError:
		return w.Text("page.title_broken")
	}
	return w.Text("page.title_refused")
}
