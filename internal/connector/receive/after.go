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
	alarm map[string]*alarm
	over  bool // no alarm goes off any more
}

// alarm is what is to be done at a time.
type alarm struct{ timer *time.Timer }

func newAfterwards() *afterwards {
	a := &afterwards{last: map[string]chan struct{}{}, alarm: map[string]*alarm{}}
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

// At does something at a time, as After does, in place of what was to be done at another time for the
// same key; with the zero time nothing. What it gives is when it is to be done again, unless another
// time was set meanwhile. Nothing waits for it: when the program stops it is not done.
func (r *Runner) At(ctx context.Context, key string, at time.Time, do func(context.Context) (again time.Time)) {
	r.set(ctx, key, nil, at, do)
}

// set is At; behind an alarm that went off, only as long as that is the one of its key.
func (r *Runner) set(ctx context.Context, key string, behind *alarm, at time.Time, do func(context.Context) time.Time) {
	a := r.after
	a.mu.Lock()
	defer a.mu.Unlock()
	was := a.alarm[key]
	if behind != nil && behind != was {
		return
	}
	if was != nil {
		was.timer.Stop()
		delete(a.alarm, key)
	}
	if at.IsZero() || a.over {
		return
	}
	set := &alarm{}
	set.timer = time.AfterFunc(at.Sub(r.Now()), func() {
		if a.is(key, set) {
			r.After(ctx, key, func(in context.Context) { r.set(ctx, key, set, do(in), do) })
		}
	})
	a.alarm[key] = set
}

// is reports whether an alarm still is the one of its key.
func (a *afterwards) is(key string, set *alarm) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.alarm[key] == set
}

// still has no alarm go off any more.
func (a *afterwards) still() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.over = true
	for _, set := range a.alarm {
		set.timer.Stop()
	}
	clear(a.alarm)
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
