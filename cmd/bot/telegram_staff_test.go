package main

import (
	"fmt"
	"strings"
	"testing"

	"experthour/internal/connector/telegram/telegramfake"
)

// TestStaffWordsStayInside: with one bot for the desk and the public, what staff write
// in private goes into the form before them, or they are asked; it is never a question
// of a citizen by itself.
func TestStaffWordsStayInside(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", realRedis(t), chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
	s.openHour()
	s.ask("homes", "Is there money for roofs?")
	s.press(1, s.anna, "Accept")
	s.reply(1, "Yes.")
	s.reads(1, "revision 1")
	s.approve(1, s.janis, "Yes.")
	s.reads(1, "Published")
	s.correctAtOnce()
	s.internal()
	s.edgars.Write("May I ask too?") // as a citizen, in earnest
	s.askedBack(s.edgars, "May I ask too?").Press(s.edgars, "As a citizen’s question")
	s.card(2, "Accept")
}

// correctAtOnce types a correction into its form, which had the text filled in.
func (s *square) correctAtOnce() {
	s.Helper()
	s.more(1, "Published", s.edgars, "Correct")
	s.await(s.edgars.Chat(), "Correct #1", "Yes.")
	said := s.edgars.Write("Yes, until spring.")
	s.await(s.edgars.Chat(), "Correct #1", "Yes, until spring.")
	s.edgars.Write("Apply soon.")
	s.edgars.EditText(said, "Yes, until summer.")
	s.submit(s.edgars, "Yes, until summer.\n\nApply soon.", "Submit the correction")
	s.reads(1, "revision 2")
}

// internal writes to nobody: before and after a restart, and behind a command.
func (s *square) internal() {
	s.Helper()
	s.anna.Write("/home")
	s.anna.Write("Internal: the lawyer says this is wrong")
	asked := s.askedBack(s.anna, "the lawyer says this is wrong")
	s.anna.Write("/ask Did the lawyer see it?")
	s.askedBack(s.anna, "Did the lawyer see it?")
	s.run.stop()
	s.begin()
	if alert := asked.Press(s.anna, "For nothing"); !strings.Contains(alert, "Nothing") {
		s.Errorf("she is told %q", alert)
	}
	if m := s.desk.Find(saying("lawyer")); m != nil {
		s.Errorf("the desk shows %s", m)
	}
}

// askedBack waits for the bot to ask somebody what a text is for.
func (s *square) askedBack(who *telegramfake.User, text string) *telegramfake.Message {
	s.Helper()
	return who.Await(s.patient(), telegramfake.All(saying(text), telegramfake.Offers("For nothing")))
}
