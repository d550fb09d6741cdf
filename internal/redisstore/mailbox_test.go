package redisstore_test

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector"
	"experthour/internal/redisstore"
	"experthour/internal/session"
)

//go:embed testdata/former_put.lua
var formerPut string

// box is a mailbox on the shared server whose keys a test may touch.
type box struct {
	replicas
	connector.Mailbox
	t *testing.T
}

func newBox(t *testing.T) box {
	r := onReal(t)
	return box{r, r.a.Mailbox("tg"), t}
}

func (b box) key(part string) string { return b.p + ":inbox:{tg}" + part }

func (b box) put(keys ...string) {
	b.t.Helper()
	put(b.t, b.Mailbox, keys...)
}

// letter is one of the staff's line. "anna:1" is from anna, "a" from nobody.
func letter(key string) connector.Event {
	from, _, ok := strings.Cut(key, ":")
	if !ok {
		from = ""
	}
	return connector.Event{Key: key, From: from, Line: connector.StaffLine, Raw: []byte(textOf(key))}
}

// textOf is so long that the server keeps the letters of a hash in no order.
func textOf(key string) string { return fmt.Sprintf("%-80s", "text of "+key) }

// put stores new letters in one step.
func put(t *testing.T, m connector.Mailbox, keys ...string) {
	t.Helper()
	var all []connector.Event
	for _, k := range keys {
		all = append(all, letter(k))
	}
	if n, err := m.Put(t.Context(), all...); err != nil || n != len(keys) {
		t.Fatalf("put %v: %d fresh, %v", keys, n, err)
	}
}

// digested is a key's name in the store.
func digested(key string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d:%s", len(key), key))
	return hex.EncodeToString(sum[:16])
}

// takes wants exactly these, as "key×tries".
func takes(t *testing.T, m connector.Mailbox, most int, want ...string) []connector.Letter {
	t.Helper()
	ls, err := m.Take(t.Context(), connector.StaffLine, most, 0)
	check(t, err)
	var got []string
	for _, l := range ls {
		got = append(got, fmt.Sprintf("%s×%d", l.Key, l.Tries))
		if string(l.Raw) != textOf(l.Key) {
			t.Errorf("%s holds %q", l.Key, l.Raw)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("took %v, want %v", got, want)
	}
	return ls
}

// TestMailboxesAreApart: connectors share nothing but the server.
func TestMailboxesAreApart(t *testing.T) {
	t.Parallel()
	r := onReal(t)
	put(t, r.a.Mailbox("one"), "a")
	put(t, r.a.Mailbox("two"), "a")
	takes(t, r.b.Mailbox("two"), 5, "a×1")
	takes(t, r.b.Mailbox("three"), 5)
	check(t, r.a.Memory("a:b").Keep(t.Context(), "c", []byte("1"), time.Hour))
	if _, ok, err := r.a.Memory("a").Recall(t.Context(), "b:c"); ok || err != nil {
		t.Errorf("recalled what another one kept: %v", err)
	}
}

// TestMailboxReplyLost loses the reply of every step. go-redis repeats the command; it
// must have happened once, and the answer must be the first one.
func TestMailboxReplyLost(t *testing.T) {
	t.Parallel()
	srv, err := shared()
	needed(t, err)
	p := newProxy(t, srv)
	store := redisstore.New(dial(t, p.address()), redisstore.Options{Prefix: prefix(t)})
	m, l := store.Mailbox("tg"), store.Leases()
	put(t, m, "warm up")
	check(t, m.Handled(t.Context(), takes(t, m, 1, "warm up×1")[0]))
	lose := func(f func()) {
		t.Helper()
		before := p.lost.Load()
		p.next(2)
		f()
		if p.lost.Load() != before+2 {
			t.Error("no reply was lost")
		}
	}
	lose(func() { put(t, m, "a:1", "a:2", "a:3") })
	put(t, m, "b", "c")
	var ls []connector.Letter
	lose(func() { ls = takes(t, m, 2, "a:1×1", "b×1") })
	takes(t, m, 5, "c×1")
	lose(func() { check(t, m.Handled(t.Context(), ls[0])) })
	lose(func() { check(t, m.Bury(t.Context(), ls[1], "no")) })
	takes(t, m, 5, "a:2×1")
	lose(func() {
		if n, err := m.Dead(t.Context()); n != 1 || err != nil {
			t.Errorf("%d dead, %v", n, err)
		}
	})
	lose(func() {
		if held, err := l.Hold(t.Context(), "x", "me", time.Minute); !held || err != nil {
			t.Errorf("held %v, %v", held, err)
		}
	})
	lose(func() { check(t, l.Yield(t.Context(), "x", "me")) })
}

// TestMailboxKeyDeleted deletes each key under the mailbox. No letter whose text is
// there may be lost, none may stop the others, and each sender's come in their order.
func TestMailboxKeyDeleted(t *testing.T) {
	t.Parallel()
	all := []string{"held:1×2", "new 3×1", "new 2×1", "new 1×1", "held:2×1", "later×1", "held:3×1"}
	for part, want := range map[string][]string{
		"": all, ":hand": all, ":first": all, ":behind": all,
		":of":  {"×1", "×1", "×1", "×1", "×1", "later×1", "held:3×1"},
		":raw": {"later×1", "held:3×1"},
	} {
		t.Run("inbox"+part, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.put("held:1")
			takes(t, b, 1, "held:1×1")
			b.put("new 3", "new 2", "new 1", "held:2")
			check(t, b.c.Del(t.Context(), b.key(":staff"+part)).Err())
			b.pass(t, connector.LetterFor+time.Second)
			var got []string
			work := func(rounds int) {
				for range rounds { // some may find that there is nothing
					ls, err := b.Take(t.Context(), connector.StaffLine, 5, 10*time.Millisecond)
					check(t, err)
					for _, l := range ls {
						got = append(got, fmt.Sprintf("%s×%d", l.Key, l.Tries))
						check(t, b.Handled(t.Context(), l))
					}
				}
			}
			work(3)
			b.put("later", "held:3")
			work(5)
			if !slices.Equal(got, want) {
				t.Errorf("took %v, want %v", got, want)
			}
			b.put("last")
			takes(t, b, 5, "last×1")
		})
	}
}

