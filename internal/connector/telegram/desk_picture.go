package telegram

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Shower = (*Telegram)(nil)

// longestCaption is the longest text of a picture in units of UTF-16.
const longestCaption = 1024

// Show sends pictures to somebody in private, each with its words: those that are too long for a
// caption stand below it. They come before the form that is drawn next.
func (t *Telegram) Show(ctx context.Context, to session.UserRef, ps []connector.Shown) error {
	user, err := strconv.ParseInt(string(to), 10, 64)
	if err != nil {
		return fmt.Errorf("account %q: %w", to, err)
	}
	at := place{chat: user}
	for _, p := range ps {
		below := ""
		if units(p.Words) > longestCaption {
			p.Words, below = "", p.Words
		}
		if _, err := t.sendPhoto(ctx, at, p, 0); err != nil {
			t.lost(ctx, user, err)
			return err
		}
		if below != "" {
			if _, err := t.send(ctx, at, message{html: t.paint.say(below)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// sendPhoto posts a picture once. Its words are its caption as they are.
func (t *Telegram) sendPhoto(ctx context.Context, at place, p connector.Shown, replyTo int) (messageID, error) {
	params := &bot.SendPhotoParams{ChatID: at.chat, MessageThreadID: at.thread, Caption: p.Words,
		Photo: &models.InputFileUpload{Filename: "picture", Data: bytes.NewReader(p.Bytes)}}
	if replyTo != 0 {
		params.ReplyParameters = &models.ReplyParameters{MessageID: replyTo}
	}
	var sent *models.Message
	err := t.request(ctx, "sendPhoto", at, func(ctx context.Context) (err error) {
		sent, err = t.api.SendPhoto(ctx, params)
		if err == nil && (sent == nil || sent.ID == 0) {
			return errEmpty
		}
		return err
	})
	if err != nil {
		return messageID{}, err
	}
	return messageID{at.chat, sent.ID}, nil
}
