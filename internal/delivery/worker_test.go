package delivery_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

func TestApprovedAnswerGoesOutOnce(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.ask("1")
		s.approve(n)
		s.after(time.Second)
		s.want(1, 1)
		q := s.q(n)
		if q.State != session.Published || q.Moving() {
			t.Errorf("%s, copies %+v", q.State, q.Copies)
		}
		c := s.copy(n)
		if post := s.there.Posts()[0]; post.Text != c.Text || !strings.Contains(post.Text, "No, wait for it.") || post.Original.Message == "" {
			t.Errorf("posted %+v, approved %q", post.Post, c.Text)
		}
		if text, rev, _ := q.Public(); rev != 1 || text != "No, wait for it." {
			t.Errorf("the page shows revision %d: %q", rev, text)
		}
	})
}

// TestLostWakeUp: nobody tells the worker that an answer was approved, and it goes out.
func TestLostWakeUp(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		s.deaf.Store(true)
		s.approve(s.ask("1"))
		s.after(time.Second)
		s.want(1, 1)
	})
}

func TestNothingLeavesBeforeTheApproval(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		s.ask("1")
		s.after(time.Minute)
		s.want(0, 0)
	})
}

func TestRefusedIsParkedAndRetried(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.ask("1")
		s.there.On(connectortest.OpReply, connectortest.Refuse("your account is suspended"))
		s.approve(n)
		s.after(time.Minute)
		s.problem(n, session.RefusedIt)
		if c := s.copy(n); c.Detail != "your account is suspended" {
			t.Errorf("the desk reads %q", c.Detail)
		}
		if got := s.q(n).State; got != session.Published {
			t.Errorf("the page's copy is out, and the question is %s", got)
		}
		s.decide(n, session.Retry)
		s.after(time.Second)
		s.want(1, 1)
		s.problem(n, session.NoProblem)
	})
}

func TestDeferredWaitsAndDelaysNobodyElse(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.ask("1")
		s.there.On(connectortest.OpReply, connectortest.Defer(30*time.Second))
		s.approve(n)
		s.after(20 * time.Second)
		s.want(0, 0)
		if got := s.q(n).State; got != session.Published {
			t.Errorf("the page waits for the platform: %s", got)
		}
		s.after(11 * time.Second)
		s.want(1, 1)
	})
}

// TestDeferredForWhoKnowsHowLong: whoever says "not now" and not until when, as for a token that
// is not valid any more, is asked more and more rarely.
func TestDeferredForWhoKnowsHowLong(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.ask("1")
		s.there.On(connectortest.OpReply, slices.Repeat([]connectortest.Fault{connectortest.Defer(0)}, 12)...)
		s.approve(n)
		s.after(2 * time.Minute)
		s.want(0, 0)
		if n := len(s.there.Calls()); n > 12 {
			t.Errorf("asked %d times in two minutes", n)
		}
		s.after(3 * time.Minute)
		s.want(1, 1)
		s.problem(n, session.NoProblem)
	})
}

// TestOutcomesAreLogged, one line each, and never a text.
func TestOutcomesAreLogged(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.ask("1")
		s.there.On(connectortest.OpReply, connectortest.Defer(30*time.Second))
		s.approve(n)
		s.after(time.Minute)
		s.stop()
		var got []string
		for line := range strings.Lines(s.log.String()) {
			if _, rest, ok := strings.Cut(line, "msg=delivery "); ok {
				got = append(got, strings.TrimSpace(rest))
			}
		}
		slices.Sort(got)
		want := []string{
			"session=tax question=1 connector=page kind=answer outcome=sent attempt=1 took=0s",
			"session=tax question=1 connector=there kind=answer outcome=deferred attempt=1 took=0s",
			"session=tax question=1 connector=there kind=answer outcome=sent attempt=2 took=0s",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s", strings.Join(got, "\n"))
		}
		if strings.Contains(s.log.String(), "decision") {
			t.Error("the log has a text")
		}
	})
}

// TestUnknownOutcome is the promise that nothing goes out twice, on each kind of
// platform, whether or not the post arrived.
func TestUnknownOutcome(t *testing.T) {
	t.Run("blind, it arrived", func(t *testing.T) {
		play(t, connectortest.NewPlatform, func(s *scene) {
			n := s.unknown(connectortest.UnsureAfter())
			s.after(10 * time.Minute)
			s.want(1, 1)
			s.problem(n, session.Unsure)
			s.decide(n, session.IsOut)
			s.after(time.Minute)
			s.want(1, 1)
			s.problem(n, session.NoProblem)
		})
	})
	t.Run("blind, it did not", func(t *testing.T) {
		play(t, connectortest.NewPlatform, func(s *scene) {
			n := s.unknown(connectortest.UnsureBefore())
			s.after(10 * time.Minute)
			s.want(0, 0)
			s.decide(n, session.SendAgain)
			s.after(time.Second)
			s.want(1, 1)
		})
	})
	for name, fault := range map[string]connectortest.Fault{"arrived": connectortest.UnsureAfter(), "did not": connectortest.UnsureBefore()} {
		t.Run("readable, "+name, func(t *testing.T) {
			play(t, connectortest.NewReadable, func(s *scene) { s.findsOut(fault) })
		})
		t.Run("keyed, "+name, func(t *testing.T) {
			play(t, connectortest.NewKeyed, func(s *scene) { s.findsOut(fault) })
		})
	}
}

