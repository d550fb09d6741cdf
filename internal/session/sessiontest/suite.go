package sessiontest

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"experthour/internal/session"
)

// Run checks everything that the comments of session.Store promise. open returns an
// empty store of its own for each test; all tests run side by side.
func Run(t *testing.T, open func(t *testing.T) session.Store) {
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

var tests = map[string]func(*testing.T, session.Store){
	"Reserve":        testReserve,
	"Sessions":       testSessions,
	"SessionCommit":  testSessionCommit,
	"Quiet":          testQuiet,
	"Add":            testAdd,
	"AddTogether":    testAddTogether,
	"Questions":      testQuestions,
	"Family":         testFamily,
	"ByOriginal":     testByOriginal,
	"ByAsker":        testByAsker,
	"Networks":       testNetworks,
	"Typing":         testTyping,
	"Drafts":         testDrafts,
	"DraftsBounded":  testDraftsBounded,
	"Commit":         testCommit,
	"CommitAll":      testCommitAll,
	"Histories":      testHistories,
	"CommitRace":     testCommitRace,
	"Repeat":         testRepeat,
	"List":           testList,
	"ListPages":      testListPages,
	"ListTies":       testListTies,
	"Counts":         testCounts,
	"VotesEarly":     testVotesEarly,
	"Votes":          testVotes,
	"Likes":          testLikes,
	"VotesClosed":    testVotesClosed,
	"Record":         testRecord,
	"RecordBusy":     testRecordBusy,
	"Erase":          testErase,
	"Spend":          testSpend,
	"SpendAllOrNone": testSpendAllOrNone,
	"Updates":        testUpdates,
	"UpdatesInParts": testUpdatesInParts,
	"ContextEnded":   testContextEnded,
	"Pictures":       testPictures,
	"PicturesFull":   testPicturesFull,
	"Enclosed":       testEnclosed,
	"EnclosedFull":   testEnclosedFull,
}

func isKind(t *testing.T, err error, kind session.Kind, id string) {
	t.Helper()
	_ = failure(t, err, kind, id)
}

// failure is isKind for who reads on.
func failure(t *testing.T, err error, kind session.Kind, id string) *session.Error {
	t.Helper()
	e, ok := errors.AsType[*session.Error](err)
	if !ok || e.Kind != kind || e.ID != id {
		t.Fatalf("got %v, want %q of kind %d", err, id, kind)
	}
	return e
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

func testReserve(t *testing.T, store session.Store) {
	at := func(id session.ID, from, to time.Duration, place session.PlaceID) session.Session {
		s := Hour(id, Noon)
		s.Desk.Place = "D" + session.PlaceID(id)
		s.Targets = []session.Target{{Connector: "telegram", Place: place}}
		s.Start, s.End = Noon.Add(from), Noon.Add(to)
		return s
	}
	reserve := func(s session.Session) error { return store.Reserve(t.Context(), s) }
	noError := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	noError(reserve(at("a", 0, time.Hour, "p: 1\n")))
	noError(reserve(at("b", time.Hour, 2*time.Hour, "p: 1\n"))) // touches
	noError(reserve(at("c", 0, time.Hour, "p2")))
	e := failure(t, reserve(at("d", 59*time.Minute, 61*time.Minute, "p: 1\n")), session.Refused, "overlap")
	if len(e.Args) != 2 || e.Args[0] != "session" || e.Args[1] != "a" && e.Args[1] != "b" {
		t.Errorf("overlap names %v", e.Args)
	}
	noError(reserve(at("a", 0, 30*time.Minute, "p: 1\n"))) // its own is replaced
	noError(reserve(at("d", 30*time.Minute, time.Hour, "p: 1\n")))
	isKind(t, reserve(at("a", 0, time.Hour, "p: 1\n")), session.Refused, "overlap")
	off := at("d", 30*time.Minute, time.Hour, "p: 1\n")
	off.State = session.Cancelled
	noError(reserve(off))
	noError(reserve(at("a", 0, time.Hour, "p: 1\n")))
}

func testSessions(t *testing.T, store session.Store) {
	all, err := store.Sessions(t.Context())
	if err != nil || len(all) != 0 {
		t.Fatalf("empty store lists %v, %v", all, err)
	}
	if err := store.Reserve(t.Context(), Hour("never-created", Noon.Add(time.Hour*99))); err != nil {
		t.Fatal(err)
	}
	for id, day := range map[session.ID]int{"first": 1, "third": 3, "second": 2} {
		s := &Scene{T: t, Store: store, Session: Hour(id, Noon.AddDate(0, 0, day))}
		s.DoSession(session.Schedule, func(*session.SessionChange) {})
	}
	all, err = store.Sessions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []session.ID
	for _, s := range all {
		ids = append(ids, s.ID)
	}
	equal(t, "sessions", ids, []session.ID{"third", "second", "first"})
	_, err = store.Session(t.Context(), "none")
	isKind(t, err, session.NotFound, "session_unknown")
}

func testSessionCommit(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	got, err := store.Session(t.Context(), "hour")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "session", got, s.Session)

	again := s.SessionChange(session.Schedule)
	again.Session.Version = 0
	s.Unchanged(func() { isKind(t, store.CreateSession(t.Context(), again), session.Already, "slug_taken") })
	taken := Hour("hour", Noon.Add(time.Hour))
	isKind(t, store.Reserve(t.Context(), taken), session.Already, "slug_taken")

	pause := s.SessionChange(session.Pause)
	s.DoSession(session.Extend, func(c *session.SessionChange) { c.Session.End = Noon.Add(3 * time.Hour) })
	s.Unchanged(func() { is(t, store.CommitSession(t.Context(), pause), session.ErrConflict) })

	none := s.SessionChange(session.Pause)
	none.Session.ID = "none"
	isKind(t, store.CommitSession(t.Context(), none), session.NotFound, "session_unknown")
	equal(t, "versions", s.Verify().Heads[0], session.Head{Version: 2, Hash: s.Session.Head})
}

func testQuiet(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	q, p := s.To(s.Ask("a"), session.Declined), s.Ask("b")
	c := s.SessionChange(session.Close)
	c.Quiet = true
	s.Unchanged(func() {
		e := failure(t, store.CommitSession(t.Context(), c), session.Refused, "close_unsettled")
		equal(t, "unsettled", e.Args, []any{"questions", 1, "copies", 0})
	})
	s.To(p, session.Merged)
	moving := s.Commit(s.Change(s.Stored(q, session.AddNote, func(q *session.Question) {
		q.Copies = []session.Copy{{Slot: session.Slot{Kind: session.KindOutcome, Connector: "page", Original: 1}, Wanted: 1}}
	})))
	e := failure(t, store.CommitSession(t.Context(), c), session.Refused, "close_unsettled")
	equal(t, "unsettled", e.Args, []any{"questions", 0, "copies", 1})
	parked := s.Commit(s.Change(s.Stored(moving, session.Parked, func(q *session.Question) {
		q.Copies = []session.Copy{{Slot: q.Copies[0].Slot, Wanted: 1, Problem: session.RefusedIt}}
	})))
	isKind(t, store.CommitSession(t.Context(), c), session.Refused, "close_unsettled")
	s.Commit(s.Change(s.Stored(parked, session.Drop, func(q *session.Question) {
		q.Copies = []session.Copy{{Slot: q.Copies[0].Slot, Wanted: 1, Problem: session.Dropped}}
	})))
	if err := store.CommitSession(t.Context(), c); err != nil {
		t.Errorf("quiet session does not close: %v", err)
	}
}

func testContextEnded(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	n := s.New("a")
	_, _, err := store.Add(cancelled(t), n)
	isKind(t, err, session.Unavailable, "unavailable")
	_, added, err := store.Add(t.Context(), n)
	if err != nil || !added {
		t.Errorf("the same value again: added %v, %v", added, err)
	}
	if !slices.Equal(s.List(session.Listing{States: session.States}), []int{1}) {
		t.Error("not exactly one question")
	}
}
