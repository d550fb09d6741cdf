package connectortest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Shared is something that replicas share, empty: as two of them see it.
type Shared[T any] struct {
	A, B T
	// Pass makes it behave as if that much time had gone by.
	Pass func(d time.Duration)
}

// RunMailbox checks everything that the comments of connector.Mailbox promise.
func RunMailbox(t *testing.T, fresh func(t *testing.T) Shared[connector.Mailbox]) {
	for name, test := range map[string]func(post, *testing.T){
		"order": post.order, "once": post.once, "handled": post.handled, "given again": post.givenAgain, "late": post.late,
		"known for a while": post.known, "buried": post.buried, "the dead go": post.deadGo, "too long": post.tooLong,
		"wakes": post.wakes, "waits": post.waits, "cancelled": post.cancelled, "together": post.together,
		"a batch": post.batch, "senders": post.senders, "a dead replica's": post.deadReplicas, "poison": post.poison,
		"a crowd of one": post.crowdOfOne, "lines": post.lines, "one line at a time": post.oneLine, "the next wakes": post.nextWakes,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(post{fresh(t)}, t)
		})
	}
}

type post struct{ Shared[connector.Mailbox] }

// event is one of the staff's line whose text is its key. "anna:1" is from anna, "a" from
// nobody.
func event(key string) connector.Event {
	from, _, ok := strings.Cut(key, ":")
	if !ok {
		from = ""
	}
	return connector.Event{Key: key, From: from, Line: connector.StaffLine, Raw: []byte(key)}
}

func events(line connector.MailLine, keys ...string) (all []connector.Event) {
	for _, k := range keys {
		e := event(k)
		e.Line = line
		all = append(all, e)
	}
	return all
}

// put stores new letters of the staff's line, one by one.
func (p post) put(t *testing.T, keys ...string) {
	t.Helper()
	for _, k := range keys {
		p.fresh(t, 1, event(k))
	}
}

// fresh wants that many of some events to be new.
func (p post) fresh(t *testing.T, want int, events ...connector.Event) {
	t.Helper()
	if n, err := p.A.Put(t.Context(), events...); err != nil || n != want {
		t.Fatalf("put %d events: %d fresh, %v; want %d", len(events), n, err, want)
	}
}

// take takes from the staff's line without waiting and wants exactly those, as "key×tries".
func take(t *testing.T, m connector.Mailbox, most int, want ...string) []connector.Letter {
	t.Helper()
	return takeFrom(t, m, connector.StaffLine, most, want...)
}

