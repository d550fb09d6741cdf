package telegram

import (
	"context"
	"strconv"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Checker = (*Telegram)(nil)

// Check looks at the token, at how updates arrive, at the desk's group with the rights
// that the bot has there, and at who of the staff has not pressed Start.
func (t *Telegram) Check(ctx context.Context) []connector.Finding {
	var me *models.User
	err := t.request(ctx, "getMe", place{}, func(ctx context.Context) (err error) {
		me, err = t.api.GetMe(ctx)
		return err
	})
	if err != nil {
		return []connector.Finding{bad("telegram.no_answer", "detail", connector.OutcomeOf(err).Detail)}
	}
	found := []connector.Finding{good("telegram.bot", "name", me.Username)}
	if info, err := t.webhookInfo(ctx); err == nil {
		found = append(found, t.arrival(info))
	} else {
		found = append(found, bad("telegram.no_answer", "detail", connector.OutcomeOf(err).Detail))
	}
	if n, err := t.opts.Mailbox.Dead(ctx); err == nil && n > 0 {
		found = append(found, bad("telegram.dead_letters", "count", n))
	}
	if t.deskChat != 0 {
		found = append(found, t.checkDesk(ctx, me)...)
		found = append(found, t.checkStaff(ctx)...)
	}
	return found
}

func good(id string, args ...any) connector.Finding { return connector.Finding{ID: id, Args: args} }

func bad(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// checkDesk looks at the group, and at what the bot may do there.
func (t *Telegram) checkDesk(ctx context.Context, me *models.User) []connector.Finding {
	chat, err := t.chat(ctx, t.deskChat)
	if err != nil {
		return []connector.Finding{bad("telegram.chat_refused", "chat", t.deskChat)}
	}
	found := []connector.Finding{good("telegram.desk", "title", chat.Title)}
	if chat.ID != t.deskChat {
		found = append(found, good("telegram.desk_moved", "from", t.deskChat, "to", chat.ID))
	}
	if chat.IsForum {
		found = append(found, good("telegram.forum"))
	}
	if chat.LinkedChatID != 0 {
		found = append(found, bad("telegram.desk_linked", "channel", chat.LinkedChatID))
	}
	var m *models.ChatMember
	err = t.request(ctx, "getChatMember", place{chat: chat.ID}, func(ctx context.Context) (err error) {
		m, err = t.api.GetChatMember(ctx, &bot.GetChatMemberParams{ChatID: chat.ID, UserID: me.ID})
		return err
	})
	if err != nil {
		return append(found, bad("telegram.chat_refused", "chat", t.deskChat))
	}
	return append(found, t.checkRights(m, me, chat.IsForum)...)
}

// checkRights: a bot that is no administrator sees only what is meant for it, unless
// its privacy mode is off.
func (t *Telegram) checkRights(m *models.ChatMember, me *models.User, forum bool) []connector.Finding {
	switch m.Type {
	case models.ChatMemberTypeOwner:
		return nil
	case models.ChatMemberTypeLeft, models.ChatMemberTypeBanned:
		return []connector.Finding{bad("telegram.chat_refused", "chat", t.deskChat)}
	case models.ChatMemberTypeRestricted:
		return []connector.Finding{bad("telegram.chat_restricted", "chat", t.deskChat)}
	case models.ChatMemberTypeMember:
		found := []connector.Finding{bad("telegram.not_admin")}
		if !me.CanReadAllGroupMessages {
			found = append(found, bad("telegram.privacy_on"))
		}
		return found
	}
	var found []connector.Finding
	for _, r := range []struct {
		name    string
		missing bool
	}{
		{"can_pin_messages", !m.Administrator.CanPinMessages},
		{"can_delete_messages", !m.Administrator.CanDeleteMessages},
		{"can_manage_topics", forum && !m.Administrator.CanManageTopics},
	} {
		if r.missing {
			found = append(found, bad("telegram.admin_right_missing", "right", r.name))
		}
	}
	return found
}

// checkStaff finds out who cannot be written to in private: forms, previews and long
// answers do not reach them.
func (t *Telegram) checkStaff(ctx context.Context) []connector.Finding {
	if t.opts.Staff == nil {
		return nil
	}
	var found []connector.Finding
	for _, u := range t.opts.Staff() {
		id, err := strconv.ParseInt(string(u), 10, 64)
		switch {
		case err != nil || id <= 0:
			found = append(found, bad("telegram.staff_unknown", "account", u))
		case isForbidden(t.touch(ctx, id)):
			found = append(found, bad("telegram.staff_not_started", "account", session.UserRef(userKey(id))))
		}
	}
	return found
}
