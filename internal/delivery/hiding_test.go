package delivery_test

import (
	"slices"
	"testing"
	"time"

	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// TestNoticeAfterHiding: what the asker is told comes before their words are hidden, not under them.
func TestNoticeAfterHiding(t *testing.T) {
	play(t, ct.NewHiding, func(s *scene) {
		n := s.ask("1")
		s.there.On(ct.OpReply, ct.Defer(time.Minute))
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(time.Second)
		s.do(anna, session.HideQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(10 * time.Minute)
		var hidden bool
		for _, c := range s.there.Calls() {
			if c.Op == ct.OpReply && hidden {
				s.t.Errorf("a reply under what is hidden: %+v", c)
			}
			hidden = hidden || c.Op == ct.OpHide
		}
	})
}

// TestNoticeRetriedAfterHiding: nor when a moderator sends a refused notice again.
func TestNoticeRetriedAfterHiding(t *testing.T) {
	play(t, ct.NewHiding, func(s *scene) {
		n := s.ask("1")
		s.there.On(ct.OpReply, ct.Refuse("no"))
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(time.Second)
		s.do(anna, session.HideQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(time.Minute)
		p := s.q(n).Copies.Parked()
		if len(p) != 1 {
			s.t.Fatalf("%+v", s.q(n).Copies)
		}
		s.do(anna, session.ResolveCopy{On: s.on(n), Decision: session.Retry, Copy: p[0].Key(), Attempt: p[0].Attempt})
		s.after(time.Minute)
		var hidden bool
		for _, c := range s.there.Calls() {
			if c.Op == ct.OpReply && hidden {
				s.t.Errorf("a reply under what is hidden: %+v", c)
			}
			hidden = hidden || c.Op == ct.OpHide
		}
	})
}

// TestWhoHides: moderators only.
func TestWhoHides(t *testing.T) {
	play(t, ct.NewHiding, func(s *scene) {
		n := s.ask("1")
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.do(anna, session.HideQuestion{On: s.on(n), Reason: "off_topic"})
		if _, err := s.service.Do(s.t.Context(), edgars, session.HideQuestion{On: s.on(n), Reason: "off_topic"}); err == nil {
			s.t.Error("an expert hides")
		}
		if _, err := s.service.Do(s.t.Context(), asker, session.HideQuestion{On: s.on(n), Reason: "off_topic"}); err == nil {
			s.t.Error("an asker hides")
		}
	})
}

// TestWithdrawnBeforeItIsShownAgain: what its asker withdraws is not shown again, whoever had
// restored it a moment before.
func TestWithdrawnBeforeItIsShownAgain(t *testing.T) {
	play(t, ct.NewHiding, func(s *scene) {
		n, there := s.ask("1"), any(s.there).(*ct.Hiding)
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.do(anna, session.HideQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(time.Minute)
		s.there.On(ct.OpHide, ct.Defer(time.Minute))
		s.do(anna, session.RestoreQuestion{On: s.on(n)})
		s.after(time.Second)
		s.do(asker, session.WithdrawQuestion{On: s.on(n)})
		s.after(time.Hour)
		if got := there.Hidden(); !slices.Equal(got, []session.MessageID{"asked-1"}) {
			s.t.Errorf("hidden are %q: what was withdrawn is shown again", got)
		}
	})
}

// TestNeverHidden: what could not be hidden is not held to be.
func TestNeverHidden(t *testing.T) {
	play(t, ct.NewHiding, func(s *scene) {
		n := s.ask("1")
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.there.On(ct.OpHide, ct.Refuse("not yours"))
		s.do(anna, session.HideQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(time.Minute)
		p := s.q(n).Copies.Parked()
		if len(p) != 1 {
			s.t.Fatalf("%+v", s.q(n).Copies)
		}
		s.do(anna, session.ResolveCopy{On: s.on(n), Decision: session.Drop, Copy: p[0].Key(), Attempt: p[0].Attempt})
		s.after(time.Minute)
		if s.q(n).Covered() {
			s.t.Errorf("the platform refused to hide it and it was given up, and it is held to be hidden: %+v", s.q(n).Copies)
		}
		if may := session.Allowed(s.hour(), s.q(n), anna); !slices.Contains(may, session.HideAsked) {
			s.t.Errorf("it cannot be hidden any more: %v", may)
		}
	})
}

// TestHiddenRecord: nothing is wrong with the record of an hour in which much was hidden.
func TestHiddenRecord(t *testing.T) {
	play(t, ct.NewHiding, func(s *scene) {
		n, m, k := s.ask("1"), s.ask("2"), s.ask("3")
		s.do(anna, session.MergeQuestion{On: s.on(m), Into: n})
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.do(anna, session.DeclineQuestion{On: s.on(k), Reason: "off_topic"})
		for _, q := range []int{n, k} {
			s.do(anna, session.HideQuestion{On: s.on(q), Reason: "off_topic"})
		}
		s.t.Logf("the follower is %s", s.q(m).State)
		s.session(session.StopSession{})
		s.session(session.CloseSession{Force: true, Reason: "end"})
		s.after(time.Hour)
		s.do(asker, session.WithdrawQuestion{On: s.on(k)})
		for _, e := range session.Expiries {
			for _, q := range []int{n, m, k} {
				if _, err := s.service.Do(s.t.Context(), session.Program, session.ForgetQuestion{On: s.on(q), What: e}); err != nil {
					s.t.Log(e, q, err)
				}
			}
		}
		s.after(time.Hour)
		r, err := s.store.Record(s.t.Context(), "tax")
		if err != nil || len(session.Verify(r, nil)) != 0 || s.hour().State != session.Archived {
			s.t.Errorf("%s: %v %+v", s.hour().State, err, session.Verify(r, nil))
		}
		if got := any(s.there).(*ct.Hiding).Hidden(); len(got) != 2 {
			s.t.Errorf("hidden are %q", got)
		}
		for _, q := range []int{n, m, k} {
			s.t.Logf("%d %s %+v", q, s.q(q).State, s.q(q).Copies)
		}
	})
}

// TestShownAgainGivenUp: what a person gave up to show again, and whose asker takes it away, is withdrawn.
func TestShownAgainGivenUp(t *testing.T) {
	play(t, ct.NewHiding, func(s *scene) {
		n := s.ask("1")
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.do(anna, session.HideQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(time.Minute)
		s.there.On(ct.OpHide, ct.Refuse("no"))
		s.do(anna, session.RestoreQuestion{On: s.on(n)})
		s.after(time.Minute)
		p := s.q(n).Copies.Parked()
		if len(p) != 1 {
			s.t.Fatalf("%+v", s.q(n).Copies)
		}
		s.do(anna, session.ResolveCopy{On: s.on(n), Decision: session.Drop, Copy: p[0].Key(), Attempt: p[0].Attempt})
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		if _, err := s.service.Do(s.t.Context(), anna, session.HideQuestion{On: s.on(n), Reason: "off_topic"}); err != nil {
			s.t.Errorf("it cannot be hidden again: %v", err)
		}
		s.after(time.Minute)
		if got := any(s.there).(*ct.Hiding).Hidden(); len(got) != 1 {
			s.t.Errorf("hidden: %q", got)
		}
	})
}

// TestHiding: what was declined is hidden where it was asked, however often the platform does not
// answer, also while publishing is paused, and shown again when it is restored.
func TestHiding(t *testing.T) {
	play(t, ct.NewHiding, func(s *scene) {
		n, there := s.ask("1"), any(s.there).(*ct.Hiding)
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.session(session.PauseSession{})
		s.there.On(ct.OpHide, ct.Defer(time.Second), ct.UnsureBefore(), ct.UnsureAfter())
		s.do(anna, session.HideQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(time.Minute)
		if got := there.Hidden(); !slices.Equal(got, []session.MessageID{"asked-1"}) || len(s.q(n).Copies.Parked()) > 0 {
			s.t.Errorf("hidden are %q, %+v", got, s.q(n).Copies)
		}
		s.do(anna, session.RestoreQuestion{On: s.on(n)})
		s.after(time.Minute)
		if got := there.Hidden(); len(got) != 0 || s.q(n).Covered() {
			s.t.Errorf("hidden are %q, %+v", got, s.q(n).Copies)
		}
	})
}
