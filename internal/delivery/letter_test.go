package delivery_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

// postman writes letters, and to nobody who wants none.
type postman struct{ *ct.Plain }

func newPostman(id session.ConnectorID, l connector.Limits) postman {
	l.Letters, l.Notices = true, false
	return postman{ct.NewPlain(id, l)}
}

func (p postman) Reply(ctx context.Context, post connector.Post) (connector.Sent, error) {
	if post.Recipient == nil || post.Recipient.To == "" {
		return connector.Sent{}, &connector.SendError{Outcome: connector.Refused, Unreachable: true, Detail: "nobody to write to"}
	}
	return p.Plain.Reply(ctx, post)
}

// letters plays an hour in which one question was asked on the page, with an address.
func letters(t *testing.T, test func(s *scene, n int)) {
	stage(t, newPostman, func(s *scene) {
		h := session.Hour{Slug: "tax", Title: "Tax", Zone: "Europe/Riga", Language: session.English, Start: time.Now(),
			End: time.Now().Add(2 * time.Hour), Experts: []session.Expert{{Name: "Edgars"}}, Reasons: []string{"off_topic"}}
		if _, err := s.service.Schedule(s.t.Context(), anna, h); err != nil {
			s.t.Fatal(err)
		}
		s.session(session.StartSession{})
	}, func(s *scene) {
		q, _, err := s.service.Ask(s.t.Context(), session.Asked{Session: "tax", Key: "q1", Text: "May I start before the decision?",
			Language: session.Latvian, Email: "ilze@example.org", Origin: session.Origin{Connector: session.Page}})
		if err != nil {
			s.t.Fatal(err)
		}
		test(s, q.Ref.Number)
	})
}

func (s *scene) answer(n int) {
	s.t.Helper()
	s.do(anna, session.AcceptQuestion{On: s.on(n)})
	s.do(edgars, session.SubmitAnswer{On: s.on(n), Text: "No, wait for it."})
	s.approve(n)
	s.after(time.Second)
}

// wrote checks what the letters say, the oldest first, and that each went to the asker.
func (s *scene) wrote(want ...string) {
	s.t.Helper()
	posts := s.there.Posts()
	if len(posts) != len(want) {
		s.t.Fatalf("%d letters, want %d: %+v", len(posts), len(want), posts)
	}
	for i, p := range posts {
		if !strings.Contains(p.Text, want[i]) || p.Recipient.To != "ilze@example.org" ||
			p.Recipient.Leave != "https://example.org/leave/"+s.on(1).Question.String() || p.Language != session.Latvian {
			s.t.Errorf("letter %d to %+v: %q, want %q", i, p.Recipient, p.Text, want[i])
		}
	}
}

// TestLettersFollow: nothing takes a letter back, so each change is one more.
func TestLettersFollow(t *testing.T) {
	letters(t, func(s *scene, n int) {
		s.answer(n)
		s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: "Yes, you may."})
		s.approve(n)
		s.after(time.Second)
		s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "It is wrong."})
		s.after(time.Minute)
		s.wrote("No, wait for it.", "Yes, you may.", "atsaukta")
		if s.q(n).Waits() {
			s.t.Error("it waits for somebody")
		}
	})
}

// TestUnsureCorrection: nobody knows whether the corrected letter went out, so a person
// says what is so, and without them nothing is sent again.
func TestUnsureCorrection(t *testing.T) {
	for v, want := range map[session.Verb][]string{session.IsOut: {"No, wait", "Yes, you may."},
		session.SendAgain: {"No, wait", "Yes, you may.", "Yes, you may."}} {
		t.Run(string(v), func(t *testing.T) {
			letters(t, func(s *scene, n int) {
				s.answer(n)
				s.there.On(ct.OpReply, ct.UnsureAfter())
				s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: "Yes, you may."})
				s.approve(n)
				s.after(10 * time.Minute)
				s.problem(n, session.Unsure)
				s.wrote("No, wait", "Yes, you may.")
				s.decide(n, v)
				s.after(10 * time.Minute)
				s.wrote(want...)
				s.problem(n, session.NoProblem)
			})
		})
	}
}

