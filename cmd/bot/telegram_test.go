package main

import (
	"strings"
	"testing"

	"experthour/internal/connector/telegram/telegramfake"
)

// TestHourInTelegram is a whole hour with the desk in a group and the public in private,
// under a post of the channel and on the page, all with one bot.
func TestHourInTelegram(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"polling", "webhook"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			s := openSquare(t, mode, "embedded", chatPublic+"[desk]\nkind = \"telegram\"\nsettle = \"1s\"\n", telegramfake.Options{})
			s.openHour()
			s.askEverywhere()
			s.triage()
			s.answer()
			s.reword()
			s.withdraw()
			s.end()
			s.healthy()
		})
	}
}

func (s *square) openHour() {
	s.Helper()
	s.at.schedule("homes")
	s.await(s.channel, "Warmer homes", "We have started")
	s.await(s.desk, "Warmer homes", "Open")
}

// askEverywhere asks in private (1), under the announcement (2), on the page (3) and in
// private again (4).
func (s *square) askEverywhere() {
	s.Helper()
	s.citizen.Start("homes")
	mine := s.citizen.Chat()
	s.await(mine, "Warmer homes", "Just write")
	s.citizen.Write("May I <b>begin</b> before the decision?")
	receipt := s.await(mine, "Question #1 has arrived")
	if len(receipt.Labels()) != 2 {
		s.Errorf("the receipt offers %q", receipt.Labels())
	}
	s.card(1, "Accept")
	copied := s.talk.Find(func(m *telegramfake.Message) bool { return strings.Contains(m.Text(), "We have started") })
	s.talk.Say(s.second, "Nice weather.")
	s.talk.Say(s.second, "When is the next round?", telegramfake.ReplyTo(copied))
	s.card(2, "Accept")
	s.ask("homes", "May I begin before the decision?")
	s.card(3, "Accept")
	s.second.Start("")
	s.second.Write("You are all thieves!")
	s.card(4, "Accept")
}

// triage accepts 1 and 2, merges 3 into 1 and declines 4.
func (s *square) triage() {
	s.Helper()
	s.card(1, "Accept").Press(s.anna, "Accept")
	s.card(2, "Accept").Press(s.anna, "Accept")
	if alert := s.card(3, "Accept").Press(s.edgars, "Accept"); !strings.Contains(alert, "expert") {
		s.Errorf("an expert who accepts is told %q", alert)
	}
	s.card(3, "Merge").Press(s.anna, "Merge")
	private := s.anna.Chat()
	s.offered(private, "#1").Press(s.anna, s.label(private, "#1"))
	s.finish(private, s.anna, "Merge")
	s.reads(3, "Merged into #1")
	s.card(4, "Decline").Press(s.anna, "Decline")
	s.offered(private, "offensive").Press(s.anna, s.label(private, "offensive"))
	s.finish(private, s.anna, "Decline")
	s.reads(4, "Declined")
	s.await(s.second.Chat(), "offensive language")
	s.await(s.talk, "Question #2 is accepted")
}

// offered waits for a message with a button whose label has that in it.
func (s *square) offered(c *telegramfake.Chat, part string) *telegramfake.Message {
	s.Helper()
	m := c.Await(s.patient(), func(m *telegramfake.Message) bool { return labelOf(m, part) != "" })
	if m == nil {
		s.Fatalf("nobody offers %q in\n%s", part, c)
	}
	return m
}

func (s *square) label(c *telegramfake.Chat, part string) string {
	s.Helper()
	return labelOf(s.offered(c, part), part)
}

func labelOf(m *telegramfake.Message, part string) string {
	for _, l := range m.Labels() {
		if strings.Contains(l, part) {
			return l
		}
	}
	return ""
}

// finish presses the button that submits a form, if it waits for one.
func (s *square) finish(c *telegramfake.Chat, who *telegramfake.User, label string) {
	s.Helper()
	for range 5 {
		m := c.Await(s.patient(), func(m *telegramfake.Message) bool { return labelOf(m, label) != "" || labelOf(m, "Leave empty") != "" })
		if m == nil {
			s.Fatalf("nobody offers %q in\n%s", label, c)
		}
		if l := labelOf(m, label); l != "" {
			m.Press(who, l)
			return
		}
		m.Press(who, labelOf(m, "Leave empty"))
	}
}

// answer is a reply to the card; the answer arrives under both questions and on the page.
func (s *square) answer() {
	s.Helper()
	card := s.card(1, "Claim")
	s.desk.Say(s.edgars, "No,", telegramfake.ReplyTo(card))
	s.desk.Say(s.edgars, "wait for the decision.", telegramfake.ReplyTo(card))
	s.reads(1, "revision 1")
	s.card(1, "Approve").Press(s.janis, "Approve")
	private := s.janis.Chat()
	preview := s.offered(private, "Approve")
	preview.Press(s.janis, labelOf(preview, "Approve"))
	mine := s.citizen.Chat()
	s.await(mine, "No,", "wait for the decision.", "Edgars Ozols")
	s.await(mine, "Question #1 is answered ↑")
	if n := len(mine.Messages()); mine.Find(func(m *telegramfake.Message) bool { return strings.Contains(m.Text(), "Question #1 has arrived") }) != nil {
		s.Errorf("the receipt still stands among %d messages", n)
	}
	s.reads(1, "Published")
}

// reword: the asker of question 2 edits it in the group before it is answered.
func (s *square) reword() {
	s.Helper()
	asked := s.talk.Find(func(m *telegramfake.Message) bool { return m.Text() == "When is the next round?" })
	s.second.EditText(asked, "When is the next round of grants?")
	s.reads(2, "round of grants")
	s.card(2, "Accept the new wording").Press(s.anna, "Accept the new wording")
	s.desk.Say(s.edgars, "In spring.", telegramfake.ReplyTo(s.card(2, "Claim")))
	s.reads(2, "revision 1")
	s.card(2, "Approve").Press(s.anna, "Approve")
	preview := s.offered(s.anna.Chat(), "Approve")
	preview.Press(s.anna, labelOf(preview, "Approve"))
	s.await(s.talk, "In spring.")
}

// withdraw: the first asker takes the question back, and its answer goes.
func (s *square) withdraw() {
	s.Helper()
	s.citizen.Write("My neighbour is Secret, may he?")
	mine := s.citizen.Chat()
	s.await(mine, "Question #5 has arrived").Press(s.citizen, "Withdraw")
	sure := s.offered(mine, "Yes, withdraw it")
	sure.Press(s.citizen, "Yes, withdraw it")
	s.reads(5, "Withdrawn")
	if m := s.desk.Find(func(m *telegramfake.Message) bool { return strings.Contains(m.Text(), "Secret") }); m != nil {
		s.Error("the desk still shows what was withdrawn")
	}
}

func (s *square) end() {
	s.Helper()
	s.board("Stop").Press(s.anna, "Stop")
	s.board("Stop").Press(s.anna, "Stop") // pressed once more, to confirm
	s.board("Close").Press(s.anna, "Close")
	private := s.anna.Chat()
	s.finish(private, s.anna, "Close")
	s.await(s.channel, "The expert hour is over", "/s/homes/transcript")
}

// board waits for the board to offer something.
func (s *square) board(button string) *telegramfake.Message {
	s.Helper()
	m := s.desk.Await(s.patient(), func(m *telegramfake.Message) bool { return m.Pinned() && telegramfake.Offers(button)(m) })
	if m == nil {
		s.Fatalf("no board with %q in\n%s", button, s.desk)
	}
	return m
}
