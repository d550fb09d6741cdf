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

// hour is the session as it is now.
func (s *scene) hour() session.Session {
	s.t.Helper()
	ses, err := s.store.Session(s.t.Context(), "tax")
	if err != nil {
		s.t.Fatal(err)
	}
	return ses
}

// news is the announcement of something.
func (s *scene) news(n session.News) session.Copy {
	s.t.Helper()
	c, _ := s.hour().Copies.Get(session.Slot{Kind: session.KindAnnouncement, Connector: there, Place: place, News: n}.Key())
	return c
}

// reads checks which announcements stand at the platform.
func (s *scene) reads(want ...string) {
	s.t.Helper()
	posts := s.there.Posts()
	if len(posts) != len(want) {
		s.t.Errorf("%d posts stand there, want %d: %+v", len(posts), len(want), posts)
		return
	}
	for i, p := range posts {
		if !strings.Contains(p.Text, want[i]) {
			s.t.Errorf("post %d reads %q, want %q in it", i, p.Text, want[i])
		}
	}
}

// another adds a replica.
func (s *scene) another() {
	s.t.Helper()
	s.start(s.workers[0].Registry, s.service)
}

// announced plays an hour of ten minutes that is scheduled for five minutes past two, at a platform where hours
// are announced; begin is before anything is.
func announced[P platform](t *testing.T, kind func(session.ConnectorID, connector.Limits) P, begin, test func(*scene)) {
	stage(t, func(id session.ConnectorID, l connector.Limits) P {
		l.Announces, l.EditsQuietly = true, true
		return kind(id, l)
	}, func(s *scene) {
		begin(s)
		s.schedule(5*time.Minute, 10*time.Minute)
	}, test)
}

func nothing(*scene) {}

// TestAnnouncements: two replicas announce a thing once, with an answer's patience: what
// was deferred goes out later, what can be looked up or repeated is, and what nobody
// knows, or the platform refused, waits for a person.
func TestAnnouncements(t *testing.T) {
	for name, c := range map[string]struct {
		fault   ct.Fault
		posts   int
		problem session.Problem
	}{
		"works":             {ct.Fault{}, 1, session.NoProblem},
		"deferred":          {ct.Defer(time.Second), 1, session.NoProblem},
		"unsure, there":     {ct.UnsureAfter(), 1, session.Unsure},
		"unsure, not there": {ct.UnsureBefore(), 0, session.Unsure},
		"refused":           {ct.Refuse("no"), 0, session.RefusedIt},
	} {
		begin := func(s *scene) { s.there.On(ct.OpReply, c.fault) }
		check := func(s *scene, posts int, problem session.Problem) {
			s.another()
			s.after(3 * time.Minute)
			if got := s.news(session.NewsScheduled); got.Problem != problem || (got.Out == got.Wanted) != (problem == session.NoProblem) {
				s.t.Errorf("%+v", got)
			}
			s.want(posts, posts)
		}
		known := func(s *scene) {
			if c.problem == session.Unsure {
				check(s, 1, session.NoProblem)
			} else {
				check(s, c.posts, c.problem)
			}
		}
		t.Run(name+", blind", func(t *testing.T) {
			announced(t, ct.NewPlatform, begin, func(s *scene) { check(s, c.posts, c.problem) })
		})
		t.Run(name+", readable", func(t *testing.T) { announced(t, ct.NewReadable, begin, known) })
		t.Run(name+", keyed", func(t *testing.T) { announced(t, ct.NewKeyed, begin, known) })
	}
}

// TestAnnouncementAgain: when a person decides that it should be tried again, it is, once.
func TestAnnouncementAgain(t *testing.T) {
	for v, fault := range map[session.Verb]ct.Fault{session.SendAgain: ct.UnsureBefore(), session.Retry: ct.Refuse("no")} {
		t.Run(string(v), func(t *testing.T) {
			announced(t, ct.NewPlatform, func(s *scene) { s.there.On(ct.OpReply, fault) }, func(s *scene) {
				s.another()
				s.after(time.Minute)
				c := s.news(session.NewsScheduled)
				s.do(anna, session.ResolveCopy{On: s.on(0), Decision: v, Copy: c.Key(), Attempt: c.Attempt})
				s.after(time.Minute)
				s.want(1, 1)
				if c := s.news(session.NewsScheduled); c.Out == 0 || c.Problem != session.NoProblem {
					s.t.Errorf("%+v", c)
				}
			})
		})
	}
}

