package telegram

import (
	"context"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// home shows somebody their own page.
func (t *Telegram) home(ctx context.Context, m *models.Message) error {
	to := aside{user: m.From.ID, where: whereIs(m), message: m.ID}
	in, err := t.inbox()
	if err != nil {
		return err
	}
	f, err := in.Home(ctx, t.userOf(m.From))
	if err != nil {
		t.log.Warn("telegram: a page was not made", "error", err, "kind", int(session.KindOf(err)))
		t.tell(ctx, to, t.words.Text("adapter.try_again"), nil)
		return nil
	}
	return t.openFor(ctx, to, f)
}

// goHome brings a person's own page up as it is now, with what is said to them on top. What stood
// on top of it is over. Where it cannot be made, they are told all the same.
func (t *Telegram) goHome(ctx context.Context, c click, k *talk, a connector.Answer) error {
	in, err := t.inbox()
	var f connector.Form
	if err == nil {
		f, err = in.Home(ctx, c.by)
	}
	if err != nil {
		t.log.Warn("telegram: a page was not made", "error", err, "kind", int(session.KindOf(err)))
		f = connector.Form{Title: t.words.Text("adapter.done")}
	}
	page := t.sheet(ctx, c.user, f.Topped(a.Say, a.Buttons))
	key := f.Key
	if k.raise(func(s *sheet) bool { return key != "" && s.Form.Key == key }) != nil {
		k.replace(page)
	} else {
		k.close()
		k.begin(page)
	}
	return t.conclude(ctx, c, k, connector.Answer{})
}
