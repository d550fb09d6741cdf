package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/redisstore"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

// refusing are the ways in which a server is there and accepts nothing.
var refusing = map[string]map[string][2]string{ // setting -> refusing, accepting
	"full":        {"maxmemory": {"1", "0"}},
	"no_replicas": {"min-replicas-to-write": {"1", "0"}},
}

// TestRefused tries every transition on a server that refuses. Each must be refused
// whole: nothing may have changed, and afterwards everything must work.
func TestRefused(t *testing.T) {
	t.Parallel()
	for id, settings := range refusing {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			srv := own(t, "--appendonly", "yes")
			c := dial(t, srv.address())
			store := redisstore.New(c, redisstore.Options{})
			set := func(which int) {
				for name, v := range settings {
					check(t, c.ConfigSet(t.Context(), name, v[which]).Err())
				}
			}
			everyTransition(t, store, func(_ *sessiontest.Scene, what string, f func() error) {
				t.Helper()
				set(0)
				before := dump(t, c)
				if err := f(); session.KindOf(err) != session.Unavailable {
					t.Errorf("%s: %v", what, err)
				}
				if after := dump(t, c); after != before {
					t.Errorf("%s changed something:\n%s\nwas\n%s", what, after, before)
				}
				report, err := store.Check(t.Context())
				if err == nil || len(report) != 1 || report[0].ID != id {
					t.Errorf("check: %v, %v", report, err)
				}
				set(1)
				if err := f(); err != nil {
					t.Errorf("%s afterwards: %v", what, err)
				}
			})
		})
	}
}

// dump is everything that is stored.
func dump(t *testing.T, c redis.UniversalClient) string {
	t.Helper()
	keys, err := c.Keys(t.Context(), "eh:{*").Result()
	check(t, err)
	return fmt.Sprint(dumpKeys(t, c, keys))
}

func dumpKeys(t *testing.T, c redis.UniversalClient, keys []string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, k := range keys {
		kind, err := c.Type(t.Context(), k).Result()
		check(t, err)
		all[k], err = content(t.Context(), c, k, kind)
		check(t, err)
	}
	return all
}

func content(ctx context.Context, c redis.UniversalClient, key, kind string) (any, error) {
	switch kind {
	case "hash":
		return c.HGetAll(ctx, key).Result()
	case "zset":
		return c.ZRangeWithScores(ctx, key, 0, -1).Result()
	case "set":
		m, err := c.SMembers(ctx, key).Result()
		slices.Sort(m)
		return m, err
	case "stream":
		return c.XRange(ctx, key, "-", "+").Result()
	}
	return c.Get(ctx, key).Result()
}

// everyTransition prepares each transition and hands it to try.
func everyTransition(t *testing.T, store *redisstore.Store, try func(s *sessiontest.Scene, what string, f func() error)) {
	t.Helper()
	s := sessiontest.NewScene(t, store)
	ctx := t.Context()
	s.DoSession(session.Extend, func(c *session.SessionChange) { c.Cards = &sessiontest.CardLane })
	q := s.To(s.Ask("a"), session.Queued)
	n := s.New("b")
	n.Cards = &sessiontest.CardLane
	try(s, "add", func() error { _, _, err := store.Add(ctx, n); return err })
	c := s.Change(s.Stored(q, session.Approve, func(q *session.Question) { q.State = session.Approved }))
	c.Cards = &sessiontest.CardLane
	lane := session.Lane{Connector: "c", Place: "p"}
	due := session.Delivery{Question: 1, Copy: "x", Connector: "c", Place: "p", Wanted: 1, Due: true}
	c.Deliveries = []session.Delivery{due}
	try(s, "commit", func() error { q = s.Read(1); return store.Commit(ctx, c) })
	q = s.Read(1)
	try(s, "vote", func() error { _, err := store.Vote(ctx, session.Vote{Question: q.Ref, By: "x", Up: true}); return err })
	try(s, "vote back", func() error { _, err := store.Vote(ctx, session.Vote{Question: q.Ref, By: "x"}); return err })
	try(s, "lease", func() error { _, _, _, err := store.Lease(ctx, "hour", lane, 0); return err })
	l, _, _, err := store.Lease(ctx, "hour", lane, time.Minute)
	check(t, err)
	for _, how := range []delivery.Back{delivery.Known, delivery.Unused} {
		try(s, "defer", func() error { return store.Defer(ctx, "hour", l.Finish, 0, how) })
		l, _, _, err = store.Lease(ctx, "hour", lane, time.Minute)
		check(t, err)
	}
	done := s.Change(s.Stored(q, session.Withdraw, func(*session.Question) {}))
	done.Finish = &l.Finish
	done.Questions[0].Erase = true
	due.Due = false
	done.Deliveries = []session.Delivery{due}
	try(s, "finish", func() error { return store.Commit(ctx, done) })
	everyCardTransition(t, store, func(what string, f func() error) { t.Helper(); try(s, what, f) })
	p := s.SessionChange(session.Pause)
	p.Forget = true
	try(s, "session", func() error { return store.CommitSession(ctx, p) })
	s.Verify()
}

