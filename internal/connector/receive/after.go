package receive

import (
	"context"
	"sync"
	"time"
)

// afterFor bounds one thing that goes on after an answer.
const afterFor = 40 * time.Second

// afterwards is what goes on when something was answered or acknowledged. Unlike a
// WaitGroup it takes more while somebody waits: handlers of hooks run whether or not the
// Runner does.
type afterwards struct {
	mu    sync.Mutex
	ended sync.Cond
	n     int
	last  map[string]chan struct{} // closed when the newest one of a key has ended
}

func newAfterwards() *afterwards {
	a := &afterwards{last: map[string]chan struct{}{}}
	a.ended.L = &a.mu
	return a
}

// After does something beside, and after what else the same key is for; "" waits for
// nothing. It outlives ctx, so that stopping the program leaves nobody without an answer.
func (r *Runner) After(ctx context.Context, key string, do func(context.Context)) {
	before, ended := r.after.begin(key)
	go func() {
		if before != nil {
			<-before
		}
		defer r.after.end(key, ended)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterFor)
		defer cancel()
		do(ctx)
	}()
}

func (a *afterwards) begin(key string) (before, ended chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n++
	ended = make(chan struct{})
	if key != "" {
		before, a.last[key] = a.last[key], ended
	}
	return before, ended
}

func (a *afterwards) end(key string, ended chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	close(ended)
	if a.last[key] == ended {
		delete(a.last, key)
	}
	a.n--
	a.ended.Broadcast()
}

// wait comes back at a moment when nothing goes on.
func (a *afterwards) wait() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for a.n > 0 {
		a.ended.Wait()
	}
}
