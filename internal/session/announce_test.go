package session

import (
	"slices"
	"testing"
	"time"
)

// told is an announcement at the blind place as a planner lists it; "" may stay.
func told(n News, text string) Rendered {
	return Rendered{Slot: Slot{Kind: KindAnnouncement, Connector: blind, Place: "b", News: n}, Language: Latvian, Text: text}
}

// bulletin is a session whose planner is a list in the test's hand.
type bulletin struct {
	*testing.T
	s  Session
	is []Rendered
}

func newBulletin(t *testing.T) *bulletin {
	t.Parallel()
	return &bulletin{T: t, s: newWorld().ses}
}

// now makes rs what the planner lists.
func (b *bulletin) now(rs ...Rendered) {
	b.Helper()
	b.s = b.s.clone()
	b.s.announce(b.is, rs, noon)
	b.is = rs
}

func (b *bulletin) do(by Actor, c copyCommand) error {
	b.Helper()
	after, _, err := DecideSession(onSession{c}, Context{By: by, At: noon}, b.s)
	if err == nil {
		b.s = after
	}
	return err
}

func (b *bulletin) must(by Actor, c copyCommand) {
	b.Helper()
	if err := b.do(by, c); err != nil {
		b.Fatalf("%s: %v", c.Verb(), err)
	}
}

func (b *bulletin) copy(n News) Copy {
	c, _ := b.s.Copies.Get(told(n, "").Key())
	return c
}

// sent is the fact that what was wanted at some time stands there.
func (b *bulletin) sent(n News, brought int) {
	b.Helper()
	b.must(Program, RecordSent{Copy: told(n, "").Key(), Brought: brought, Message: "m"})
}

func (b *bulletin) parked(n News, p Problem) {
	b.Helper()
	b.must(Program, RecordParked{Copy: told(n, "").Key(), Trying: b.copy(n).Wanted, Problem: p, Detail: "no"})
}

// want checks what stands of an announcement and what is to be done about it.
func (b *bulletin) want(n News, wanted, out int, p Problem, due bool) {
	b.Helper()
	if c := b.copy(n); c.Wanted != wanted || c.Out != out || c.Problem != p || c.Due() != due {
		b.Errorf("%s: wanted %d, out %d, problem %q, due %t; want %d, %d, %q, %t", n, c.Wanted, c.Out, c.Problem, c.Due(), wanted, out, p, due)
	}
}

// TestAnnouncementIsToldOnce: it is wanted when it is news, and a new text is wanted in the
// same slot.
func TestAnnouncementIsToldOnce(t *testing.T) {
	b := newBulletin(t)
	b.now(told("scheduled", "At noon"))
	b.want("scheduled", 1, 0, NoProblem, true)
	b.now(b.is...)
	b.want("scheduled", 1, 0, NoProblem, true)
	b.now(told("scheduled", "At one"))
	b.want("scheduled", 2, 0, NoProblem, true)
	b.sent("scheduled", 1) // the first text was on its way
	b.want("scheduled", 2, 1, NoProblem, true)
	b.sent("scheduled", 2)
	b.want("scheduled", 2, 2, NoProblem, false)
	b.now(told("scheduled", ""), told("open", "We begin"))
	b.want("scheduled", 2, 2, NoProblem, false)
	b.want("open", 3, 0, NoProblem, true)
}

// TestNothingLateIsTold: what did not go out while it was news is given up, whatever kept it.
func TestNothingLateIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*bulletin)
		want   Problem
	}{
		"held back":  {func(*bulletin) {}, Dropped},
		"refused":    {func(b *bulletin) { b.parked("open", RefusedIt) }, Dropped},
		"may be out": {func(b *bulletin) { b.parked("open", Unsure) }, Unsure},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBulletin(t)
			b.now(told("open", "We begin"))
			c.before(b)
			b.now(told("open", ""), told("closed", "Over"))
			b.want("open", 1, 0, c.want, false)
		})
	}
}

// TestOnItsWayWhenItsTimeIsOver: it may stand where it arrives, and if it does not, nobody
// is asked.
func TestOnItsWayWhenItsTimeIsOver(t *testing.T) {
	fly := func(t *testing.T) *bulletin {
		b := newBulletin(t)
		b.now(told("open", "We begin"))
		b.now(told("open", ""))
		return b
	}
	t.Run("arrives", func(t *testing.T) {
		b := fly(t)
		b.sent("open", 1)
		b.want("open", 1, 1, NoProblem, false)
	})
	t.Run("is refused", func(t *testing.T) {
		b := fly(t)
		b.parked("open", RefusedIt)
		b.want("open", 1, 0, Dropped, false)
	})
	t.Run("may be out", func(t *testing.T) {
		b := fly(t)
		b.parked("open", Unsure)
		b.must(anna, ResolveCopy{Decision: IsOut, Copy: b.copy("open").Key(), Attempt: 1})
		b.want("open", 1, 1, NoProblem, false)
	})
}

