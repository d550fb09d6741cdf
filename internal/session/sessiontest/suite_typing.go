package sessiontest

import (
	"testing"
	"time"

	"experthour/internal/session"
)

// testTyping: what is kept depends on what was read, and on the question; it goes with an erasure.
func testTyping(t *testing.T, store session.Store) {
	ts, ok := store.(session.TypingStore)
	if !ok {
		t.Skip("this store keeps nothing of what is typed")
	}
	s := NewScene(t, store)
	q, other := s.To(s.Ask("a"), session.Queued), s.Ask("b")
	of := func(text string) session.Typing {
		return session.Typing{"Erika": {{Text: text, From: "w", At: time.Unix(1, 5).UTC(), Stage: "queued/1/0/0"}}}
	}
	swap := func(of session.Question, was, now session.Typing) error {
		return ts.SwapTyping(t.Context(), of, was, now)
	}
	kept := func(want map[int]session.Typing) {
		t.Helper()
		got, err := ts.Typing(t.Context(), q.Ref.Session, q.Ref.Number, other.Ref.Number, 9)
		is(t, err, nil)
		equal(t, "typing", got, want)
	}
	is(t, swap(q, nil, of("one")), nil)
	is(t, swap(q, nil, of("one")), nil) // the same again: its answer was lost
	is(t, swap(q, nil, of("another")), session.ErrConflict)
	is(t, swap(q, of("one"), of("two")), nil)
	is(t, swap(other, nil, of("other")), nil)
	kept(map[int]session.Typing{q.Ref.Number: of("two"), other.Ref.Number: of("other")})

	erased := s.Stored(q, session.Withdraw, func(*session.Question) {})
	erased.Erase = true
	s.Commit(s.Change(erased))
	kept(map[int]session.Typing{other.Ref.Number: of("other")})
	is(t, swap(q, nil, of("late")), session.ErrConflict)
	is(t, swap(other, of("other"), nil), nil)
	kept(map[int]session.Typing{})
	gone := other
	gone.Ref.Number = 9
	isKind(t, swap(gone, nil, of("x")), session.NotFound, "question_unknown")
}
