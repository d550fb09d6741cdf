package delivery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// TestTakeBackIsReadBack: where one can look, "it is gone" is not believed. What stays is
// asked for again, and then a person is told.
func TestTakeBackIsReadBack(t *testing.T) {
	for name, c := range map[string]struct {
		ignored int // so many take-backs do nothing
		stays   bool
	}{"at once": {0, false}, "shown for a moment": {2, false}, "refused without a word": {4, true}} {
		check := func(s *scene) {
			n := s.ask("1")
			s.approve(n)
			s.after(time.Second)
			s.there.On(ct.OpRetract, slices.Repeat([]ct.Fault{ct.Ignore()}, c.ignored)...)
			s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "wrong"})
			s.after(time.Minute)
			cp := s.copy(n)
			if (cp.Problem == session.RefusedIt) != c.stays || (cp.Out != 0) != c.stays || c.stays != strings.Contains(cp.Detail, "by hand") {
				s.t.Errorf("the copy is %+v", cp)
			}
			if !c.stays {
				return
			}
			s.decide(n, session.Retry)
			s.after(time.Minute)
			if cp := s.copy(n); cp.Out != 0 || cp.Due() {
				s.t.Errorf("tried again, the copy is %+v", cp)
			}
		}
		t.Run(name+", viewed", func(t *testing.T) { play(t, ct.NewViewed, check) })
		t.Run(name+", readable", func(t *testing.T) { play(t, ct.NewReadable, check) })
	}
	t.Run("nobody can look", func(t *testing.T) {
		play(t, ct.NewPlatform, func(s *scene) {
			n := s.ask("1")
			s.approve(n)
			s.after(time.Second)
			s.there.On(ct.OpRetract, ct.Ignore())
			s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "wrong"})
			s.after(time.Minute)
			if cp := s.copy(n); cp.Out != 0 || cp.Due() {
				s.t.Errorf("the copy is %+v", cp)
			}
		})
	})
}

// TestTakeBackThatCannotBeReadBack is repeated as long as anything harmless, and then a
// person is asked.
func TestTakeBackThatCannotBeReadBack(t *testing.T) {
	play(t, ct.NewViewed, func(s *scene) {
		n := s.ask("1")
		s.approve(n)
		s.after(time.Second)
		s.there.On(ct.OpStands, slices.Repeat([]ct.Fault{ct.Refuse("not yours")}, 20)...)
		s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "wrong"})
		s.after(5 * time.Minute)
		if cp := s.copy(n); cp.Problem != session.RefusedIt || cp.Detail != "not yours" {
			s.t.Errorf("the copy is %+v", cp)
		}
	})
}

// TestTakeBackWaitsForItsLook: where a place takes a request a second, the look has the next
// one, and not the same take-back again and again.
func TestTakeBackWaitsForItsLook(t *testing.T) {
	slow := func(id session.ConnectorID, l connector.Limits) *ct.Viewed {
		l.PerPlace = connector.Rate{Most: 1, Per: time.Second}
		return ct.NewViewed(id, l)
	}
	play(t, slow, func(s *scene) {
		n := s.ask("1")
		s.approve(n)
		s.after(2 * time.Second)
		s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "wrong"})
		s.after(time.Minute)
		retracts := 0
		for _, c := range s.there.Calls() {
			if c.Op == ct.OpRetract {
				retracts++
			}
		}
		if cp := s.copy(n); cp.Out != 0 || cp.Due() || retracts != 1 {
			s.t.Errorf("after %d take-backs the copy is %+v", retracts, cp)
		}
	})
}
