package sessiontest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"experthour/internal/session"
)

func testList(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	for _, key := range []string{"a", "b", "c", "d", "e", "f"} {
		s.Ask(key)
	}
	s.To(s.Read(3), session.Queued)
	s.To(s.Read(1), session.Queued)
	s.To(s.Read(2), session.Published)
	s.Commit(s.Change(s.Stored(s.Read(5), session.Parked, func(q *session.Question) {
		q.State, q.Wanted = session.Published, 1
		q.Copies = []session.Copy{{Problem: session.Unsure, Wanted: 1}}
	})))
	type L = session.Listing
	list := func(want []int, l L) {
		t.Helper()
		equal(t, "list", s.List(l), want)
	}
	list([]int{}, L{})
	list([]int{4, 6}, L{States: []session.State{session.Received}})
	list([]int{3, 1, 4, 6}, L{States: []session.State{session.Queued, session.Received}})
	list([]int{1, 3, 6, 4}, L{States: []session.State{session.Queued, session.Received}, Newest: true})
	list([]int{5}, L{Waiting: true})
	list([]int{1, 3, 4, 6}, L{Unfinished: true})
	list([]int{5, 1, 3, 4, 6, 2}, L{Waiting: true, Unfinished: true, States: session.States})
	list([]int{3, 4}, L{Waiting: true, Unfinished: true, Offset: 2, Limit: 2})
	qs, err := store.List(t.Context(), "hour", L{Waiting: true})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "document", qs[0], s.Read(5))
	_, err = store.List(t.Context(), "none", L{})
	isKind(t, err, session.NotFound, "session_unknown")
}

// testListPages joins pages of every size and compares them with the whole.
func testListPages(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	states := []session.State{session.Received, session.Queued, session.Review, session.Published}
	for i := range 23 {
		q := s.Ask(s.Op())
		if st := states[i%len(states)]; st != session.Received {
			s.To(q, st)
		}
	}
	for _, l := range []session.Listing{
		{States: states}, {States: states, Newest: true}, {Unfinished: true, States: states}, {Waiting: true, States: states}, {Unfinished: true},
	} {
		whole := s.List(l)
		for _, size := range []int{1, 4, 7, 30} {
			var joined []int
			for l.Offset, l.Limit = 0, size; l.Offset < len(whole)+size; l.Offset += size {
				joined = append(joined, s.List(l)...)
			}
			equal(t, "pages", joined, whole)
		}
	}
}

