package receive_test

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
	"experthour/internal/connector/receive"
	"experthour/internal/redisstore/redistest"
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
	store  *redistest.Store
	box    *connectortest.Watched
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
		store := redistest.New(t, time.Now)
		r := &room{t: t, store: store, box: connectortest.Watch(store.Mailbox("tg")), handle: handle, start: time.Now()}
		m := receive.Mailroom{Mailbox: r.box, Name: "tg", Log: slog.New(slog.NewTextHandler(&r.log, nil)),
			Handle: func(ctx context.Context, raw []byte) error { return r.note(raw)(ctx, string(raw)) }}
		ctx, cancel := context.WithCancel(t.Context())
		r.cancel = cancel
		ended := make(chan struct{})
		go func() { defer close(ended); m.Run(ctx) }()
		test(r)
		cancel()
		<-ended
		if n := r.log.has("secret"); n > 0 {
			t.Errorf("the log quotes a letter: %v", r.log.all)
		}
	})
}

// put stores letters of the staff's line in one step and lets them be dealt with for a
// while. "anna:1" is from anna, "a" from nobody.
func (r *room) put(d time.Duration, texts ...string) {
	r.t.Helper()
	r.putIn(connector.StaffLine, texts...)
	r.after(d)
}

func (r *room) putIn(line connector.MailLine, texts ...string) {
	r.t.Helper()
	var all []connector.Event
	for _, text := range texts {
		e := connector.Event{Key: text, Line: line, Raw: []byte(text)}
		if from, _, ok := strings.Cut(text, ":"); ok {
			e.From = from
		}
		all = append(all, e)
	}
	if _, err := r.box.Put(r.t.Context(), all...); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) after(d time.Duration) {
	time.Sleep(d) // the bubble's clock
	synctest.Wait()
}

// saw wants those, in the order of their texts: several are handled at once.
func (r *room) saw(want ...string) {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	got := slices.Clone(r.seen)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		r.t.Errorf("saw %v, want %v", got, want)
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

func TestMailroomHandles(t *testing.T) {
	inRoom(t, fine, func(r *room) {
		r.put(0, "a", "b", "c")
		r.saw("a@0s", "b@0s", "c@0s")
		r.putIn(connector.PublicLine, "d")
		r.put(time.Minute, "e")
		r.saw("a@0s", "b@0s", "c@0s", "d@0s", "e@0s")
		r.left(0, 0)
	})
}

// TestMailroomKeepsOrder: a sender's letters are handled one by one in their order, while
// others' are.
func TestMailroomKeepsOrder(t *testing.T) {
	slow := func(_ context.Context, raw string) error {
		if strings.HasPrefix(raw, "anna") {
			time.Sleep(time.Second)
		}
		return nil
	}
	inRoom(t, slow, func(r *room) {
		r.put(0, "anna:1", "anna:2", "bob:1", "anna:3", "bob:2")
		r.saw("anna:1@0s", "bob:1@0s", "bob:2@0s")
		r.after(3 * time.Second)
		r.saw("anna:1@0s", "bob:1@0s", "bob:2@0s", "anna:2@1s", "anna:3@2s")
		r.left(0, 0)
	})
}

// TestMailroomHands: so many letters of a line are worked at, whatever the other line does.
func TestMailroomHands(t *testing.T) {
	var now, most atomic.Int32
	handle := func(_ context.Context, _ string) error {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		time.Sleep(time.Second)
		return nil
	}
	inRoom(t, handle, func(r *room) {
		for i := range 20 {
			r.putIn(connector.PublicLine, fmt.Sprint("p", i))
			r.putIn(connector.StaffLine, fmt.Sprint("s", i))
		}
		r.after(0)
		if n := now.Load(); n != 16 {
			t.Errorf("%d letters in hand, want 8 of each line", n)
		}
		r.after(time.Minute)
		if n := most.Load(); n != 16 {
			t.Errorf("up to %d letters in hand, want 16", n)
		}
		r.left(0, 0)
	})
}

// TestPressBehindACrowd: a press is answered at once while 600 slow letters wait, and
// within a line a letter that never ends holds up nobody but its sender.
func TestPressBehindACrowd(t *testing.T) {
	const many, each = 600, 20 * time.Millisecond
	handle := func(ctx context.Context, raw string) error {
		switch {
		case raw == "stuck":
			<-ctx.Done()
		case strings.HasPrefix(raw, "p"):
			time.Sleep(each)
		}
		return ctx.Err()
	}
	inRoom(t, handle, func(r *room) {
		crowd := []string{"stuck"}
		for i := range many {
			crowd = append(crowd, fmt.Sprintf("p%d:1", i))
		}
		r.putIn(connector.PublicLine, crowd...)
		r.after(10 * each)
		r.put(0, "press")
		r.mu.Lock()
		at := slices.Index(r.seen, "press@0s")
		before := len(r.seen)
		r.mu.Unlock()
		if at < 0 || before > many/2 {
			t.Errorf("the press was seen as number %d of %d; the crowd must wait still", at, before)
		}
		r.after(many*each/7 + time.Second)
		r.left(1, 0)
	})
}

// TestMailroomTwoReplicas: two rooms share the work, each letter is handled once, and each
// sender's in their order.
func TestMailroomTwoReplicas(t *testing.T) {
	inRoom(t, fine, func(r *room) {
		r.answer(func(context.Context, string) error { time.Sleep(time.Second); return nil })
		other := receive.Mailroom{Mailbox: r.box, Name: "tg", Log: slog.New(slog.DiscardHandler),
			Handle: func(ctx context.Context, raw []byte) error { return r.note(raw)(ctx, string(raw)) }}
		ctx, stop := context.WithCancel(r.t.Context())
		var running sync.WaitGroup
		running.Go(func() { other.Run(ctx) })
		defer running.Wait()
		defer stop()
		const senders, each = 16, 5
		for i := range senders * each {
			r.putIn(connector.PublicLine, fmt.Sprintf("%d:%d", i%senders, i/senders))
		}
		r.after(each * time.Second)
		r.left(0, 0)
		r.mu.Lock()
		defer r.mu.Unlock()
		next := map[string]int{}
		for _, seen := range r.seen { // sixteen hands: a row of letters each second
			from, _, _ := strings.Cut(seen, ":")
			if want := fmt.Sprintf("%s:%d@%ds", from, next[from], next[from]); seen != want {
				t.Errorf("saw %s, want %s", seen, want)
			}
			next[from]++
		}
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
		r.put(time.Second, "a:1", "a:2")
		r.saw("a:1@0s", "a:1@0s", "a:1@0s", "a:1@1s", "a:2@1s")
		r.left(0, 0)
	})
}

// What is away for long loses nothing, and its failures do not count.
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
		r.put(5*time.Minute, "a", "b", "c")
		r.left(3, 0)
		away.Store(false)
		r.after(time.Minute)
		r.left(0, 0)
		r.logged(0)
	})
}

