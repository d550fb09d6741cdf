package session_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"experthour/internal/session"
)

// TestConcludedByWhoeverLives: the process that decided is gone before the time to undo is
// over. What it wanted stands in the store: others conclude it, once, and one of them undoes
// what another one decided.
func TestConcludedByWhoeverLives(t *testing.T) {
	t.Parallel()
	f := newFlood(t)
	f.ask(2, "Who pays %d?", "n")
	gone := &session.Service{Store: f.store, Planner: plain{}, Staff: staff, Now: f.now, Undo: 10 * time.Second}
	for n := 1; n <= 2; n++ {
		_, err := gone.Do(t.Context(), anna, session.AcceptQuestion{On: f.on(n)})
		f.must(err)
	}
	_, err := f.desks[1].Do(t.Context(), anna, session.UndoDecision{On: f.on(2)})
	f.must(err)
	f.count(session.Received, 1)
	for range 12 {
		f.pass()
	}
	ses, err := f.store.Session(t.Context(), "night")
	f.must(err)
	together(f.desks, func(s *session.Service) {
		if err := s.Tick(context.WithoutCancel(t.Context()), ses); err != nil {
			t.Error(err)
		}
	})
	f.count(session.Queued, 1)
	rec, err := f.store.Record(t.Context(), "night")
	f.must(err)
	concluded := 0
	for _, e := range rec.Entries {
		if e.Verb == session.Conclude {
			concluded++
		}
	}
	qs, err := f.store.Questions(t.Context(), "night", 1)
	f.must(err)
	if concluded != 1 || qs[0].Undo != nil {
		t.Errorf("concluded %d times, to undo: %v", concluded, qs[0].Undo)
	}
	if found := session.Verify(rec, nil); len(found) > 0 {
		t.Errorf("the record: %v", found)
	}
}

// TestOnePressUndoesWhatOnePressDeclined: all of them, but for what somebody decided about
// since; and whoever comes too late is told so.
func TestOnePressUndoesWhatOnePressDeclined(t *testing.T) {
	t.Parallel()
	f := newFlood(t)
	for _, s := range f.desks {
		s.Undo = 10 * time.Second
	}
	f.ask(6, "Buy gold!", "n")
	together := func() {
		t.Helper()
		if b := f.press(f.desks[0], f.decline(3, session.SameText)); b.Declined == 0 {
			t.Fatalf("%+v", b)
		}
	}
	olga := session.Actor{Name: "Olga", Role: session.Moderator}
	undo := func(n int) (session.Result, error) {
		return f.desks[1].Do(t.Context(), olga, session.UndoDecision{On: f.on(n)})
	}
	together()
	f.count(session.Declined, 6)
	r, err := undo(3)
	f.must(err)
	if b := r.Batch; b.Undone != 6 || len(b.Kept) != 0 || b.More {
		t.Errorf("%+v", b)
	}
	f.count(session.Received, 6)

	together()
	f.pass()
	_, err = undo(2) // one of them alone
	f.must(err)
	f.do(session.DeclineQuestion{On: f.on(2), Reason: "spam"}) // and again, with a look at it
	f.do(session.RestoreQuestion{On: f.on(4)})
	r, err = undo(3)
	f.must(err)
	if b := r.Batch; b.Undone != 4 || !slices.Equal(b.Kept, []int{2, 4}) {
		t.Errorf("%+v", b)
	}
	f.count(session.Received, 5)

	together()
	for range 11 {
		f.pass()
	}
	if _, err := undo(3); session.KindOf(err) != session.Refused {
		t.Errorf("undone after its time: %v", err)
	}
}
