package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/testenv"
)

// inBothModes runs a test with updates that are polled, and with a webhook.
func inBothModes(t *testing.T, test func(t *testing.T, mode string)) {
	t.Parallel()
	for _, mode := range []string{"polling", "webhook"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			test(t, mode)
		})
	}
}

// TestHourInTelegram is an hour with the desk in a group and the public in private,
// under a post of the channel, in its group and on the page, all with one bot.
func TestHourInTelegram(t *testing.T) {
	inBothModes(t, func(t *testing.T, mode string) {
		s := openSquare(t, mode, "embedded", chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
		s.openHour()
		s.askEverywhere()
		s.triage()
		s.answerAll()
		s.reword()
		s.withdraw()
		s.end()
		s.delivered()
		s.healthy()
	})
}

// TestHomeInTelegram: two moderators work from what /home lists in private: at once, by a form, and one of them too late.
func TestHomeInTelegram(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", "embedded", fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
	s.at.schedule("homes")
	for i := range 10 {
		s.ask("homes", fmt.Sprintf("Question %d?", i+1))
	}
	s.anna.Write("/home")
	s.janis.Write("/home")
	list, late := s.await(s.anna.Chat(), "What waits for you (10)", "and 2 more"), s.await(s.janis.Chat(), "What waits for you (10)")
	list.Press(s.anna, "Accept #1")
	s.await(s.anna.Chat(), "#1: accepted.", "What waits for you (9)")
	list.Press(s.anna, "Decline #2")
	s.choose(s.anna, "The question contains offensive language")
	s.submit(s.anna, "Decline #2", "Decline")
	s.await(s.anna.Chat(), "#2: declined.", "What waits for you (8)")
	s.tg.Await(s.patient(), "the buttons of what a colleague decided to go", func() bool {
		return !telegramfake.Offers("Accept #1")(late) && !telegramfake.Offers("Decline #2")(late)
	})
	late.Press(s.janis, "Accept #3")
	s.await(s.janis.Chat(), "#3: accepted.", "What waits for you (7)")
	list.Press(s.anna, "Close")
	s.tg.Await(s.patient(), "the list to go", list.Deleted)
}

func (s *square) openHour() {
	s.Helper()
	s.at.schedule("homes")
	s.await(s.channel, "Warmer homes", "We have started")
	s.await(s.desk, "Warmer homes", "Open")
}

// askEverywhere asks in private (1), under the announcement (2), on the page (3), in the
// group (4) and in private again (5). Between them people just talk.
func (s *square) askEverywhere() {
	s.Helper()
	s.ilze.Start("homes")
	s.await(s.ilze.Chat(), "Warmer homes", "Just write")
	s.ilze.Write("May I <b>begin</b> before the decision?")
	receipt := s.await(s.ilze.Chat(), "Question #1 has arrived")
	if got := fmt.Sprint(receipt.Labels()); got != "[Withdraw Not a question]" {
		s.Errorf("the receipt offers %s", got)
	}
	s.card(1, "Accept")
	announced := s.talk.Find(saying("We have started"))
	s.talk.Say(s.maris, "Nice weather.")
	asked := s.talk.Say(s.maris, "When is the next round?", telegramfake.ReplyTo(announced))
	s.card(2, "Accept")
	s.talk.Say(s.ruta, "Good question!", telegramfake.ReplyTo(asked))
	s.ask("homes", "Is there money for roofs?")
	s.card(3, "Accept")
	s.talk.Say(s.ruta, "#question May one begin earlier?")
	s.card(4, "Accept")
	s.maris.Start("")
	s.maris.Write("You are all thieves!")
	s.card(5, "Accept")
	s.desk.Say(s.edgars, "Who brings coffee?")
}

// triage accepts 1 and 2, merges 4 into 1 and declines 3 and 5.
func (s *square) triage() {
	s.Helper()
	s.press(1, s.anna, "Accept")
	s.press(2, s.anna, "Accept")
	if alert := s.press(3, s.edgars, "Accept"); !strings.Contains(alert, "Please ask a moderator") {
		s.Errorf("an expert who accepts is told %q", alert)
	}
	s.press(4, s.anna, "Merge")
	s.choose(s.anna, "#1 ")
	s.submit(s.anna, "Merge #4", "Merge")
	s.reads(4, "Merged into #1")
	for _, n := range []int{3, 5} {
		s.press(n, s.janis, "Decline")
		s.choose(s.janis, "The question contains offensive language")
		s.submit(s.janis, "Decline "+number(n), "Decline")
		s.reads(n, "Declined")
	}
	s.await(s.maris.Chat(), "offensive language")
	s.await(s.talk, "Question #2 is accepted")
}

// answerAll replies to the card; the answer arrives under both questions and on the page.
func (s *square) answerAll() {
	s.Helper()
	s.reply(1, "No,", "wait for the decision.")
	s.reads(1, "revision 1")
	s.approve(1, s.janis, "No,", "wait for the decision.", "#4")
	s.await(s.ilze.Chat(), "No,", "wait for the decision.", "Edgars Ozols")
	s.await(s.ilze.Chat(), "Question #1 is answered ↑")
	s.await(s.talk, "No,", "wait for the decision.", "Edgars Ozols")
	s.reads(1, "Published")
}

// reword: the asker of question 2 edits it in the group before it is answered.
func (s *square) reword() {
	s.Helper()
	asked := s.talk.Find(saying("When is the next round?"))
	s.maris.EditText(asked, "When is the next round of grants?")
	s.more(2, "round of grants", s.anna, "Accept the new wording")
	s.reply(2, "In spring.")
	s.reads(2, "revision 1")
	s.approve(2, s.anna, "In spring.")
	s.await(s.talk, "In spring.")
}

// withdraw: somebody takes back what they have just asked.
func (s *square) withdraw() {
	s.Helper()
	s.ruta.Start("")
	s.ruta.Write("My neighbour is Secret, may he?")
	s.await(s.ruta.Chat(), "Question #6 has arrived").Press(s.ruta, "Withdraw")
	s.submit(s.ruta, "Withdraw the question?", "Yes, withdraw it")
	s.reads(6, "Withdrawn")
	if m := s.desk.Find(telegramfake.All(telegramfake.IsCard(6), saying("Secret"))); m != nil {
		s.Errorf("the card still shows what was withdrawn: %s", m)
	}
	// The board has two edits a minute, and may go on showing it until the next one.
}

func (s *square) end() {
	s.Helper()
	board := s.board("Stop")
	if alert := board.Press(s.anna, "Stop"); !strings.Contains(alert, "Stop taking questions now?") {
		s.Errorf("the board asks %q", alert)
	}
	board.Press(s.anna, "Stop")
	receipt := "Question #6 has arrived"
	s.tg.Await(s.patient(), "the receipt to go", func() bool { return s.ruta.Chat().Find(saying(receipt)) == nil })
	s.closeHour()
}

// closeHour closes as soon as nothing is on its way any more: until then the form stays,
// says why, and is pressed again.
func (s *square) closeHour() {
	s.Helper()
	s.desk.Say(s.anna, "/hour close")
	form := s.anna.Await(s.patient(), telegramfake.All(telegramfake.Says("Warmer homes"), telegramfake.Offers("Close the hour")))
	testenv.Until(s, "the hour is closed", func() bool {
		for _, b := range slices.Concat(form.Buttons()...) {
			if b.Label == "Close the hour" {
				form.ClickData(s.anna, b.Data).Await(s.patient())
			}
		}
		return telegramfake.Says("is closed")(form)
	})
	s.await(s.channel, "The expert hour is over", "/s/homes/transcript")
}

// delivered looks at all that the public was ever shown: each thing once, and in its place.
func (s *square) delivered() {
	s.Helper()
	ilze, maris := s.ilze.Chat(), s.maris.Chat()
	s.once(ilze, "Question #1 has arrived", "wait for the decision.", "Question #1 is answered ↑")
	s.became(ilze.Find(saying("wait for the decision.")), "Question #1 has arrived", "wait for the decision.")
	s.once(s.talk, "wait for the decision.", "Question #2 is accepted", "In spring.", "Question #2 is answered ↑")
	s.became(s.talk.Find(saying("In spring.")), "Question #2 is accepted", "In spring.")
	s.once(maris, "Question #5 has arrived", "offensive language")
	s.once(s.ruta.Chat(), "Question #6 has arrived")
	s.once(s.channel, "We have started", "The expert hour is over")
	s.under(s.talk, "When is the next round of grants?", "In spring.")
	s.under(s.talk, "#question May one begin earlier?", "wait for the decision.")
	if n := len(s.talk.FromBot()); n != 3 {
		s.Errorf("the bot said %d things in the group\n%s", n, s.talk)
	}
	for _, talk := range []string{"Nice weather.", "Good question!", "Who brings coffee?"} {
		for _, e := range s.tg.Ledger() {
			if strings.Contains(e.Text, talk) {
				s.Errorf("%q is not talk any more: %+v", talk, e)
			}
		}
	}
}

// under fails unless an answer replies to a question.
func (s *square) under(c *telegramfake.Chat, question, answer string) {
	s.Helper()
	asked, answered := c.Find(saying(question)), c.Find(saying(answer))
	if asked == nil || answered == nil || answered.ReplyTo() != asked {
		s.Errorf("%q is not under %q in\n%s", answer, question, c)
	}
}
