package telegram

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// heard is something that a person wrote where others read along. Only what carries a
// trigger is a question; nobody is told what became of anything else.
func (p *Public) heard(ctx context.Context, m *models.Message, edited bool) error {
	ours, err := p.talks(ctx, m.Chat.ID)
	if err != nil || !ours || !p.inTopic(m) {
		return notNow(err)
	}
	name, err := p.t.username(ctx)
	if err != nil {
		return notNow(err)
	}
	r := reader{bot: name, self: p.t.self, hashtag: p.hashtag}.read(m)
	if r.text == "" {
		return nil
	}
	if edited {
		err := p.opts.Inbox.Reworded(ctx, p.origin(ctx, m), r.text, editedAt(m))
		if session.KindOf(err) != session.NotFound {
			return p.passed(err)
		}
	}
	if fires, err := p.fires(ctx, m, r); err != nil || !fires {
		return err
	}
	return p.ask(ctx, m, edited, r.text)
}

// notNow keeps a letter for as long as Telegram does not say what it needs to be read.
func notNow(err error) error {
	if err == nil {
		return nil
	}
	return session.Fail(session.Unavailable, "unavailable").Because(err)
}

// fires reports whether a message carries a trigger that counts here.
func (p *Public) fires(ctx context.Context, m *models.Message, r reading) (bool, error) {
	counts := func(t Trigger) bool { return slices.Contains(p.opts.Triggers, t) }
	switch {
	case r.foreign:
		return false, nil
	case r.mention && counts(TriggerMention), r.hashtag && counts(TriggerHashtag), r.command && counts(TriggerCommand):
		return true, nil
	case counts(TriggerReply):
		return p.answersUs(ctx, m)
	}
	return false, nil
}

// answersUs reports whether a message replies to one of the bot, or is a comment on an
// announcement in the channel. Who replies to another comment talks to its author.
func (p *Public) answersUs(ctx context.Context, m *models.Message) (bool, error) {
	to := m.ReplyToMessage
	switch {
	case replied(m) == 0:
		return false, nil
	case to.IsAutomaticForward && to.ForwardOrigin != nil && to.ForwardOrigin.MessageOriginChannel != nil:
		post := to.ForwardOrigin.MessageOriginChannel
		return p.announced(ctx, spot{post.Chat.ID, post.MessageID})
	}
	return to.SenderChat == nil && to.From != nil && to.From.ID == p.t.self, nil
}

// ask hands on a question.
func (p *Public) ask(ctx context.Context, m *models.Message, edited bool, text string) error {
	o := p.origin(ctx, m)
	if m.IsTopicMessage && p.chat.thread == 0 { // reactions do not say in which topic they are
		if err := p.t.opts.Memory.Keep(ctx, memoryAsked+string(o.Message), []byte(o.Place), askedFor); err != nil {
			return err
		}
	}
	_, err := p.opts.Inbox.Asked(ctx, connector.Asked{Origin: o, Key: strings.Replace(string(o.Message), "/", ":", 1),
		Text: text, Language: p.opts.Language, At: saidAt(m, edited)})
	return p.passed(err)
}

// askedFor is how long votes for a question in a topic find it.
const askedFor = 7 * 24 * time.Hour

func (p *Public) origin(ctx context.Context, m *models.Message) session.Origin {
	at := spot{m.Chat.ID, m.ID}
	o := session.Origin{Connector: p.opts.ID, Place: p.placeOf(ctx, whereIs(m)), Message: at.id(), URL: addressOf(at, m.Chat.Username)}
	if whole := p.chat.id(); o.Place != whole { // a topic of the forum, or the channel's discussion group
		o.Within = whole
	}
	if m.From != nil {
		o.User = session.UserRef(userKey(m.From.ID))
	}
	return o
}

// saidAt is when a text was written as it stands.
func saidAt(m *models.Message, edited bool) time.Time {
	if edited && m.EditDate != 0 {
		return editedAt(m)
	}
	return sentAt(m)
}

// passed keeps an error only if the update should come again. Whoever asked what cannot
// be taken gets no word in public.
func (p *Public) passed(err error) error {
	if err == nil {
		return nil
	}
	switch kind := session.KindOf(err); kind {
	case session.Unavailable, session.Internal:
		return err
	default:
		p.t.log.Debug("telegram: something in public was not taken", "kind", int(kind))
		return nil
	}
}

// reacted makes a vote of a reaction that likes a question.
func (p *Public) reacted(ctx context.Context, r *models.MessageReactionUpdated) error {
	was, is := likes(r.OldReaction), likes(r.NewReaction)
	if was == is || r.User == nil || r.User.IsBot {
		return nil
	}
	if ours, err := p.talks(ctx, r.Chat.ID); err != nil || !ours {
		return notNow(err)
	}
	at := spot{r.Chat.ID, r.MessageID}
	where, err := p.askedAt(ctx, at)
	if err != nil {
		return err
	}
	o := session.Origin{Connector: p.opts.ID, Place: where, Message: at.id()}
	return p.passed(p.opts.Inbox.Voted(ctx, o, session.UserRef(userKey(r.User.ID)), is))
}

// askedAt is the place at which a question was asked.
func (p *Public) askedAt(ctx context.Context, at spot) (session.PlaceID, error) {
	where := place{chat: at.chat}
	if p.isChat(ctx, at.chat) && p.chat.thread != 0 {
		where.thread = p.chat.thread
	} else if raw, ok, err := p.t.opts.Memory.Recall(ctx, memoryAsked+string(at.id())); err != nil || ok {
		return session.PlaceID(raw), err
	}
	return p.placeOf(ctx, where), nil
}

// liked are the reactions that count for a question, as Telegram spells them but for
// variation selectors.
var liked = strings.Fields("👍 ❤ 🔥 🥰 👏 😁 🎉 🤩 🙏 👌 😍 ❤‍🔥 💯 ⚡ 🏆 🤝 🤗 🫡 😘 💘 🆒 ✍ 💋 😎 🍾 🦄")

func likes(rs []models.ReactionType) bool {
	return slices.ContainsFunc(rs, func(r models.ReactionType) bool {
		return r.Type == models.ReactionTypeTypePaid ||
			r.ReactionTypeEmoji != nil && slices.Contains(liked, strings.ReplaceAll(r.ReactionTypeEmoji.Emoji, "\uFE0F", ""))
	})
}
