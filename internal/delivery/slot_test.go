package delivery_test

import (
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// slots is a platform where answers are edited into their receipts.
func slots(id session.ConnectorID, l connector.Limits) *ct.Platform {
	l.Slots = true
	return ct.NewPlatform(id, l)
}

// TestAnswerIsEditedIntoReceipt: an edit of unknown outcome is repeated, and nothing
// stands there twice; the correction goes to the same message.
func TestAnswerIsEditedIntoReceipt(t *testing.T) {
	play(t, slots, func(s *scene) {
		s.there.On(ct.OpEdit, ct.UnsureBefore(), ct.UnsureAfter())
		n := s.ask("q1")
		s.after(time.Second)
		if posts := s.there.Posts(); len(posts) != 1 || posts[0].Kind != session.KindReceipt {
			s.t.Fatalf("posts %+v", posts)
		}
		s.approve(n)
		s.after(time.Minute)
		posts := s.there.Posts()
		if len(posts) != 1 || posts[0].Kind != session.KindAnswer || s.there.Made() != 1 {
			s.t.Fatalf("%d made, posts %+v", s.there.Made(), posts)
		}
		if q := s.q(n); q.State != session.Published || q.Waits() {
			s.t.Errorf("%s, waits %t", q.State, q.Waits())
		}
	})
}

// TestEditsThatChangeTheID: what an edit returns is stored, so that the next correction and
// the take-back find the post, whether it began as an answer or as a receipt.
func TestEditsThatChangeTheID(t *testing.T) {
	for name, slots := range map[string]bool{"a post of its own": false, "a receipt": true} {
		renaming := func(id session.ConnectorID, l connector.Limits) *ct.Renaming {
			l.Slots = slots
			return ct.NewRenaming(id, l)
		}
		t.Run(name, func(t *testing.T) {
			play(t, renaming, func(s *scene) {
				n := s.ask("q1")
				s.after(time.Second)
				s.approve(n)
				s.after(time.Second)
				for _, text := range []string{"Yes, you may.", "Yes, from May on."} {
					s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: text})
					s.approve(n)
					s.after(time.Second)
					if posts := s.there.Posts(); len(posts) != 1 || !strings.Contains(posts[0].Text, text) || posts[0].ID != s.copy(n).Message {
						s.t.Errorf("there stands %+v, known is %q", posts, s.copy(n).Message)
					}
				}
				s.do(asker, session.WithdrawQuestion{On: s.on(n)})
				s.after(time.Second)
				s.want(0, 1)
			})
		})
	}
}

// TestAnswerIsFasterThanReceipt: an answer that is approved while the receipt is on its way
// stands on its own. The receipt is taken back, and takes no answer with it.
func TestAnswerIsFasterThanReceipt(t *testing.T) {
	for name, takeBack := range map[string][]ct.Fault{"in order": nil, "and is taken back late": {ct.Defer(10 * time.Second)},
		"and its taking back is lost": {ct.UnsureBefore()}} {
		t.Run(name, func(t *testing.T) {
			play(t, slots, func(s *scene) {
				hold := ct.Hold()
				s.there.On(ct.OpReply, hold)
				s.there.On(ct.OpRetract, takeBack...)
				n := s.ask("q1")
				<-hold.Entered()
				s.approve(n)
				hold.Release()
				s.after(time.Minute)
				s.answered(n)
				s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: "Yes, you may."})
				s.after(time.Second)
				s.answered(n)
				s.approve(n)
				s.after(time.Second)
				s.answered(n)
			})
		})
	}
}

// answered checks that the answer is all that stands there.
func (s *scene) answered(n int) {
	s.t.Helper()
	posts := s.there.Posts()
	if len(posts) != 1 || posts[0].Kind != session.KindAnswer {
		s.t.Fatalf("there stands %+v", posts)
	}
	if q := s.q(n); q.Waits() || posts[0].ID != s.copy(n).Message {
		s.t.Errorf("waits %t, known is %q, there stands %+v", q.Waits(), s.copy(n).Message, posts)
	}
}

// TestOutcomeIsFasterThanReceipt: a receipt that was never posted is not wanted once the question is declined; one that is
// on its way is taken back. The outcome stands alone, and a question that goes on again has a receipt.
func TestOutcomeIsFasterThanReceipt(t *testing.T) {
	for name, waits := range map[string]bool{"waits": true, "is on its way": false} {
		t.Run(name, func(t *testing.T) {
			play(t, slots, func(s *scene) {
				var n int
				decline := func() { s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"}) }
				if waits {
					s.there.On(ct.OpReply, ct.Defer(10*time.Second))
					n = s.ask("q1")
					s.after(time.Second)
					decline()
				} else {
					hold := ct.Hold()
					s.there.On(ct.OpReply, hold)
					n = s.ask("q1")
					<-hold.Entered()
					decline()
					hold.Release()
				}
				s.after(time.Minute)
				if posts := s.there.Posts(); len(posts) != 1 || posts[0].Kind != session.KindOutcome {
					s.t.Fatalf("there stands %+v", posts)
				}
				if q := s.q(n); q.Waits() || q.Moving() {
					s.t.Errorf("waits %t, moves %t", q.Waits(), q.Moving())
				}
				s.do(anna, session.RestoreQuestion{On: s.on(n)})
				s.after(time.Minute)
				if posts := s.there.Posts(); len(posts) != 1 || posts[0].Kind != session.KindReceipt {
					s.t.Fatalf("there stands %+v", posts)
				}
			})
		})
	}
}
