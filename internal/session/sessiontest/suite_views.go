package sessiontest

import (
	"context"
	"errors"
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
	list([]int{1, 3, 4, 6}, L{Unsettled: true})
	list([]int{5, 1, 3, 4, 6, 2}, L{Waiting: true, Unsettled: true, States: session.States})
	list([]int{3, 4}, L{Waiting: true, Unsettled: true, Offset: 2, Limit: 2})
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
		{States: states}, {States: states, Newest: true}, {Unsettled: true, States: states}, {Waiting: true, States: states}, {Unsettled: true},
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
		ByState:   map[session.State]int{session.Received: 1, session.Queued: 1, session.Approved: 1},
		Oldest:    map[session.State]time.Time{session.Received: a.Since, session.Queued: b.Since, session.Approved: Noon},
		Unsettled: session.Unsettled{Questions: 3, Copies: 1}, Parked: 1})
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
			if fs := session.Verify(r); len(fs) > 0 {
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

var errEnough = errors.New("enough")

func testFollow(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	s.Ask("before")
	const count = 30
	got := make(chan session.Entry, count)
	ended := make(chan error, 1)
	begun := make(chan struct{})
	after := s.Verify().Entries[1].ID
	go func() {
		close(begun)
		ended <- store.Follow(t.Context(), "hour", after, func(e session.Entry) error {
			got <- e
			if len(got) == count {
				return errEnough
			}
			return nil
		})
	}()
	<-begun
	for range count {
		s.Ask(s.Op())
	}
	is(t, <-ended, errEnough)
	close(got)
	n := 2
	for e := range got {
		equal(t, "number", e.Number, n)
		n++
	}
	err := store.Follow(t.Context(), "hour", "</script>", nil)
	isKind(t, err, session.NotFound, "event_unknown")
	// Who waits after the end of time would never hear of anything.
	short, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	err = store.Follow(short, "hour", "9223372036854775000-0", nil)
	isKind(t, err, session.NotFound, "event_unknown")
	err = store.Follow(t.Context(), "none", "", nil)
	isKind(t, err, session.NotFound, "session_unknown")
}

// testFollowResumes breaks off after every entry and goes on from its id.
func testFollowResumes(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	for range 5 {
		s.Ask(s.Op())
	}
	entries := s.Verify().Entries
	after := entries[0].ID
	for _, want := range entries[1:] {
		err := store.Follow(t.Context(), "hour", after, func(e session.Entry) error {
			equal(t, "entry", e, want)
			after = e.ID
			return errEnough
		})
		is(t, err, errEnough)
	}
	ctx := cancelled(t)
	if err := store.Follow(ctx, "hour", after, func(session.Entry) error { return nil }); !errors.Is(err, ctx.Err()) {
		t.Errorf("ended context: %v", err)
	}
}
