package slackfake

import (
	"net/http"
	"time"
)

// Fault is one way in which a call can go wrong on the network.
type Fault int

const (
	// DropBefore cuts the connection before anything was done.
	DropBefore Fault = iota + 1
	// DropAfter does it and cuts the connection instead of answering.
	DropAfter
	// ErrorBefore answers 503 and does nothing.
	ErrorBefore
	// ErrorAfter does it and answers 503.
	ErrorAfter
	// GarbageAfter does it and answers 200 with something that is not JSON.
	GarbageAfter
	// EmptyAfter does it and answers 200 with {}.
	EmptyAfter
	// BareOKAfter does it and answers 200 with {"ok":true} and nothing else.
	BareOKAfter
	// HangBefore does nothing and does not answer until the client gives up.
	HangBefore
	// HangAfter does it and does not answer until the client gives up.
	HangAfter
)

type fault struct {
	kind  Fault
	code  string        // refuse with this error
	after time.Duration // answer so much later
	limit bool          // answer as if rate limited
	wait  time.Duration // what a limit names
}

// Fail makes the next n calls of the method go wrong in the given way.
func (w *Workspace) Fail(method string, n int, kind Fault) { w.plan(method, n, fault{kind: kind}) }

// Refuse makes the next n calls of the method end in the given Slack error, without doing anything.
func (w *Workspace) Refuse(method string, n int, code string) { w.plan(method, n, fault{code: code}) }

// Delay makes the next n calls of the method be carried out, and answered, so much later.
func (w *Workspace) Delay(method string, n int, d time.Duration) { w.plan(method, n, fault{after: d}) }

// Limit answers the next n calls of the method as too many, in the chosen shape, whatever the budget says.
func (w *Workspace) Limit(method string, n int, wait time.Duration) {
	w.plan(method, n, fault{limit: true, wait: wait})
}

// Heal forgets all planned faults.
func (w *Workspace) Heal() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.faults)
}

func (w *Workspace) plan(method string, n int, f fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range n {
		w.faults[method] = append(w.faults[method], &f)
	}
}

func (w *Workspace) takeFault(method string) *fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	planned := w.faults[method]
	if len(planned) == 0 {
		return &fault{}
	}
	w.faults[method] = planned[1:]
	return planned[0]
}

// before is what happens instead of the call; nil lets it go on.
func (f *fault) before(w *Workspace, r *http.Request) *reply {
	switch {
	case f.kind == DropBefore:
		panic(http.ErrAbortHandler)
	case f.kind == HangBefore:
		w.hang(r)
	case f.kind == ErrorBefore:
		return unavailable()
	case f.code != "":
		answer := jsonReply((&failure{code: f.code}).body())
		return &answer
	case f.limit:
		return w.limitNow(r, f.wait)
	case f.after > 0 && !w.pause(f.after, r.Context().Done()):
		panic(http.ErrAbortHandler)
	}
	return nil
}

// instead is what the client gets instead of the answer to a call that was carried out.
func (f *fault) instead(w *Workspace, r *http.Request, answer reply) reply {
	switch f.kind {
	case DropAfter:
		panic(http.ErrAbortHandler)
	case HangAfter:
		w.hang(r)
	case ErrorAfter:
		return *unavailable()
	case GarbageAfter:
		answer.body = []byte("<html>upstream said something odd</html>")
	case EmptyAfter:
		answer.body = []byte("{}")
	case BareOKAfter:
		answer.body = []byte(`{"ok":true}`)
	}
	return answer
}

func (w *Workspace) limitNow(r *http.Request, wait time.Duration) *reply {
	w.mu.Lock()
	defer w.mu.Unlock()
	answer := w.tooMany(&call{method: r.URL.Path[len("/api/"):], scopes: w.auth.scopes}, wait)
	return &answer
}

// hang holds the request until the client or the workspace gives up, and never answers.
func (w *Workspace) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-w.ctx.Done():
	}
	panic(http.ErrAbortHandler)
}

func unavailable() *reply {
	return &reply{status: http.StatusServiceUnavailable, body: []byte("<html>503</html>")}
}
