package connector_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// lines is a log that a test can read.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, string(b))
	return len(b), nil
}

// has counts the lines with a text.
func (l *lines) has(text string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.all {
		if strings.Contains(s, text) {
			n++
		}
	}
	return n
}

// room is a mailroom that runs, and what its handler saw.
type room struct {
	t      *testing.T
	box    *connectortest.Mailbox
	log    lines
	start  time.Time
	cancel func()

	mu     sync.Mutex
	handle func(ctx context.Context, raw string) error
	seen   []string
}

// answer changes how letters are handled from now on.
func (r *room) answer(handle func(ctx context.Context, raw string) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.handle = handle
}

// note remembers what came, and gives what is to happen with it.
func (r *room) note(raw []byte) func(ctx context.Context, raw string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, fmt.Sprintf("%s@%v", raw, time.Since(r.start).Round(time.Second)))
	return r.handle
}

// inRoom runs test in a bubble with a room that answers with handle.
func inRoom(t *testing.T, handle func(ctx context.Context, raw string) error, test func(r *room)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &room{t: t, box: connectortest.NewMailbox(), handle: handle, start: time.Now()}
		m := connector.Mailroom{Mailbox: r.box, Name: "tg", Log: slog.New(slog.NewTextHandler(&r.log, nil)),
			Handle: func(ctx context.Context, raw []byte) error { return r.note(raw)(ctx, string(raw)) }}
		ctx, cancel := context.WithCancel(t.Context())
		r.cancel = cancel
		ended := make(chan error)
		go func() { ended <- m.Run(ctx) }()
		test(r)
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("ended with %v", err)
		}
		if n := r.log.has("secret"); n > 0 {
			t.Errorf("the log quotes a letter: %v", r.log.all)
		}
	})
}

// put stores letters and lets them be dealt with for a while.
func (r *room) put(d time.Duration, texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if _, err := r.box.Put(r.t.Context(), text, []byte(text)); err != nil {
			r.t.Fatal(err)
		}
	}
	r.after(d)
}

func (r *room) after(d time.Duration) {
	time.Sleep(d) // the bubble's clock
	synctest.Wait()
}

func (r *room) saw(want ...string) {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Equal(r.seen, want) {
		r.t.Errorf("saw %v, want %v", r.seen, want)
	}
}

// left wants so many letters in the mailbox and so many dead.
func (r *room) left(letters, dead int) {
	r.t.Helper()
	n, err := r.box.Dead(r.t.Context())
	if got := r.box.Left(); got != letters || n != dead || err != nil {
		r.t.Errorf("%d left, %d dead, %v; want %d and %d", got, n, err, letters, dead)
	}
}

// logged wants so many lines with each of some texts; without one, lines at all.
func (r *room) logged(count int, texts ...string) {
	r.t.Helper()
	if len(texts) == 0 {
		texts = []string{""}
	}
	for _, text := range texts {
		if r.log.has(text) != count {
			r.t.Errorf("%d lines with %q, want %d: %v", r.log.has(text), text, count, r.log.all)
		}
	}
}

var (
	errUnavailable = fmt.Errorf("ask: %w", session.Fail(session.Unavailable, "unavailable"))
	errOther       = errors.New("secret")
)

func fine(context.Context, string) error { return nil }

func TestMailroomHandlesInOrder(t *testing.T) {
	inRoom(t, fine, func(r *room) {
		r.put(0, "a", "b", "c")
		r.saw("a@0s", "b@0s", "c@0s")
		r.put(time.Hour, "d")
		r.saw("a@0s", "b@0s", "c@0s", "d@0s")
		r.left(0, 0)
	})
}

// What is away for a moment is tried again with the letter in hand.
func TestMailroomTriesAgainInHand(t *testing.T) {
	tries := 0
	handle := func(context.Context, string) error {
		if tries++; tries < 4 {
			return errUnavailable
		}
		return nil
	}
	inRoom(t, handle, func(r *room) {
		r.put(time.Second, "a", "b")
		r.saw("a@0s", "a@0s", "a@0s", "a@1s", "b@1s")
		r.left(0, 0)
	})
}