func takeFrom(t *testing.T, m connector.Mailbox, line connector.MailLine, most int, want ...string) []connector.Letter {
	t.Helper()
	ls, err := m.Take(t.Context(), line, most, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range ls {
		got = append(got, fmt.Sprintf("%s×%d", l.Key, l.Tries))
		if string(l.Raw) != l.Key || l.Line != line {
			t.Errorf("%s is in %s and holds %q", l.Key, l.Line, l.Raw)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("took %v, want %v", got, want)
	}
	return ls
}

func (p post) handle(t *testing.T, m connector.Mailbox, ls ...connector.Letter) {
	t.Helper()
	for _, l := range ls {
		noError(t, m.Handled(t.Context(), l))
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p post) order(t *testing.T) {
	take(t, p.B, 3)
	began := time.Now()
	p.put(t, "a", "b", "c", "d")
	for _, l := range take(t, p.A, 2, "a×1", "b×1") {
		if l.At.Before(began.Truncate(time.Millisecond)) || l.At.After(time.Now().Add(time.Millisecond)) {
			t.Errorf("put at %v, it is %v", l.At, time.Now())
		}
	}
	take(t, p.B, 5, "c×1", "d×1")
	take(t, p.A, 1)
}

func (p post) once(t *testing.T) {
	again := func(when string) {
		t.Helper()
		for _, m := range []connector.Mailbox{p.A, p.B} {
			if n, err := m.Put(t.Context(), connector.Event{Key: "a", Raw: []byte("again")}); err != nil || n != 0 {
				t.Errorf("%s: %d fresh, %v", when, n, err)
			}
		}
	}
	p.put(t, "a")
	again("there")
	ls := take(t, p.B, 5, "a×1")
	again("in hand")
	p.handle(t, p.B, ls...)
	again("handled")
	take(t, p.A, 5)
}

func (p post) handled(t *testing.T) {
	p.put(t, "a", "b")
	ls := take(t, p.A, 1, "a×1")
	p.handle(t, p.A, ls[0], ls[0]) // twice is a success
	p.Pass(connector.LetterFor + time.Second)
	take(t, p.B, 5, "b×1")
}

func (p post) givenAgain(t *testing.T) {
	p.put(t, "a", "b", "c")
	take(t, p.A, 2, "a×1", "b×1")
	p.Pass(connector.LetterFor - 2*time.Second)
	take(t, p.B, 1, "c×1")
	p.put(t, "d", "e")
	p.Pass(3 * time.Second)
	take(t, p.B, 3, "a×2", "b×2", "d×1")
	p.Pass(connector.LetterFor)
	take(t, p.A, 9, "a×3", "b×3", "c×2", "d×2", "e×1")
}

// late handles a letter that somebody else has in hand by now.
func (p post) late(t *testing.T) {
	p.put(t, "a")
	mine := take(t, p.A, 1, "a×1")
	p.Pass(connector.LetterFor + time.Second)
	theirs := take(t, p.B, 1, "a×2")
	p.handle(t, p.A, mine...)
	p.handle(t, p.B, theirs...)
	noError(t, p.B.Bury(t.Context(), theirs[0], "too late"))
	p.Pass(connector.LetterFor + time.Second)
	take(t, p.B, 1)
	p.dead(t, 0)
}

func (p post) known(t *testing.T) {
	p.put(t, "a")
	p.Pass(time.Hour)
	p.handle(t, p.B, take(t, p.B, 1, "a×1")...) // its time begins here
	p.Pass(connector.KeysFor - time.Minute)
	p.fresh(t, 0, event("a"))
	p.Pass(connector.KeysFor + time.Minute)
	p.put(t, "a")
	take(t, p.B, 1, "a×1")
}

func (p post) dead(t *testing.T, want int) {
	t.Helper()
	for _, m := range []connector.Mailbox{p.A, p.B} {
		if n, err := m.Dead(t.Context()); err != nil || n != want {
			t.Errorf("%d dead, %v; want %d", n, err, want)
		}
	}
}

func (p post) buried(t *testing.T) {
	p.dead(t, 0)
	p.put(t, "a", "b")
	ls := take(t, p.A, 2, "a×1", "b×1")
	for range 2 {
		noError(t, p.A.Bury(t.Context(), ls[0], "undecodable"))
		p.dead(t, 1)
	}
	p.handle(t, p.B, ls...) // one of the dead stays where it is
	p.dead(t, 1)
	p.Pass(connector.LetterFor + time.Second)
	take(t, p.A, 2)
	p.fresh(t, 0, event("a"))
}

func (p post) deadGo(t *testing.T) {
	for i, key := range []string{"a", "b", "c"} {
		p.put(t, key)
		noError(t, p.A.Bury(t.Context(), take(t, p.A, 1, key+"×1")[0], "no"))
		p.dead(t, i+1)
		p.Pass(connector.DeadFor / 4)
	}
	p.Pass(connector.DeadFor/4 + time.Minute)
	p.dead(t, 2)
	p.Pass(connector.DeadFor)
	p.dead(t, 0)
}

func (p post) tooLong(t *testing.T) {
	raw := make([]byte, connector.LongestLetter+1)
	for i := range raw {
		raw[i] = byte(i)
	}
	_, err := p.A.Put(t.Context(), event("b"), connector.Event{Key: "a", Line: connector.StaffLine, Raw: raw})
	isTooLong(t, err, 256)
	take(t, p.B, 1)
	raw = raw[:connector.LongestLetter]
	p.fresh(t, 1, connector.Event{Key: "a", Line: connector.StaffLine, Raw: raw})
	ls, err := p.B.Take(t.Context(), connector.StaffLine, 1, 0)
	if err != nil || len(ls) != 1 || !bytes.Equal(ls[0].Raw, raw) {
		t.Errorf("%d letters, %v: not what was put", len(ls), err)
	}
}

func isTooLong(t *testing.T, err error, limit int) {
	t.Helper()
	e, ok := errors.AsType[*session.Error](err)
	if !ok || e.Kind != session.Invalid || e.ID != "too_long_to_keep" || !slices.Equal(e.Args, []any{"limit", limit}) {
		t.Errorf("too long: %v", err)
	}
}

// wakes lets somebody wait for each letter.
func (p post) wakes(t *testing.T) {
	got := make(chan connector.Letter)
	defer close(got)
	var wg sync.WaitGroup
	defer wg.Wait()
	const count = 5
	wg.Go(func() {
		for range count {
			ls, err := p.B.Take(t.Context(), connector.StaffLine, 1, time.Minute)
			if err != nil || len(ls) != 1 {
				t.Errorf("took %v, %v", ls, err)
				ls = make([]connector.Letter, 1)
			}
			got <- ls[0]
		}
	})
	for i := range count {
		key := fmt.Sprint("k", i)
		p.put(t, key)
		l := <-got
		if l.Key != key {
			t.Errorf("took %q, want %q", l.Key, key)
		}
		p.handle(t, p.B, l)
	}
}

func (p post) waits(t *testing.T) {
	start := time.Now()
	ls, err := p.A.Take(t.Context(), connector.StaffLine, 1, 60*time.Millisecond)
	if took := time.Since(start); err != nil || len(ls) > 0 || took < 60*time.Millisecond {
		t.Errorf("took %v, %v after %v", ls, err, took)
	}
}

func (p post) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := p.A.Take(ctx, connector.StaffLine, 1, time.Hour)
		ended <- err
	}()
	cancel()
	if err := <-ended; session.KindOf(err) != session.Unavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("take: %v", err)
	}
	if _, err := p.A.Put(ctx, event("a")); session.KindOf(err) != session.Unavailable {
		t.Errorf("put: %v", err)
	}
	p.put(t, "a")
	if err := p.A.Handled(ctx, take(t, p.A, 1, "a×1")[0]); session.KindOf(err) != session.Unavailable {
		t.Errorf("handled: %v", err)
	}
}

