package redisstore_test

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/redisstore"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

// The benchmarks compare each transition with a bare script that runs the same writes
// with the same bytes and checks nothing, over the same client, in turns within one
// run. "ratio" is the transition's speed as a share of the bare script's.

//go:embed testdata/bare_add.lua
var bareAdd string

//go:embed testdata/bare_commit.lua
var bareCommit string

// bench is a session of some size and what writes to it.
type bench struct {
	*sessiontest.Scene
	c      redis.UniversalClient
	store  *redisstore.Store
	prefix string
	serial atomic.Int64
	text   string
}

func newBench(b *testing.B, size int) *bench {
	b.Helper()
	srv, err := shared()
	needed(b, err)
	c, p := dial(b, srv.address()), prefix(b)
	w := &bench{c: c, prefix: p, store: redisstore.New(c, redisstore.Options{Prefix: p}), text: strings.Repeat("Kāpēc? ", 200)}
	var ses = sessiontest.Hour("hour", sessiontest.Noon)
	w.Scene = &sessiontest.Scene{Store: w.store, Session: ses}
	w.create(b)
	w.fill(b, size)
	return w
}

func (w *bench) create(b *testing.B) {
	b.Helper()
	change := session.SessionChange{Session: w.Session, Op: "create", Entry: session.Entry{Version: 1, Verb: session.Schedule}}
	check(b, w.store.CreateSession(b.Context(), change))
	w.Session.Version, w.Session.Head = 1, change.Entry.Hash()
}

// fill adds questions with many clients at once.
func (w *bench) fill(b *testing.B, size int) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(size))
	inParallel(b, 50, func() bool { return left.Add(-1) >= 0 }, func() { w.add(b) })
}

var sealed = session.Sealed{Salt: strings.Repeat("S", 26), Payload: `{"command":{"text":"` + strings.Repeat("a", 1000) + `"}}`}

// document is a question of about 2 KB.
func (w *bench) document(st session.State) session.Question {
	return session.Question{Schema: 1, State: st, Since: sessiontest.Noon, Asked: sessiontest.Noon, Text: w.text, Wording: 1,
		Language: session.Latvian, Origin: session.Origin{Connector: "page"}}
}

func (w *bench) add(b *testing.B) {
	key := fmt.Sprintf("page:key-%d", w.serial.Add(1))
	_, added, err := w.store.Add(b.Context(), session.NewQuestion{Session: w.Session, Key: key, Op: "0123456789abcdef0123456789abcdef0123",
		Question: w.document(session.Received), Sealed: sealed,
		Entry: session.Entry{Version: 1, Verb: session.Ask, Role: session.Asker, At: sessiontest.Noon, Commitment: commitment}})
	if err != nil || !added {
		b.Error(added, err)
	}
}

const commitment = session.Hash("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")

func (w *bench) bareAdd(b *testing.B, sc *redis.Script, doc []byte) {
	i := w.serial.Add(1)
	k := w.bareKey
	err := sc.Run(b.Context(), w.c, []string{k("n"), k("refs"), k("q"), k("in"), k("open"), k("log"), k("p")},
		fmt.Sprintf("key:page:key-%d", i), doc, string(commitment), "0123456789abcdef0123456789abcdef0123", i, i,
		sealed.Salt+" "+sealed.Payload, w.prefix+":wake", "hour").Err()
	if err != nil {
		b.Error(err)
	}
}

func (w *bench) bareKey(part string) string { return w.prefix + ":{bare}:" + part }

// approved is q with what an approval wants of it.
func approved(q session.Question) session.Question {
	wanted := int(q.Version)
	q.State = session.Approved
	q.Copies = []session.Copy{{Slot: session.Slot{Kind: session.KindAnswer, Connector: "page", Original: 1}, Wanted: wanted},
		{Slot: session.Slot{Kind: session.KindAnswer, Connector: "telegram", Place: "-100", Original: 1}, Wanted: wanted}}
	return q
}