// What is away for an hour loses nothing, and its failures do not count.
func TestMailroomOutlivesAnOutage(t *testing.T) {
	var away atomic.Bool
	away.Store(true)
	failures := 0
	handle := func(_ context.Context, raw string) error {
		switch {
		case away.Load():
			return errUnavailable
		case raw == "b" && failures < 4:
			failures++
			return errOther
		}
		return nil
	}
	inRoom(t, handle, func(r *room) {
		r.put(time.Hour, "a", "b", "c")
		r.left(3, 0)
		away.Store(false)
		r.after(time.Minute)
		r.left(0, 0)
		r.logged(0)
	})
}

func TestMailroomBuriesTheUndecodable(t *testing.T) {
	handle := func(_ context.Context, raw string) error {
		if raw == "a" {
			return fmt.Errorf("secret: %w", connector.ErrUndecodable)
		}
		return nil
	}
	inRoom(t, handle, func(r *room) {
		r.put(time.Hour, "a", "b")
		r.saw("a@0s", "b@0s")
		r.left(0, 1)
		r.logged(1, "level=WARN", "reason=undecodable")
	})
}

func TestMailroomBuriesWhatFailsTooOften(t *testing.T) {
	handle := func(_ context.Context, raw string) error {
		if raw == "a" {
			return errOther
		}
		return nil
	}
	inRoom(t, handle, func(r *room) {
		r.put(31*time.Second, "a", "b")
		r.saw("a@0s", "b@0s", "a@8s", "a@16s", "a@24s")
		r.left(1, 0)
		r.after(time.Hour)
		r.saw("a@0s", "b@0s", "a@8s", "a@16s", "a@24s", "a@32s")
		r.left(0, 1)
		r.logged(1, `reason="failed too often"`, "tries=5")
	})
}

func TestMailroomSurvivesPanics(t *testing.T) {
	handle := func(_ context.Context, raw string) error {
		switch raw {
		case "a":
			panic("secret " + raw)
		case "b":
			_ = []int{}[len(raw)]
		}
		return nil
	}
	inRoom(t, handle, func(r *room) {
		r.put(time.Hour, "a", "b", "c")
		r.left(0, 2)
		r.logged(5, "with=string")
		r.logged(5, "index out of range")
		r.logged(10, "made its handler panic", "mailroom_test.go")
		r.logged(2, "letter buried")
	})
}

// A handler must not work at a letter that somebody else may have.
func TestMailroomEndsTheHandlerInTime(t *testing.T) {
	handle := func(ctx context.Context, _ string) error {
		<-ctx.Done()
		return fmt.Errorf("slow: %w", ctx.Err())
	}
	inRoom(t, handle, func(r *room) {
		r.put(connector.LetterFor-time.Second, "a")
		r.saw("a@0s")
		r.after(time.Hour)
		r.left(1, 0)
		r.answer(fine)
		r.after(time.Minute)
		r.left(0, 0)
	})
}

func TestMailroomOutlivesItsMailbox(t *testing.T) {
	inRoom(t, fine, func(r *room) {
		r.put(0, "a")
		r.box.Break(errors.New("no connection"))
		r.after(time.Hour)
		r.box.Break(nil)
		r.put(5*time.Second, "b")
		r.left(0, 0)
		r.logged(1, "mailbox is away", "no connection")
		r.logged(1, "mailbox is back")
	})
}

// A letter whose end could not be told is handled again.
func TestMailroomCannotSayHowItEnded(t *testing.T) {
	inRoom(t, fine, func(r *room) {
		r.answer(func(context.Context, string) error { r.box.Break(errors.New("away")); return nil })
		r.put(5*time.Second, "a")
		r.answer(fine)
		r.box.Break(nil)
		r.after(10 * time.Second)
		r.saw("a@0s", "a@8s")
		r.left(0, 0)
	})
}

// What was handled is settled, also when the program is stopped at that moment.
func TestMailroomStops(t *testing.T) {
	inRoom(t, fine, func(r *room) {
		r.answer(func(context.Context, string) error { r.cancel(); return nil })
		r.put(0, "a", "b")
		r.saw("a@0s")
		r.left(1, 0)
	})
}

func TestMailroomStopsInTheMiddle(t *testing.T) {
	inRoom(t, fine, func(r *room) {
		r.answer(func(ctx context.Context, _ string) error { r.cancel(); <-ctx.Done(); return ctx.Err() })
		r.put(0, "a")
		r.left(1, 0)
	})
}