// testListTies lists questions that came in at one moment: by number.
func testListTies(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	want := []int{}
	for n := range 12 {
		q := s.New(s.Op())
		q.Since = Noon
		if _, _, err := store.Add(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		want = append(want, n+1)
	}
	received := session.Listing{States: []session.State{session.Received}}
	equal(t, "list", s.List(received), want)
	received.Newest = true
	slices.Reverse(want)
	equal(t, "newest", s.List(received), want)
}

func testCounts(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	equal(t, "empty", s.Counts(), session.Counts{ByState: map[session.State]int{}, Oldest: map[session.State]time.Time{}})
	a, b, c := s.Ask("a"), s.Ask("b"), s.Ask("c")
	b = s.To(b, session.Queued)
	s.Commit(s.Change(s.Stored(c, session.Parked, func(q *session.Question) {
		q.State, q.Wanted, q.Prior, q.Since = session.Approved, 1, 0, Noon
		q.Copies = []session.Copy{{Wanted: 1, Problem: session.RefusedIt}, {Wanted: 2}}
	})))
	equal(t, "counts", s.Counts(), session.Counts{Last: 3,
		ByState:    map[session.State]int{session.Received: 1, session.Queued: 1, session.Approved: 1},
		Oldest:     map[session.State]time.Time{session.Received: a.Since, session.Queued: b.Since, session.Approved: Noon},
		Unfinished: session.Unfinished{Questions: 3, Copies: 1}, Parked: 1})
	s.To(s.Read(2), session.Received)
	counts := s.Counts()
	equal(t, "received", counts.ByState[session.Received], 2)
	equal(t, "oldest", counts.Oldest[session.Received], a.Since)
	_, err := store.Counts(t.Context(), "none")
	isKind(t, err, session.NotFound, "session_unknown")
}

func testVotes(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	s.To(s.Ask("a"), session.Queued)
	s.To(s.Ask("b"), session.Queued)
	s.Ask("c")
	vote := func(n int, voter session.Hash, up bool, want int) {
		t.Helper()
		got, err := store.Vote(t.Context(), session.Vote{Question: session.QuestionRef{Session: "hour", Number: n}, By: voter, Up: up})
		if err != nil || got != want {
			t.Errorf("vote %d %s %v: %d, %v; want %d", n, voter, up, got, err, want)
		}
	}
	vote(1, "x", true, 1)
	vote(1, "x", true, 1) // twice
	vote(1, "y", true, 2)
	vote(2, "x", true, 1)
	vote(1, "x", false, 1) // taken back
	vote(1, "x", false, 1)
	vote(2, "z", false, 1)
	vote(2, "x", false, 0)
	tally, err := store.Tally(t.Context(), "hour", 1, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "tally", tally, map[int]int{1: 1})
	refused := func(id session.ID, n int) error {
		_, err := store.Vote(t.Context(), session.Vote{Question: session.QuestionRef{Session: id, Number: n}, By: "x", Up: true})
		return err
	}
	err = refused("hour", 3)
	isKind(t, err, session.Refused, "vote_unaccepted")
	err = refused("hour", 9)
	isKind(t, err, session.NotFound, "question_unknown")
	err = refused("none", 1)
	isKind(t, err, session.NotFound, "session_unknown")
}

// testLikes: what a platform counts and who is known by name there are the same people, and
// what others vote comes on top.
func testLikes(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	ref := s.Ask("a").Ref
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	votes := func(what string, want int, n int, err error) {
		t.Helper()
		if err != nil || n != want {
			t.Errorf("%s: %d votes, %v; want %d", what, n, err, want)
		}
	}
	liked := func(what string, count int, after time.Duration, want int) {
		t.Helper()
		n, err := store.Like(t.Context(), session.Likes{Question: ref, From: "birds", Count: count, At: at.Add(after)})
		votes(what, want, n, err)
	}
	voted := func(what string, by session.Hash, from session.ConnectorID, up bool, want int) {
		t.Helper()
		n, err := store.Vote(t.Context(), session.Vote{Question: ref, By: by, Up: up, Early: true, From: from})
		votes(what, want, n, err)
	}
	voted("a reader of the page", "p", "", true, 1)
	liked("counted", 3, 0, 4)
	liked("counted again", 3, time.Second, 4)
	liked("more", 5, 2*time.Second, 6)
	liked("an older count that comes late", 1, time.Second, 6)
	voted("one of them has a name", "a", "birds", true, 6)
	voted("and another", "b", "birds", true, 6)
	voted("the same once more", "b", "birds", true, 6)
	liked("fewer, and two have a name", 1, 3*time.Second, 3)
	voted("one takes it back", "b", "birds", false, 2)
	voted("twice", "b", "birds", false, 2)
	liked("as many are counted", 1, 4*time.Second, 2)
	voted("the other one too", "a", "birds", false, 2)
	liked("and is not counted any more", 0, 5*time.Second, 1)
	voted("the page's reader is still there", "p", "", true, 1)
	voted("until they go", "p", "", false, 0)
	n, err := store.Like(t.Context(), session.Likes{Question: ref, From: "hut", Count: 2, At: at})
	votes("another platform", 2, n, err)
	tally, err := store.Tally(t.Context(), ref.Session, ref.Number)
	votes("the tally", 2, tally[ref.Number], err)
	ref.Number = 99
	_, err = store.Like(t.Context(), session.Likes{Question: ref, From: "birds"})
	isKind(t, err, session.NotFound, "question_unknown")
}

// testVotesEarly: what people like before it is accepted counts once it is.
func testVotesEarly(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	q := s.Ask("a")
	v := session.Vote{Question: q.Ref, By: "x", Up: true, Early: true}
	for _, c := range []struct {
		by   session.Hash
		up   bool
		want int
	}{{"x", true, 1}, {"x", true, 1}, {"y", true, 2}, {"z", true, 3}, {"z", false, 2}} {
		v.By, v.Up = c.by, c.up
		n, err := store.Vote(t.Context(), v)
		if err != nil || n != c.want {
			t.Errorf("%s %v: %d, %v; want %d", c.by, c.up, n, err, c.want)
		}
	}
	s.To(q, session.Queued)
	v.By, v.Up, v.Early = "x", true, false // the same voter again
	if n, err := store.Vote(t.Context(), v); n != 2 || err != nil {
		t.Errorf("after the acceptance %d, %v", n, err)
	}
	tally, err := store.Tally(t.Context(), "hour", 1)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "tally", tally, map[int]int{1: 2})
}

func testVotesClosed(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	s.To(s.Ask("a"), session.Queued)
	ref := session.QuestionRef{Session: "hour", Number: 1}
	vote := func() (int, error) { return store.Vote(t.Context(), session.Vote{Question: ref, By: "x", Up: true}) }
	if n, err := vote(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	s.DoSession(session.Close, func(c *session.SessionChange) { c.Session.State, c.Forget = session.Closed, true })
	_, err := vote()
	isKind(t, err, session.Refused, "vote_over")
	tally, err := store.Tally(t.Context(), "hour", 1)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "tally stays", tally, map[int]int{1: 1})
	s.DoSession(session.Reopen, func(c *session.SessionChange) { c.Session.State = session.Closing })
	if n, err := vote(); n != 2 || err != nil {
		t.Errorf("who voted was not forgotten: %d, %v", n, err)
	}
}

