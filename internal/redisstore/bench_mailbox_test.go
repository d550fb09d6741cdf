package redisstore_test

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/redisstore"
)

//go:embed testdata/bare_put.lua
var barePut string

//go:embed testdata/bare_letter.lua
var bareLetter string

// update is about as long as what platforms send for a question.
var update = []byte(`{"update_id":1,"message":{"text":"` + strings.Repeat("Kāpēc? ", 200) + `"}}`)

// mailBench is a mailbox, and keys for a bare script beside it.
type mailBench struct {
	connector.Mailbox
	c      redis.UniversalClient
	prefix string
	serial atomic.Int64
}

func newMailBench(b *testing.B) *mailBench {
	b.Helper()
	srv, err := shared()
	needed(b, err)
	c, p := dial(b, srv.address()), prefix(b)
	return &mailBench{Mailbox: redisstore.New(c, redisstore.Options{Prefix: p}).Mailbox("tg"), c: c, prefix: p}
}

func (m *mailBench) put(b *testing.B) {
	if fresh, err := m.Put(b.Context(), connector.Event{Key: fmt.Sprint("update-", m.serial.Add(1)), Raw: update}); err != nil || fresh != 1 {
		b.Error(fresh, err)
	}
}

func (m *mailBench) letter(b *testing.B) {
	m.put(b)
	ls, err := m.Take(b.Context(), connector.PublicLine, 1, 0)
	if err != nil || len(ls) != 1 {
		b.Error(ls, err)
		return
	}
	if err := m.Handled(b.Context(), ls[0]); err != nil {
		b.Error(err)
	}
}

// bare runs a script that writes the same bytes.
func (m *mailBench) bare(b *testing.B, sc *redis.Script) {
	key := fmt.Sprint("update-", m.serial.Add(1))
	k := func(part string) string { return m.prefix + ":{bare}" + part }
	keys := []string{k(""), k(":raw"), k(":of"), k(":key:0123456789abcdef0123456789abcdef" + key), k(":hand"), k(":first")}
	if err := sc.Run(b.Context(), m.c, keys, key, update, connector.KeysFor.Milliseconds()).Err(); err != nil {
		b.Error(err)
	}
}

func BenchmarkPut(b *testing.B) {
	script := redis.NewScript(barePut)
	eachMailbox(b, func(b *testing.B, m *mailBench, clients int) {
		compare(b, clients, func() { m.put(b) }, func() { m.bare(b, script) })
	})
}

// BenchmarkLetter is a letter's whole way, three round trips, beside one that does all of it.
func BenchmarkLetter(b *testing.B) {
	script := redis.NewScript(bareLetter)
	eachMailbox(b, func(b *testing.B, m *mailBench, clients int) {
		compare(b, clients, func() { m.letter(b) }, func() { m.bare(b, script) })
	})
}

func eachMailbox(b *testing.B, run func(b *testing.B, m *mailBench, clients int)) {
	for _, clients := range []int{1, 50} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			m := newMailBench(b)
			run(b, m, clients)
			drop(b, &bench{c: m.c, prefix: m.prefix})
		})
	}
}

// BenchmarkMailboxWakes is from Put on one connection to Take on another, where somebody
// waits: some milliseconds, and with looking again and again it would be 250.
func BenchmarkMailboxWakes(b *testing.B) {
	in := newMailBench(b)
	srv, err := shared()
	needed(b, err)
	out := redisstore.New(dial(b, srv.address()), redisstore.Options{Prefix: in.prefix}).Mailbox("tg")
	got := make(chan connector.Letter)
	go func() {
		defer close(got)
		for {
			ls, err := out.Take(b.Context(), connector.PublicLine, 1, time.Minute)
			switch {
			case err != nil:
				return // the benchmark is over
			case len(ls) == 1:
				got <- ls[0]
			}
		}
	}()
	for b.Loop() {
		in.put(b)
		if err := in.Handled(b.Context(), <-got); err != nil {
			b.Error(err)
		}
	}
}

// BenchmarkMailroom is letters a second with a handler that takes 5 ms: those of 400 senders,
// put a hundred at a time, as a poll brings them.
func BenchmarkMailroom(b *testing.B) {
	m := newMailBench(b)
	ctx, stop := context.WithCancel(b.Context())
	left := make(chan struct{}, b.N)
	room := receive.Mailroom{Mailbox: m, Name: "tg", Log: slog.New(slog.DiscardHandler), Handle: func(context.Context, []byte) error {
		time.Sleep(5 * time.Millisecond)
		left <- struct{}{}
		return nil
	}}
	var running sync.WaitGroup
	running.Go(func() { room.Run(ctx) })
	for put := 0; put < b.N; {
		var batch []connector.Event
		for range min(100, b.N-put) {
			batch = append(batch, connector.Event{Key: fmt.Sprint("update-", put), From: fmt.Sprint(put % 400),
				Line: connector.PublicLine, Raw: update})
			put++
		}
		if n, err := m.Put(b.Context(), batch...); err != nil || n != len(batch) {
			b.Fatal(n, err)
		}
	}
	for range b.N {
		<-left
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
	stop()
	running.Wait()
	drop(b, &bench{c: m.c, prefix: m.prefix})
}