// TestFormerMailbox holds letters as they were stored when a mailbox had one line. They
// come one after another, in their order; what an older replica has in hand is left to it
// for its time, and what was known stays known.
func TestFormerMailbox(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	former := redis.NewScript(formerPut)
	for _, key := range []string{"old 1", "old 2", "old 3"} {
		keys := []string{b.key(""), b.key(":raw"), b.key(":of"), b.key(":key:" + digested(key))}
		check(t, former.Run(t.Context(), b.c, keys, "op", key, textOf(key), connector.KeysFor.Milliseconds()).Err())
	}
	first := b.c.XRange(t.Context(), b.key(""), "-", "+").Val()[0].ID
	check(t, b.c.ZAdd(t.Context(), b.key(":hand"),
		redis.Z{Score: float64(time.Now().Add(connector.LetterFor).UnixMilli()), Member: first}).Err())
	check(t, b.c.HSet(t.Context(), b.key(":of"), first, "1 op old 1").Err())
	check(t, b.c.XDel(t.Context(), b.key(""), first).Err())
	b.put("new")
	ls := takes(t, b, 9, "new×1", "old 2×1")
	if n, err := b.Put(t.Context(), letter("old 3")); err != nil || n != 0 {
		t.Errorf("what was stored before is new again: %d, %v", n, err)
	}
	check(t, b.Handled(t.Context(), ls[1]))
	check(t, b.Handled(t.Context(), ls[0]))
	ls = takes(t, b, 9, "old 3×1")
	b.pass(t, connector.LetterFor-time.Second)
	check(t, b.Handled(t.Context(), ls[0]))
	takes(t, b, 9)
	b.pass(t, 2*time.Second)
	check(t, b.Handled(t.Context(), takes(t, b, 9, "old 1×2")[0]))
	if keys := slices.DeleteFunc(allKeys(t, b.c, b.key("")), func(k string) bool {
		return k != b.key(":raw") && k != b.key(":of") && k != b.key(":hand")
	}); len(keys) > 0 {
		t.Errorf("left: %v", keys)
	}
}

// TestMailboxLeavesNoText: what was handled or has been dead for long is nowhere.
func TestMailboxLeavesNoText(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.put("a", "b")
	ls := takes(t, b, 2, "a×1", "b×1")
	if entries := b.c.XRange(t.Context(), b.key(":staff"), "-", "+").Val(); len(entries) > 0 {
		t.Errorf("in the stream: %v", entries)
	}
	check(t, b.Handled(t.Context(), ls[0]))
	check(t, b.Bury(t.Context(), ls[1], "no"))
	if n := b.c.HLen(t.Context(), b.key(":grave")).Val(); n != 2 {
		t.Errorf("%d fields of the dead", n)
	}
	if ttl := b.c.PTTL(t.Context(), b.key(":grave")).Val(); ttl <= 0 || ttl > connector.DeadFor {
		t.Errorf("the dead expire in %v", ttl)
	}
	b.pass(t, connector.DeadFor)
	keys := allKeys(t, b.c, b.p)
	if slices.Sort(keys); !slices.Equal(keys, []string{b.key(":staff")}) { // the stream remembers its last id
		t.Errorf("left: %v", keys)
	}
}

