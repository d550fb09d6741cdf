package main

import (
	"context"
	"crypto/rand"
	"time"

	"experthour/internal/config"
	"experthour/internal/connector"
	"experthour/internal/connector/telegram"
	"experthour/internal/delivery"
	"experthour/internal/desk/chat"
	"experthour/internal/reception"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// telegramDesk is the connector of a desk in Telegram. A public place there has a name
// of its own, so that one bot can serve both.
const telegramDesk session.ConnectorID = "telegram-desk"

// usesTelegram reports whether anything needs the bot.
func usesTelegram(cfg config.Config) bool {
	if cfg.Desk.Kind == "telegram" {
		return true
	}
	for _, p := range cfg.Public {
		if p.Kind == "telegram" {
			return true
		}
	}
	return false
}

// newTelegram makes the one receiver of the token, which the desk and the public place share;
// nil when nothing uses Telegram.
func (c *core) newTelegram(base string) (*telegram.Telegram, error) {
	if !usesTelegram(c.cfg) {
		return nil, nil
	}
	o := c.cfg.Telegram
	menu := commandsOf(chat.Menu(c.cfg.Institution.Locale))
	opts := telegram.Options{ID: telegramDesk, Token: o.Token.Reveal(), APIURL: o.APIURL, Mode: telegram.Mode(o.Mode), WebhookSecret: o.WebhookSecret.Reveal(),
		PublicURL: base, Command: "hour", Private: menu, Staff: c.telegramStaff, Mailbox: c.store.Mailbox(telegramDesk),
		Memory: c.store.Memory(telegramDesk), Leases: c.store.Leases(), Owner: rand.Text(), Words: telegramWords(c.cfg.Institution.Locale),
		Zone: c.cfg.Institution.Zone, Now: time.Now, Log: c.log}
	if c.cfg.Desk.Kind == "telegram" {
		opts.DeskChat, opts.Commands, opts.Turn = string(o.DeskChat), menu, c.telegramTurn
	}
	return telegram.New(opts)
}

// telegramStaff are the accounts of those who work at a desk in Telegram.
func (c *core) telegramStaff() []session.UserRef {
	if c.cfg.Desk.Kind != "telegram" {
		return nil
	}
	var us []session.UserRef
	for _, p := range c.roll.People() {
		if u := p.Accounts[telegramDesk]; u != "" {
			us = append(us, u)
		}
	}
	return us
}

// telegramTurn counts what the desk shows besides its cards as if it were a card that
// somebody pressed: somebody did.
func (c *core) telegramTurn(ctx context.Context, at session.PlaceID) error {
	return delivery.Turn(ctx, c.store, c.telegram.Limits(), session.Lane{Connector: telegramDesk, Place: at}, connector.CardPressed)
}

// telegramRoom is the desk in Telegram.
func (c *core) telegramRoom() (room, session.Lane, error) {
	return c.telegram, session.Lane{Connector: telegramDesk, Place: session.PlaceID(c.cfg.Telegram.DeskChat)}, nil
}

// telegramPublic is the public place in Telegram.
func telegramPublic(c *core, p config.Public, base string) (connector.Connector, error) {
	id := session.ConnectorID(p.ID)
	r := reception.New(reception.Options{Inbox: c.inbox, Sessions: c.store, Memory: c.store.Memory(id), Institution: c.cfg.Institution.Name,
		PublicURL: base, Staff: c.roll, Language: c.cfg.Institution.Locale, Now: time.Now})
	var triggers []telegram.Trigger
	for _, t := range p.Triggers {
		triggers = append(triggers, telegram.Trigger(t))
	}
	return c.telegram.Public(telegram.PublicOptions{ID: id, Inbox: c.inbox, Reception: r, Chat: string(p.Chat), Hashtag: p.Hashtag,
		Triggers: triggers, Language: c.cfg.Institution.Locale, Words: telegram.PublicWords{
			Removed: func(p connector.Post) string {
				if p.Kind == session.KindAnswer {
					return wording.In(p.Language).Text("notice.removed")
				}
				return wording.In(p.Language).Text("notice.message_removed")
			},
			TryAgain: func(l session.Language) string { return wording.In(l).Text("adapter.try_again") }}})
}

func commandsOf(menu []connector.PublicCommand) []telegram.Command {
	var cs []telegram.Command
	for _, m := range menu {
		cs = append(cs, telegram.Command{Name: m.Name, Description: m.Does})
	}
	return cs
}

func telegramWords(l session.Language) telegram.Words {
	w := wording.In(l)
	return telegram.Words{
		TryAgain: w.Text("adapter.try_again"), PressAgain: w.Text("adapter.press_twice"), Sure: w.Text("adapter.sure"), Over: w.Text("adapter.over"),
		Forgotten: w.Text("adapter.forgotten"), OpenBot: func(address string) string { return w.Text("adapter.open_bot", "address", address) },
		Idle: w.Text("adapter.idle"), Done: w.Text("adapter.done"), Open: w.Text("adapter.open"),
		Batch: func(n int) string { return w.Count("adapter.batch", n) }, More: w.Text("adapter.more_sign"), Back: w.Text("adapter.back_sign"),
		Cancel: w.Text("adapter.cancel"), Close: w.Text("adapter.close"), Empty: w.Text("adapter.leave_empty"), Ready: w.Text("adapter.ready"),
		Write: w.Text("adapter.write"), WriteWord: w.Text("adapter.write_word"), Choose: w.Text("adapter.choose_one"), ChooseAny: w.Text("adapter.choose_any"),
		Search: w.Text("adapter.choose_or_search"), WriteDate: w.Text("adapter.write_date"), WriteClock: w.Text("adapter.write_clock"),
		Missing: w.Text("adapter.missing"), NotOffered: w.Text("adapter.not_offered"), NoDate: w.Text("adapter.no_date"), NoClock: w.Text("adapter.no_clock"),
		TooLong: func(most int) string { return w.Text("adapter.too_long", "limit", most) }, NothingFound: w.Text("adapter.nothing_found"),
	}
}

// placeFor is how long making a place for a new hour may take.
const placeFor = 10 * time.Second

// place makes a place of its own for a new hour where the desk can; otherwise all
// hours share one.
func (c *core) place(ctx context.Context, s session.Session) session.PlaceID {
	m, ok := connector.As[connector.PlaceMaker](c.room)
	if !ok || s.Desk.Connector != c.lane.Connector {
		return s.Desk.Place
	}
	ctx, cancel := context.WithTimeout(ctx, placeFor)
	defer cancel()
	p, err := m.MakePlace(ctx, s)
	if err != nil {
		c.log.Warn("the hour has no place of its own at the desk", "session", s.ID, "error", err)
		return s.Desk.Place
	}
	return p
}
