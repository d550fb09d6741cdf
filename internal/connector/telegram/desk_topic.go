package telegram

import (
	"context"
	"errors"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.PlaceMaker = (*Telegram)(nil)

const (
	// topicFor is how long it is remembered which topic a session has.
	topicFor = 7 * 24 * time.Hour
	// longestTopic is Telegram's longest name of a topic, in characters.
	longestTopic = 128
)

// MakePlace opens a topic for a session where the desk's chat is a forum. Without
// topics, or without the right to open one, it gives the chat itself.
func (t *Telegram) MakePlace(ctx context.Context, s session.Session) (session.PlaceID, error) {
	key := memoryTopic + string(s.ID)
	known, ok, err := t.opts.Memory.Recall(ctx, key)
	if err != nil {
		return "", notSent(err)
	}
	if ok {
		return session.PlaceID(known), nil
	}
	chat, err := t.chat(ctx, t.deskChat)
	if err != nil {
		return "", err
	}
	at := place{chat: t.deskChat}
	if !chat.IsForum {
		return at.id(), nil
	}
	if at.thread, err = t.openTopic(ctx, s.Title); err != nil {
		if connector.OutcomeOf(err).Outcome == connector.Refused || errors.Is(err, errNoRight) {
			return place{chat: t.deskChat}.id(), nil // a trouble says so
		}
		return "", err
	}
	if err := t.opts.Memory.Keep(ctx, key, []byte(at.id()), topicFor); err != nil {
		t.log.Warn("telegram: a session's topic was not kept", "session", string(s.ID), "error", err)
	}
	return at.id(), nil
}

// errNoRight marks a refusal that lasts until somebody gives the bot a right.
var errNoRight = errors.New("no right to do that")

func (t *Telegram) openTopic(ctx context.Context, title string) (thread int, err error) {
	name := session.Shorten(oneLine(clean(title)), longestTopic)
	if name == "" {
		name = ellipsis
	}
	chat := t.moves.now(ctx, t.deskChat)
	var topic *models.ForumTopic
	err = t.request(ctx, "createForumTopic", place{chat: chat}, func(ctx context.Context) (err error) {
		topic, err = t.api.CreateForumTopic(ctx, &bot.CreateForumTopicParams{ChatID: chat, Name: name})
		switch {
		case says(err, "not enough rights"):
			return errors.Join(errNoRight, err)
		case err == nil && (topic == nil || topic.MessageThreadID == 0):
			return errEmpty
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return topic.MessageThreadID, nil
}

// chat looks a chat up, in the group's place today.
func (t *Telegram) chat(ctx context.Context, id int64) (*models.ChatFullInfo, error) {
	id = t.moves.now(ctx, id)
	var chat *models.ChatFullInfo
	err := t.request(ctx, "getChat", place{chat: id}, func(ctx context.Context) (err error) {
		chat, err = t.api.GetChat(ctx, &bot.GetChatParams{ChatID: id})
		return err
	})
	return chat, err
}
