package session

import (
	"errors"
	"testing"
	"time"
)

// mustHour runs a command on the hour a second after the last one.
func (w *world) mustHour(t *testing.T, by Actor, cmds ...SessionCommand) {
	t.Helper()
	for _, cmd := range cmds {
		w.at = w.at.Add(time.Second)
		if err := w.session(by, cmd); err != nil {
			t.Fatalf("%s by %s: %v", cmd.Verb(), by.Name, err)
		}
	}
}

// TestNothingIsDecidedAboutAnHourThatChanged: the later of two people reads who was faster
// and what the hour is now.
func TestNothingIsDecidedAboutAnHourThatChanged(t *testing.T) {
	t.Parallel()
	more := ExtendSession{Minutes: 15}
	for name, c := range map[string]struct {
		before    []SessionCommand // by Anna, who looks then
		meanwhile []SessionCommand // by Boris
		cmd       func(Seen) SessionCommand
	}{
		"moved, cancelled": {nil, []SessionCommand{RescheduleSession{End: noon.Add(3 * time.Hour)}},
			func(s Seen) SessionCommand { return CancelSession{Seen: s} }},
		"moved, started": {nil, []SessionCommand{RescheduleSession{End: noon.Add(3 * time.Hour)}},
			func(s Seen) SessionCommand { return StartSession{s} }},
		"moved, moved": {nil, []SessionCommand{RescheduleSession{End: noon.Add(3 * time.Hour)}},
			func(s Seen) SessionCommand { return RescheduleSession{Seen: s, End: noon.Add(4 * time.Hour)} }},
		"edited, cancelled": {nil, []SessionCommand{EditSession{Title: new("Other taxes")}},
			func(s Seen) SessionCommand { return CancelSession{Seen: s} }},
		"extended, stopped": {[]SessionCommand{StartSession{}}, []SessionCommand{more},
			func(s Seen) SessionCommand { return StopSession{s} }},
		"extended, extended": {[]SessionCommand{StartSession{}}, []SessionCommand{more},
			func(s Seen) SessionCommand { return ExtendSession{Seen: s, Minutes: 15} }},
		"paused anew, resumed": {[]SessionCommand{StartSession{}, PauseSession{}}, []SessionCommand{ResumeSession{}, PauseSession{}},
			func(s Seen) SessionCommand { return ResumeSession{s} }},
		"extended and stopped, closed": {[]SessionCommand{StartSession{}, StopSession{}}, []SessionCommand{more, StopSession{}},
			func(s Seen) SessionCommand { return CloseSession{Seen: s} }},
		"reopened and closed, reopened": {[]SessionCommand{StartSession{}, StopSession{}, CloseSession{}},
			[]SessionCommand{ReopenSession{}, CloseSession{}}, func(s Seen) SessionCommand { return ReopenSession{s} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.mustHour(t, anna, c.before...)
			seen := Seen{Stage: w.ses.Stage()}
			w.mustHour(t, boris, c.meanwhile...)
			last := c.meanwhile[len(c.meanwhile)-1].Verb()
			before := w.ses.Stage()
			err := w.session(anna, c.cmd(seen))
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Kind != Already || e.By != "Boris" || e.arg("verb") != last || e.arg("state") != w.ses.State || w.ses.Stage() != before {
				t.Fatalf("%v %+v", err, e)
			}
			w.mustHour(t, anna, c.cmd(Seen{Stage: w.ses.Stage()})) // now that she has read it
		})
	}
}

// TestWhatTheClockDidHurtsNobody: a moderator who extends an hour while it ends means it.
func TestWhatTheClockDidHurtsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.mustHour(t, anna, StartSession{})
	seen := Seen{Stage: w.ses.Stage()}
	w.mustHour(t, Program, Remind{RemindEnd}, StopSession{})
	w.mustHour(t, boris, ExtendSession{Seen: seen, Minutes: 15})
	if w.ses.State != Open {
		t.Errorf("it is %s", w.ses.State)
	}
}

// TestAnHourCanAlwaysBePaused, and who approves does not depend on what somebody saw.
func TestAnHourCanAlwaysBePaused(t *testing.T) {
	t.Parallel()
	w := newWorld()
	seen := Seen{Stage: w.ses.Stage()}
	w.mustHour(t, boris, StartSession{}, ExtendSession{Minutes: 15})
	w.mustHour(t, anna, PauseSession{seen}, PauseSession{seen}, SelfApprovalExcept{Seen: seen, Reason: "nobody else is here"})
}

// TestTheSameButtonTwice does it once, and says nothing of somebody who was faster.
func TestTheSameButtonTwice(t *testing.T) {
	t.Parallel()
	w := newWorld()
	twice := func(cmd func(Seen) SessionCommand) {
		t.Helper()
		seen := Seen{Stage: w.ses.Stage()}
		w.mustHour(t, anna, cmd(seen))
		stage := w.ses.Stage()
		w.mustHour(t, anna, cmd(seen))
		if v := cmd(seen).Verb(); w.ses.Stage() != stage && v != Reschedule {
			t.Errorf("%s was done twice", v)
		}
	}
	twice(func(s Seen) SessionCommand { return RescheduleSession{Seen: s, End: noon.Add(3 * time.Hour)} })
	twice(func(s Seen) SessionCommand { return StartSession{s} })
	twice(func(s Seen) SessionCommand { return ExtendSession{Seen: s, Minutes: 15} })
	if want := noon.Add(3*time.Hour + 15*time.Minute); !w.ses.End.Equal(want) {
		t.Errorf("it ends at %s, not at %s", w.ses.End, want)
	}
	for _, cmd := range []func(Seen) SessionCommand{
		func(s Seen) SessionCommand { return PauseSession{s} },
		func(s Seen) SessionCommand { return ResumeSession{s} },
		func(s Seen) SessionCommand { return StopSession{s} },
		func(s Seen) SessionCommand { return CloseSession{Seen: s} },
		func(s Seen) SessionCommand { return ReopenSession{s} },
	} {
		twice(cmd)
	}
}