// commit stores what an approval does: the document, two copies in two lanes.
func (w *bench) commit(b *testing.B, q session.Question) session.Question {
	wanted := int(q.Version)
	q = approved(q)
	c := session.Change{Session: "hour", Version: 1, Head: w.Session.Head, Op: fmt.Sprintf("0123456789abcdef0123456789-%d", w.serial.Add(1)),
		Questions: []session.Stored{{Question: q, Sealed: sealed, Entry: session.Entry{Number: q.Ref.Number, Version: q.Version + 1,
			Verb: session.Approve, Role: session.Moderator, At: sessiontest.Noon, Prev: q.Head, Commitment: commitment}}}}
	for _, cp := range q.Copies {
		c.Deliveries = append(c.Deliveries, session.Delivery{Question: q.Ref.Number, Copy: cp.Key(), Connector: cp.Connector,
			Place: cp.Place, Class: session.ClassAnswer, Wanted: wanted, Due: true})
	}
	if err := w.store.Commit(b.Context(), c); err != nil {
		b.Error(err)
	}
	q.Version, q.Head = q.Version+1, c.Questions[0].Entry.Hash()
	return q
}

func (w *bench) bareCommit(b *testing.B, sc *redis.Script, doc []byte, size int) {
	i := w.serial.Add(1)
	k := w.bareKey
	err := sc.Run(b.Context(), w.c, []string{k("q"), k("in"), k("log"), k("p"), k("d"), k("lanes"), k("lane:page:"), k("lane:telegram:-100")},
		int(i)%size+1, doc, string(commitment), "0123456789abcdef0123456789abcdef0123", i, i, sealed.Salt+" "+sealed.Payload,
		"answer:page::1", "answer:telegram:-100:1", w.prefix+":wake", "hour").Err()
	if err != nil {
		b.Error(err)
	}
}

// inParallel runs work in many goroutines as long as more says so.
func inParallel(b *testing.B, clients int, more func() bool, work func()) {
	b.Helper()
	done := make(chan struct{})
	for range clients {
		go func() {
			for more() {
				work()
			}
			done <- struct{}{}
		}()
	}
	for range clients {
		<-done
	}
}

// compare runs both in turns of a tenth of the work and reports the ratio.
func compare(b *testing.B, clients int, ours, bare func()) {
	b.Helper()
	var took [2]time.Duration
	const turns = 10
	each := max(b.N/turns, clients)
	for _, f := range []func(){ours, bare} { // connections and scripts
		var left atomic.Int64
		left.Store(int64(clients))
		inParallel(b, clients, func() bool { return left.Add(-1) >= 0 }, f)
	}
	b.ResetTimer()
	for range turns {
		for i, f := range []func(){ours, bare} {
			var left atomic.Int64
			left.Store(int64(each))
			start := time.Now()
			inParallel(b, clients, func() bool { return left.Add(-1) >= 0 }, f)
			took[i] += time.Since(start)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(turns*each)/took[0].Seconds(), "ops/s")
	b.ReportMetric(float64(turns*each)/took[1].Seconds(), "bare/s")
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "ratio")
}

func eachSize(b *testing.B, run func(b *testing.B, w *bench, size, clients int)) {
	for _, size := range []int{10, 100_000} {
		w := newBench(b, size)
		for _, clients := range []int{1, 50} {
			b.Run(fmt.Sprintf("questions=%d/clients=%d", size, clients), func(b *testing.B) { run(b, w, size, clients) })
		}
		drop(b, w)
	}
}

// drop removes what a benchmark wrote.
func drop(b *testing.B, w *bench) {
	ctx := context.WithoutCancel(b.Context())
	iter := w.c.Scan(ctx, 0, w.prefix+":*", 1000).Iterator()
	for iter.Next(ctx) {
		check(b, w.c.Unlink(ctx, iter.Val()).Err())
	}
	check(b, iter.Err())
}
