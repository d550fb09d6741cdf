package telegram

import (
	"context"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
)

var _ connector.Checker = (*Public)(nil)

// Check looks at the public's chat and at its discussion group, and at what the bot may
// do and see there; without a desk also at the bot itself.
func (p *Public) Check(ctx context.Context) []connector.Finding {
	var found []connector.Finding
	if p.t.deskChat == 0 {
		found = p.t.Check(ctx)
	}
	if p.chat == (place{}) {
		return append(found, good("telegram.public_private_only"))
	}
	chat, err := p.t.chat(ctx, p.chat.chat)
	if err != nil {
		return append(found, bad("telegram.public_chat_refused", "chat", p.chat.chat))
	}
	found = append(found, good("telegram.public_chat", "title", chat.Title))
	if chat.ID != p.chat.chat {
		found = append(found, good("telegram.public_moved", "from", p.chat.chat, "to", chat.ID))
	}
	if chat.Type != models.ChatTypeChannel {
		return append(found, p.checkGroup(ctx, chat.ID)...)
	}
	found = append(found, p.checkChannel(ctx, chat.ID)...)
	return append(found, p.checkDiscussion(ctx, chat.LinkedChatID)...)
}

// checkChannel: the bot posts there as an administrator, or not at all.
func (p *Public) checkChannel(ctx context.Context, chat int64) []connector.Finding {
	m, err := p.me(ctx, chat)
	switch {
	case err != nil:
		return []connector.Finding{bad("telegram.public_chat_refused", "chat", chat)}
	case m.Type == models.ChatMemberTypeAdministrator && m.Administrator.CanPostMessages:
		return nil
	}
	return []connector.Finding{bad("telegram.public_cannot_post", "chat", chat)}
}

// checkDiscussion: without a group there are no comments.
func (p *Public) checkDiscussion(ctx context.Context, group int64) []connector.Finding {
	if group == 0 {
		return []connector.Finding{good("telegram.public_no_discussion")}
	}
	chat, err := p.t.chat(ctx, group)
	if err != nil {
		return []connector.Finding{bad("telegram.public_discussion_refused", "chat", group)}
	}
	if p.t.isDesk(ctx, group) {
		return []connector.Finding{bad("telegram.public_discussion_is_desk", "title", chat.Title)}
	}
	return append([]connector.Finding{good("telegram.public_discussion", "title", chat.Title)}, p.checkGroup(ctx, group)...)
}

// checkGroup: who is no administrator gets no reactions, and sees only commands and
// replies unless privacy mode is off.
func (p *Public) checkGroup(ctx context.Context, group int64) []connector.Finding {
	m, err := p.me(ctx, group)
	switch {
	case err != nil || m.Type == models.ChatMemberTypeLeft || m.Type == models.ChatMemberTypeBanned:
		return []connector.Finding{bad("telegram.public_chat_refused", "chat", group)}
	case m.Type == models.ChatMemberTypeRestricted:
		return []connector.Finding{bad("telegram.public_cannot_post", "chat", group)}
	case m.Type == models.ChatMemberTypeOwner || m.Type == models.ChatMemberTypeAdministrator:
		return nil
	}
	found := []connector.Finding{bad("telegram.public_no_reactions", "chat", group)}
	if !p.seesAll(ctx) {
		found = append(found, bad("telegram.public_sees_little", "chat", group))
	}
	return found
}

// me is what the bot is in a chat.
func (p *Public) me(ctx context.Context, chat int64) (m *models.ChatMember, err error) {
	err = p.t.request(ctx, "getChatMember", place{chat: chat}, func(ctx context.Context) (err error) {
		m, err = p.t.api.GetChatMember(ctx, &bot.GetChatMemberParams{ChatID: chat, UserID: p.t.self})
		return err
	})
	return m, err
}

// seesAll reports whether privacy mode is off.
func (p *Public) seesAll(ctx context.Context) (all bool) {
	_ = p.t.request(ctx, "getMe", place{}, func(ctx context.Context) error {
		me, err := p.t.api.GetMe(ctx)
		all = err == nil && me.CanReadAllGroupMessages
		return err
	})
	return all
}
