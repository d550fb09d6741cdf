package receive_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

var errGone = errors.New("gone")

// source is a platform that does as a test says, and what was asked of it.
type source struct {
	mu    sync.Mutex
	seen  []string
	start time.Time
	fetch func(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error)
}

func (s *source) note(what string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, fmt.Sprintf(what, args...)+"@"+time.Since(s.start).String())
}

func (s *source) want(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.seen, want) {
		t.Errorf("seen %q\nwant %q", s.seen, want)
	}
	s.seen = nil
}

// wantInAnyOrder is for what goes on side by side.
func (s *source) wantInAnyOrder(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	s.mu.Lock()
	slices.Sort(s.seen)
	s.mu.Unlock()
	slices.Sort(want)
	s.want(t, want...)
}

func (s *source) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
}

func (s *source) Handle(_ context.Context, raw []byte) error {
	s.note("handled %s", raw)
	return nil
}

func (s *source) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	s.note("fetch %s", l.Cursor)
	return s.fetch(ctx, l, put)
}

// nothing is an answer without anything new.
func nothing(wait time.Duration) func(context.Context, receive.Look, receive.Put) (receive.Next, error) {
	return func(context.Context, receive.Look, receive.Put) (receive.Next, error) {
		return receive.Next{Wait: wait}, nil
	}
}

// bench is what the replicas of a test share.
type bench struct {
	t      *testing.T
	store  *redistest.Store
	memory *connectortest.Memory
	leases *connectortest.Leases
	log    lines
	start  time.Time
}

func onBench(t *testing.T, test func(b *bench)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		test(&bench{t: t, store: redistest.New(t, time.Now), memory: connectortest.NewMemory(), leases: connectortest.NewLeases(),
			start: time.Now()})
	})
}

// runner makes one replica.
func (b *bench) runner(owner string, s receive.Source) *receive.Runner {
	log := slog.New(slog.NewTextHandler(&b.log, nil))
	return receive.For(connector.Env{Leases: b.leases, Owner: owner, Now: time.Now, Log: log,
		Mailbox: func(id session.ConnectorID) connector.Mailbox { return b.store.Mailbox(id) },
		Memory:  func(session.ConnectorID) connector.Memory { return b.memory }}, "birds", s)
}

// run starts a replica; stop ends it and waits until nothing goes on.
func (b *bench) run(r *receive.Runner) (stop func()) {
	ctx, cancel := context.WithCancel(b.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := r.Run(ctx); err != nil {
			b.t.Error(err)
		}
	}()
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	return stop
}

func event(key string) connector.Event {
	return connector.Event{Key: key, Line: connector.PublicLine, Raw: []byte(key)}
}

// TestCursorIsKeptAfterPut: also a Fetcher that does not look at what Put says gets the
// same cursor again, and another replica goes on where this one was.
func TestCursorIsKeptAfterPut(t *testing.T) {
	onBench(t, func(b *bench) {
		s := &source{start: b.start}
		s.fetch = func(ctx context.Context, _ receive.Look, put receive.Put) (receive.Next, error) {
			_, _ = put(ctx, event("one"))
			return receive.Next{Cursor: []byte("c1"), Wait: time.Minute}, nil
		}
		b.store.Break(errGone)
		stop := b.run(b.runner("a", s))
		time.Sleep(time.Second)
		s.want(t, "fetch @0s", "fetch @1s")
		if _, ok, _ := b.memory.Recall(t.Context(), "receive:cursor"); ok {
			t.Error("a cursor was kept of what was not put")
		}
		b.store.Break(nil)
		time.Sleep(2 * time.Second)
		s.want(t, "fetch @3s", "handled one@3s")
		time.Sleep(time.Minute)
		s.want(t, "fetch c1@1m3s")
		stop()
		defer b.run(b.runner("b", s))()
		s.want(t, "fetch c1@1m3s")
		if n := b.log.has("trouble"); n != 0 {
			t.Errorf("%d troubles: the platform has none", n)
		}
	})
}

// TestNoCursor: a platform that gives none is asked anew by everybody who begins.
func TestNoCursor(t *testing.T) {
	onBench(t, func(b *bench) {
		s := &source{start: b.start, fetch: nothing(time.Minute)}
		defer b.run(b.runner("a", s))()
		time.Sleep(time.Minute)
		s.want(t, "fetch @0s", "fetch @1m0s")
		if _, ok, _ := b.memory.Recall(t.Context(), "receive:cursor"); ok {
			t.Error("a cursor was kept")
		}
	})
}