// unknown approves a question whose first post ends with fault.
func (s *scene) unknown(fault connectortest.Fault) int {
	n := s.ask("1")
	s.there.On(connectortest.OpReply, fault)
	s.after(time.Second) // asked before it is approved
	s.approve(n)
	return n
}

// findsOut checks that the program itself finds out what became of a post.
func (s *scene) findsOut(fault connectortest.Fault) {
	n := s.unknown(fault)
	s.after(time.Minute)
	s.want(1, 1)
	s.problem(n, session.NoProblem)
	c := s.copy(n)
	if c.Out != c.Wanted || c.Message == "" {
		s.t.Errorf("the copy is %+v", c)
	}
	q, err := s.store.Questions(s.t.Context(), "tax", n)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, call := range s.there.Calls() {
		if at := call.Post.Approved; !at.Equal(q[0].Approvals[0].At) || call.Post.Text != c.Text {
			s.t.Errorf("%s of %q approved at %v, not what was approved at %v", call.Op, call.Post.Text, at, q[0].Approvals[0].At)
		}
	}
}

func TestUnknownEditIsDoneAgain(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.ask("1")
		s.approve(n)
		s.after(time.Second)
		s.there.On(connectortest.OpEdit, connectortest.UnsureAfter(), connectortest.UnsureBefore())
		s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: "Yes, you may."})
		s.approve(n)
		s.after(time.Minute)
		s.want(1, 1)
		if post := s.there.Posts()[0]; !strings.Contains(post.Text, "Yes, you may.") {
			t.Errorf("there stands %q", post.Text)
		}
		s.problem(n, session.NoProblem)
	})
}

func TestRetractionAndWithdrawalTakeBack(t *testing.T) {
	for _, c := range []struct {
		by  session.Actor
		cmd func(session.On) session.Command
	}{
		{anna, func(on session.On) session.Command { return session.RetractAnswer{On: on, Remark: "wrong"} }},
		{asker, func(on session.On) session.Command { return session.WithdrawQuestion{On: on} }},
	} {
		cmd := c.cmd(session.On{})
		t.Run(string(cmd.Verb()), func(t *testing.T) {
			play(t, connectortest.NewPlatform, func(s *scene) {
				n := s.ask("1")
				s.approve(n)
				s.after(time.Second)
				s.session(session.PauseSession{}) // a pause does not hold back a take-back
				s.do(c.by, c.cmd(s.on(n)))
				s.after(time.Second)
				for _, c := range s.q(n).Copies {
					if c.Kind == session.KindAnswer && (c.Out != 0 || c.Due()) {
						t.Errorf("the copy is %+v", c)
					}
				}
				for _, p := range s.there.Posts() {
					if strings.Contains(p.Text, "wait for it") {
						t.Errorf("still there: %q", p.Text)
					}
				}
			})
		})
	}
}

func TestPauseHoldsBack(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.ask("1")
		s.session(session.PauseSession{})
		s.approve(n)
		s.after(5 * time.Minute)
		s.want(0, 0)
		if got := s.q(n).State; got != session.Approved {
			t.Errorf("paused, and %s", got)
		}
		s.session(session.ResumeSession{})
		s.after(time.Second)
		s.want(1, 1)
	})
}

// TestKilledBetweenSendAndRecord kills the process that posted, and lets another
// one take the lane over.
func TestKilledBetweenSendAndRecord(t *testing.T) {
	t.Run("blind", func(t *testing.T) {
		play(t, connectortest.NewPlatform, func(s *scene) {
			n := s.killed()
			s.problem(n, session.Unsure)
			s.want(1, 1)
		})
	})
	t.Run("readable", func(t *testing.T) {
		play(t, connectortest.NewReadable, func(s *scene) {
			n := s.killed()
			s.problem(n, session.NoProblem)
			s.want(1, 1)
		})
	})
}

func (s *scene) killed() int {
	registry, err := connector.NewRegistry(connector.Page{}, s.there)
	if err != nil {
		s.t.Fatal(err)
	}
	s.stop()
	dying := s.start(registry, killed{s.service})
	n := s.ask("1")
	s.approve(n)
	dying.Wake("tax")
	s.after(time.Second)
	s.want(1, 1)
	s.stop()
	s.start(registry, s.service)
	s.after(2 * time.Minute)
	return n
}

