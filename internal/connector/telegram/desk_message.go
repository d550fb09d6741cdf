package telegram

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// deskMessage is something that was written in the desk's group.
func (t *Telegram) deskMessage(ctx context.Context, u *models.Update) error {
	m := messageOf(u)
	if !isPersons(m) {
		return nil
	}
	if s, ok := parseCommand(m.Text); ok {
		return t.deskCommand(ctx, u, s)
	}
	w, err := t.written(ctx, m)
	if err != nil || len(w.Lines) == 0 && w.With == "" && len(w.Files) == 0 {
		return err
	}
	in, err := t.inbox()
	if err != nil {
		return err
	}
	a, err := in.Wrote(ctx, w)
	if err != nil {
		return fmt.Errorf("message %s: %w", w.Message, err)
	}
	if a.Taken {
		t.runner.After(ctx, userKey(m.From.ID), func(ctx context.Context) { t.react(ctx, messageID{m.Chat.ID, m.ID}) })
	}
	t.tell(ctx, aside{m.From.ID, whereIs(m), m.ID}, a.Say, a.Buttons)
	return nil
}

// isPersons reports whether one person wrote a message, whom everybody sees. Anonymous
// administrators and channels come with a stand-in as the author: sender_chat says so,
// and nobody can tell who they are.
func isPersons(m *models.Message) bool {
	return m.SenderChat == nil && m.From != nil && !m.From.IsBot && !m.IsAutomaticForward
}

// deskCommand ignores commands of other bots, those that are none of ours, and edits.
func (t *Telegram) deskCommand(ctx context.Context, u *models.Update, s spoken) error {
	text, known := t.text(s)
	if u.Message == nil || !known {
		return nil
	}
	if ours, err := t.meant(ctx, s); err != nil || !ours {
		return err
	}
	return t.command(ctx, u.Message, text)
}

// written reads a message as the inbox wants it; without lines it says nothing.
func (t *Telegram) written(ctx context.Context, m *models.Message) (connector.Written, error) {
	w := connector.Written{By: t.userOf(m.From), Place: t.placeOf(ctx, m), Message: messageID{m.Chat.ID, m.ID}.id(),
		At: sentAt(m), Edited: editedAt(m)}
	if to := replied(m); to != 0 {
		under, err := t.under(ctx, messageID{m.Chat.ID, to})
		if err != nil {
			return w, err
		}
		w.Under = under
	}
	rd := deskReader{staff: func(e models.MessageEntity, name string) bool { return t.colleague(ctx, e, name) }}
	if hasMention(m) {
		var err error
		if rd.self, err = t.username(ctx); err != nil {
			return w, err
		}
	}
	text, _ := textOf(m)
	w.Lines, w.Full, w.Album = rd.lines(m), units(text) >= nearlyFull, m.MediaGroupID
	if f, ok := pictureFile(m); ok {
		w.Files = []connector.File{f}
	} else {
		w.With = mediaOf(m)
	}
	return w, nil
}

// replied is the message that one replies to. In a topic every message that replies to
// nothing seems to reply to the note that opened the topic.
func replied(m *models.Message) int {
	to := m.ReplyToMessage
	if to == nil || to.Chat.ID != m.Chat.ID || to.ForumTopicCreated != nil || m.IsTopicMessage && to.ID == m.MessageThreadID {
		return 0
	}
	return to.ID
}

// sentAt is when a message was sent, in the order of its chat also within one second.
func sentAt(m *models.Message) time.Time {
	return time.Unix(int64(m.Date), int64(m.ID)%int64(time.Second)).UTC()
}

// editedAt is when a text was written as it stands; zero for the first version.
func editedAt(m *models.Message) time.Time {
	if m.EditDate == 0 {
		return time.Time{}
	}
	return time.Unix(int64(m.EditDate), 0).UTC()
}

func textOf(m *models.Message) (string, []models.MessageEntity) {
	if m.Text != "" {
		return m.Text, m.Entities
	}
	return m.Caption, m.CaptionEntities
}

func hasMention(m *models.Message) bool {
	_, all := textOf(m)
	return slices.ContainsFunc(all, func(e models.MessageEntity) bool { return e.Type == models.MessageEntityTypeMention })
}

// deskReader reads what staff wrote.
type deskReader struct {
	self string // the bot's own @name, without @
	// staff reports whether a mention is of somebody on the staff.
	staff func(e models.MessageEntity, name string) bool
}

// lines splits a message, and marks the lines that speak to colleagues. A link behind a
// text is written out behind it; the bot's own name is left out.
func (rd deskReader) lines(m *models.Message) []session.ChatLine {
	text, entities := textOf(m)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	coded := utf16.Encode([]rune(text))
	var out []session.ChatLine
	start := 0
	for at := 0; at <= len(coded); at++ {
		if at < len(coded) && coded[at] != '\n' {
			continue
		}
		out = append(out, rd.line(coded, start, at, entities))
		start = at + 1
	}
	return out
}

// line reads one line of a message, from start to end.
func (rd deskReader) line(coded []uint16, start, end int, entities []models.MessageEntity) session.ChatLine {
	var l session.ChatLine
	cuts := []span{{0, start, ""}}
	for _, e := range entities {
		c := span{max(e.Offset, start), min(e.Offset+e.Length, end), ""}
		if c.from >= c.to {
			continue
		}
		switch part := string(utf16.Decode(coded[c.from:c.to])); {
		case e.Type == models.MessageEntityTypeMention && rd.self != "" && strings.EqualFold(part, "@"+rd.self):
			cuts = append(cuts, c)
		case e.Type == models.MessageEntityTypeMention || e.Type == models.MessageEntityTypeTextMention:
			l.Mentions = l.Mentions || rd.staff(e, part)
		case e.Type == models.MessageEntityTypePre || e.Type == models.MessageEntityTypeCode:
			l.Code = l.Code || strings.TrimSpace(string(utf16.Decode(coded[start:c.from]))) == ""
		case e.Type == models.MessageEntityTypeTextLink && c.to == e.Offset+e.Length:
			cuts = append(cuts, behind(coded, c, e.URL))
		}
	}
	l.Text = strings.TrimSpace(replace(coded[:end], cuts))
	return l
}

// taken is the reaction on a message that was taken for an answer.
const taken = "👍"

// react marks a message that was taken. Without the right to, the desk works all the same.
func (t *Telegram) react(ctx context.Context, at messageID) {
	err := patiently(ctx, func() error { return t.mark(ctx, at, taken) })
	if connector.OutcomeOf(err).Outcome == connector.Refused && !isGone(err) {
		t.troubles.Note("setMessageReaction", "telegram.reactions_refused")
	}
}

// mark puts a reaction of the bot on a message, in place of another one.
func (t *Telegram) mark(ctx context.Context, at messageID, emoji string) error {
	p := &bot.SetMessageReactionParams{ChatID: at.chat, MessageID: at.message, Reaction: []models.ReactionType{
		{Type: models.ReactionTypeTypeEmoji, ReactionTypeEmoji: &models.ReactionTypeEmoji{Emoji: emoji}}}}
	return t.request(ctx, "setMessageReaction", place{chat: at.chat}, func(ctx context.Context) error {
		_, err := t.api.SetMessageReaction(ctx, p)
		return err
	})
}