func testRecord(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	a := s.Ask("a")
	s.Ask("b")
	s.To(s.To(a, session.Queued), session.Review)
	s.DoSession(session.Pause, func(*session.SessionChange) {})
	r := s.Verify()
	equal(t, "entries", len(r.Entries), 6)
	equal(t, "session", r.Session, s.Session)
	equal(t, "numbers", [3]int{r.Entries[0].Number, r.Entries[1].Number, r.Entries[2].Number}, [3]int{0, 1, 2})
	heads, err := store.Heads(t.Context(), "hour")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "heads", heads, r.Heads)
	equal(t, "head", heads[1], session.Head{Version: 3, Hash: s.Read(1).Head})
	_, err = store.Record(t.Context(), "none")
	isKind(t, err, session.NotFound, "session_unknown")
	_, err = store.Heads(t.Context(), "none")
	isKind(t, err, session.NotFound, "session_unknown")
}

// testRecordBusy reads the record while others write: what it reads is one moment.
func testRecordBusy(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	for range 5 {
		s.Ask(s.Op())
	}
	reads := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(reads)
		for range 10 {
			r, err := store.Record(t.Context(), "hour")
			if err != nil {
				t.Error(err)
			}
			if fs := session.Verify(r, nil); len(fs) > 0 {
				t.Errorf("record read while others write: %v", fs)
			}
		}
	})
	for i, done := 0, false; !done; i++ {
		s.To(s.Read(i%5+1), session.States[i%6])
		s.Ask(s.Op())
		select {
		case <-reads:
			done = true
		default:
		}
	}
	wg.Wait()
	s.Verify()
}

func testErase(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	q := s.To(s.Ask("a"), session.Queued)
	s.Ask("b")
	withdraw := s.Stored(q, session.Withdraw, func(q *session.Question) { q.State, q.Text = session.Withdrawn, "" })
	withdraw.Erase = true
	q = s.Commit(s.Change(withdraw))
	r := s.Verify()
	equal(t, "erased", r.Erased, map[int]int64{1: 2})
	var kept []string
	for _, k := range []string{"1:1", "1:2", "1:3", "2:1"} {
		if _, ok := r.Payloads[k]; ok {
			kept = append(kept, k)
		}
	}
	equal(t, "payloads", kept, []string{"1:3", "2:1"})
	again := s.Stored(q, session.Withdraw, func(*session.Question) {})
	again.Erase = true
	s.Commit(s.Change(again))
	equal(t, "erased", s.Verify().Erased, map[int]int64{1: 3})
}

// testUpdates reads what happened to two sessions, and to one that does not exist, at once.
func testUpdates(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	s.Ask("before")
	other := &Scene{T: t, Store: store, Session: Hour("other", Noon)}
	other.DoSession(session.Schedule, func(*session.SessionChange) {})
	read := func(since map[session.ID]session.Update) map[session.ID]session.Update {
		t.Helper()
		u, err := store.Updates(t.Context(), since)
		is(t, err, nil)
		return u
	}
	now := read(map[session.ID]session.Update{"hour": {}, "other": {}, "none": {}})
	equal(t, "sessions", len(now), 2)
	equal(t, "entries before", len(now["hour"].Entries), 0)
	q := s.Ask("meanwhile")
	entries := s.Verify().Entries
	next := read(now)
	equal(t, "entries", next["hour"].Entries, entries[2:])
	equal(t, "last", next["hour"].Last, entries[2].ID)
	equal(t, "entries of the other", len(next["other"].Entries), 0)
	equal(t, "last of the other", next["other"].Last, now["other"].Last)
	equal(t, "entries twice", len(read(next)["hour"].Entries), 0)
	_, err := store.Vote(t.Context(), session.Vote{Question: q.Ref, By: "v", Up: true, Early: true})
	is(t, err, nil)
	if voted := read(next)["hour"]; voted.Ballots <= next["hour"].Ballots || len(voted.Entries) > 0 {
		t.Errorf("after a vote: %v", voted)
	}
}

// testUpdatesInParts reads a record of more entries than one update has.
func testUpdatesInParts(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	begin, err := store.Updates(t.Context(), map[session.ID]session.Update{"hour": {}})
	is(t, err, nil)
	const count = session.MostEntries + 10
	for range count {
		s.Ask(s.Op())
	}
	first, err := store.Updates(t.Context(), begin)
	is(t, err, nil)
	second, err := store.Updates(t.Context(), first)
	is(t, err, nil)
	equal(t, "first", len(first["hour"].Entries), session.MostEntries)
	equal(t, "second", len(second["hour"].Entries), count-session.MostEntries)
	equal(t, "number", second["hour"].Entries[0].Number, session.MostEntries+1)
}
