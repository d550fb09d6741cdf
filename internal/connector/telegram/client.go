package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/backoff"
	"experthour/internal/connector"
)

// message is what can be sent, and put in place of what was sent: HTML whose every
// word of others went through html.go. That of a picture has room for longestCaption.
type message struct {
	html     string
	picture  []byte // JPEG or PNG; nil is none
	keyboard [][]models.InlineKeyboardButton
	silent   bool
	replyTo  int // a message at the same place
	// anyway sends it as no reply when the message to reply to is gone.
	anyway bool
}

func (m message) markup() models.ReplyMarkup {
	if len(m.keyboard) == 0 {
		return nil
	}
	return &models.InlineKeyboardMarkup{InlineKeyboard: m.keyboard}
}

var noPreview = &models.LinkPreviewOptions{IsDisabled: bot.True()}

// request makes one call, classifies how it ended and keeps the list of troubles. It
// never repeats anything.
func (t *Telegram) request(ctx context.Context, method string, at place, do func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return notSent(err)
	}
	if wait := t.pacer.wait(method, at, time.Now(), t.waits.pace); wait > 0 && !backoff.Pause(ctx, wait) {
		return notSent(ctx.Err())
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	err := do(ctx)
	if err == nil {
		t.troubles.Over(aboutToken, aboutNet, method)
		return nil
	}
	return fmt.Errorf("%s: %w", method, t.classify(method, at, err))
}

// errEmpty is a success that says nothing.
var errEmpty = errors.New("an answer without a message")

// send posts once, and once more where the group has become a supergroup: the first
// was refused then.
func (t *Telegram) send(ctx context.Context, at place, m message) (messageID, error) {
	at.chat = t.moves.now(ctx, at.chat)
	s, err := t.sendTo(ctx, at, m)
	if to, moved := t.learnMove(ctx, at.chat, err); moved {
		at.chat, m.replyTo = to, 0 // that number is another message's there
		s, err = t.sendTo(ctx, at, m)
	}
	if err == nil {
		t.troubles.Over(aboutChat(at.chat), aboutTopic(at))
	}
	return s, err
}

func (t *Telegram) sendTo(ctx context.Context, at place, m message) (messageID, error) {
	method, post := "sendMessage", t.sendText
	if m.picture != nil {
		method, post = "sendPhoto", t.sendPhoto
	}
	var reply *models.ReplyParameters
	if m.replyTo != 0 {
		reply = &models.ReplyParameters{MessageID: m.replyTo, AllowSendingWithoutReply: m.anyway}
	}
	var sent *models.Message
	err := t.request(ctx, method, at, func(ctx context.Context) (err error) {
		sent, err = post(ctx, at, m, reply)
		if err == nil && (sent == nil || sent.ID == 0) {
			return errEmpty
		}
		return err
	})
	if err != nil { // the library's message is not nil then, and empty
		return messageID{}, err
	}
	return messageID{at.chat, sent.ID}, nil
}

func (t *Telegram) sendText(ctx context.Context, at place, m message, reply *models.ReplyParameters) (*models.Message, error) {
	return t.api.SendMessage(ctx, &bot.SendMessageParams{ChatID: at.chat, MessageThreadID: at.thread, Text: m.html,
		ParseMode: models.ParseModeHTML, LinkPreviewOptions: noPreview, DisableNotification: m.silent, ReplyMarkup: m.markup(),
		ReplyParameters: reply})
}

func (t *Telegram) sendPhoto(ctx context.Context, at place, m message, reply *models.ReplyParameters) (*models.Message, error) {
	return t.api.SendPhoto(ctx, &bot.SendPhotoParams{ChatID: at.chat, MessageThreadID: at.thread, Caption: m.html,
		ParseMode: models.ParseModeHTML, DisableNotification: m.silent, ReplyMarkup: m.markup(), ReplyParameters: reply,
		Photo: &models.InputFileUpload{Filename: pictureName, Data: bytes.NewReader(m.picture)}})
}

// pictureName is what a file is called that is handed over.
const pictureName = "picture"

// learnMove reports that an error says where a group went.
func (t *Telegram) learnMove(ctx context.Context, from int64, err error) (to int64, moved bool) {
	e, ok := errors.AsType[*bot.MigrateError](err)
	if !ok {
		return 0, false
	}
	to = int64(e.MigrateToChatID)
	if err := t.moves.learn(ctx, from, to); err != nil {
		t.log.Warn("telegram: a move of a group was not kept and will be learnt again", "error", err)
	}
	return to, true
}

