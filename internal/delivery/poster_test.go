package delivery_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// posters is a platform that takes no announcement without a picture, of which it notes what it says.
type posters struct {
	*ct.Readable
	alts *[]string
}

func (p posters) Reply(ctx context.Context, post connector.Post) (connector.Sent, error) {
	if post.Kind == session.KindAnnouncement {
		poster, err := post.Poster(ctx)
		if err != nil {
			return connector.Sent{}, &connector.SendError{Outcome: connector.Deferred, Cause: err}
		}
		*p.alts = append(*p.alts, poster.Alt)
	} else if post.Poster != nil {
		*p.alts = append(*p.alts, "an answer has one")
	}
	return p.Readable.Reply(ctx, post)
}

// told plays an hour at such a platform, where nothing that was posted can be changed.
func told(t *testing.T, begin func(*scene), test func(s *scene, alts func(want ...string))) {
	var alts []string
	announced(t, func(id session.ConnectorID, l connector.Limits) posters {
		l.Posters, l.ToldOnce, l.EditsQuietly = true, true, false
		return posters{ct.NewReadable(id, l), &alts}
	}, begin, func(s *scene) {
		test(s, func(want ...string) {
			s.t.Helper()
			if !slices.Equal(alts, want) {
				s.t.Errorf("the pictures say %q, want %q", alts, want)
			}
		})
	})
}

// TestToldOnce: an announcement has a picture of what it is about; an hour is told of once, also when it
// is edited, begins and ends, and again when it is called off.
func TestToldOnce(t *testing.T) {
	told(t, nothing, func(s *scene, alts func(...string)) {
		s.after(time.Minute)
		alts("scheduled")
		title := "Taxes"
		s.session(session.EditSession{Title: &title})
		s.session(session.StartSession{})
		q := s.ask("1")
		s.approve(q)
		s.after(time.Second)
		s.session(session.StopSession{})
		s.session(session.CloseSession{})
		s.after(time.Minute)
		alts("scheduled")
	})
	t.Run("called off", func(t *testing.T) {
		told(t, nothing, func(s *scene, alts func(...string)) {
			s.after(time.Minute)
			s.session(session.CancelSession{})
			s.after(time.Minute)
			alts("scheduled", "cancelled")
		})
	})
}

// TestToldOnceAtTheBeginning: what is on its way while the hour begins goes on, and nothing is told beside it.
func TestToldOnceAtTheBeginning(t *testing.T) {
	told(t, func(s *scene) { s.there.On(ct.OpReply, ct.Defer(time.Minute)) }, func(s *scene, _ func(...string)) {
		s.after(time.Second)
		s.session(session.StartSession{})
		s.after(2 * time.Minute)
		if c := s.news(session.NewsScheduled); c.Out == 0 || len(s.there.Posts()) != 1 {
			s.t.Errorf("%+v, and %d posts", c, len(s.there.Posts()))
		}
	})
}