// TestNewsAgain: an hour that is extended is open again, and is told where it was not.
func TestNewsAgain(t *testing.T) {
	b := newBulletin(t)
	b.now(told("open", "Until one"))
	b.now(told("open", ""))
	b.now(told("open", "Until two"))
	b.want("open", 2, 0, NoProblem, true)
	b.sent("open", 2)
	b.now(told("open", ""))
	b.now(told("open", "Until two")) // it says so already
	b.want("open", 2, 2, NoProblem, false)
	b.now(told("open", "Until three"))
	b.want("open", 3, 2, NoProblem, true)
}

// TestUntrueNewsGoes: what was told about another time is taken back.
func TestUntrueNewsGoes(t *testing.T) {
	one, two := NewsAt(NewsMoved, noon), NewsAt(NewsMoved, noon.Add(time.Hour))
	b := newBulletin(t)
	b.now(told(one, "To one"))
	b.sent(one, 1)
	b.now(told(two, "To two"))
	b.want(one, 0, 1, NoProblem, true)
	b.want(two, 2, 0, NoProblem, true)
	b.now(told(one, "To one")) // and back again
	b.want(one, 3, 1, NoProblem, true)
	b.want(two, 0, 0, NoProblem, false)
}

// TestAnnouncementSettledByAPerson: the decisions and their roles are those of any copy.
func TestAnnouncementSettledByAPerson(t *testing.T) {
	b := newBulletin(t)
	b.now(told("scheduled", "At noon"))
	b.parked("scheduled", RefusedIt)
	c := b.copy("scheduled")
	if got := CopyVerbs(c, anna); !slices.Equal(got, []Verb{Retry, Drop}) {
		t.Errorf("a moderator may %v", got)
	}
	retry := ResolveCopy{Decision: Retry, Copy: c.Key(), Attempt: c.Attempt}
	if err := b.do(edgars, retry); KindOf(err) != Forbidden {
		t.Errorf("an expert: %v", err)
	}
	b.s.Last = Schedule
	b.must(anna, retry)
	b.want("scheduled", 1, 0, NoProblem, true)
	if err := b.do(anna, retry); KindOf(err) != Already {
		t.Errorf("the second time: %v", err)
	}
	if b.s.Last != Schedule {
		t.Errorf("the last thing that happened to the hour is %q", b.s.Last)
	}
	if got := AllowedOnSession(b.s, anna); slices.Contains(got, Retry) {
		t.Errorf("buttons of the hour: %v", got)
	}
}

// TestWhatMayLeave is the gate of each state: an announcement leaves before the hour does, and
// what an asker is told about their own question at any time.
func TestWhatMayLeave(t *testing.T) {
	t.Parallel()
	for state, want := range map[SessionState]Class{Draft: ClassTakeBack, Scheduled: ClassAnnouncement, Open: ClassAnswer,
		Closing: ClassAnswer, Closed: ClassAnswer, Archived: ClassAnswer, Cancelled: ClassAnnouncement} {
		for _, paused := range []bool{false, true} {
			s, last := Session{State: state, Paused: paused}, want
			if paused {
				last = ClassTakeBack
			}
			for _, c := range []Class{ClassTakeBack, ClassAnnouncement, ClassAnswer, ClassNotice} {
				if got := s.Leaves(c); got != (c <= last || c == ClassNotice) {
					t.Errorf("%s, paused %t: class %d leaves %t", state, paused, c, got)
				}
			}
			if s.Running() != (last == ClassAnswer) {
				t.Errorf("%s, paused %t: running %t", state, paused, s.Running())
			}
		}
	}
}

// TestMoved: it is known which texts are about another start.
func TestMoved(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cmd  RescheduleSession
		want int
	}{
		"the start":           {RescheduleSession{Start: noon.Add(time.Minute)}, 8},
		"only the end":        {RescheduleSession{End: noon.Add(2 * time.Hour)}, 3},
		"the start as it was": {RescheduleSession{Start: noon.Add(time.Millisecond)}, 3},
	} {
		s := newWorld().ses
		s.Title, s.Zone, s.Counter, s.Moved = "Hour", "Europe/Riga", 7, 3
		s, _, err := DecideSession(c.cmd, Context{By: anna, At: noon.Add(-time.Hour)}, s)
		if err != nil || s.Moved != c.want {
			t.Errorf("%s: moved at %d, %v", name, s.Moved, err)
		}
	}
}

// TestUnknownAnnouncement: a copy that is not there is nobody's.
func TestUnknownAnnouncement(t *testing.T) {
	b := newBulletin(t)
	if err := b.do(Program, RecordSent{Copy: "x"}); KindOf(err) != Internal {
		t.Errorf("sent: %v", err)
	}
	if err := b.do(anna, ResolveCopy{Decision: Retry, Copy: "x"}); KindOf(err) != NotFound {
		t.Errorf("retried: %v", err)
	}
	if err := b.do(Program, RecordParked{Copy: "x"}); KindOf(err) != Internal {
		t.Errorf("parked: %v", err)
	}
}