// everyCardTransition does it for the board and the card of question 2.
func everyCardTransition(t *testing.T, store *redisstore.Store, try func(what string, f func() error)) {
	t.Helper()
	ctx, lane := t.Context(), sessiontest.CardLane
	try("look", func() error { _, err := store.Look(ctx, "hour", taking(connector.CardBoard, 0)); return err })
	c := leased(t, store, connector.CardBoard)
	try("drawn", func() error {
		_, err := store.Drawn(ctx, "hour", c, map[int]delivery.Drawing{0: {At: "m", Call: 1}})
		return err
	})
	lose := func() { c = leased(t, store, connector.CardNew) }
	lose()
	try("unused", func() error { return store.Undrawn(ctx, "hour", c, delivery.CardUnused, 0) })
	lose()
	try("undrawn", func() error { return store.Undrawn(ctx, "hour", c, delivery.CardLost, 0) })
	number := c.Cards[0].Number
	try("touch", func() error { return store.Touch(ctx, "hour", lane, number) })
	try("repost", func() error { return store.Repost(ctx, "hour", lane, number) })
	lose()
	check(t, store.Undrawn(ctx, "hour", c, delivery.CardLost, 0))
	try("adopt", func() error { return store.Adopt(ctx, "hour", lane, number, "orphan") })
	try("adopt one more", func() error { return store.Adopt(ctx, "hour", lane, number, "another") })
	try("call", func() error {
		_, err := store.Look(ctx, "hour", delivery.Take{Lane: &lane, Calls: true})
		return err
	})
	for _, end := range []string{"uncalled", "called"} {
		w, err := store.Look(ctx, "hour", delivery.Take{Lane: &lane, TTL: time.Minute, Calls: true})
		if check(t, err); w.Call == nil {
			t.Fatal("no call")
		}
		try(end, func() error {
			if end == "called" {
				return store.Called(ctx, "hour", *w.Call, delivery.CallEnd{Posted: true, At: "call"})
			}
			return store.Uncalled(ctx, "hour", *w.Call, 0, delivery.Known)
		})
	}
}

// taking is a look that takes a card of one class.
func taking(class connector.CardClass, ttl time.Duration) delivery.Take {
	take := delivery.Take{Lane: &sessiontest.CardLane, TTL: ttl}
	take.Cards[class] = true
	return take
}

// leased takes the next card of a class, which must be there.
func leased(t *testing.T, store *redisstore.Store, class connector.CardClass) delivery.CardLease {
	t.Helper()
	w, err := store.Look(t.Context(), "hour", taking(class, time.Minute))
	if check(t, err); len(w.Cards) != 1 {
		t.Fatalf("no card of class %d", class)
	}
	return w.Cards[0]
}