func TestMailroomBuriesTheUndecodable(t *testing.T) {
	handle := func(_ context.Context, raw string) error {
		if raw == "a:1" {
			return fmt.Errorf("secret: %w", receive.ErrUndecodable)
		}
		return nil
	}
	inRoom(t, handle, func(r *room) {
		r.put(time.Minute, "a:1", "a:2")
		r.saw("a:1@0s", "a:2@0s")
		r.left(0, 1)
		r.logged(1, "level=WARN", "reason=undecodable")
	})
}

// What is behind a letter that fails too often comes out when that is buried.
func TestMailroomBuriesWhatFailsTooOften(t *testing.T) {
	handle := func(_ context.Context, raw string) error {
		if raw == "a:1" {
			return errOther
		}
		return nil
	}
	inRoom(t, handle, func(r *room) {
		r.put(31*time.Second, "a:1", "a:2", "b")
		r.saw("a:1@0s", "b@0s", "a:1@8s", "a:1@16s", "a:1@24s")
		r.left(2, 0)
		r.after(time.Minute)
		r.saw("a:1@0s", "b@0s", "a:1@8s", "a:1@16s", "a:1@24s", "a:1@32s", "a:2@32s")
		r.left(0, 1)
		r.logged(1, `reason="failed too often"`, "tries=5")
	})
}

// A like that comes before its question is counted when it comes again; one of something
// that nobody asked is forgotten after a minute, and is no dead letter.
func TestMailroomEarly(t *testing.T) {
	var asked atomic.Bool
	handle := func(_ context.Context, raw string) error {
		if raw == "like" && asked.Load() {
			return nil
		}
		return fmt.Errorf("secret: %w", receive.ErrEarly)
	}
	inRoom(t, handle, func(r *room) {
		r.put(time.Second, "like", "talk")
		asked.Store(true)
		r.after(54 * time.Second)
		r.left(1, 0)
		r.after(10 * time.Second)
		r.left(0, 0)
		r.saw("like@0s", "like@8s", "talk@0s", "talk@8s", "talk@16s", "talk@24s", "talk@32s", "talk@40s", "talk@48s", "talk@56s")
		r.logged(0)
	})
}

// What may stand under an announcement that is being posted waits until that is known, and what
// its sender wrote next waits behind it.
func TestMailroomUnplaced(t *testing.T) {
	var placed atomic.Bool
	handle := func(_ context.Context, raw string) error {
		if raw == "a:1" && !placed.Load() {
			return fmt.Errorf("secret: %w", connector.ErrUnplaced)
		}
		return nil
	}
	inRoom(t, handle, func(r *room) {
		r.put(time.Second, "a:1", "a:2")
		r.after(10 * time.Minute)
		r.left(2, 0)
		placed.Store(true)
		r.after(10 * time.Second)
		r.left(0, 0)
		r.logged(0)
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
		r.put(time.Minute, "a", "b", "c")
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
		r.after(5 * time.Minute)
		r.left(1, 0)
		r.answer(fine)
		r.after(time.Minute)
		r.left(0, 0)
	})
}

func TestMailroomOutlivesItsMailbox(t *testing.T) {
	inRoom(t, fine, func(r *room) {
		r.put(0, "a")
		r.store.Break(errors.New("no connection"))
		r.after(5 * time.Minute)
		r.store.Break(nil)
		r.put(5*time.Second, "b")
		r.left(0, 0)
		r.logged(1, "mailbox is away", "no connection")
		r.logged(1, "mailbox is back")
	})
}

// A letter whose end could not be told is handled again.
func TestMailroomCannotSayHowItEnded(t *testing.T) {
	inRoom(t, fine, func(r *room) {
		r.answer(func(context.Context, string) error { r.store.Break(errors.New("away")); return nil })
		r.put(5*time.Second, "a")
		r.answer(fine)
		r.store.Break(nil)
		r.after(10 * time.Second)
		r.saw("a@0s", "a@8s")
		r.left(0, 0)
	})
}

// What was handled is settled, also when the program is stopped at that moment.
func TestMailroomStops(t *testing.T) {
	inRoom(t, fine, func(r *room) {
		r.answer(func(context.Context, string) error { r.cancel(); return nil })
		r.put(0, "a:1", "a:2")
		r.saw("a:1@0s")
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
