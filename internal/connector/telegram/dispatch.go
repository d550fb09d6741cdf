package telegram

import (
	"context"
	"slices"
	"strings"

	"github.com/go-telegram/bot/models"

	"experthour/internal/session"
)

// public is the side of the citizens: it gets every update that is not for the desk.
// It is nil where the bot is only a desk.
type public interface {
	// kinds are the updates that it needs besides the desk's.
	kinds() []string
	// handle does what an update says. As with every letter, it may come twice.
	handle(ctx context.Context, u *models.Update) error
	// prepare does what is needed once; it ends with ctx.
	prepare(ctx context.Context)
}

// publicData begins the data of the public side's buttons.
const publicData = "p:"

// route is where the updates of a kind and chat go.
type route struct {
	fits func(*Telegram, context.Context, *models.Update) bool
	do   func(*Telegram, context.Context, *models.Update) error
}

// routes are asked in their order; what none fits is the public side's.
var routes = []route{
	{(*Telegram).isMove, (*Telegram).moved},
	{(*Telegram).isStanding, (*Telegram).standing},
	{(*Telegram).isDeskPress, (*Telegram).press},
	{(*Telegram).isDeskMessage, (*Telegram).deskMessage},
	{(*Telegram).isStaffMessage, (*Telegram).staffMessage},
}

// dispatch gives an update to whom it is for.
func (t *Telegram) dispatch(ctx context.Context, u *models.Update) error {
	for _, r := range routes {
		if r.fits(t, ctx, u) {
			return r.do(t, ctx, u)
		}
	}
	if t.public == nil {
		return nil
	}
	return t.public.handle(ctx, u)
}

// messageOf is a message that is new or edited.
func messageOf(u *models.Update) *models.Message {
	if u.Message != nil {
		return u.Message
	}
	return u.EditedMessage
}

// isDesk reports whether a chat is the desk's today.
func (t *Telegram) isDesk(ctx context.Context, chat int64) bool {
	return t.deskChat != 0 && (chat == t.deskChat || chat < 0 && chat == t.moves.now(ctx, t.deskChat))
}

// placeOf names a place as sessions and the configuration do, who know the group by the
// id that it had.
func (t *Telegram) placeOf(ctx context.Context, m *models.Message) session.PlaceID {
	at := whereIs(m)
	if t.isDesk(ctx, at.chat) {
		at.chat = t.deskChat
	}
	return at.id()
}

// whereIs leaves out the thread of a reply in a group without topics.
func whereIs(m *models.Message) place {
	at := place{chat: m.Chat.ID}
	if m.IsTopicMessage {
		at.thread = m.MessageThreadID
	}
	return at
}

func (*Telegram) isMove(_ context.Context, u *models.Update) bool {
	return u.Message != nil && (u.Message.MigrateToChatID != 0 || u.Message.MigrateFromChatID != 0)
}

// moved remembers which supergroup a group became. Both say so.
func (t *Telegram) moved(ctx context.Context, u *models.Update) error {
	m := u.Message
	if m.MigrateToChatID != 0 {
		return t.moves.learn(ctx, m.Chat.ID, m.MigrateToChatID)
	}
	return t.moves.learn(ctx, m.MigrateFromChatID, m.Chat.ID)
}

func (t *Telegram) isStanding(ctx context.Context, u *models.Update) bool {
	return u.MyChatMember != nil && t.isDesk(ctx, u.MyChatMember.Chat.ID)
}

// standing notes that the bot was let into the desk's group, or thrown out of it.
func (t *Telegram) standing(_ context.Context, u *models.Update) error {
	chat := u.MyChatMember.Chat.ID
	switch u.MyChatMember.NewChatMember.Type {
	case models.ChatMemberTypeLeft, models.ChatMemberTypeBanned:
		t.troubles.Note(aboutChat(chat), "telegram.chat_refused", "chat", chat)
	case models.ChatMemberTypeRestricted:
		t.troubles.Note(aboutChat(chat), "telegram.chat_restricted", "chat", chat)
	default:
		t.troubles.Over(aboutChat(chat), "pinChatMessage", "createForumTopic", "setMessageReaction")
	}
	return nil
}

func (t *Telegram) isDeskPress(_ context.Context, u *models.Update) bool {
	if u.CallbackQuery == nil || t.deskChat == 0 {
		return false
	}
	return t.public == nil || !strings.HasPrefix(u.CallbackQuery.Data, publicData)
}

func (t *Telegram) isDeskMessage(ctx context.Context, u *models.Update) bool {
	m := messageOf(u)
	return m != nil && t.isDesk(ctx, m.Chat.ID)
}

// isStaffMessage is somebody of the staff in private, or anybody where there is no
// public side.
func (t *Telegram) isStaffMessage(_ context.Context, u *models.Update) bool {
	m := messageOf(u)
	if m == nil || !isPrivate(m.Chat.ID) || m.From == nil || t.deskChat == 0 {
		return false
	}
	return t.public == nil || t.isStaff(m.From.ID)
}

func (t *Telegram) isStaff(user int64) bool {
	return t.opts.Staff == nil || slices.Contains(t.opts.Staff(), session.UserRef(userKey(user)))
}
