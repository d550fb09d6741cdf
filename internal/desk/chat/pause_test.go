package chat

import (
	"testing"
	"time"

	"experthour/internal/session"
)

// TestPausesAreToldWithAName: the desk is told each time who paused and who resumed, once, and
// what becomes of the hour afterwards as before. The board names who paused while it lasts.
func TestPausesAreToldWithAName(t *testing.T) {
	t.Parallel()
	k := hour(t)
	last := k.card(0).Call.Number
	told := func(want string) {
		t.Helper()
		call := k.card(0).Call
		if call == nil || call.Number <= last {
			t.Fatalf("nothing is told after call %d: %+v", last, call)
		}
		last = call.Number
		k.reads(call.Text, want)
	}
	by := func(who session.PersonName, cmd session.SessionCommand) {
		t.Helper()
		k.pass(time.Second)
		_, err := k.svc.DoSession(t.Context(), session.Actor{Name: who, Role: session.Moderator}, "tax", cmd)
		k.must(err)
	}
	by(anna, session.PauseSession{})
	told("Anna paused publishing in “Tax hour”")
	k.reads(flat("", k.card(0).Lines), "only withdrawals and retractions go out (Anna)")
	by(olga, session.ResumeSession{})
	told("Olga resumed publishing")
	by(olga, session.PauseIntakeSession{})
	told("Olga paused intake")
	by(anna, session.ResumeIntakeSession{})
	told("Anna resumed intake")
	if again := k.card(0).Call; again.Number != last {
		t.Errorf("it is told twice: %+v", again)
	}
	by(anna, session.StopSession{})
	told("takes no more questions")
	by(anna, session.PauseSession{})
	told("Anna paused publishing")
}
