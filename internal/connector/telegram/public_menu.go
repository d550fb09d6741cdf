package telegram

import (
	"context"
	"slices"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// prepare sets the menus of commands: in private in each language, for the staff with
// the desk's besides, and in the group only the one that asks.
func (p *Public) prepare(ctx context.Context) {
	if _, err := p.look(ctx); err != nil {
		p.t.log.Info("telegram: the public chat was not looked at", "error", err)
	}
	private := &models.BotCommandScopeAllPrivateChats{}
	p.t.menu(ctx, p.opts.Reception.Commands(p.opts.Language), private, "")
	for _, l := range session.Languages {
		p.t.menu(ctx, p.opts.Reception.Commands(l), private, l)
	}
	p.staffMenus(ctx)
	for _, c := range p.opts.Reception.Commands(p.opts.Language) {
		if c.Name == commandAsk && p.groupOf(ctx) != 0 {
			p.t.menu(ctx, []connector.PublicCommand{c}, &models.BotCommandScopeChat{ChatID: p.groupOf(ctx)}, "")
		}
	}
}

// staffMenus are for those who have pressed Start; the others have the public's.
func (p *Public) staffMenus(ctx context.Context) {
	if p.t.opts.Staff == nil || p.t.deskChat == 0 || len(p.t.opts.Private) == 0 {
		return
	}
	all := slices.Clone(p.t.opts.Private)
	for _, c := range p.opts.Reception.Commands(p.opts.Language) {
		if !slices.ContainsFunc(all, func(o connector.PublicCommand) bool { return o.Name == c.Name }) {
			all = append(all, c)
		}
	}
	for _, u := range p.t.opts.Staff() {
		if at, ok := parsePlace(session.PlaceID(u)); ok && isPrivate(at.chat) {
			p.t.menu(ctx, all, &models.BotCommandScopeChat{ChatID: at.chat}, "")
		}
	}
}

// groupOf is the group where people ask, 0 when there is none.
func (p *Public) groupOf(ctx context.Context) int64 {
	switch g, err := p.look(ctx); {
	case err != nil || g.chat == nil:
		return 0
	case g.chat.Type != models.ChatTypeChannel:
		return g.chat.ID
	case g.talk != nil:
		return g.talk.ID
	}
	return 0
}
