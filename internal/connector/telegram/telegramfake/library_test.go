package telegramfake

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

func library(t *testing.T, s *Server, o ...bot.Option) *bot.Bot {
	t.Helper()
	b, err := bot.New(s.Token(), append([]bot.Option{bot.WithServerURL(s.URL()), bot.WithNotAsyncHandlers()}, o...)...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The whole way with the real client: a deep link, a card, a press, an edit.
func TestLibraryRoundTrip(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	anna := s.User(1001, "Anna")
	answered := make(chan struct{})
	b := library(t, s, bot.WithDefaultHandler(func(ctx context.Context, b *bot.Bot, u *models.Update) {
		switch {
		case u.Message != nil:
			_, err := b.SendMessage(ctx, &bot.SendMessageParams{
				ChatID: u.Message.Chat.ID, Text: "<b>#3</b> " + u.Message.Text, ParseMode: models.ParseModeHTML,
				ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
					{{Text: "Approve", CallbackData: "a"}},
				}},
			})
			if err != nil {
				t.Error(err)
			}
		case u.CallbackQuery != nil:
			m := u.CallbackQuery.Message.Message
			if _, err := b.EditMessageText(ctx, &bot.EditMessageTextParams{ChatID: m.Chat.ID, MessageID: m.ID, Text: "done"}); err != nil {
				t.Error(err)
			}
			if _, err := b.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: u.CallbackQuery.ID,
				Text: "Approved"}); err != nil {
				t.Error(err)
			}
			close(answered)
		}
	}))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); b.Start(ctx) }()
	anna.Start("hour-1")
	card := anna.Await(soon(t), IsCard(3))
	if got := card.Text(); got != "#3 /start hour-1" {
		t.Errorf("the card says %q", got)
	}
	if got := card.Press(anna, "Approve"); got != "Approved" {
		t.Errorf("the press says %q", got)
	}
	<-answered
	if card.Text() != "done" || len(card.Labels()) != 0 {
		t.Errorf("after the edit: %s", card)
	}
	stop()
	<-done
}

func TestLibraryErrors(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{Now: clock.now})
	anna := s.User(1001, "Anna")
	anna.Start("")
	old := s.Group(-5, "Old")
	b := library(t, s)
	old.Move(anna, -1005)
	_, err := b.SendMessage(t.Context(), &bot.SendMessageParams{ChatID: -5, Text: "x"})
	var moved *bot.MigrateError
	if !errors.As(err, &moved) || moved.MigrateToChatID != -1005 {
		t.Errorf("a moved group: %v", err)
	}
	for range 3 {
		if _, err := b.SendMessage(t.Context(), &bot.SendMessageParams{ChatID: 1001, Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = b.SendMessage(t.Context(), &bot.SendMessageParams{ChatID: 1001, Text: "x"})
	var busy *bot.TooManyRequestsError
	if !errors.As(err, &busy) || busy.RetryAfter != 1 {
		t.Errorf("the fourth message at once: %v", err)
	}
	anna.Block()
	clock.add(time.Minute)
	_, err = b.SendMessage(t.Context(), &bot.SendMessageParams{ChatID: 1001, Text: "x"})
	if !errors.Is(err, bot.ErrorForbidden) || !strings.Contains(err.Error(), "bot was blocked by the user") {
		t.Errorf("a blocked bot: %v", err)
	}
}
