package sessiontest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"experthour/internal/session"
)

func testAdd(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	first := s.Ask("telegram:1")
	equal(t, "number", first.Ref, session.QuestionRef{Session: "hour", Number: 1})
	equal(t, "read", s.Read(1), first)

	again := s.New("telegram:1")
	again.Text = "edited"
	s.Unchanged(func() {
		q, added, err := store.Add(t.Context(), again)
		if err != nil || added {
			t.Fatalf("same key: added %v, %v", added, err)
		}
		equal(t, "question of then", q, first)
	})
	equal(t, "next number", s.Ask("telegram:2").Ref.Number, 2)

	old := s.New("telegram:3")
	s.DoSession(session.Extend, func(*session.SessionChange) {})
	s.Unchanged(func() {
		_, _, err := store.Add(t.Context(), old)
		is(t, err, session.ErrConflict)
	})
	again.Session.Version-- // a key that was seen is a success whatever happened since
	if _, added, err := store.Add(t.Context(), again); err != nil || added {
		t.Errorf("same key, old session: added %v, %v", added, err)
	}
	none := s.New("x")
	none.Session.ID = "none"
	_, _, err := store.Add(t.Context(), none)
	isKind(t, err, session.NotFound, "session_unknown")

	full := s.New("telegram:4")
	full.Session.QuestionCount = 2
	s.Unchanged(func() {
		_, _, err := store.Add(t.Context(), full)
		isKind(t, err, session.TooMany, "questions_full")
	})
	equal(t, "number after refusals", s.Ask("telegram:5").Ref.Number, 3)
	s.Verify()
}

func testAddTogether(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	const keys, each = 20, 4
	var added atomic.Int32
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range keys * each {
		n := s.New(fmt.Sprintf("k%d", i%keys))
		wg.Go(func() {
			<-start
			_, ok, err := store.Add(t.Context(), n)
			if err != nil {
				t.Error(err)
			}
			if ok {
				added.Add(1)
			}
		})
	}
	close(start)
	wg.Wait()
	equal(t, "added", added.Load(), keys)
	ns := s.List(session.Listing{States: session.States})
	slices.Sort(ns)
	want := make([]int, keys)
	for i := range want {
		want[i] = i + 1
	}
	equal(t, "numbers without gaps", ns, want)
	s.Verify()
}

func testQuestions(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	a, b, c := s.Ask("a"), s.Ask("b"), s.Ask("c")
	qs, err := store.Questions(t.Context(), "hour", 3, 1, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "in the order asked for", qs, []session.Question{c, a, b, a})
	_, err = store.Questions(t.Context(), "hour", 1, 4)
	isKind(t, err, session.NotFound, "question_unknown")
	if _, err = store.Questions(t.Context(), "none", 1); session.KindOf(err) != session.NotFound {
		t.Errorf("unknown session: %v", err)
	}
}

func testFamily(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		s.Ask(key)
	}
	into := func(n, root int) session.Stored {
		return s.Stored(s.Read(n), session.Merge, func(q *session.Question) { q.State, q.Into = session.Merged, root })
	}
	follow := func(q *session.Question) { q.Followers = []session.Follow{{Number: 4}, {Number: 3}} }
	s.Commit(s.Change(s.Stored(s.Read(2), session.Merge, follow), into(4, 2), into(3, 2)))
	family := func(n int, also ...int) []int {
		qs, err := store.Family(t.Context(), session.QuestionRef{Session: "hour", Number: n}, also...)
		if err != nil {
			t.Fatal(err)
		}
		var ns []int
		for _, q := range qs {
			ns = append(ns, q.Ref.Number)
			equal(t, "document", q, s.Read(q.Ref.Number))
		}
		return ns
	}
	equal(t, "root", family(2), []int{2, 4, 3})
	equal(t, "follower", family(3), []int{3, 2})
	equal(t, "alone", family(1), []int{1})
	equal(t, "each once, unknown left out", family(2, 5, 4, 99, 2, 5), []int{2, 4, 3, 5})
	free := func(q *session.Question) { q.Into, q.Followers = 0, nil }
	s.Commit(s.Change(s.Stored(s.Read(2), session.Restore, free), s.Stored(s.Read(3), session.Restore, free)))
	equal(t, "freed", family(2), []int{2})
	equal(t, "freed", family(3), []int{3})
	_, err := store.Family(t.Context(), session.QuestionRef{Session: "hour", Number: 9}, 1)
	isKind(t, err, session.NotFound, "question_unknown")
}