// TestKilled kills the server with -9 while many write. What was accepted must be
// there afterwards, under the number that was given.
func TestKilled(t *testing.T) {
	t.Parallel()
	srv := own(t, "--appendonly", "yes", "--appendfsync", "always")
	store := redisstore.New(dial(t, srv.address()), redisstore.Options{})
	s := sessiontest.NewScene(t, store)
	const kills, writers, between = 5, 8, 120
	w := &writing{store: store, accepted: map[string]int{}, enough: make(chan struct{}, 1)}
	for round := range kills {
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() { w.write(ctx, s, fmt.Sprint(round, "-", i)) })
		}
		w.until((round + 1) * between)
		srv.kill()
		cancel()
		wg.Wait()
		check(t, srv.start())
	}
	for key, n := range w.accepted {
		q, added, err := store.Add(t.Context(), session.NewQuestion{Session: s.Session, Key: key})
		if err != nil || added || q.Ref.Number != n {
			t.Fatalf("%s was accepted as %d: now %v, added %v, %v", key, n, q.Ref, added, err)
		}
	}
	s.Verify()
	t.Logf("%d kills, %d questions accepted, all found again", kills, len(w.accepted))
}

type writing struct {
	store    *redisstore.Store
	mu       sync.Mutex
	accepted map[string]int
	enough   chan struct{}
}

func (w *writing) write(ctx context.Context, s *sessiontest.Scene, name string) {
	for i := 0; ctx.Err() == nil; i++ {
		w.mu.Lock()
		key := fmt.Sprint(name, "-", i)
		n := s.New(key)
		w.mu.Unlock()
		q, _, err := w.store.Add(ctx, n)
		if err != nil {
			continue
		}
		w.mu.Lock()
		w.accepted[key] = q.Ref.Number
		w.mu.Unlock()
		select {
		case w.enough <- struct{}{}:
		default:
		}
	}
}

func (w *writing) until(count int) {
	for range w.enough {
		w.mu.Lock()
		n := len(w.accepted)
		w.mu.Unlock()
		if n >= count {
			return
		}
	}
}

// TestReplica: a replica refuses, and says so at the start.
func TestReplica(t *testing.T) {
	t.Parallel()
	master := own(t, "--repl-diskless-sync-delay", "0")
	ms := redisstore.New(dial(t, master.address()), redisstore.Options{WaitReplicas: 1})
	s := &sessiontest.Scene{T: t, Store: ms, Session: sessiontest.Hour("hour", sessiontest.Noon)}
	err := ms.Reserve(t.Context(), s.Session)
	if session.KindOf(err) != session.Unavailable {
		t.Fatalf("accepted without a replica: %v", err)
	}

	replica := own(t, "--replicaof", "127.0.0.1", fmt.Sprint(master.port))
	online(t, dial(t, master.address()))
	s = sessiontest.NewScene(t, ms) // every write waits for the replica
	n := s.New("a")
	_, added, err := ms.Add(t.Context(), n)
	if err != nil || !added {
		t.Fatal(added, err)
	}
	rs := redisstore.New(dial(t, replica.address()), redisstore.Options{})
	if qs, err := rs.Questions(t.Context(), "hour", 1); err != nil || len(qs) != 1 {
		t.Errorf("the replica has %v, %v", qs, err)
	}
	if _, _, err := rs.Add(t.Context(), s.New("b")); session.KindOf(err) != session.Unavailable {
		t.Errorf("read-only replica: %v", err)
	}
	report, err := rs.Check(t.Context())
	if err == nil || len(report) != 1 || report[0].ID != "readonly" {
		t.Errorf("check: %v, %v", report, err)
	}

	replica.kill()
	late := s.New("c")
	if _, _, err := ms.Add(t.Context(), late); session.KindOf(err) != session.Unavailable {
		t.Errorf("accepted without a replica: %v", err)
	}
	check(t, replica.start())
	online(t, dial(t, master.address()))
	q, added, err := ms.Add(t.Context(), late) // the repeat gets the first answer
	if err != nil || !added || q.Ref.Number != 2 {
		t.Errorf("repeat: %v, %v, %v", q.Ref, added, err)
	}
}

