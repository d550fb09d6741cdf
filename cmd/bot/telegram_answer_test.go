package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/connector/telegram/telegramfake"
)

// TestAnswersInTelegram is what happens to answers after they were given: one is
// corrected and retracted, one waits while the hour is paused.
func TestAnswersInTelegram(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", "embedded", chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
	s.openHour()
	s.askTwo()
	s.answerOne()
	s.correct()
	s.pause()
	s.retract()
	s.desk.Say(s.anna, "/hour stop")
	s.closeHour()
	s.transcript()
	s.healthy()
}

func (s *square) askTwo() {
	s.Helper()
	s.ilze.Start("")
	s.ilze.Write("May I begin?")
	s.press(1, s.anna, "Accept")
	asked := s.talk.Say(s.maris, "#question When is the next round?")
	s.card(2, "Accept")
	s.ilze.React(asked, "👍") // which counts, and shows once it is accepted
	s.press(2, s.anna, "Accept")
	s.reads(2, "1 vote")
	if m := s.await(s.talk, "Question #2 is accepted"); m.ReplyTo() != asked {
		s.Errorf("the first public word is not under the question: %s", m)
	}
}

func (s *square) answerOne() {
	s.Helper()
	s.reply(1, "No.")
	s.reads(1, "revision 1")
	s.approve(1, s.janis, "No.")
	s.await(s.ilze.Chat(), "Question #1 is answered ↑")
}

// correct changes the answer where it stands.
func (s *square) correct() {
	s.Helper()
	s.more(1, "Published", s.edgars, "Correct")
	s.await(s.edgars.Chat(), "Correct #1", "▸ Answer")
	s.edgars.Write("No. Wait for the decision.")
	s.submit(s.edgars, "No. Wait for the decision.", "Submit the correction")
	s.reads(1, "Correction")
	s.approve(1, s.janis, "Wait for the decision.")
	s.became(s.await(s.ilze.Chat(), "Wait for the decision."), "Question #1 has arrived", "No.", "No. Wait for the decision.")
}

// pause holds back what is approved, and says so at the desk.
func (s *square) pause() {
	s.Helper()
	s.board("Pause").Press(s.anna, "Pause")
	s.reply(2, "In spring.")
	s.reads(2, "revision 1")
	s.approve(2, s.anna, "In spring.")
	s.reads(2, "the hour is paused")
	if m := s.talk.Find(saying("In spring.")); m != nil {
		s.Errorf("it is out while the hour is paused: %s", m)
	}
	s.desk.Say(s.anna, "/hour resume")
	s.became(s.await(s.talk, "In spring."), "Question #2 is accepted", "In spring.")
}

// retract deletes the answer and says so to the asker.
func (s *square) retract() {
	s.Helper()
	answer := s.await(s.ilze.Chat(), "Wait for the decision.")
	s.more(1, "Published", s.anna, "Retract")
	s.await(s.anna.Chat(), "Retract #1", "▸ Reason")
	s.anna.Write("It is not decided.")
	s.submit(s.anna, "It is not decided.", "Retract")
	s.tg.Await(s.patient(), "the answer to go", answer.Deleted)
	s.reads(1, "Answer retracted")
	s.await(s.ilze.Chat(), "has been retracted")
	s.once(s.ilze.Chat(), "Question #1 has arrived", "Question #1 is answered ↑", "No. Wait for the decision.")
	s.once(s.talk, "Question #2 is accepted", "In spring.")
}

// transcript is linked in the channel and says what is public.
func (s *square) transcript() {
	s.Helper()
	link := s.await(s.channel, "The expert hour is over").Text()
	link = strings.TrimSpace(link[strings.Index(link, "http"):])
	resp, err := http.Get(link)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	page, _ := io.ReadAll(resp.Body)
	if text := string(page); resp.StatusCode != http.StatusOK || !strings.Contains(text, "In spring.") ||
		strings.Contains(text, "Wait for the decision.") {
		s.Errorf("the transcript at %s: %s\n%s", link, resp.Status, text)
	}
}