// TestTwoReplicas lets a second worker try while the first one is sending.
func TestTwoReplicas(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		registry, err := connector.NewRegistry(connector.Page{}, s.there)
		if err != nil {
			t.Fatal(err)
		}
		second := s.start(registry, s.service)
		hold := connectortest.Hold()
		s.there.On(connectortest.OpReply, hold)
		n := s.ask("1")
		s.approve(n)
		for range 5 {
			s.workers[0].Wake("tax")
			second.Wake("tax")
			s.after(time.Second)
		}
		hold.Release()
		s.after(time.Minute)
		s.want(1, 1)
		s.problem(n, session.NoProblem)
	})
}

// TestStopFinishesWhatIsUnderWay stops the worker in the middle of a send.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		hold := connectortest.Hold()
		s.there.On(connectortest.OpReply, hold)
		n := s.ask("1")
		s.approve(n)
		s.after(time.Second)
		s.stops[0]()
		synctest.Wait()
		hold.Release()
		s.running.Wait()
		if c := s.copy(n); c.Out != c.Wanted {
			t.Errorf("the outcome was not recorded: %+v", c)
		}
	})
}

// TestOrder sends the answers of one place in the order of their approvals.
func TestOrder(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		s.session(session.PauseSession{})
		for _, key := range []string{"a", "b", "c"} {
			s.approve(s.ask(key))
		}
		s.session(session.ResumeSession{})
		s.after(time.Second)
		var order []string
		for _, p := range s.there.Posts() {
			order = append(order, string(p.Original.Message))
		}
		a, b, c := s.there.Original(place, "a").Message, s.there.Original(place, "b").Message, s.there.Original(place, "c").Message
		if got, want := strings.Join(order, " "), strings.Join([]string{string(a), string(b), string(c)}, " "); got != want {
			t.Errorf("order is %s, want %s", got, want)
		}
	})
}

// TestConnectorThatIsNotConfigured parks what nobody can bring out.
func TestConnectorThatIsNotConfigured(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		s.stop()
		registry, err := connector.NewRegistry(connector.Page{})
		if err != nil {
			t.Fatal(err)
		}
		s.start(registry, s.service)
		n := s.ask("1")
		s.approve(n)
		s.after(time.Second)
		s.problem(n, session.RefusedIt)
	})
}

// TestDeclineIsToldOnceAndTakenBack tells the asker, and takes it back on restore.
func TestDeclineIsToldOnceAndTakenBack(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.ask("1")
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(time.Minute)
		s.want(1, 1)
		s.do(anna, session.RestoreQuestion{On: s.on(n)})
		s.after(time.Minute)
		s.want(0, 1)
	})
}

// TestUnknownAndNoLongerConfigured starts again without the connector whose last post
// is of unknown fate: a person must be asked whether it is out, not told that it is not.
func TestUnknownAndNoLongerConfigured(t *testing.T) {
	play(t, connectortest.NewReadable, func(s *scene) {
		s.there.On(connectortest.OpFind, connectortest.Hang())
		n := s.unknown(connectortest.UnsureAfter())
		s.after(time.Second)
		s.stop()
		registry, err := connector.NewRegistry(connector.Page{})
		if err != nil {
			t.Fatal(err)
		}
		s.start(registry, s.service)
		s.after(2 * time.Minute)
		s.problem(n, session.Unsure)
		s.want(1, 1)
	})
}

// TestUnknownStaysUnknown repeats a post of unknown fate with its key, and the platform
// says no to the repetition: that says nothing about the first one.
func TestUnknownStaysUnknown(t *testing.T) {
	t.Run("refused", func(t *testing.T) {
		play(t, connectortest.NewKeyed, func(s *scene) {
			s.there.On(connectortest.OpReply, connectortest.UnsureAfter(), connectortest.Refuse("your account is suspended"))
			n := s.ask("1")
			s.approve(n)
			s.after(time.Minute)
			s.problem(n, session.Unsure)
			if c := s.copy(n); c.Detail != "your account is suspended" || c.Trying != c.Wanted {
				t.Errorf("the copy is %+v", c)
			}
		})
	})
	t.Run("deferred until the key is forgotten", func(t *testing.T) {
		keyed := func(id session.ConnectorID, l connector.Limits) *connectortest.KeyedPlatform {
			p := connectortest.NewKeyed(id, l)
			p.Window = 4 * time.Minute
			return p
		}
		play(t, keyed, func(s *scene) {
			s.there.On(connectortest.OpReply, connectortest.UnsureAfter(), connectortest.Defer(4*time.Minute))
			n := s.ask("1")
			s.approve(n)
			s.after(8 * time.Minute)
			s.problem(n, session.Unsure)
			if calls := len(s.there.Calls()); calls != 2 {
				t.Errorf("%d calls: it was sent after the platform forgot the key", calls)
			}
		})
	})
}

