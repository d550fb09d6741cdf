package session

import (
	"slices"
	"testing"
)

// TestTogglesOffered: of two verbs that undo each other a moderator is offered the one that changes something, and none
// where neither does.
func TestTogglesOffered(t *testing.T) {
	t.Parallel()
	for _, state := range SessionStates {
		for _, on := range []bool{false, true} {
			s := Session{State: state, Paused: on, IntakePaused: on}
			offered := AllowedOnSession(s, Actor{Role: Moderator})
			for _, c := range []struct {
				verb   Verb
				wanted bool
			}{
				{Pause, !on && slices.Contains(pausable, state)}, {Resume, on && slices.Contains(toldIn, state)},
				{PauseIntake, !on && (state == Scheduled || state == Open)}, {ResumeIntake, on && (state == Scheduled || state == Open)},
			} {
				if got := slices.Contains(offered, c.verb); got != c.wanted {
					t.Errorf("%s, on: %t: %s is offered: %t", state, on, c.verb, got)
				}
			}
		}
	}
}
