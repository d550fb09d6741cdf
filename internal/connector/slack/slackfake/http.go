package slackfake

import (
	"errors"
	"net/http"
	"strings"
)

// reply is a finished HTTP answer, kept apart from the connection so that a fault can replace it.
type reply struct {
	status int
	header map[string]string
	body   []byte
}

func (a reply) write(rw http.ResponseWriter) {
	for key, value := range a.header {
		rw.Header().Set(key, value)
	}
	rw.WriteHeader(a.status)
	_, _ = rw.Write(a.body)
}

func jsonReply(body obj) reply {
	return reply{status: http.StatusOK, body: encode(body),
		header: map[string]string{"Content-Type": "application/json; charset=utf-8"}}
}

func (w *Workspace) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", w.tracked(w.serveAPI))
	mux.HandleFunc("/link/", w.tracked(w.serveSocket))
	mux.HandleFunc("/files-pri/", w.tracked(w.serveFile))
	mux.HandleFunc("/respond/", w.tracked(w.serveResponse))
	return mux
}

// tracked makes Close wait for the handler.
func (w *Workspace) tracked(serve http.HandlerFunc) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		closed := w.closed
		if !closed {
			w.wg.Add(1)
		}
		w.mu.Unlock()
		if closed {
			panic(http.ErrAbortHandler)
		}
		defer w.wg.Done()
		serve(rw, r)
	}
}

func (w *Workspace) serveAPI(rw http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	c, readErr := readCall(name, r)
	fault := w.takeFault(name)
	if answer := fault.before(w, r); answer != nil {
		answer.write(rw)
		return
	}
	answer := w.answer(c, readErr)
	fault.instead(w, r, answer).write(rw)
}

// answer carries a call out, all of it under the lock: a call is applied whole or not at all.
func (w *Workspace) answer(c *call, readErr error) reply {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, known := methods[c.method]
	if !known {
		return w.failed(c, refuse("unknown_method"))
	}
	if err := w.authenticate(c, m); err != nil {
		return w.failed(c, err)
	}
	if wait := w.throttle(c, m); wait > 0 {
		return w.tooMany(c, wait)
	}
	if err := c.allow(m.scopes); err != nil {
		return w.failed(c, err)
	}
	if readErr != nil {
		return w.failed(c, readErr)
	}
	if m.form && c.json {
		c.args = obj{} // these methods do not look at a JSON body
	}
	body, err := m.run(w, c)
	if err != nil {
		return w.failed(c, err)
	}
	w.touch()
	return withScopes(c, m, jsonReply(okBody(body)))
}

func okBody(body obj) obj {
	out := obj{"ok": true}
	for key, value := range body {
		out[key] = value
	}
	return out
}

func withScopes(c *call, m method, answer reply) reply {
	answer.header["X-OAuth-Scopes"] = strings.Join(c.scopes, ",")
	answer.header["X-Accepted-OAuth-Scopes"] = strings.Join(m.scopes, ",")
	return answer
}

func (w *Workspace) failed(c *call, err error) reply {
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{code: "internal_error"}
	}
	w.note(Entry{Kind: Refused, Method: c.method, Detail: f.code})
	return withScopes(c, methods[c.method], jsonReply(f.body()))
}
