package chat

import (
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

// TestNudgedOnce: who is on duty is reminded of an answer that waits, once, not while publishing is
// paused, and not of what is decided meanwhile; again when it waits anew.
func TestNudgedOnce(t *testing.T) {
	t.Parallel()
	k := counting(hour(t))
	k.svc.NudgeAfter = 10 * time.Minute
	n, other := k.ask("How?"), k.ask("Why?")
	k.answerIn(n)
	k.answerIn(other)
	k.must(justDo(k.svc.DoSession(t.Context(), session.Actor{Name: anna, Role: session.Moderator}, "tax", session.PauseSession{})))
	k.pass(11 * time.Minute)
	k.tick()
	if k.card(n).Call != nil {
		t.Error("nudged while paused")
	}
	k.must(justDo(k.svc.DoSession(t.Context(), session.Actor{Name: anna, Role: session.Moderator}, "tax", session.ResumeSession{})))
	k.submit(anna, k.press(anna, other, "Approve").Form, nil)
	for range 3 {
		k.tick()
		k.pass(time.Hour)
	}
	if k.of[anna] != 1 || k.of[olga] != 0 {
		t.Errorf("Anna was reminded %d times, Olga, who has decided nothing, %d", k.of[anna], k.of[olga])
	}
	c := k.card(n).Call
	if c == nil || !strings.Contains(c.Text, "waits for approval") || !slices.Equal(k.called(n), []session.PersonName{anna}) {
		t.Errorf("call %+v", c)
	}
	k.submit(anna, k.press(anna, n, "Approve").Form, nil)
	if c := k.card(n).Call; c != nil {
		t.Errorf("approved, and still to be posted: %+v", c)
	}
}

func justDo(_ session.Result, err error) error { return err }