// edit replaces a message, keyboard and all. Unchanged is a success. What stands in a
// group that became a supergroup stays behind there: it is gone. A picture may come in place
// of a text or of another picture, and stays then
// (https://core.telegram.org/bots/api#editmessagemedia).
func (t *Telegram) edit(ctx context.Context, at messageID, m message) error {
	if m.picture != nil {
		return t.editing(ctx, "editMessageMedia", at, func(ctx context.Context) error {
			_, err := t.api.EditMessageMedia(ctx, &bot.EditMessageMediaParams{ChatID: at.chat, MessageID: at.message, ReplyMarkup: m.markup(),
				Media: &models.InputMediaPhoto{Media: "attach://" + pictureName, MediaAttachment: bytes.NewReader(m.picture),
					Caption: m.html, ParseMode: models.ParseModeHTML}})
			return err
		})
	}
	p := &bot.EditMessageTextParams{ChatID: at.chat, MessageID: at.message, Text: m.html, ParseMode: models.ParseModeHTML,
		LinkPreviewOptions: noPreview, ReplyMarkup: m.markup()}
	return t.editing(ctx, "editMessageText", at, func(ctx context.Context) error {
		_, err := t.api.EditMessageText(ctx, p)
		return err
	})
}

// editKeyboard replaces the keyboard only.
func (t *Telegram) editKeyboard(ctx context.Context, at messageID, keyboard [][]models.InlineKeyboardButton) error {
	p := &bot.EditMessageReplyMarkupParams{ChatID: at.chat, MessageID: at.message, ReplyMarkup: message{keyboard: keyboard}.markup()}
	return t.editing(ctx, "editMessageReplyMarkup", at, func(ctx context.Context) error {
		_, err := t.api.EditMessageReplyMarkup(ctx, p)
		return err
	})
}

func (t *Telegram) editing(ctx context.Context, method string, at messageID, do func(context.Context) error) error {
	err := t.request(ctx, method, place{chat: at.chat}, func(ctx context.Context) error {
		err := do(ctx)
		if says(err, "message is not modified") {
			return nil
		}
		return err
	})
	if _, moved := t.learnMove(ctx, at.chat, err); moved {
		return fmt.Errorf("%w: it stayed in the group that became a supergroup", connector.ErrGone)
	}
	if err == nil {
		t.troubles.Over(aboutChat(at.chat))
	}
	return err
}

// remove takes messages of the bot away. What is not there is a success, and what is
// too old for it stays.
func (t *Telegram) remove(ctx context.Context, chat int64, messages ...int) {
	if len(messages) == 0 {
		return
	}
	err := t.request(ctx, "deleteMessages", place{chat: chat}, func(ctx context.Context) error {
		_, err := t.api.DeleteMessages(ctx, &bot.DeleteMessagesParams{ChatID: chat, MessageIDs: messages})
		return err
	})
	if err != nil {
		t.log.Info("telegram: old messages stay", "count", len(messages), "error", err)
	}
}

// longestNotice is the room that the answer to a press has.
const longestNotice = 200

// answer ends the spinner of a button. A text is shown in a box; an address is opened.
// What the press came to is stored by then, so nobody waits for Telegram here.
func (t *Telegram) answer(ctx context.Context, query, text, address string) {
	p := &bot.AnswerCallbackQueryParams{CallbackQueryID: query, Text: cut(text, longestNotice), ShowAlert: text != "", URL: address}
	t.runner.After(ctx, "press "+query, func(ctx context.Context) {
		err := t.request(ctx, "answerCallbackQuery", place{}, func(ctx context.Context) error {
			_, err := t.api.AnswerCallbackQuery(ctx, p)
			if says(err, "query is too old") {
				return nil
			}
			return err
		})
		if err != nil {
			t.log.Warn("telegram: a press was not answered", "error", err)
		}
	})
}

// username is the bot's name without @.
func (t *Telegram) username(ctx context.Context) (string, error) {
	t.mu.Lock()
	name := t.name
	t.mu.Unlock()
	if name != "" {
		return name, nil
	}
	var me *models.User
	err := t.request(ctx, "getMe", place{}, func(ctx context.Context) (err error) {
		me, err = t.api.GetMe(ctx)
		return err
	})
	if err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.name = me.Username
	return t.name, nil
}

// botAddress opens the bot in private, with Start to press.
func (t *Telegram) botAddress(ctx context.Context) string {
	name, err := t.username(ctx)
	if err != nil || name == "" {
		return ""
	}
	return "https://t.me/" + name + "?start=desk"
}

func isGone(err error) bool { return errors.Is(err, connector.ErrGone) }
