package telegram

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

// store puts updates into the mailbox before Telegram is told that they arrived. Nothing
// of them is decoded but what the mailbox needs: what cannot be read is buried by whoever
// takes it, and stops no other. next confirms all of them.
func (t *Telegram) store(ctx context.Context, put receive.Put, updates ...json.RawMessage) (next int64, err error) {
	var letters []connector.Event
	for _, raw := range updates {
		h := readHead(raw)
		if err := t.learnHead(ctx, h); err != nil {
			return 0, fmt.Errorf("keep that a group moved: %w", err)
		}
		letters = append(letters, t.letter(h, raw))
		next = max(next, h.ID+1)
	}
	if _, err := put(ctx, letters...); err != nil {
		return 0, fmt.Errorf("put %d updates: %w", len(letters), err)
	}
	return next, nil
}

// Handle does what a letter says. What was wrong with it is not in the error: that
// would quote it.
func (t *Telegram) Handle(ctx context.Context, raw []byte) error {
	u := new(models.Update)
	if err := json.Unmarshal(raw, u); err != nil || u.ID == 0 {
		return fmt.Errorf("update: %w", receive.ErrUndecodable)
	}
	return t.dispatch(ctx, u)
}

// head is what the mailbox needs to know of an update. What is missing in it, or not as
// it should be, is zero.
type head struct {
	ID       int64 `json:"update_id"`
	Message  part  `json:"message"`
	Edited   part  `json:"edited_message"`
	Press    part  `json:"callback_query"`
	Reaction part  `json:"message_reaction"`
	Standing part  `json:"my_chat_member"`
}

// part is a message, a press, a reaction, or what became of a member.
type part struct {
	Chat    numbered `json:"chat"`
	From    numbered `json:"from"`
	User    numbered `json:"user"` // who reacted
	Number  int      `json:"message_id"`
	Message struct { // with the button
		Chat numbered `json:"chat"`
	} `json:"message"`
	MovedTo   int64 `json:"migrate_to_chat_id"`
	MovedFrom int64 `json:"migrate_from_chat_id"`
}

type numbered struct {
	ID int64 `json:"id"`
}

func readHead(raw []byte) (h head) {
	_ = json.Unmarshal(raw, &h) // what can be read is read
	return h
}

// learnHead keeps that a group moved before anything from the new one is handled.
func (t *Telegram) learnHead(ctx context.Context, h head) error {
	m := h.Message
	if m.MovedTo != 0 {
		return t.moves.learn(ctx, m.Chat.ID, m.MovedTo)
	}
	return t.moves.learn(ctx, m.MovedFrom, m.Chat.ID)
}

// letter is an update as the mailbox keeps it. A like is a sender of its own: it may come
// before its question, and then comes again without holding up who gave it.
func (t *Telegram) letter(h head, raw []byte) connector.Event {
	e := connector.Event{Key: receive.RawKey(raw), Line: connector.PublicLine, Raw: raw[:min(len(raw), connector.LongestLetter)]}
	if h.ID > 0 {
		e.Key = updateKey(h.ID)
	}
	if r := h.Reaction; r.Number != 0 {
		e.From = string(messageID{r.Chat.ID, r.Number}.id()) + " " + userKey(r.User.ID)
		return e
	}
	if h.Press.From.ID != 0 {
		e.From, e.Line = t.sender(h.Press.From.ID, h.Press.Message.Chat.ID, true)
		return e
	}
	for _, p := range []part{h.Message, h.Edited, h.Standing} {
		if p.From.ID != 0 {
			e.From, e.Line = t.sender(p.From.ID, p.Chat.ID, isPrivate(p.Chat.ID))
		}
	}
	return e
}

// sender names somebody in a chat. What they write to the bot, press, and write at the desk
// is one conversation with one sender, whose order a form relies on. In another group they
// are another one, so that nobody's talk there holds up their work here.
func (t *Telegram) sender(user, chat int64, private bool) (string, connector.MailLine) {
	atDesk := chat != 0 && (chat == t.deskChat || chat == t.moves.last(t.deskChat))
	switch {
	case t.deskChat != 0 && (atDesk || private && t.isStaff(user)):
		return userKey(user), connector.StaffLine
	case private:
		return userKey(user), connector.PublicLine
	}
	return string(place{chat: chat}.id()) + " " + userKey(user), connector.PublicLine
}