// together lets many put and take at one moment: each letter is handled once, one of each
// sender at a time, in their order.
func (p post) together(t *testing.T) {
	const writers, each, readers = 4, 50, 4
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				for _, m := range []connector.Mailbox{p.A, p.B} { // the platform hands it to both
					if _, err := m.Put(t.Context(), event(fmt.Sprint(w, ":", i))); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	done := make(chan string, writers*each)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for r := range readers {
		m := []connector.Mailbox{p.A, p.B}[r%2]
		wg.Go(func() { work(ctx, t, m, done) })
	}
	next := map[string]int{}
	for range writers * each {
		key := <-done
		from, _, _ := strings.Cut(key, ":")
		if key != fmt.Sprint(from, ":", next[from]) {
			t.Errorf("%s came when it was the turn of number %d", key, next[from])
		}
		next[from]++
	}
	cancel()
	wg.Wait()
	take(t, p.A, 1)
}

// work takes and handles until ctx ends. What is handled is told before: afterwards the
// next one is anybody's.
func work(ctx context.Context, t *testing.T, m connector.Mailbox, done chan<- string) {
	for {
		ls, err := m.Take(ctx, connector.StaffLine, 3, time.Minute)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			t.Error(err)
			return
		}
		for _, l := range ls {
			done <- l.Key
			if err := m.Handled(context.WithoutCancel(ctx), l); err != nil {
				t.Error(err)
			}
		}
	}
}
