package telegram

import (
	"context"
	"strconv"

	"github.com/go-telegram/bot/models"
)

// The commands of the private chat that are not the inbox's.
const (
	commandStart  = "start"
	commandHome   = "home"
	commandCancel = "cancel"
)

// staffMessage is something that somebody of the staff wrote in private: a command, or
// what the form before them takes.
func (t *Telegram) staffMessage(ctx context.Context, u *models.Update) error {
	m := messageOf(u)
	if !isPersons(m) {
		return nil
	}
	t.meet(ctx, m.From.ID)
	if u.EditedMessage != nil {
		return t.editTalk(ctx, u)
	}
	if s, ok := parseCommand(m.Text); ok {
		return t.privateCommand(ctx, u, s)
	}
	if _, ok := pictureFile(m); ok && t.typing(ctx, m.From.ID) {
		t.tell(ctx, aside{user: m.From.ID, where: whereIs(m)}, t.words.Text("telegram.picture_in_form"), nil)
	}
	if text, _ := textOf(m); text != "" {
		return t.writeTalk(ctx, u, text)
	}
	return nil
}

// typing reports whether a form of somebody waits for what they type.
func (t *Telegram) typing(ctx context.Context, user int64) bool {
	k, err := t.talk(ctx, user)
	return err == nil && k.top() != nil && k.top().taking() >= 0
}

func (t *Telegram) privateCommand(ctx context.Context, u *models.Update, s spoken) error {
	m := u.Message
	if ours, err := t.meant(ctx, s); err != nil || !ours {
		return err
	}
	switch s.name {
	case commandStart:
		return t.start(ctx, m)
	case commandHome:
		return t.home(ctx, m)
	case commandCancel:
		return t.cancel(ctx, m)
	}
	text, known := t.text(s)
	if !known && t.public != nil {
		return t.public.handle(ctx, u)
	}
	return t.command(ctx, m, text)
}

// start shows the form that waits for somebody who had yet to press Start, and else
// their own page.
func (t *Telegram) start(ctx context.Context, m *models.Message) error {
	k, err := t.talk(ctx, m.From.ID)
	if err != nil {
		return err
	}
	if k.top() == nil {
		return t.home(ctx, m)
	}
	t.show(ctx, m.From.ID, true)
	return nil
}

func (t *Telegram) cancel(ctx context.Context, m *models.Message) error {
	k, err := t.talk(ctx, m.From.ID)
	if err != nil || k.top() == nil || k.repeated(messageKey(m)) {
		return err
	}
	k.End = t.words.Text("adapter.unchanged", "what", k.top().Form.Title)
	k.pop()
	if err := t.save(ctx, m.From.ID, k); err != nil {
		return err
	}
	t.show(ctx, m.From.ID, k.top() != nil)
	return nil
}

func messageKey(m *models.Message) string { return "m" + strconv.Itoa(m.ID) }

// writeTalk takes a text for the form that waits for one. Where none does, the public
// side asks its author what it is for; without one it is nobody's.
func (t *Telegram) writeTalk(ctx context.Context, u *models.Update, text string) error {
	m := u.Message
	k, err := t.talk(ctx, m.From.ID)
	if err != nil {
		return err
	}
	s := k.top()
	switch {
	case s != nil && (s.taking() >= 0 || s.goesOn(m.Date)):
	case t.public != nil:
		return t.public.handle(ctx, u)
	default:
		t.tell(ctx, aside{user: m.From.ID, where: whereIs(m)}, t.words.Text("telegram.idle"), nil)
		return nil
	}
	if !k.repeated(messageKey(m)) {
		t.take(ctx, m.From.ID, s, typed{Message: m.ID, Text: text, At: m.Date})
		if err := t.save(ctx, m.From.ID, k); err != nil {
			return err
		}
	}
	t.show(ctx, m.From.ID, true)
	return nil
}

// editTalk takes the new version of a message that went into a form, whether that is
// shown now or waits.
func (t *Telegram) editTalk(ctx context.Context, u *models.Update) error {
	m := u.EditedMessage
	k, err := t.talk(ctx, m.From.ID)
	if err != nil {
		return err
	}
	s, _, _ := k.find(func(s *sheet) bool { return s.Typed.index(m.ID) >= 0 })
	switch {
	case s != nil:
	case t.public != nil:
		return t.public.handle(ctx, u)
	default:
		return nil
	}
	text, _ := textOf(m)
	s.Note = t.retype(s, s.Form.Fields[s.index(s.Typed.Field)], s.Typed.with(typed{Message: m.ID, Text: text, At: m.Date}))
	if err := t.save(ctx, m.From.ID, k); err != nil {
		return err
	}
	t.show(ctx, m.From.ID, false)
	return nil
}
