package delivery_test

import (
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
