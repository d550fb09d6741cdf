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
	for _, text := range []string{"Is there money for roofs?", "", "And for walls?"} {
		s.maris.Write(text, telegramfake.With("photo"), telegramfake.InAlbum("a"))
	}
	s.reads(2, "And for walls?")
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
	if n := len(s.maris.Chat().FromBot()); n != 3 || s.times(s.maris.Chat(), "What you sent with them") != 1 {
		s.Errorf("after /start and one question with pictures the bot has said %d things\n%s", n, s.maris.Chat())
	}
}