// TestMostDead buries one more than are kept.
func TestMostDead(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	_, err := b.c.Pipelined(t.Context(), func(p redis.Pipeliner) error {
		for i := range connector.MostDead {
			id, at := fmt.Sprintf("%d-0", i+1), time.Now().UnixMilli()-int64(connector.MostDead-i)
			p.ZAdd(t.Context(), b.key(":dead"), redis.Z{Score: float64(at), Member: id})
			p.HSet(t.Context(), b.key(":grave"), id, "x", id+".why", "no")
		}
		return nil
	})
	check(t, err)
	b.put("a")
	check(t, b.Bury(t.Context(), takes(t, b, 1, "a×1")[0], "no"))
	n, err := b.Dead(t.Context())
	if err != nil || n != connector.MostDead || b.c.HExists(t.Context(), b.key(":grave"), "1-0").Val() {
		t.Errorf("%d dead, %v; the oldest must go", n, err)
	}
}

// TestMailboxRefused: a step that the server refuses has changed nothing. Handling
// frees memory, so it must work when memory is full.
func TestMailboxRefused(t *testing.T) {
	t.Parallel()
	srv := own(t, "--appendonly", "yes")
	r := onAddress(t, srv.address())
	m := r.a.Mailbox("tg")
	put(t, m, "a:1", "a:2", "b", "c")
	ls := takes(t, m, 2, "a:1×1", "b×1")
	content := func() string {
		return fmt.Sprint(dumpKeys(t, r.c, allKeys(t, r.c, r.p)))
	}
	refused := func(what string, f func() error) {
		t.Helper()
		before := content()
		if err := f(); session.KindOf(err) != session.Unavailable {
			t.Errorf("%s: %v", what, err)
		}
		if after := content(); after != before {
			t.Errorf("%s changed something:\n%s\nwas\n%s", what, after, before)
		}
	}
	add := func() error { _, err := m.Put(t.Context(), letter("a:3"), letter("d")); return err }
	take := func() error { _, err := m.Take(t.Context(), connector.StaffLine, 1, 0); return err }
	bury := func() error { return m.Bury(t.Context(), ls[1], "no") }
	check(t, r.c.ConfigSet(t.Context(), "min-replicas-to-write", "1").Err())
	refused("put", add)
	refused("take", take)
	refused("bury", bury)
	refused("handled", func() error { return m.Handled(t.Context(), ls[0]) })
	check(t, r.c.ConfigSet(t.Context(), "min-replicas-to-write", "0").Err())
	check(t, r.c.ConfigSet(t.Context(), "maxmemory", "1").Err())
	refused("put", add)
	refused("take", take)
	refused("bury", bury)
	check(t, m.Handled(t.Context(), ls[0]))
	check(t, r.c.ConfigSet(t.Context(), "maxmemory", "0").Err())
	takes(t, m, 3, "c×1", "a:2×1")
	check(t, bury())
}

// TestPutReachesTheReplica: a letter counts as stored when the replica has it, also
// when the platform sends it again because the first attempt was not confirmed.
func TestPutReachesTheReplica(t *testing.T) {
	t.Parallel()
	master := own(t, "--repl-diskless-sync-delay", "0")
	c := dial(t, master.address())
	m := redisstore.New(dial(t, master.address()), redisstore.Options{WaitReplicas: 1}).Mailbox("tg")
	if _, err := m.Put(t.Context(), letter("a")); session.KindOf(err) != session.Unavailable {
		t.Fatalf("accepted without a replica: %v", err)
	}
	own(t, "--replicaof", "127.0.0.1", fmt.Sprint(master.port))
	online(t, c)
	before := written(t, c)
	if _, err := m.Put(t.Context(), letter("a")); err != nil {
		t.Fatalf("again: %v", err)
	}
	if written(t, c) == before {
		t.Error("the repeat wrote nothing that a replica could confirm")
	}
	takes(t, m, 5, "a×1")
}

// TestMailboxKilled kills the server with -9 between steps: what was put is there.
func TestMailboxKilled(t *testing.T) {
	t.Parallel()
	srv := own(t, "--appendonly", "yes", "--appendfsync", "always")
	r := onAddress(t, srv.address())
	m := r.a.Mailbox("tg")
	again := func() {
		srv.kill()
		if _, err := m.Take(t.Context(), connector.StaffLine, 1, time.Minute); session.KindOf(err) != session.Unavailable {
			t.Errorf("no server: %v", err)
		}
		check(t, srv.start())
	}
	put(t, m, "a", "b")
	again()
	ls := takes(t, m, 1, "a×1")
	again()
	takes(t, m, 5, "b×1")
	r.pass(t, connector.LetterFor)
	check(t, m.Handled(t.Context(), ls[0]))
	again()
	takes(t, m, 5, "b×2")
	if n, err := m.Put(t.Context(), letter("b")); err != nil || n != 0 {
		t.Errorf("%d fresh, %v", n, err)
	}
}
