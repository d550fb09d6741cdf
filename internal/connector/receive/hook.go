package receive

import (
	"context"
	"net/http"
	"sync"
	"time"

	"experthour/internal/connector"
)

// Hooker is called by its platform. Where it is a Fetcher as well, that fetches seldom while
// the hook brings something, at its own pace when the hook is silent, and at once when
// something that was brought could not be put.
type Hooker interface {
	// Handlers are by their path, of GET and POST; nil is a platform that is not to call now.
	// What they are brought they put, and acknowledge it afterwards.
	Handlers(put Put) map[string]http.Handler
}

const (
	// silent is how long a hook that brings nothing still counts as one that works.
	silent = time.Minute
	// seldom is how long fetches are put off at most while it does.
	seldom = 15 * time.Minute
)

var _ connector.Hooked = (*Runner)(nil)

// Hooks are the handlers of a Hooker.
func (r *Runner) Hooks() map[string]http.Handler {
	if h, ok := r.Source.(Hooker); ok {
		return h.Handlers(r.heard)
	}
	return nil
}

// hook is when a platform brought something by itself. What it brings to other replicas is
// not known here: that costs fetches.
type hook struct {
	mu    sync.Mutex
	heard time.Time
}

func (h *hook) note(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard = at
}

// putOff is how long the next fetch can wait, since the one before.
func (h *hook) putOff(before, now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return min(h.heard.Add(silent).Sub(now), before.Add(seldom).Sub(now))
}

// heard puts what a hook brought.
func (r *Runner) heard(ctx context.Context, events ...connector.Event) (fresh int, err error) {
	fresh, err = r.Put(ctx, events...)
	if err != nil {
		r.hook.note(time.Time{})
		ask(r.knock)
		return fresh, err
	}
	r.hook.note(r.Now())
	return fresh, nil
}