// TestLookingFailsForEver asks a person in the end: nobody else would hear of an
// answer that neither goes out nor is found, and everything behind it would wait, too.
func TestLookingFailsForEver(t *testing.T) {
	play(t, connectortest.NewReadable, func(s *scene) {
		var fails []connectortest.Fault
		for range 1000 {
			fails = append(fails, connectortest.Refuse("your account is suspended"))
		}
		s.there.On(connectortest.OpFind, fails...)
		n := s.unknown(connectortest.UnsureAfter())
		behind := s.ask("2")
		s.approve(behind)
		s.after(10 * time.Minute)
		s.problem(n, session.Unsure)
		s.problem(behind, session.NoProblem)
		s.want(2, 2)
	})
}

// TestOutAndNobodyKnowsWhere settles a copy as "It is out", of which no message is
// known, and then takes it back: only a person can, so a person must be asked.
func TestOutAndNobodyKnowsWhere(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.unknown(connectortest.UnsureAfter())
		s.after(time.Minute)
		s.decide(n, session.IsOut)
		s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "wrong"})
		s.after(time.Minute)
		if c := s.copy(n); c.Out == 0 || c.Problem != session.RefusedIt {
			t.Errorf("the post still stands there, and the copy is %+v", c)
		}
	})
}

// TestRecordHoldsAfterAWithdrawal: taking the copies back is recorded after the
// withdrawal, and the record still says why the contents before it are gone.
func TestRecordHoldsAfterAWithdrawal(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.ask("1")
		s.approve(n)
		s.after(time.Second)
		s.do(asker, session.WithdrawQuestion{On: s.on(n)})
		s.after(time.Second)
		s.want(0, 1)
		r, err := s.store.Record(s.t.Context(), "tax")
		if err != nil {
			t.Fatal(err)
		}
		if fs := session.Verify(r, nil); len(fs) > 0 {
			t.Errorf("nothing was changed, and verify finds %v", fs)
		}
	})
}

// TestPageIsNeverAskedAbout: a process is killed while it brings an answer out, and the
// answer is another one when the next process comes.
func TestPageIsNeverAskedAbout(t *testing.T) {
	play(t, connectortest.NewReadable, func(s *scene) {
		registry, err := connector.NewRegistry(connector.Page{}, s.there)
		if err != nil {
			t.Fatal(err)
		}
		s.stop()
		dying := s.start(registry, killed{s.service})
		n := s.ask("1")
		s.approve(n)
		dying.Wake("tax")
		s.after(time.Second)
		s.stop()
		s.do(anna, session.SendBackAnswer{On: s.on(n), Comment: "Is that so?"})
		s.do(edgars, session.SubmitAnswer{On: s.on(n), Text: "Yes, you may."})
		s.approve(n)
		s.start(registry, s.service)
		s.after(15 * time.Second)
		if text, _, ok := s.q(n).Public(); !ok || text != "Yes, you may." {
			t.Errorf("the page shows %q: %+v", text, s.q(n).Copies)
		}
	})
}

// TestUnreachableAsksNobody: that a person blocked the bot is noted and no decision.
func TestUnreachableAsksNobody(t *testing.T) {
	play(t, connectortest.NewPlatform, func(s *scene) {
		n := s.ask("1")
		s.there.On(connectortest.OpReply, connectortest.Unreachable("blocked by the user"))
		s.approve(n)
		s.after(time.Minute)
		s.problem(n, session.Dropped)
		if q := s.q(n); q.Waits() || q.Moving() || s.copy(n).Detail != "blocked by the user" {
			t.Errorf("somebody is asked: %+v", q.Copies)
		}
	})
}

// late is a platform whose posts can be looked up and which keeps keys, but only some time
// after the call.
type late struct{ *connectortest.Readable }

func (late) KeyWindow() time.Duration { return time.Hour }

// TestLooksBeforeItRepeats, and no sooner than the platform says.
func TestLooksBeforeItRepeats(t *testing.T) {
	slow := func(id session.ConnectorID, l connector.Limits) late {
		l.LookAfter = 30 * time.Second
		return late{connectortest.NewReadable(id, l)}
	}
	play(t, slow, func(s *scene) {
		n := s.unknown(connectortest.UnsureAfter())
		s.after(25 * time.Second)
		s.problem(n, session.NoProblem)
		if c := s.copy(n); c.Out != 0 {
			t.Errorf("looked up while the platform may still be at it: %+v", c)
		}
		s.after(10 * time.Second)
		s.want(1, 1)
		if c := s.copy(n); c.Out != c.Wanted || c.Message == "" {
			t.Errorf("the copy is %+v", c)
		}
	})
}
