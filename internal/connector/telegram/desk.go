package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-telegram/bot"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Desk = (*Telegram)(nil)

// drawn is what is remembered of a card: its buttons, for those who press "⋯" or one
// that has to be confirmed, and the card that a copy in private shows.
type drawn struct {
	Buttons []connector.Button `json:"b,omitempty"`
	More    []connector.Button `json:"m,omitempty"`
	Of      session.MessageID  `json:"o,omitempty"`
}

// drawnFor is how long the rest of a card's buttons can be reached after it was drawn.
const drawnFor = 7 * 24 * time.Hour

// PostCard posts a card, and pins the board, without a sound: whom it concerns is called.
func (t *Telegram) PostCard(ctx context.Context, c connector.Card) (session.MessageID, error) {
	at, ok := parsePlace(c.Place)
	if !ok {
		return "", wrongPlace(c.Place)
	}
	d := drawn{Buttons: c.Buttons, More: c.More}
	s, err := t.send(ctx, at, message{html: t.paint.card(c), keyboard: t.paint.cardKeyboard(d), silent: true})
	if err != nil {
		return "", err
	}
	t.remember(ctx, s, d)
	if c.Number == 0 {
		t.pin(ctx, s)
	}
	return s.id(), nil
}

// UpdateCard redraws a card. What was remembered before is replaced before people see
// the new buttons. One on a list is taken off it.
func (t *Telegram) UpdateCard(ctx context.Context, at session.MessageID, c connector.Card) error {
	if ctx.Err() != nil {
		return notSent(ctx.Err())
	}
	if m, ok := parseMember(at); ok {
		return t.takeOff(ctx, m)
	}
	s, ok := parseMessageID(at)
	if !ok {
		return wrongMessage(at)
	}
	d := drawn{Buttons: c.Buttons, More: c.More}
	t.remember(ctx, s, d)
	return t.edit(ctx, s, message{html: t.paint.card(c), keyboard: t.paint.cardKeyboard(d)})
}

// notSent says of an error from before a call that nothing was called.
func notSent(err error) error {
	return &connector.SendError{Outcome: connector.Deferred, Wait: waitNet, Detail: "not sent", Cause: err}
}

func wrongPlace(id session.PlaceID) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: "no place in Telegram", Cause: fmt.Errorf("place %q", id)}
}

// wrongMessage is a message of which nothing can be there: with another desk's id.
func wrongMessage(id session.MessageID) error {
	return fmt.Errorf("%w: message %q", connector.ErrGone, id)
}

// remember keeps the buttons of a card that has some which are not all in its data.
func (t *Telegram) remember(ctx context.Context, at messageID, d drawn) {
	if !d.needed() {
		return
	}
	raw, err := json.Marshal(d)
	if err == nil {
		err = t.opts.Memory.Keep(ctx, memoryCard+string(at.id()), raw, drawnFor)
	}
	if err != nil {
		t.log.Warn("telegram: the rest of a card's buttons was not kept", "message", string(at.id()), "error", err)
	}
}

func (d drawn) needed() bool {
	if len(d.More) > 0 || d.Of != "" {
		return true
	}
	for _, b := range d.Buttons {
		if b.Confirm != "" {
			return true
		}
	}
	return false
}

// recall gives the buttons of a card as they were drawn last.
func (t *Telegram) recall(ctx context.Context, at messageID) (d drawn, ok bool) {
	raw, ok, err := t.opts.Memory.Recall(ctx, memoryCard+string(at.id()))
	if err != nil || !ok || json.Unmarshal(raw, &d) != nil {
		return drawn{}, false
	}
	return d, true
}

// pin keeps the board in sight. Without the right to pin, the desk works all the same.
func (t *Telegram) pin(ctx context.Context, at messageID) {
	if err := t.setPin(ctx, at, true); err != nil {
		t.log.Info("telegram: the board is not pinned", "error", err)
	}
}

// setPin pins a message without a notification, or lets it go.
func (t *Telegram) setPin(ctx context.Context, at messageID, pinned bool) error {
	if !pinned {
		return t.request(ctx, "unpinChatMessage", place{chat: at.chat}, func(ctx context.Context) error {
			_, err := t.api.UnpinChatMessage(ctx, &bot.UnpinChatMessageParams{ChatID: at.chat, MessageID: at.message})
			return err
		})
	}
	return t.request(ctx, "pinChatMessage", place{chat: at.chat}, func(ctx context.Context) error {
		_, err := t.api.PinChatMessage(ctx, &bot.PinChatMessageParams{ChatID: at.chat, MessageID: at.message, DisableNotification: true})
		return err
	})
}
