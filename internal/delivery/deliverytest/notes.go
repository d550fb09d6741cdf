package deliverytest

import (
	"errors"
	"testing"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

// testNote: an attempt's note is there for whoever leases next, whatever became of the
// lease, until an outcome is known; and only who holds the lease may keep one.
func testNote(t *testing.T, y *yard) {
	y.ask(1)
	y.plan(want(1, 3, session.ClassAnswer))
	keep := func(l delivery.Lease, note string) error {
		return y.store.Note(t.Context(), "hour", l.Finish, l.Wanted, note)
	}
	lost := y.lease(brief)
	for _, note := range []string{"", "first", "container 7\nof two"} {
		y.must(keep(lost, note))
	}
	l := y.later()
	if l.Note != "container 7\nof two" || l.Noted != 3 {
		t.Errorf("the note is %q of %d", l.Note, l.Noted)
	}
	if err := keep(lost, "too late"); !errors.Is(err, session.ErrFenced) {
		t.Errorf("who lost the lease kept a note: %v", err)
	}
	y.must(y.store.Defer(t.Context(), "hour", l.Finish, 0, delivery.Known))
	if l = y.lease(long); l.Note != "container 7\nof two" {
		t.Errorf("given back, the note is %q", l.Note)
	}
	y.sent(l)
	if err := keep(l, "done"); !errors.Is(err, session.ErrFenced) {
		t.Errorf("a note after the outcome: %v", err)
	}
	y.plan(want(1, 4, session.ClassAnswer))
	if l = y.lease(long); l.Note != "" || l.Noted != 0 {
		t.Errorf("after an outcome the note is %q of %d", l.Note, l.Noted)
	}
}
