package receive_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

// hooked is a source that is called, and asked every ten seconds.
type hooked struct{ source }

func (h *hooked) Handlers(put receive.Put) map[string]http.Handler {
	return map[string]http.Handler{"/birds": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := put(r.Context(), event(r.URL.RawQuery)); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})}
}

// bring calls the hook, and gives the status.
func bring(r *receive.Runner, key string) int {
	w := httptest.NewRecorder()
	r.Hooks()["/birds"].ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/birds?"+key, nil))
	return w.Code
}

// unread is a mailbox whose letters stay.
type unread struct{ connector.Mailbox }

func (unread) Take(ctx context.Context, _ connector.MailLine, _ int, _ time.Duration) ([]connector.Letter, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestHook: fetches are seldom while the hook brings something, at their own pace when it is
// silent or misses something, and at once when something could not be put.
func TestHook(t *testing.T) {
	onBench(t, func(b *bench) {
		h := &hooked{source{start: b.start}}
		var missed atomic.Bool
		h.fetch = func(ctx context.Context, _ receive.Look, put receive.Put) (n receive.Next, err error) {
			if missed.Load() {
				_, err = put(ctx, event("missed"))
			}
			return receive.Next{Wait: 10 * time.Second}, err
		}
		r := b.runner("a", h)
		r.Mailbox = unread{r.Mailbox} // nobody looks into it all the time
		defer b.run(r)()
		time.Sleep(15 * time.Second)
		h.want(t, "fetch @0s", "fetch @10s")
		bring(r, "one")
		time.Sleep(74 * time.Second)
		h.want(t, "fetch @1m15s", "fetch @1m25s")
		for range 20 { // that is 16m40s
			bring(r, "one")
			time.Sleep(50 * time.Second)
		}
		h.want(t, "fetch @16m25s")
		missed.Store(true)
		time.Sleep(25 * time.Second)
		h.want(t, "fetch @18m19s", "fetch @18m29s")
		bring(r, "two")
		b.store.Break(errGone)
		time.Sleep(time.Second)
		if got := bring(r, "three"); got != http.StatusServiceUnavailable {
			t.Errorf("answered %d", got)
		}
		time.Sleep(500 * time.Millisecond)
		b.store.Break(nil)
		time.Sleep(2 * time.Second)
		h.want(t, "fetch @18m35s", "fetch @18m36s")
	})
}

// TestNoHooks: a source that is not called has no handlers.
func TestNoHooks(t *testing.T) {
	onBench(t, func(b *bench) {
		if got := b.runner("a", &source{}).Hooks(); got != nil {
			t.Errorf("%v", got)
		}
	})
}

// TestAfter: what one key is for goes on one after another, whatever became of the context,
// and Run waits for it.
func TestAfter(t *testing.T) {
	onBench(t, func(b *bench) {
		r := b.runner("a", &source{start: b.start, fetch: nothing(time.Hour)})
		stop := b.run(r)
		ctx, cancel := context.WithCancel(b.t.Context())
		var mu sync.Mutex
		var done []string
		after := func(key, what string, takes time.Duration) {
			r.After(ctx, key, func(ctx context.Context) {
				select {
				case <-time.After(takes):
				case <-ctx.Done():
				}
				mu.Lock()
				defer mu.Unlock()
				done = append(done, what+"@"+time.Since(b.start).String())
			})
		}
		after("a", "one", 2*time.Second)
		after("a", "two", time.Second)
		after("b", "other", time.Second)
		after("", "alone", 4*time.Second)
		after("", "too long", time.Hour)
		cancel()
		stop()
		synctest.Wait()
		if want := []string{"other@1s", "one@2s", "two@3s", "alone@4s", "too long@40s"}; !slices.Equal(done, want) {
			t.Errorf("done %q, want %q", done, want)
		}
	})
}

// TestAt: what is to be done at a time is done then, once, unless the same key is set anew or the
// program stops.
func TestAt(t *testing.T) {
	onBench(t, func(b *bench) {
		r := b.runner("a", &source{start: b.start, fetch: nothing(time.Hour)})
		stop := b.run(r)
		ctx, cancel := context.WithCancel(b.t.Context())
		var mu sync.Mutex
		var done []string
		at := func(key, what string, wait time.Duration) {
			r.At(ctx, key, b.start.Add(wait), func(ctx context.Context) (again time.Time) {
				mu.Lock()
				defer mu.Unlock()
				done = append(done, what+"@"+time.Since(b.start).String())
				if ctx.Err() != nil {
					b.t.Errorf("%s: %v", what, ctx.Err())
				}
				switch {
				case what == "twice" && len(done) < 4:
					again = time.Now().Add(time.Second)
				case what == "set anew":
					r.At(ctx, key, time.Time{}, nil)
					again = time.Now()
				}
				return again
			})
		}
		at("a", "replaced", time.Second)
		at("a", "one", 2*time.Second)
		at("b", "other", -time.Second)
		at("c", "none", time.Second)
		r.At(ctx, "c", time.Time{}, nil)
		at("d", "late", time.Hour)
		at("f", "twice", 1500*time.Millisecond)
		at("g", "set anew", 2600*time.Millisecond)
		cancel()
		time.Sleep(3 * time.Second)
		stop()
		at("e", "after the end", time.Second)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if want := []string{"other@0s", "twice@1.5s", "one@2s", "twice@2.5s", "set anew@2.6s"}; !slices.Equal(done, want) {
			t.Errorf("done %q, want %q", done, want)
		}
	})
}