// TestEmptyCursorBeginsAtTheAnnouncement: and now, where nothing is announced.
func TestEmptyCursorBeginsAtTheAnnouncement(t *testing.T) {
	onBench(t, func(b *bench) {
		s := &source{start: b.start}
		var looks []receive.Look
		s.fetch = func(_ context.Context, l receive.Look, _ receive.Put) (receive.Next, error) {
			looks = append(looks, l)
			return receive.Next{Wait: time.Minute}, nil
		}
		announced := b.start.Add(-time.Hour)
		var known atomic.Bool
		r := b.runner("a", s)
		r.Hours = func(context.Context, session.ConnectorID) (connector.Hours, error) {
			h := connector.Hours{Busy: true, Under: []session.Origin{{Message: "m1"}}}
			if known.Load() {
				h.Since = announced
			}
			return h, nil
		}
		defer b.run(r)()
		synctest.Wait()
		known.Store(true)
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(looks) != 2 || !looks[0].Since.Equal(b.start.Add(-time.Minute)) || !looks[1].Since.Equal(announced) ||
			!looks[0].Busy || len(looks[0].Under) != 1 {
			t.Errorf("looks %+v", looks)
		}
	})
}

// TestRereadsInTurn: a few originals with each look, each as often as the others, and again
// after a fetch that failed.
func TestRereadsInTurn(t *testing.T) {
	onBench(t, func(b *bench) {
		var all []session.Origin
		for i := range 2*receive.MostAsked + 20 {
			all = append(all, session.Origin{Message: session.MessageID(strconv.Itoa(i))})
		}
		read, failed := map[session.Origin]int{}, false
		s := &source{start: b.start}
		s.fetch = func(_ context.Context, l receive.Look, _ receive.Put) (receive.Next, error) {
			if len(l.Asked) > receive.MostAsked {
				b.t.Errorf("%d originals in one look", len(l.Asked))
			}
			if !failed {
				failed = true
				return receive.Next{}, errGone
			}
			for _, o := range l.Asked {
				read[o]++
			}
			return receive.Next{Wait: time.Minute}, nil
		}
		r := b.runner("a", s)
		r.Originals = func(context.Context, session.ConnectorID) ([]session.Origin, error) { return slices.Clone(all), nil }
		r.Rereads = true
		defer b.run(r)()
		time.Sleep(12 * time.Minute)
		synctest.Wait()
		least, most := 99, 0
		for _, o := range all {
			least, most = min(least, read[o]), max(most, read[o])
		}
		if least < 4 || most > least+1 {
			b.t.Errorf("read between %d and %d times", least, most)
		}
	})
}

// TestPausesGrow: while the platform fails, and at least as long as it says; people are told
// once, and once that it is over.
func TestPausesGrow(t *testing.T) {
	onBench(t, func(b *bench) {
		s := &source{start: b.start}
		var fails []error
		away := &connector.SendError{Outcome: connector.Deferred, Detail: "no answer", Cause: errGone}
		slower := &connector.SendError{Outcome: connector.Deferred, Wait: 30 * time.Second, Cause: errGone}
		fails = append(fails, away, away, slower, away, away, away)
		s.fetch = func(context.Context, receive.Look, receive.Put) (receive.Next, error) {
			if len(fails) == 0 {
				return receive.Next{Wait: time.Hour}, nil
			}
			err := fails[0]
			fails = fails[1:]
			return receive.Next{Cursor: []byte("no")}, err
		}
		r := b.runner("a", s)
		defer b.run(r)()
		time.Sleep(5 * time.Minute)
		s.want(t, "fetch @0s", "fetch @1s", "fetch @3s", "fetch @33s", "fetch @41s", "fetch @57s", "fetch @1m13s")
		if b.log.has("id=receive.away") != 2 || b.log.has("trouble is over") != 1 || len(r.Troubles.List()) != 0 {
			t.Errorf("told %v", b.log.all)
		}
	})
}

// TestTroubleOfItsOwn: a source says itself what people are told, and what they need not be.
func TestTroubleOfItsOwn(t *testing.T) {
	onBench(t, func(b *bench) {
		s := &source{start: b.start}
		quiet := &receive.Trouble{Wait: 3 * time.Second, Cause: errGone}
		said := &receive.Trouble{ID: "birds.asleep", Args: []any{"n", 1}, Cause: errGone}
		refused := &connector.SendError{Outcome: connector.Refused, Detail: "banned", Cause: errGone}
		fails := []error{quiet, said, refused}
		s.fetch = func(context.Context, receive.Look, receive.Put) (receive.Next, error) {
			err := fails[0]
			fails = append(fails[1:], err)
			return receive.Next{}, err
		}
		r := b.runner("a", s)
		defer b.run(r)()
		told := func(wait time.Duration) string {
			time.Sleep(wait)
			synctest.Wait()
			return fmt.Sprint(r.Troubles.List())
		}
		for _, c := range []struct {
			after time.Duration
			want  string
		}{{0, ""}, {3 * time.Second, "birds.asleep"}, {2 * time.Second, "receive.refused"}} {
			if got := told(c.after); c.want == "" && got != "[]" || !strings.Contains(got, c.want) {
				t.Errorf("people are told %s, want %q", got, c.want)
			}
		}
	})
}

// prepared is a source that has something to do before.
type prepared struct {
	source
	fails int
}

