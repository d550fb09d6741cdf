package site

import (
	"context"
	"crypto/rand"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// Limits on one request. The socket deadlines bound a peer that reads or writes a
// byte at a time; the context bounds the work behind a request.
const (
	workFor  = 5 * time.Second
	readFor  = 20 * time.Second
	writeFor = 30 * time.Second

	publicBody  = 64 << 10  // a question of 2,000 four-byte characters is 24 KiB as a form
	deskBody    = 256 << 10 // an answer of 10,000 four-byte characters is 120 KiB as a form
	uploadBody  = 64 << 20  // pictures: what is too large is read away, so that its sender is told in words
	uploadFor   = 2 * time.Minute
	webhookBody = 1 << 20 // platforms wrap whole messages in their events
)

// policy allows what the pages use and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors " + nobody

const nobody = "'none'"

// Framed lets other sites show an answer in a frame. It is for what has no forms: nobody must be
// made to press something that they do not see.
func Framed(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", strings.TrimSuffix(policy, nobody)+"*")
}

type contextKey struct{}

// RequestID names a request in the log and on its error page. It says nothing
// about who made it.
func RequestID(r *http.Request) string {
	id, _ := r.Context().Value(contextKey{}).(string)
	return id
}

// Wrap adds to a mux what every answer needs: headers, limits, the check of where a
// form came from, recovery, and a log line without addresses, queries or texts.
func (s *Site) Wrap(next http.Handler) http.Handler {
	guarded := s.sameOrigin(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		rec := &recorder{ResponseWriter: w}
		id := strings.ToLower(rand.Text()[:10])
		r = r.WithContext(context.WithValue(r.Context(), contextKey{}, id))
		defer func() { s.finish(rec, r, start, recover()) }()
		s.headers(w)
		if cancel := s.bound(rec, &r); cancel != nil {
			defer cancel()
		}
		guarded.ServeHTTP(rec, r)
	})
}

// finish answers a panic and says what happened.
func (s *Site) finish(rec *recorder, r *http.Request, start time.Time, panicked any) {
	if panicked == http.ErrAbortHandler {
		panic(panicked)
	}
	if panicked != nil {
		s.Log.Error("handler panicked", "route", r.Pattern, "request", RequestID(r), "panic", panicked, "stack", string(debug.Stack()))
		if rec.status == 0 {
			http.Error(rec, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
	}
	took := s.Now().Sub(start)
	s.Log.Debug("request", "route", r.Pattern, "status", rec.status, "took", took, "request", RequestID(r))
	if s.Observe != nil {
		s.Observe(r.Pattern, rec.status, took)
	}
}

func (s *Site) headers(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	// Not "no-referrer": with it browsers send "Origin: null" with our own forms.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if s.Secure() {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// bound limits the body and the time of a request. Streams set their own deadlines.
// Sockets keep the machine's time, so these do not use Now.
func (s *Site) bound(w *recorder, r **http.Request) context.CancelFunc {
	if Streaming(*r) {
		return nil
	}
	c := http.NewResponseController(w.ResponseWriter)
	reading, writing, working, body := readFor, writeFor, workFor, bodyLimit((*r).URL.Path)
	if uploads(*r) {
		reading, writing, working, body = uploadFor, uploadFor+writeFor, uploadFor+writeFor, uploadBody
	}
	_ = c.SetReadDeadline(time.Now().Add(reading)) // not every test writer has deadlines
	_ = c.SetWriteDeadline(time.Now().Add(writing))
	ctx, cancel := context.WithTimeout((*r).Context(), working)
	*r = (*r).WithContext(ctx)
	(*r).Body = http.MaxBytesReader(w, (*r).Body, body)
	return cancel
}

// uploads reports whether a request brings pictures, with a question or to the desk: both read them
// part by part.
func uploads(r *http.Request) bool {
	asks := strings.HasPrefix(r.URL.Path, "/s/") && strings.HasSuffix(r.URL.Path, "/questions")
	return r.Method == http.MethodPost && (asks || strings.HasPrefix(r.URL.Path, "/desk/")) && HasFiles(r)
}

// Streaming reports whether a request is for live events, which last.
func Streaming(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/events")
}

func bodyLimit(path string) int64 {
	switch {
	case strings.HasPrefix(path, "/desk"), strings.HasPrefix(path, "/api/v1/desk/"):
		return deskBody
	case strings.HasPrefix(path, "/webhooks/"):
		return webhookBody
	}
	return publicBody
}

// sameOrigin refuses forms that another site sent. A call with a token cannot be made by another
// site's form, platforms sign their webhooks, and the address that ends letters is signed and asks
// for no cookie: mail programs in a browser call it from their own site (RFC 8058).
func (s *Site) sameOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	if s.PublicURL != "" {
		_ = p.AddTrustedOrigin(s.PublicURL) // a wrong one is reported by the check of the configuration
	}
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Refuse(w, r, ErrOrigin) }))
	guarded := p.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") || strings.HasPrefix(r.URL.Path, "/webhooks/") ||
			strings.HasPrefix(r.URL.Path, "/leave/") {
			next.ServeHTTP(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

// Refuse answers with a problem document under /api/ and with a page elsewhere.
func (s *Site) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		s.Problem(w, r, err)
		return
	}
	s.ErrorPage(w, r, "", err)
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
