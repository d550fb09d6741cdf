package telegram

import (
	"context"
	"strconv"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Caller = (*Telegram)(nil)

// calledFor is how long a reply to a call counts as one to the card.
const calledFor = 7 * 24 * time.Hour

// PostCall answers a card, or the list that it is on, with a message that mentions people. A bot cannot read what
// stands in a chat, so there is no connector.CallFinder.
func (t *Telegram) PostCall(ctx context.Context, at session.MessageID, c connector.Card) (session.MessageID, error) {
	if c.Call == nil {
		return "", nil
	}
	card, ok := whereStands(at)
	where, fine := parsePlace(c.Place)
	if !ok || !fine {
		return "", wrongMessage(at)
	}
	if t.moves.now(ctx, where.chat) != card.chat {
		return "", wrongMessage(at) // it stayed in the group that became a supergroup
	}
	s, err := t.send(ctx, where, message{html: t.paint.call(*c.Call, t.called(ctx, card.chat, c.Call.To)), replyTo: card.message})
	if err != nil {
		return "", err
	}
	if err := t.opts.Memory.Keep(ctx, memoryCall+string(s.id()), []byte(at), calledFor); err != nil {
		t.log.Warn("telegram: replies to a call will not be taken for replies to its card", "message", string(s.id()), "error", err)
	}
	return s.id(), nil
}

// TakeCall deletes a call. Where Telegram does not delete it any more, other words stand in its place.
func (t *Telegram) TakeCall(ctx context.Context, call session.MessageID, _ connector.Card) error {
	s, ok := parseMessageID(call)
	if !ok {
		return wrongMessage(call)
	}
	if err := t.opts.Memory.Forget(ctx, memoryCall+string(call)); err != nil {
		return err
	}
	err := t.takeAway(ctx, s, t.words.Text("telegram.message_removed"))
	if isGone(err) {
		return nil
	}
	return err
}

// under is the card that a message stands under: itself, or the card of a call.
func (t *Telegram) under(ctx context.Context, at messageID) (session.MessageID, error) {
	card, ok, err := t.opts.Memory.Recall(ctx, memoryCall+string(at.id()))
	if err != nil || !ok {
		return at.id(), err
	}
	return session.MessageID(card), nil
}

// called are the people of a call who have an account here, by the names that Telegram
// shows.
func (t *Telegram) called(ctx context.Context, chat int64, to []session.UserRef) []person {
	var people []person
	for _, u := range to {
		if id, err := strconv.ParseInt(string(u), 10, 64); err == nil && id > 0 {
			people = append(people, person{id, cut(oneLine(clean(t.nameOf(ctx, chat, id))), longLabel)})
		}
	}
	return people
}

// unnamed stands for somebody whose name cannot be found out.
const unnamed = "👤"

func (t *Telegram) nameOf(ctx context.Context, chat, user int64) string {
	t.mu.Lock()
	name := t.names[user]
	t.mu.Unlock()
	if name != "" {
		return name
	}
	m, err := t.member(ctx, chat, user)
	if err != nil || memberUser(m) == nil || memberUser(m).FirstName == "" {
		return unnamed
	}
	return t.userOf(memberUser(m)).Name
}

func (t *Telegram) member(ctx context.Context, chat, user int64) (m *models.ChatMember, err error) {
	err = t.request(ctx, "getChatMember", place{}, func(ctx context.Context) (err error) {
		m, err = t.api.GetChatMember(ctx, &bot.GetChatMemberParams{ChatID: chat, UserID: user})
		return err
	})
	return m, err
}

// memberUser is who a member is, or was.
func memberUser(m *models.ChatMember) *models.User {
	switch {
	case m.Owner != nil:
		return m.Owner.User
	case m.Administrator != nil:
		return &m.Administrator.User
	case m.Member != nil:
		return m.Member.User
	case m.Restricted != nil:
		return m.Restricted.User
	case m.Left != nil:
		return m.Left.User
	case m.Banned != nil:
		return m.Banned.User
	}
	return nil
}
