package telegram

import (
	"cmp"
	"context"
	"strings"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// said gives a message to the reception: also one without a text, to which it says
// that a question is written.
func (p *Public) said(ctx context.Context, m *models.Message) error {
	text := readText(m)
	if text == "" && mediaOf(m) == "" {
		return nil // something that Telegram says
	}
	into, err := p.t.into(ctx, m.From.ID)
	if err != nil {
		return err
	}
	s := connector.Said{Message: messageID{m.Chat.ID, m.ID}.id(), At: sentAt(m), Edited: editedAt(m), Text: text, With: p.withOf(m),
		Enclosed: p.encloses(m), Full: units(text) >= nearlyFull, Album: m.MediaGroupID, Into: into}
	r, err := p.opts.Reception.Said(ctx, p.visitor(m.From), s)
	if err != nil {
		return err
	}
	if err := p.enclose(ctx, m, session.Origin{Connector: p.opts.ID, Place: place{chat: m.From.ID}.id(), Message: s.Message,
		User: session.UserRef(userKey(m.From.ID))}); err != nil {
		return err
	}
	p.tell(ctx, m.From.ID, r)
	return nil
}

func (p *Public) visitor(u *models.User) connector.Visitor {
	return connector.Visitor{
		Connector: p.opts.ID,
		Place:     place{chat: u.ID}.id(),
		User:      session.UserRef(userKey(u.ID)),
		Name:      oneLine(u.FirstName + " " + u.LastName),
		Language:  languageOf(u.LanguageCode),
	}
}

// languageOf reads an IETF tag; "" is none that people are spoken to in.
func languageOf(tag string) session.Language {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if l := session.Language(primary); l.Known() {
		return l
	}
	return ""
}

// tell says something to one person, after what they were told before.
func (p *Public) tell(ctx context.Context, user int64, r connector.Reply) {
	if r.Text == "" {
		r.Text = r.Alert // there is no press to answer with it
	}
	m := message{html: replyHTML(r), keyboard: publicKeyboard(r.Buttons)}
	if m.html == "" {
		return
	}
	p.t.runner.After(ctx, userKey(user), func(ctx context.Context) {
		err := patiently(ctx, func() error {
			s, err := p.t.send(ctx, place{chat: user}, m)
			if err == nil {
				p.t.remember(ctx, s, drawn{Buttons: r.Buttons})
			}
			return err
		})
		if err != nil && !isForbidden(err) {
			p.t.log.Warn("telegram: somebody of the public was not told something", "error", err)
		}
	})
}

// longLink is the room that is kept for the link of a reply.
const longLink = 256

// replyHTML is a reply's text with its link below.
func replyHTML(r connector.Reply) string {
	text := cut(clean(r.Text), longestText-longLink)
	f := new(frag).tag(literal(text))
	if r.Link.URL == "" {
		return f.b.String()
	}
	if text != "" {
		f.tag("\n\n")
	}
	return f.link(cut(oneLine(r.Link.Label), longLink-2), webAddress(r.Link.URL)).b.String()
}

// publicKeyboard marks the buttons as the public side's. A button that asks first says
// so behind the mark.
func publicKeyboard(buttons []connector.Button) [][]models.InlineKeyboardButton {
	var all []connector.Button
	for _, b := range buttons {
		if b.Confirm != "" {
			b.Action, b.Confirm = markAsk+b.Action, ""
		}
		all = append(all, b)
	}
	return keyboard(all, publicData)
}

// pressed gives a press to the reception. When nothing was stored the person is told
// so: they are there, and press again.
func (p *Public) pressed(ctx context.Context, q *models.CallbackQuery) error {
	data, ours := strings.CutPrefix(q.Data, publicData)
	at, ok := pressedAt(q)
	if !ours || !ok || !isPrivate(at.chat) {
		p.t.answer(ctx, q.ID, "", "")
		return nil
	}
	action, asks := strings.CutPrefix(data, markAsk)
	if asks && !p.t.confirmed(ctx, click{query: q.ID, user: q.From.ID, at: at, data: q.Data, pressed: pressed{action: action}}) {
		return nil
	}
	v := p.visitor(&q.From)
	r, err := p.opts.Reception.Pressed(ctx, v, action)
	if err != nil {
		p.t.log.Warn("telegram: a press in private was not handled", "error", err, "kind", int(session.KindOf(err)))
		p.t.answer(ctx, q.ID, wording.In(v.Language).Text("adapter.try_again"), "")
		return nil
	}
	if r.Put != nil {
		p.t.put(ctx, q, *r.Put)
		return nil
	}
	p.t.answer(ctx, q.ID, r.Alert, "")
	if r.Over {
		p.t.runner.After(ctx, userKey(q.From.ID), func(ctx context.Context) { p.instead(ctx, at, r) })
		return nil
	}
	r.Alert = ""
	p.tell(ctx, q.From.ID, r)
	return nil
}

// instead puts a reply in place of the message whose button was pressed, or takes that away.
func (p *Public) instead(ctx context.Context, at messageID, r connector.Reply) {
	r.Text = cmp.Or(r.Text, r.Alert)
	if r.Text == "" {
		p.t.remove(ctx, at.chat, at.message)
		return
	}
	m := message{html: replyHTML(r), keyboard: publicKeyboard(r.Buttons)}
	if err := patiently(ctx, func() error { return p.t.edit(ctx, at, m) }); err != nil && !isGone(err) {
		p.t.log.Warn("telegram: old buttons stay", "error", err)
	}
}

// pressedAt is the message with the button. One that is too old to be shown still has
// its number.
func pressedAt(q *models.CallbackQuery) (messageID, bool) {
	switch m, old := q.Message.Message, q.Message.InaccessibleMessage; {
	case m != nil:
		return messageID{m.Chat.ID, m.ID}, true
	case old != nil:
		return messageID{old.Chat.ID, old.MessageID}, true
	}
	return messageID{}, false
}
