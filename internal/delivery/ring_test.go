package delivery_test

import (
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// quiet is a platform where answers are edited into their receipts, and nobody hears of edits.
func quiet(id session.ConnectorID, l connector.Limits) *ct.Platform {
	l.Slots, l.EditsQuietly = true, true
	return ct.NewPlatform(id, l)
}

// said are the posts of a kind.
func (s *scene) said(kind session.CopyKind) (texts []string) {
	for _, p := range s.there.Posts() {
		if p.Kind == kind {
			texts = append(texts, p.Text)
		}
	}
	return texts
}

func (s *scene) wantRing(has string) {
	s.t.Helper()
	rings := s.said(session.KindRing)
	if has == "" && len(rings) != 0 || has != "" && (len(rings) != 1 || !strings.Contains(rings[0], has)) {
		s.t.Fatalf("rings %q, want one with %q", rings, has)
	}
}

// TestAskersAreRung: once for the answer, once for its correction, and told by a post that it
// was retracted; a withdrawal leaves nothing of that.
func TestAskersAreRung(t *testing.T) {
	play(t, quiet, func(s *scene) {
		n := s.ask("q1")
		s.after(time.Second)
		s.wantRing("")
		s.approve(n)
		s.after(time.Second)
		s.wantRing("#1 is answered")
		made := s.there.Made()
		s.after(time.Hour)
		if s.there.Made() != made {
			s.t.Errorf("%d posts were made later", s.there.Made()-made)
		}
		s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: "Yes, you may."})
		s.after(time.Second)
		s.wantRing("#1 is answered")
		s.approve(n)
		s.after(time.Second)
		s.wantRing("has been corrected")
		s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "wrong"})
		s.after(time.Second)
		s.wantRing("")
		if told := s.said(session.KindOutcome); len(told) != 1 || len(s.there.Posts()) != 1 {
			s.t.Errorf("after the retraction there stands %+v", s.there.Posts())
		}
		s.do(asker, session.WithdrawQuestion{On: s.on(n)})
		s.after(time.Second)
		if posts := s.there.Posts(); len(posts) != 0 {
			s.t.Errorf("after the withdrawal there stands %+v", posts)
		}
	})
}

// TestAnsweredAgainAfterARetraction: the receipt went with the answer, so the next answer is a
// post of its own, which rings by itself.
func TestAnsweredAgainAfterARetraction(t *testing.T) {
	play(t, quiet, func(s *scene) {
		n := s.ask("q1")
		s.after(time.Second)
		s.approve(n)
		s.after(time.Second)
		s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "wrong"})
		s.after(time.Second)
		s.do(anna, session.RestoreQuestion{On: s.on(n)})
		s.do(edgars, session.SubmitAnswer{On: s.on(n), Text: "No, wait for the decision."})
		s.after(time.Second)
		s.approve(n)
		s.after(time.Minute)
		s.answered(n)
	})
}

// TestFollowersAreRung: whose question was merged hears of the answer under their own, and
// nothing of that stays when they withdraw.
func TestFollowersAreRung(t *testing.T) {
	play(t, quiet, func(s *scene) {
		root, follower := s.ask("q1"), s.ask("q2")
		s.do(anna, session.AcceptQuestion{On: s.on(follower)})
		s.after(time.Second)
		s.do(anna, session.MergeQuestion{On: s.on(follower), Into: root})
		s.approve(root)
		s.after(time.Second)
		if rings := strings.Join(s.said(session.KindRing), "\n"); !strings.Contains(rings, "#1 is answered") ||
			!strings.Contains(rings, "#2 is answered") {
			s.t.Fatalf("rings %s", rings)
		}
		s.do(asker, session.WithdrawQuestion{On: s.on(follower)})
		s.after(time.Second)
		s.wantRing("#1 is answered")
		if posts := s.there.Posts(); len(posts) != 2 {
			s.t.Errorf("beside the answer and its ring: %+v", posts)
		}
	})
}

// TestRingFollowsItsAnswer: nobody is told of an answer that does not stand there yet.
func TestRingFollowsItsAnswer(t *testing.T) {
	play(t, quiet, func(s *scene) {
		s.there.On(ct.OpEdit, ct.Defer(10*time.Second))
		n := s.ask("q1")
		s.after(time.Second)
		s.approve(n)
		s.after(5 * time.Second)
		s.wantRing("")
		s.after(time.Minute)
		s.wantRing("#1 is answered")
	})
}

// TestAskersAreToldAtAnyTime: before the hour begins, while publishing is paused and when it was
// called off; answers and announcements wait.
func TestAskersAreToldAtAnyTime(t *testing.T) {
	stage(t, quiet, func(s *scene) { s.schedule(time.Hour, time.Hour) }, func(s *scene) {
		s.session(session.RescheduleSession{AskFrom: time.Now(), Start: time.Now().Add(time.Hour), End: time.Now().Add(2 * time.Hour)})
		s.session(session.PauseSession{})
		n, other := s.ask("q1"), s.ask("q2")
		s.after(time.Second)
		if receipts := s.said(session.KindReceipt); len(receipts) != 2 {
			s.t.Fatalf("receipts before the hour, paused: %q", receipts)
		}
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(time.Second)
		if told := s.said(session.KindOutcome); len(told) != 1 {
			s.t.Fatalf("outcomes before the hour, paused: %q", told)
		}
		s.approve(other)
		s.after(time.Minute)
		if answers := s.said(session.KindAnswer); len(answers) != 0 {
			s.t.Errorf("answers left: %q", answers)
		}
		s.wantRing("")
	})
}

// TestNobodyIsAskedAboutARing: of one of unknown fate no second is sent, and no moderator, who
// could not look into the asker's chat, is asked.
func TestNobodyIsAskedAboutARing(t *testing.T) {
	play(t, quiet, func(s *scene) {
		n := s.ask("q1")
		s.after(time.Second)
		s.there.On(ct.OpReply, ct.UnsureAfter())
		s.approve(n)
		s.after(time.Minute)
		if q := s.q(n); q.State != session.Published || q.Waits() || q.Moving() {
			s.t.Errorf("%s, waits %t, moving %t", q.State, q.Waits(), q.Moving())
		}
		s.wantRing("#1 is answered")
	})
}
