package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/connector/telegram/telegramfake"
)

// mostBesides is of how many questions an expert is notified besides those that they answer.
const mostBesides = 3

// scheduleTwo opens an hour with two experts.
func (i *institution) scheduleTwo(slug, second string) {
	i.t.Helper()
	now := time.Now()
	status, out := i.api(i.token("Anna Bērziņa"), http.MethodPost, "/api/v1/desk/sessions", map[string]any{"slug": slug,
		"title": "Warmer homes", "experts": []string{"Edgars Ozols", second}, "start": now.Add(-time.Minute), "end": now.Add(time.Hour)})
	if status != http.StatusCreated {
		i.t.Fatalf("schedule: %d %v", status, out)
	}
}

// few checks how often two experts were notified, of whom the first answered all but one of the questions.
func few(t *testing.T, questions, busy, other int) {
	t.Helper()
	t.Logf("%d questions: an expert who answered %d was called %d times, one who answered 1 %d times", questions, questions-1, busy, other)
	if busy > questions-1+mostBesides || busy < questions/2 || other > 1+mostBesides {
		t.Errorf("notified %d and %d times", busy, other)
	}
}

// TestNotificationsInTelegram: an expert is called to their own questions and at most three more. A group takes few messages a
// minute, so there are fewer questions than in Slack.
func TestNotificationsInTelegram(t *testing.T) {
	t.Parallel()
	const questions = 6
	more := fmt.Sprintf(chatDesk, "1s") + "call_next = \"1s\"\n[[people]]\nname = \"Ruta Liepa\"\nrole = \"expert\"\ntelegram = 23\n"
	s := openSquare(t, "polling", "embedded", more, telegramfake.Options{})
	s.desk.Add(s.anna, s.ruta)
	s.at.scheduleTwo("homes", "Ruta Liepa")
	s.await(s.desk, "Warmer homes", "is open until")
	for n := 1; n <= questions; n++ {
		s.ask("homes", fmt.Sprintf("Question %d?", n))
		s.press(n, s.anna, "Accept")
		card := s.card(n, "Claim")
		s.await(s.desk, fmt.Sprintf("question #%d. To answer", n))
		by := s.edgars
		if n == 3 {
			by = s.ruta
		}
		s.desk.Say(by, "Yes.", telegramfake.ReplyTo(card))
		s.reads(n, "revision 1")
	}
	calls := func(u *telegramfake.User) (n int) {
		for _, r := range u.Notifications() {
			if strings.Contains(r.Text, "just reply here") && slices.ContainsFunc(r.Message.Entities(), func(e telegramfake.Entity) bool {
				return e.User == u.ID()
			}) {
				n++
			}
		}
		return n
	}
	few(t, questions, calls(s.edgars), calls(s.ruta))
}

// TestNotificationsInSlack is the same in a channel, in an hour of 15 questions.
func TestNotificationsInSlack(t *testing.T) {
	t.Parallel()
	const questions = 15
	f := openOffice(t, "socket", "embedded", "1s", slackfake.Options{},
		"[[people]]\nname = \"Ruta Liepa\"\nrole = \"expert\"\nslack = \"U0STRAY\"\n")
	f.at.scheduleTwo("homes", "Ruta Liepa")
	f.board("Open")
	for n := 1; n <= questions; n++ {
		f.ask("homes", fmt.Sprintf("Question %d?", n))
		f.click(f.card(n, "Accept"), f.anna, "Accept")
		card := f.card(n, "Claim")
		card.WaitReply(f.patient(), fmt.Sprintf("question #%d. To answer", n))
		by := f.edgars
		if n == 8 {
			by = f.stray
		}
		by.Reply(card, "Yes.")
		f.reads(n, "revision 1")
	}
	mentioned := func(u string) (n int) {
		for _, e := range f.ws.Ledger(slackfake.Posted) {
			if strings.Contains(e.Text, "just reply here") && strings.Contains(e.Text, u) {
				n++
			}
		}
		return n
	}
	few(t, questions, mentioned("Edgars"), mentioned("Stray"))
	f.approveAll("homes", questions)
}

// approveAll approves answers one after the other, with one press for each of them: with the one that accepted it that
// makes two.
func (f *chatOffice) approveAll(slug string, questions int) {
	f.Helper()
	_, err := f.anna.Command(f.desk, "/hour", "approve")
	f.must(err)
	for n := 1; n <= questions; n++ {
		v := f.modal(f.anna, fmt.Sprintf("Question %d?", n))
		began := time.Now()
		f.submit(v)
		f.answered(slug, n, "Yes.")
		f.Logf("answer %d is public after %v", n, time.Since(began).Round(time.Millisecond))
	}
}