func (p *prepared) Prepare(context.Context) error {
	p.note("prepare")
	if p.fails--; p.fails >= 0 {
		return errGone
	}
	return nil
}

// TestOneReceives: the second replica takes over when the first stops. Each prepares before
// it fetches.
func TestOneReceives(t *testing.T) {
	onBench(t, func(b *bench) {
		first := &prepared{source: source{start: b.start, fetch: nothing(10 * time.Second)}, fails: 1}
		second := &prepared{source: source{start: b.start, fetch: nothing(10 * time.Second)}}
		a, z := b.runner("a", first), b.runner("z", second)
		a.Lease, z.Lease = "birds", "birds"
		stop := b.run(a)
		first.want(t, "prepare@0s")
		defer b.run(z)()
		time.Sleep(9500 * time.Millisecond)
		first.want(t, "prepare@1s", "fetch @1s")
		second.want(t)
		stop()
		time.Sleep(time.Second)
		second.want(t, "prepare@10s", "fetch @10s")
		first.want(t)
	})
}

// TestKilledReceiver: after one that ended without a word the next waits for the lease.
func TestKilledReceiver(t *testing.T) {
	onBench(t, func(b *bench) {
		if held, err := b.leases.Hold(t.Context(), "birds", "dead", 4500*time.Millisecond); !held || err != nil {
			t.Fatal(held, err)
		}
		s := &source{start: b.start, fetch: nothing(time.Hour)}
		r := b.runner("a", s)
		r.Lease = "birds"
		defer b.run(r)()
		time.Sleep(6 * time.Second)
		s.want(t, "fetch @5s")
	})
}

// TestLeaseLost: who cannot renew the lease stops before somebody else begins.
func TestLeaseLost(t *testing.T) {
	onBench(t, func(b *bench) {
		s := &source{start: b.start}
		s.fetch = func(ctx context.Context, _ receive.Look, _ receive.Put) (receive.Next, error) {
			<-ctx.Done() // a long poll
			s.note("stopped")
			return receive.Next{Cursor: []byte("never")}, ctx.Err()
		}
		r := b.runner("a", s)
		r.Lease = "birds"
		defer b.run(r)()
		s.want(t, "fetch @0s")
		b.leases.Break(errGone)
		time.Sleep(20500 * time.Millisecond)
		s.want(t, "stopped@5s")
		b.leases.Break(nil)
		time.Sleep(time.Second)
		s.want(t, "fetch @21s")
		if len(r.Troubles.List()) != 0 {
			t.Errorf("people are told %v", r.Troubles.List())
		}
	})
}

// listening is a source with a stream.
type listening struct {
	source
	stream func(ctx context.Context, up func(), put receive.Put) error
}

func (l *listening) Stream(ctx context.Context, up func(), put receive.Put) error {
	l.note("stream")
	err := l.stream(ctx, up, put)
	l.note("over")
	return err
}

// TestStream: what happened before the stream was up is fetched then, and when it does not
// come up. That it ends is no trouble; that it does not come up is.
func TestStream(t *testing.T) {
	onBench(t, func(b *bench) {
		l := &listening{source: source{start: b.start, fetch: nothing(time.Hour)}}
		var broken atomic.Bool
		l.stream = func(ctx context.Context, up func(), put receive.Put) error {
			if broken.Load() {
				return errGone
			}
			time.Sleep(time.Second)
			up()
			time.Sleep(time.Second)
			_, err := put(ctx, event("one"))
			return err
		}
		r := b.runner("a", l)
		stop := b.run(r)
		time.Sleep(2500 * time.Millisecond)
		l.wantInAnyOrder(t, "stream@0s", "fetch @1s", "handled one@2s", "over@2s")
		broken.Store(true)
		time.Sleep(2 * time.Second)
		l.wantInAnyOrder(t, "stream@3s", "over@3s", "fetch @3s", "stream@4s", "over@4s", "fetch @4s")
		if got := r.Troubles.List(); len(got) != 1 || got[0].ID != "receive.away" {
			t.Errorf("people are told %v", got)
		}
		broken.Store(false)
		time.Sleep(5 * time.Second)
		if got := r.Troubles.List(); len(got) != 0 {
			t.Errorf("people are told %v", got)
		}
		stop()
		l.forget()
		time.Sleep(2 * time.Hour)
		l.want(t)
	})
}

// TestNothingIsKnown: whoever names neither hours nor originals is asked all the same.
func TestNothingIsKnown(t *testing.T) {
	onBench(t, func(b *bench) {
		s, looks := &source{start: b.start}, 0
		s.fetch = func(context.Context, receive.Look, receive.Put) (receive.Next, error) {
			looks++
			return receive.Next{Wait: time.Minute}, nil
		}
		r := b.runner("a", s)
		r.Rereads = true
		defer b.run(r)()
		synctest.Wait()
		if looks != 1 {
			t.Errorf("%d looks", looks)
		}
	})
}