// TestWithdrawnWhileALetterIsOut: one that is under way cannot be stopped; none follows it,
// and nobody is asked about it.
func TestWithdrawnWhileALetterIsOut(t *testing.T) {
	letters(t, func(s *scene, n int) {
		hold := ct.Hold()
		s.there.On(ct.OpReply, hold)
		s.answer(n)
		<-hold.Entered()
		s.do(asker, session.WithdrawQuestion{On: s.on(n)})
		hold.Release()
		s.after(10 * time.Minute)
		if q := s.q(n); s.there.Made() != 1 || q.Waits() || q.Email != "" {
			s.t.Errorf("%d letters, waits %t", s.there.Made(), q.Waits())
		}
	})
}

// TestWithdrawnWhileALetterIsUnsure: whether it went out changes nothing any more.
func TestWithdrawnWhileALetterIsUnsure(t *testing.T) {
	letters(t, func(s *scene, n int) {
		s.there.On(ct.OpReply, ct.UnsureBefore())
		s.answer(n)
		s.problem(n, session.Unsure)
		s.do(asker, session.WithdrawQuestion{On: s.on(n)})
		s.after(10 * time.Minute)
		if q := s.q(n); s.there.Made() != 0 || q.Email != "" {
			s.t.Errorf("%d letters, waits %t: %+v", s.there.Made(), q.Waits(), q.Copies)
		}
	})
}

// TestUnsubscribedBeforeALetter: one that waits for its server is not sent any more, and
// nobody is asked; nor does anything follow.
func TestUnsubscribedBeforeALetter(t *testing.T) {
	letters(t, func(s *scene, n int) {
		s.there.On(ct.OpReply, ct.Defer(time.Minute))
		s.answer(n)
		s.do(session.Program, session.ForgetQuestion{On: s.on(n), What: session.Emails})
		s.after(10 * time.Minute)
		s.problem(n, session.Dropped)
		s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: "Yes, you may."})
		s.approve(n)
		s.after(10 * time.Minute)
		s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "It is wrong."})
		s.after(10 * time.Minute)
		s.wrote()
		if s.q(n).Waits() {
			s.t.Error("it waits for somebody")
		}
	})
}

// TestUnsubscribedBetweenPreviewAndApproval: what was shown is not what would be sent, and
// the moderator sees it anew.
func TestUnsubscribedBetweenPreviewAndApproval(t *testing.T) {
	letters(t, func(s *scene, n int) {
		s.do(anna, session.AcceptQuestion{On: s.on(n)})
		s.do(edgars, session.SubmitAnswer{On: s.on(n), Text: "No, wait for it."})
		s.do(session.Program, session.ForgetQuestion{On: s.on(n), What: session.Emails})
		s.approve(n)
		s.after(time.Minute)
		s.wrote()
		if q := s.q(n); q.State != session.Published || q.Waits() {
			s.t.Errorf("%s, waits %t", q.State, q.Waits())
		}
	})
}

// TestOutcomeByLetter: who gets no answer hears of it, in the language of the question.
func TestOutcomeByLetter(t *testing.T) {
	letters(t, func(s *scene, n int) {
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(time.Minute)
		s.wrote("neatbildēs")
	})
}

// TestLetterToAFollower: who asked by letter what was merged gets the answer as well, at
// their own address and with their own link to end letters.
func TestLetterToAFollower(t *testing.T) {
	letters(t, func(s *scene, n int) {
		q, _, err := s.service.Ask(s.t.Context(), session.Asked{Session: "tax", Key: "q2", Text: "When may I start?", Email: "anna@example.org",
			Language: session.English, Origin: session.Origin{Connector: there, Message: "2@example.org", Private: true}})
		if err != nil {
			s.t.Fatal(err)
		}
		s.do(anna, session.AcceptQuestion{On: s.on(n)})
		s.do(anna, session.MergeQuestion{On: session.On{Question: q.Ref}, Into: n})
		s.do(edgars, session.SubmitAnswer{On: s.on(n), Text: "No, wait for it."})
		s.approve(n)
		s.after(time.Second)
		var got []connector.Post
		for _, p := range s.there.Posts() {
			if p.Kind == session.KindAnswer && p.Recipient.To == "anna@example.org" {
				got = append(got, p.Post)
			}
		}
		if len(got) != 1 || got[0].Recipient.About != q.Ref || got[0].Recipient.Leave != "https://example.org/leave/"+q.Ref.String() ||
			got[0].Original.Message != "2@example.org" {
			s.t.Errorf("letters to the follower: %+v", got)
		}
	})
}
