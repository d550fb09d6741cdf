package delivery_test

import (
	"testing"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// minuted plays an hour of three questions whose transcript is out: the first two are answered.
func minuted(t *testing.T, begin func(*scene), test func(s *scene, first, second int)) {
	kind := func(id session.ConnectorID, l connector.Limits) *ct.Readable {
		l.Transcripts = true
		return ct.NewReadable(id, l)
	}
	announced(t, kind, begin, func(s *scene) {
		s.after(time.Minute)
		s.session(session.StartSession{})
		first, second := s.ask("1"), s.ask("2")
		s.approve(first)
		s.approve(second)
		s.after(time.Second)
		s.session(session.StopSession{})
		s.session(session.CloseSession{})
		s.after(time.Hour)
		if c := s.news(session.NewsTranscript); c.Out == 0 || c.Due() {
			s.t.Fatalf("%+v", c)
		}
		test(s, first, second)
	})
}

// brought reports that the transcript is brought out anew.
func (s *scene) brought(what string, before session.Copy) {
	s.t.Helper()
	if now := s.news(session.NewsTranscript); now.Out == before.Out {
		s.t.Errorf("%s: the transcript stands as it was, %d; hour %s, %d seals", what, now.Out, s.hour().State, len(s.hour().Seals))
	}
}

// TestTranscriptWhileACorrectionWaits: who withdraws is not in the transcript any more although
// somebody has begun to correct another answer.
func TestTranscriptWhileACorrectionWaits(t *testing.T) {
	minuted(t, nothing, func(s *scene, first, second int) {
		was := s.news(session.NewsTranscript)
		s.do(edgars, session.CorrectAnswer{On: s.on(first), Text: "Perhaps."})
		s.do(asker, session.WithdrawQuestion{On: s.on(second)})
		s.after(20 * time.Minute)
		s.brought("long after a withdrawal, while a correction of another answer waits for approval", was)
	})
}

// TestTranscriptWhileACopyIsParked: nor although the take-back of a reply waits for a person.
func TestTranscriptWhileACopyIsParked(t *testing.T) {
	minuted(t, nothing, func(s *scene, _, second int) {
		was := s.news(session.NewsTranscript)
		s.there.On(ct.OpRetract, ct.Refuse("no"))
		s.do(asker, session.WithdrawQuestion{On: s.on(second)})
		s.after(20 * time.Minute)
		s.brought("long after a withdrawal, while its reply could not be taken back", was)
	})
}

// TestTranscriptWhilePaused: nor although publishing is paused.
func TestTranscriptWhilePaused(t *testing.T) {
	minuted(t, nothing, func(s *scene, _, second int) {
		was := s.news(session.NewsTranscript)
		s.session(session.PauseSession{})
		s.do(asker, session.WithdrawQuestion{On: s.on(second)})
		s.after(20 * time.Minute)
		s.brought("long after a withdrawal, while publishing is paused", was)
	})
}

// TestTranscriptWhileReopened: nor although the hour was opened again.
func TestTranscriptWhileReopened(t *testing.T) {
	minuted(t, nothing, func(s *scene, _, second int) {
		was := s.news(session.NewsTranscript)
		s.session(session.ReopenSession{})
		s.do(asker, session.WithdrawQuestion{On: s.on(second)})
		s.after(20 * time.Minute)
		s.brought("long after a withdrawal, while the hour is open again", was)
	})
}

// TestTranscriptLostAndReopened: a post whose fate is unknown when the hour is opened again stands
// once after it was closed again.
func TestTranscriptLostAndReopened(t *testing.T) {
	kind := func(id session.ConnectorID, l connector.Limits) *ct.Readable {
		l.Transcripts = true
		return ct.NewReadable(id, l)
	}
	announced(t, kind, nothing, func(s *scene) {
		s.after(time.Minute)
		s.session(session.StartSession{})
		s.session(session.StopSession{})
		s.after(time.Minute)
		before := s.there.Made()
		s.there.On(ct.OpReply, ct.UnsureAfter())
		s.there.On(ct.OpFind, ct.Defer(5*time.Minute), ct.Defer(5*time.Minute))
		s.session(session.CloseSession{})
		s.after(20 * time.Second)
		s.session(session.ReopenSession{})
		s.after(time.Hour)
		s.session(session.CloseSession{})
		s.after(time.Hour)
		if c := s.news(session.NewsTranscript); s.there.Made() != before+1 || c.Out == 0 || c.Due() || c.Parked() {
			s.t.Errorf("%d posts were made, %+v", s.there.Made()-before, c)
		}
	})
}

// TestTranscriptForgets: what is forgotten after the hour is brought to the transcript.
func TestTranscriptForgets(t *testing.T) {
	begin := func(s *scene) { s.service.Retention = session.Retention{session.Originals: 70 * time.Minute} }
	minuted(t, begin, func(s *scene, _, _ int) {
		was := s.news(session.NewsTranscript)
		s.after(30 * time.Minute)
		if len(s.hour().Forgot) == 0 {
			s.t.Fatal("nothing was forgotten")
		}
		s.brought("originals", was)
	})
}