// TestAnAnnouncedHour is what stands at a place during the life of an hour.
func TestAnAnnouncedHour(t *testing.T) {
	announced(t, ct.NewPlatform, nothing, func(s *scene) {
		s.after(time.Minute)
		s.reads("Answered by: Edgars")
		s.after(5 * time.Minute)
		s.reads("Answered by", "until 02:15")
		s.session(session.ExtendSession{Minutes: 5})
		s.after(time.Second)
		s.reads("Answered by", "We have started and take your questions until 02:20")
		s.after(10 * time.Minute)
		s.reads("Answered by", "We have started", "Last questions: until 02:20")
		s.session(session.ExtendSession{Minutes: 5})
		s.after(time.Second)
		s.reads("Answered by", "until 02:25") // the last questions are not until twenty past any more
		s.after(5 * time.Minute)
		s.reads("Answered by", "until 02:25", "until 02:25")
		s.after(5 * time.Minute)
		s.session(session.CloseSession{})
		s.after(time.Minute)
		s.reads("Answered by", "until 02:25", "until 02:25", "/s/tax/transcript")
		s.want(4, 5)
	})
}

// TestAMovedHour: its announcement is edited, and because nobody is told of an edit a short
// post follows, once for each new time.
func TestAMovedHour(t *testing.T) {
	announced(t, ct.NewPlatform, nothing, func(s *scene) {
		s.after(time.Minute)
		start := s.hour().Start
		move := func(by time.Duration) {
			s.session(session.RescheduleSession{Start: start.Add(by), End: start.Add(by + time.Hour)})
			s.after(time.Minute)
		}
		move(24 * time.Hour)
		s.reads("2 January 2000", "Moved to")
		s.session(session.RescheduleSession{End: start.Add(26 * time.Hour)})
		s.after(time.Minute)
		s.reads("04:05", "04:05")
		s.want(2, 2)
		move(48 * time.Hour)
		s.reads("3 January 2000", "3 January 2000")
		s.want(2, 3)
		s.session(session.CancelSession{})
		s.after(time.Minute)
		s.reads("3 January 2000", "3 January 2000", "called off")
	})
}

// TestMovedWhereNothingCanBeEdited: the new time is a post beside the old one, once, whatever
// became of the first attempt.
func TestMovedWhereNothingCanBeEdited(t *testing.T) {
	for name, fault := range map[string]ct.Fault{"works": {}, "there, nobody knows": ct.UnsureAfter()} {
		t.Run(name, func(t *testing.T) {
			stage(t, func(id session.ConnectorID, l connector.Limits) *ct.Plain {
				l.Announces = true
				return ct.NewPlain(id, l)
			}, func(s *scene) { s.schedule(5*time.Minute, 10*time.Minute) }, func(s *scene) {
				s.after(time.Minute)
				s.there.On(ct.OpReply, fault)
				start := s.hour().Start.Add(24 * time.Hour)
				s.session(session.RescheduleSession{Start: start, End: start.Add(time.Hour)})
				s.after(time.Minute)
				s.reads("1 January 2000", "2 January 2000")
				c := s.news(session.NewsScheduled)
				if c.Problem == session.Unsure {
					s.do(anna, session.ResolveCopy{On: s.on(0), Decision: session.IsOut, Copy: c.Key(), Attempt: c.Attempt})
					c = s.news(session.NewsScheduled)
				}
				if s.want(2, 2); c.Out != c.Wanted || (name == "works") != (c.Attempt == 0) {
					s.t.Errorf("%+v", c)
				}
			})
		})
	}
}

// TestMovedWhileItIsTold: the old time arrives after the hour was moved, and the new one
// follows all the same.
func TestMovedWhileItIsTold(t *testing.T) {
	var hold ct.Fault
	announced(t, ct.NewPlatform, func(s *scene) {
		hold = ct.Hold()
		s.there.On(ct.OpReply, hold)
	}, func(s *scene) {
		<-hold.Entered()
		start := s.hour().Start.Add(24 * time.Hour)
		s.session(session.RescheduleSession{Start: start, End: start.Add(time.Hour)})
		hold.Release()
		s.after(time.Minute)
		s.reads("2 January 2000", "Moved to")
		s.want(2, 2)
	})
}

// TestNothingIsToldLate: a paused hour tells nothing, and what was missed is not told when
// it goes on.
func TestNothingIsToldLate(t *testing.T) {
	later := func(s *scene) { s.there.On(ct.OpReply, ct.Defer(30*time.Second)) } // the worker may be faster than the pause
	announced(t, ct.NewPlatform, later, func(s *scene) {
		s.session(session.PauseSession{})
		s.after(7 * time.Minute) // it begins
		s.session(session.StopSession{})
		s.session(session.ResumeSession{})
		s.after(time.Minute)
		s.want(0, 0)
		s.session(session.ExtendSession{Minutes: 30})
		s.after(time.Minute)
		s.reads("We have started")
	})
}