func testCommit(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	q := s.Ask("a")
	old := s.Change(s.Stored(q, session.Claim, func(*session.Question) {}))
	done := s.To(q, session.Queued)
	equal(t, "document", s.Read(1), done)
	equal(t, "version", done.Version, 2)
	s.Unchanged(func() { is(t, store.Commit(t.Context(), old), session.ErrConflict) })

	stale := s.Change(s.Stored(done, session.Claim, func(*session.Question) {}))
	s.DoSession(session.Pause, func(c *session.SessionChange) { c.Session.Paused = true })
	s.Unchanged(func() { is(t, store.Commit(t.Context(), stale), session.ErrConflict) })

	none := stale
	none.Session = "none"
	isKind(t, store.Commit(t.Context(), none), session.NotFound, "session_unknown")
	unknown := s.Stored(done, session.Claim, func(q *session.Question) { q.Ref.Number = 7 })
	s.Unchanged(func() {
		isKind(t, store.Commit(t.Context(), s.Change(unknown)), session.NotFound, "question_unknown")
	})
	s.Verify()
}

// testHistories: after a failover that lost something another history may have come as far as the one that was read. What
// was decided on the other one's documents is a conflict, and not a version that follows nothing.
func testHistories(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	q := s.Ask("a")
	nop := func(*session.Question) {}

	lost := q
	lost.Head = "of another history"
	s.Unchanged(func() {
		is(t, store.Commit(t.Context(), s.Change(s.Stored(lost, session.Claim, nop))), session.ErrConflict)
	})
	here := s.Session
	s.Session.Head = "of another history"
	late, add, pause := s.Change(s.Stored(q, session.Claim, nop)), s.New("b"), s.SessionChange(session.Pause)
	s.Session = here
	s.Unchanged(func() {
		is(t, store.Commit(t.Context(), late), session.ErrConflict)
		_, _, err := store.Add(t.Context(), add)
		is(t, err, session.ErrConflict)
		is(t, store.CommitSession(t.Context(), pause), session.ErrConflict)
	})
	s.To(q, session.Queued)
	s.Verify()
}

func testCommitAll(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	a, b := s.Ask("a"), s.Ask("b")
	nop := func(*session.Question) {}
	stale := b
	b = s.To(b, session.Queued)
	s.Unchanged(func() { // the second one conflicts: the first is not written either
		c := s.Change(s.Stored(a, session.Merge, nop), s.Stored(stale, session.Merge, nop))
		is(t, store.Commit(t.Context(), c), session.ErrConflict)
	})
	s.Unchanged(func() {
		missing := s.Stored(b, session.Merge, func(q *session.Question) { q.Ref.Number = 9 })
		isKind(t, store.Commit(t.Context(), s.Change(s.Stored(a, session.Merge, nop), missing)), session.NotFound, "question_unknown")
	})
	s.Unchanged(func() {
		c := s.Change(s.Stored(a, session.Sent, nop))
		c.Finish = &session.Finish{Lane: CardLane, Question: 1, Copy: "x", Fence: 1}
		is(t, store.Commit(t.Context(), c), session.ErrFenced)
	})
	s.Commit(s.Change(s.Stored(a, session.Merge, nop), s.Stored(b, session.Merge, nop)))
	equal(t, "versions", [2]int64{s.Read(1).Version, s.Read(2).Version}, [2]int64{2, 3})
	s.Verify()
}

// testCommitRace lets many decide on the same version and commit at one moment.
func testCommitRace(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	q := s.Ask("a")
	const rounds, rivals = 10, 8
	for range rounds {
		var won atomic.Int32
		var wg sync.WaitGroup
		start := make(chan struct{})
		for range rivals {
			c := s.Change(s.Stored(q, session.AddNote, func(*session.Question) {}))
			wg.Go(func() {
				<-start
				switch err := store.Commit(t.Context(), c); {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, session.ErrConflict):
					t.Error(err)
				}
			})
		}
		close(start)
		wg.Wait()
		equal(t, "winners", won.Load(), 1)
		q = s.Read(1)
	}
	equal(t, "version", q.Version, rounds+1)
	s.Verify()
}

func testRepeat(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	n := s.New("a")
	for range 3 {
		q, added, err := store.Add(t.Context(), n)
		if err != nil || !added || q.Ref.Number != 1 {
			t.Fatalf("add: %v, added %v, %v", q.Ref, added, err)
		}
	}
	c := s.Change(s.Stored(s.Read(1), session.Accept, func(q *session.Question) { q.State = session.Queued }))
	s.Commit(c)
	s.Unchanged(func() { s.Commit(c) })
	s.To(s.Read(1), session.Claimed)
	s.Unchanged(func() { s.Commit(c) }) // also when another one came in between

	p := s.SessionChange(session.Pause)
	p.Session.Paused = true
	create := s.SessionChange(session.Schedule)
	create.Session = Hour("other", Noon)
	create.Entry.Version, create.Entry.Prev = 1, ""
	for range 2 {
		if err := store.CreateSession(t.Context(), create); err != nil {
			t.Fatal(err)
		}
		if err := store.CommitSession(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "entries", len(s.Verify().Entries), 5)
}
