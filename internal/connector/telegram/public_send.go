package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"image"
	"image/png"

	"github.com/go-telegram/bot"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

var (
	_ connector.Replier   = (*Public)(nil)
	_ connector.Editor    = (*Public)(nil)
	_ connector.Retractor = (*Public)(nil)
)

// Reply posts under the original, or where it stood if it is gone.
func (p *Public) Reply(ctx context.Context, post connector.Post) (connector.Sent, error) {
	s, err := p.post(ctx, post)
	if err != nil {
		return connector.Sent{}, publicError(err)
	}
	return p.sent(ctx, s), nil
}

func (p *Public) post(ctx context.Context, post connector.Post) (messageID, error) {
	at, err := p.placed(post.Place)
	if err != nil {
		return messageID{}, err
	}
	m, buttons, err := p.drawn(ctx, at.chat, post)
	if err != nil {
		return messageID{}, err
	}
	// What was asked elsewhere is not shown here, and in a supergroup that was a group
	// the number is another message's.
	if o, ok := parseMessageID(post.Original.Message); ok && o.chat == p.t.moves.now(ctx, at.chat) {
		m.replyTo, m.anyway = o.message, true
	}
	s, err := p.t.send(ctx, at, m)
	if err == nil {
		p.t.remember(ctx, s, drawn{Buttons: buttons})
	}
	return s, err
}

// drawn is a post as Telegram wants it. Only a receipt in private has buttons.
func (p *Public) drawn(ctx context.Context, chat int64, post connector.Post) (m message, buttons []connector.Button, err error) {
	if post.Kind == session.KindReceipt && isPrivate(chat) {
		buttons = p.opts.Reception.ReceiptButtons(post)
	}
	m = message{html: literal(post.Text), keyboard: publicKeyboard(buttons), silent: post.Silent}
	switch len(post.Pictures) {
	case 0:
	case 1:
		m.picture, err = post.Bytes(ctx, post.Pictures[0])
	default:
		err = &connector.SendError{Outcome: connector.Refused, Detail: "a message has room for one picture"}
	}
	return m, buttons, err
}

// literal is a text as it was written. Addresses in it become links by themselves.
func literal(text string) string { return html.EscapeString(clean(text)) }

// Edit replaces a post. What stands there has the new text alone, so that an answer
// that takes the place of a receipt loses its buttons.
func (p *Public) Edit(ctx context.Context, at session.MessageID, post connector.Post) (connector.Sent, error) {
	if ctx.Err() != nil {
		return connector.Sent{}, notSent(ctx.Err())
	}
	s, ok := parseMessageID(at)
	if !ok {
		return connector.Sent{}, publicError(wrongMessage(at))
	}
	m, buttons, err := p.drawn(ctx, s.chat, post)
	if err != nil {
		return connector.Sent{}, err
	}
	p.t.remember(ctx, s, drawn{Buttons: buttons})
	if err := p.t.edit(ctx, s, m); err != nil {
		return connector.Sent{}, publicError(err)
	}
	return p.sent(ctx, s), nil
}

// Retract deletes a post, or, where Telegram refuses that, says in its place that it
// was removed.
func (p *Public) Retract(ctx context.Context, at session.MessageID, post connector.Post) error {
	if ctx.Err() != nil {
		return notSent(ctx.Err())
	}
	s, ok := parseMessageID(at)
	if !ok {
		return publicError(wrongMessage(at))
	}
	return publicError(p.t.takeAway(ctx, s, removed(post)))
}

// takeAway deletes one of the bot's messages. Where Telegram refuses that, say stands in its place, and
// a blank in place of a picture, which no edit takes off.
func (t *Telegram) takeAway(ctx context.Context, s messageID, say string) error {
	err := t.erase(ctx, s)
	if err == nil || connector.OutcomeOf(publicError(err)).Outcome != connector.Refused {
		return err
	}
	err = t.edit(ctx, s, message{html: literal(say)})
	if says(err, "no text in the message to edit") {
		err = t.edit(ctx, s, message{html: literal(say), picture: blank()})
	}
	if says(err, "message to edit not found") {
		return nil
	}
	return err
}

// blank is a picture of nothing.
func blank() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 32))) // into memory: it does not fail
	return b.Bytes()
}

var _ connector.Pinner = (*Public)(nil)

// Pin pins an announcement without a notification, or lets it go.
func (p *Public) Pin(ctx context.Context, at session.MessageID, pinned bool) error {
	s, ok := parseMessageID(at)
	if !ok {
		return publicError(wrongMessage(at))
	}
	err := p.t.setPin(ctx, s, pinned)
	if !pinned && says(err, "message to unpin not found") {
		return nil
	}
	return publicError(err)
}

// removed stands in place of what Telegram does not delete any more.
func removed(post connector.Post) string {
	w := wording.In(post.Language)
	if post.Kind == session.KindAnswer || post.Kind == "" {
		return w.Text("telegram.removed")
	}
	return w.Text("telegram.message_removed")
}

// erase deletes one message. One that is not there is a success.
func (t *Telegram) erase(ctx context.Context, s messageID) error {
	err := t.request(ctx, "deleteMessage", place{chat: s.chat}, func(ctx context.Context) error {
		_, err := t.api.DeleteMessage(ctx, &bot.DeleteMessageParams{ChatID: s.chat, MessageID: s.message})
		if says(err, "message to delete not found") || says(err, "MESSAGE_ID_INVALID") {
			return nil
		}
		return err
	})
	if _, moved := t.learnMove(ctx, s.chat, err); moved {
		return fmt.Errorf("%w: it stayed in the group that became a supergroup", connector.ErrGone)
	}
	return err
}

// publicError refuses what Telegram refused, and what is not there. A card waits until
// somebody has mended the desk's chat; an answer would wait unseen, so a person is told.
func publicError(err error) error {
	e := connector.OutcomeOf(err)
	switch {
	case err == nil:
		return nil
	case isGone(err):
		return &connector.SendError{Outcome: connector.Refused, Detail: "the message is not there any more", Cause: err}
	case e.Outcome == connector.Deferred && (errors.Is(err, bot.ErrorForbidden) || errors.Is(err, bot.ErrorBadRequest)):
		return &connector.SendError{Outcome: connector.Refused, Detail: e.Detail, Cause: err}
	}
	return err
}
