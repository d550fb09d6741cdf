package main

import (
	"fmt"
	"strings"
	"testing"

	"experthour/internal/connector/telegram/telegramfake"
)

// TestQuestionInParts: a citizen's question in two messages, pictures and a cut text;
// an edit of one changes that one only, whatever was asked since.
func TestQuestionInParts(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", "embedded", chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
	s.openHour()
	s.ilze.Start("homes")
	first := s.ilze.Write("May I begin?")
	s.ilze.Write("Before the decision?")
	joined := s.ilze.Await(s.patient(), telegramfake.Offers("Make it a question of its own"))
	s.reads(1, "Before the decision?")
	s.maris.Start("")
	for i, text := range []string{"Is there money for roofs?", "", "And for walls?"} {
		s.maris.Write(text, telegramfake.Photo(aPicture(t, 20+i)), telegramfake.InAlbum("a"))
	}
	s.reads(2, "And for walls?")
	s.reads(2, "with 3 pictures")
	if alert := joined.Press(s.ilze, "Make it a question of its own"); !strings.Contains(alert, "#3") {
		s.Errorf("she is told %q", alert)
	}
	s.reads(3, "Before the decision?")
	s.await(s.ilze.Chat(), "Question #3 has arrived")
	s.ilze.EditText(first, "May I begin at once?")
	if card := s.reads(1, "May I begin at once?"); strings.Contains(card.Text(), "Before the decision?") {
		s.Errorf("the part is still there: %s", card)
	}
	s.ilze.Write(strings.TrimSpace(strings.Repeat("long ", 800)))
	s.ilze.Write("and the rest of it.")
	s.await(s.ilze.Chat(), "shorten")
	s.ruta.Start("")
	s.ruta.Write("Last?")
	s.reads(4, "Last?") // not the rest of what was too long
	if n := len(s.maris.Chat().FromBot()); n != 2 || s.times(s.maris.Chat(), "What you sent with them") != 0 {
		s.Errorf("after /start and one question with pictures the bot has said %d things\n%s", n, s.maris.Chat())
	}
}

// TestPicturesInTelegram: what comes with a question in private, beside it, or in a group is for staff;
// what is no picture is told in the receipt, and a fault of the platform loses no words.
func TestPicturesInTelegram(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", "embedded", chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
	s.openHour()
	s.maris.Start("")
	s.tg.Fault("getFile", 1, telegramfake.DropBefore)
	s.maris.Write("What is this on my roof?")
	s.maris.Write("", telegramfake.Document("roof.png", "image/png", aPicture(t, 30)))
	s.await(s.maris.Chat(), "it goes with that")
	s.reads(1, "What is this on my roof?")
	s.reads(1, "with a picture")
	s.maris.Write("", telegramfake.Document("script.png", "image/png", []byte("<svg onload=alert(1)>")))
	s.await(s.maris.Chat(), "Question #1 has arrived", "it is no picture that can be read")
	s.talk.Say(s.ilze, "/ask And this one?", telegramfake.Photo(aPicture(t, 31)))
	s.reads(2, "with a picture")
}