// TestKilledWhileAnnouncing: nothing of the outcome was stored. Where the platform can be
// searched the post is found; where it cannot, a person is asked.
func TestKilledWhileAnnouncing(t *testing.T) {
	check := func(s *scene, problem session.Problem) {
		s.after(time.Minute)
		registry := s.workers[0].Registry
		s.stop()
		dying := s.start(registry, killed{s.service})
		s.session(session.StartSession{})
		dying.Wake("tax")
		s.after(time.Second)
		s.stop()
		s.start(registry, s.service)
		s.after(2 * time.Minute)
		s.want(2, 2)
		if c := s.news(session.NewsOpen); c.Problem != problem || (c.Message != "") != (problem == session.NoProblem) {
			s.t.Errorf("%+v", c)
		}
	}
	t.Run("blind", func(t *testing.T) {
		announced(t, ct.NewPlatform, nothing, func(s *scene) { check(s, session.Unsure) })
	})
	t.Run("readable", func(t *testing.T) {
		announced(t, ct.NewReadable, nothing, func(s *scene) { check(s, session.NoProblem) })
	})
}

// TestSealedAgain: what becomes of an announcement after the hour was archived is in a new
// seal.
func TestSealedAgain(t *testing.T) {
	announced(t, ct.NewPlatform, nothing, func(s *scene) {
		s.after(time.Minute)
		s.session(session.StartSession{})
		s.session(session.StopSession{})
		s.there.On(ct.OpReply, ct.Defer(time.Minute))
		s.session(session.CloseSession{})
		s.after(10 * time.Second)
		if h := s.hour(); h.State != session.Archived || len(h.Seals) != 1 {
			s.t.Fatalf("%s with %d seals", h.State, len(h.Seals))
		}
		s.after(2 * time.Minute)
		r, err := s.store.Record(s.t.Context(), "tax")
		if c := s.news(session.NewsClosed); err != nil || c.Out == 0 || len(s.hour().Seals) != 2 || len(session.Verify(r, nil)) != 0 {
			s.t.Errorf("%+v, %d seals, findings %v, %v", c, len(s.hour().Seals), session.Verify(r, nil), err)
		}
	})
}

// TestTranscriptOnce: the post with the transcript is made once, what it says is made when it
// leaves, and recording it is no news; a correction is an edit.
func TestTranscriptOnce(t *testing.T) {
	kind := func(id session.ConnectorID, l connector.Limits) *ct.Platform {
		l.Transcripts = true
		return ct.NewPlatform(id, l)
	}
	announced(t, kind, nothing, func(s *scene) {
		s.after(time.Minute)
		s.session(session.StartSession{})
		n := s.ask("1")
		s.do(edgars, session.SubmitAnswer{On: s.on(n), Text: "Yes."})
		s.approve(n)
		s.after(time.Second)
		s.session(session.StopSession{})
		s.session(session.CloseSession{})
		s.after(time.Hour)
		h, c := s.hour(), s.news(session.NewsTranscript)
		if len(h.Seals) != 2 || c.Out == 0 || c.Due() {
			s.t.Errorf("%d seals, %+v", len(h.Seals), c)
		}
		s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: "No."})
		s.approve(n)
		s.after(time.Hour)
		if later := s.news(session.NewsTranscript); later.Out == c.Out || later.Due() || len(s.hour().Seals) > 5 {
			s.t.Errorf("%d seals, %+v", len(s.hour().Seals), later)
		}
		s.want(5, 5)
	})
}

// TestPinned: the announcement that the hour is on takes the place of the one that it will be, and
// nothing is pinned once it is over. Where the bot may not pin, nobody is asked about it.
func TestPinned(t *testing.T) {
	for name, c := range map[string]struct {
		faults []ct.Fault
		first  []string // what is pinned before the hour begins
	}{
		"works":       {nil, []string{"Questions from"}},
		"unsure":      {[]ct.Fault{ct.UnsureAfter(), ct.UnsureBefore()}, []string{"Questions from"}},
		"not allowed": {[]ct.Fault{ct.Refuse("no")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			begin := func(s *scene) { s.there.On(ct.OpPin, c.faults...) }
			announced(t, ct.NewPinning, begin, func(s *scene) {
				s.after(time.Minute)
				s.pinned(c.first...)
				s.session(session.StartSession{})
				s.after(time.Minute)
				s.pinned("We have started")
				s.session(session.StopSession{})
				s.session(session.CloseSession{})
				s.after(time.Minute)
				s.pinned()
			})
		})
	}
}

// pinned checks what is pinned, by parts of its text, and that nobody is asked about it.
func (s *scene) pinned(want ...string) {
	s.t.Helper()
	got := any(s.there).(*ct.Pinning).Pinned()
	same := slices.EqualFunc(got, want, strings.Contains)
	if parked := s.hour().Copies.Parked(); !same || len(parked) > 0 {
		s.t.Errorf("pinned are %q, want %q; parked are %+v", got, want, parked)
	}
}
