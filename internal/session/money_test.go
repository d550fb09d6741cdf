package session

import (
	"errors"
	"testing"
)

// TestLiftCeiling: only where something waits, by as much as is said, and once for two presses.
func TestLiftCeiling(t *testing.T) {
	t.Parallel()
	anna, jane := Actor{Name: "Anna", Role: Moderator}, Actor{Name: "Jane", Role: ExpertRole}
	waits := Unpaid{Question: 3, Price: 200, Spent: 400, Ceiling: 500}
	s := Session{State: Open}
	do := func(by Actor, cmd SessionCommand, id string, twice bool) {
		t.Helper()
		after, already, err := DecideSession(cmd, Context{By: by}, s)
		got := ""
		if e, failed := errors.AsType[*Error](err); failed {
			got = e.ID
		}
		if got != id || already != twice {
			t.Fatalf("%+v: %v, %t; want %q, %t", cmd, err, already, id, twice)
		}
		if err == nil && !already {
			s = after
		}
	}
	offered := func(want bool) {
		t.Helper()
		for _, by := range []Actor{anna, jane} {
			got := false
			for _, v := range AllowedOnSession(s, by) {
				got = got || v == Lift
			}
			if got != (want && by == anna) {
				t.Errorf("%s is offered it: %t", by.Name, got)
			}
		}
	}
	do(anna, LiftCeiling{Dollars: 1}, "ceiling_not_reached", false)
	offered(false)
	do(Program, AwaitMoney{Connector: "a", Unpaid: waits}, "", false)
	do(Program, AwaitMoney{Connector: "a", Unpaid: waits}, "", true)
	do(anna, AwaitMoney{Connector: "a"}, "forbidden", false)
	offered(true)
	do(jane, LiftCeiling{Dollars: 1}, "forbidden", false)
	for _, n := range []int{0, -1, MostDollars + 1} {
		do(anna, LiftCeiling{Dollars: n}, "dollars_wrong", false)
	}
	do(anna, LiftCeiling{Connector: "b", Dollars: 1}, "ceiling_not_reached", false)
	do(Program, AwaitMoney{Connector: "b", Unpaid: waits}, "", false)
	do(anna, LiftCeiling{Connector: "b", Dollars: 2}, "", false)
	do(anna, LiftCeiling{Connector: "b", Dollars: 2}, "", true)
	do(anna, LiftCeiling{Dollars: 1}, "", false)
	do(anna, LiftCeiling{Dollars: 1}, "", true)
	offered(false)
	if a, b := s.Spending("a"), s.Spending("b"); a != (Spending{Connector: "a", More: 1000}) || b != (Spending{Connector: "b", More: 2000}) {
		t.Errorf("%+v, %+v", a, b)
	}
	if s.Toggled != 4 {
		t.Errorf("the desk is told %d times", s.Toggled)
	}
}