// online waits until a replica is in step.
func online(t *testing.T, c redis.UniversalClient) {
	t.Helper()
	check(t, c.Set(t.Context(), "online", 1, 0).Err())
	for n := int64(0); n < 1; {
		var err error
		n, err = c.Do(t.Context(), "WAIT", 1, 100).Int64()
		check(t, err)
		check(t, c.Set(t.Context(), "online", 1, 0).Err())
	}
}

// TestWakes: a store hears of what another one changed, and not of its own changes.
func TestWakes(t *testing.T) {
	t.Parallel()
	r := onReal(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	woken := make(chan session.ID, 100)
	ended := make(chan error)
	go func() { ended <- r.a.Wakes(ctx, func(id session.ID) { woken <- id }) }()
	own := sessiontest.NewScene(t, r.a)
	other := &sessiontest.Scene{T: t, Store: r.b, Session: sessiontest.Hour("other", sessiontest.Noon)}
	other.DoSession(session.Schedule, func(*session.SessionChange) {})
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for heard := 0; heard < 3; { // a hint may be lost while the subscription begins
		own.Ask(own.Op())
		other.Ask(other.Op())
		select {
		case id := <-woken:
			heard++
			if id != "other" {
				t.Errorf("woken by %q", id)
			}
		case <-tick.C:
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAway(t *testing.T) {
	t.Parallel()
	store := redisstore.New(dial(t, "redis://127.0.0.1:1"), redisstore.Options{})
	_, err := store.Session(t.Context(), "hour")
	if e, ok := errors.AsType[*session.Error](err); !ok || e.Kind != session.Unavailable || e.ID != "unavailable" || e.Cause == nil {
		t.Errorf("no server: %v", err)
	}
	report, err := store.Check(t.Context())
	if err == nil || report[0].ID != "away" {
		t.Errorf("check: %v, %v", report, err)
	}
}

// TestRepeatReachesTheReplica: a repeat writes something, because WAIT is about the
// writes of its own connection, and the first attempt used another one.
func TestRepeatReachesTheReplica(t *testing.T) {
	t.Parallel()
	master := own(t)
	own(t, "--replicaof", "127.0.0.1", fmt.Sprint(master.port))
	c := dial(t, master.address())
	online(t, c)
	store := redisstore.New(dial(t, master.address()), redisstore.Options{WaitReplicas: 1})
	s := sessiontest.NewScene(t, store)
	n := s.New("a")
	q, _, err := store.Add(t.Context(), n)
	check(t, err)
	change := s.Change(s.Stored(q, session.Accept, func(q *session.Question) { q.State = session.Queued }))
	check(t, store.Commit(t.Context(), change))
	for name, again := range map[string]func() error{
		"add":    func() error { _, _, err := store.Add(t.Context(), n); return err },
		"commit": func() error { return store.Commit(t.Context(), change) },
	} {
		before := written(t, c)
		check(t, again())
		if after := written(t, c); after == before {
			t.Errorf("%s: the repeat wrote nothing that a replica could confirm", name)
		}
	}
}

// written counts the keys that were changed, besides what replicas are told anyway.
func written(t *testing.T, c redis.UniversalClient) string {
	t.Helper()
	text, err := c.Info(t.Context(), "persistence").Result()
	check(t, err)
	for line := range strings.Lines(text) {
		if n, ok := strings.CutPrefix(line, "rdb_changes_since_last_save:"); ok {
			return strings.TrimSpace(n)
		}
	}
	t.Fatal("the server counts no changes")
	return ""
}
