package telegram

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
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
		return p.beside(ctx, m)
	}
	if edited {
		err := p.opts.Inbox.Reworded(ctx, p.origin(ctx, m), r.text, editedAt(m))
		if session.KindOf(err) != session.NotFound {
			return receive.Passed(err)
		}
	}
	rest, err := p.isRest(ctx, m)
	if err != nil {
		return err
	}
	hour, announced, err := p.under(ctx, m)
	switch {
	case errors.Is(err, connector.ErrUnplaced) && (rest || p.calls(r)): // a question whatever it stands under
	case errors.Is(err, connector.ErrUnplaced) && !p.replies(r):
		return nil
	case err != nil:
		return err
	case !rest && !p.calls(r) && !(p.replies(r) && (announced || p.toUs(m))):
		return nil
	}
	return p.ask(ctx, m, edited, connector.Asked{Text: r.text, With: p.withOf(m), Session: hour, Cut: rest})
}

// beside takes a picture without words that was sent together with others: it belongs to the question
// of its author, if that is one.
func (p *Public) beside(ctx context.Context, m *models.Message) error {
	if m.MediaGroupID == "" {
		return nil
	}
	return p.enclose(ctx, m, p.origin(ctx, m))
}

// notNow keeps a letter for as long as Telegram does not say what it needs to be read.
func notNow(err error) error {
	if err == nil {
		return nil
	}
	return session.Fail(session.Unavailable, "unavailable").Because(err)
}

// calls reports whether a message carries a trigger that counts here.
func (p *Public) calls(r reading) bool {
	return !r.foreign && (r.mention && p.counts(TriggerMention) || r.hashtag && p.counts(TriggerHashtag) ||
		r.command && p.counts(TriggerCommand))
}

// replies reports whether a message is a question if it stands under an announcement or replies
// to the bot. Who replies to another comment talks to its author.
func (p *Public) replies(r reading) bool { return !r.foreign && p.counts(TriggerReply) }

func (p *Public) counts(t Trigger) bool { return slices.Contains(p.opts.Triggers, t) }

// toUs reports whether a message replies to one of the bot.
func (p *Public) toUs(m *models.Message) bool {
	to := m.ReplyToMessage
	return replied(m) != 0 && to.SenderChat == nil && to.From != nil && to.From.ID == p.t.self
}

// under finds the hour under whose announcement a message stands: as a reply to it, or as
// a comment on it in the channel.
func (p *Public) under(ctx context.Context, m *models.Message) (session.ID, bool, error) {
	to, at := m.ReplyToMessage, messageID{m.Chat.ID, replied(m)}
	if at.message == 0 {
		return "", false, nil
	}
	ours, posted := p.toUs(m), to.Date
	if to.IsAutomaticForward && to.ForwardOrigin != nil && to.ForwardOrigin.MessageOriginChannel != nil {
		post := to.ForwardOrigin.MessageOriginChannel
		at, ours, posted = messageID{post.Chat.ID, post.MessageID}, true, post.Date
	}
	if !ours || !p.isChat(ctx, at.chat) {
		return "", false, nil
	}
	o := session.Origin{Connector: p.opts.ID, Place: session.PlaceID(p.opts.Chat), Message: at.id()}
	return p.opts.Inbox.Announced(ctx, o, time.Unix(int64(posted), 0))
}

// ask hands on a question, of which the text and the hour are known.
func (p *Public) ask(ctx context.Context, m *models.Message, edited bool, a connector.Asked) error {
	o := p.origin(ctx, m)
	if m.IsTopicMessage && p.chat.thread == 0 { // reactions do not say in which topic they are
		if err := p.t.opts.Memory.Keep(ctx, memoryAsked+string(o.Message), []byte(o.Place), askedFor); err != nil {
			return err
		}
	}
	a.Origin, a.Key, a.Language, a.At = o, strings.Replace(string(o.Message), "/", ":", 1), p.opts.Language, saidAt(m, edited)
	_, err := p.opts.Inbox.Asked(ctx, a)
	if err == nil {
		p.sees(ctx, messageID{m.Chat.ID, m.ID})
		err = errors.Join(p.enclose(ctx, m, o), p.awaitRest(ctx, m, a.Cut))
	}
	return receive.Passed(err)
}

const (
	// seen is the reaction on a message in a group that was taken as a question.
	seen = "👀"
	// mostMarks is how many such reactions are under way at once: in a flood some are left out.
	mostMarks = 4
)

// sees marks a question as taken, so that its asker knows before it is accepted. That is no
// promise: it is tried once, and a chat may not allow it.
func (p *Public) sees(ctx context.Context, at messageID) {
	select {
	case p.eyes <- struct{}{}:
	default:
		p.t.log.Info("telegram: a question was not marked as taken, because too many wait for that")
		return
	}
	p.t.runner.After(ctx, "", func(ctx context.Context) {
		defer func() { <-p.eyes }()
		if err := p.t.mark(ctx, at, seen); err != nil {
			p.t.log.Info("telegram: a question was not marked as taken", "error", err)
		}
	})
}

const (
	// askedFor is how long votes for a question in a topic find it.
	askedFor = 7 * 24 * time.Hour
	// restFor is how long the rest of a long question may wait here, while something is away.
	restFor = time.Hour
)

func (p *Public) origin(ctx context.Context, m *models.Message) session.Origin {
	at := messageID{m.Chat.ID, m.ID}
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

// reacted makes a vote of a reaction that likes a question.
func (p *Public) reacted(ctx context.Context, r *models.MessageReactionUpdated) error {
	was, is := likes(r.OldReaction), likes(r.NewReaction)
	if was == is || r.User == nil || r.User.IsBot {
		return nil
	}
	if ours, err := p.talks(ctx, r.Chat.ID); err != nil || !ours {
		return notNow(err)
	}
	at := messageID{r.Chat.ID, r.MessageID}
	where, err := p.askedAt(ctx, at)
	if err != nil {
		return err
	}
	o := session.Origin{Connector: p.opts.ID, Place: where, Message: at.id()}
	err = p.opts.Inbox.Voted(ctx, o, session.UserRef(userKey(r.User.ID)), is)
	if session.KindOf(err) == session.NotFound { // its question may be on its way
		return fmt.Errorf("vote: %w", receive.ErrEarly)
	}
	return receive.Passed(err)
}

// askedAt is the place at which a question was asked.
func (p *Public) askedAt(ctx context.Context, at messageID) (session.PlaceID, error) {
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
