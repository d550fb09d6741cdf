package delivery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

const later = "dina@example.org"

// mergedLater merges a question of the page into n, whose asker leaves an address only then.
func (s *scene) mergedLater(n int) session.On {
	s.t.Helper()
	q, _, err := s.service.Ask(s.t.Context(), session.Asked{Session: "tax", Key: "q2", Text: "When may I start?",
		Language: session.English, Origin: session.Origin{Connector: session.Page}})
	if err != nil {
		s.t.Fatal(err)
	}
	on := session.On{Question: q.Ref}
	s.do(anna, session.MergeQuestion{On: on, Into: n})
	s.do(asker, session.LeaveAddress{On: on, Email: "typo@example.org"})
	s.do(asker, session.LeaveAddress{On: on, Email: later})
	return on
}

// hears checks what went to the address that was left last, the oldest first, and that nobody is asked anything.
func (s *scene) hears(n int, want ...string) {
	s.t.Helper()
	var got []string
	for _, p := range s.there.Posts() {
		if p.Recipient.To == "typo@example.org" {
			s.t.Errorf("to an address that was replaced: %q", p.Text)
		}
		if p.Recipient.To == later {
			got = append(got, p.Text)
		}
	}
	if !slices.EqualFunc(got, want, strings.Contains) || s.q(n).Waits() {
		s.t.Errorf("letters %q, want %q; waits %t", got, want, s.q(n).Waits())
	}
}

// TestLettersOfWhoLeftAnAddressAfterMerging: the answer once, each correction, and the retraction.
func TestLettersOfWhoLeftAnAddressAfterMerging(t *testing.T) {
	letters(t, func(s *scene, n int) {
		s.mergedLater(n)
		s.answer(n)
		s.after(10 * time.Minute)
		s.hears(n, "No, wait for it.")
		s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: "Yes, you may."})
		s.approve(n)
		s.after(time.Minute)
		s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "It is wrong."})
		s.after(time.Minute)
		s.hears(n, "No, wait for it.", "Yes, you may.", "retracted")
	})
}

// TestOutcomeOfWhatWasMergedInto: whoever was merged is told of it as its own asker is.
func TestOutcomeOfWhatWasMergedInto(t *testing.T) {
	letters(t, func(s *scene, n int) {
		s.mergedLater(n)
		s.do(anna, session.DeclineQuestion{On: s.on(n), Reason: "off_topic"})
		s.after(10 * time.Minute)
		s.hears(n, "will not be answered")
	})
}

// TestForgottenWhileALetterToAFollowerIsPlanned: it is not sent, nobody is asked, and nothing follows.
func TestForgottenWhileALetterToAFollowerIsPlanned(t *testing.T) {
	letters(t, func(s *scene, n int) {
		follower := s.mergedLater(n)
		s.there.On(ct.OpReply, ct.Defer(time.Minute))
		s.there.On(ct.OpReply, ct.Defer(time.Minute))
		s.answer(n)
		s.do(session.Program, session.ForgetQuestion{On: follower, What: session.Emails})
		s.after(10 * time.Minute)
		s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: "Yes, you may."})
		s.approve(n)
		s.after(10 * time.Minute)
		s.do(anna, session.RetractAnswer{On: s.on(n), Remark: "It is wrong."})
		s.after(10 * time.Minute)
		s.hears(n)
	})
}
