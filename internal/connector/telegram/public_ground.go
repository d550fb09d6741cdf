package telegram

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// ground is what Telegram says about the public's chat and, when that is a channel,
// about its discussion group.
type ground struct {
	chat, talk *models.ChatFullInfo // talk is nil without a discussion group
	at         time.Time            // when it was asked
}

// groundFor is how long it is believed.
const groundFor = 10 * time.Minute

// look asks Telegram about the ground, at most every ten minutes. What it said before
// is better than nothing.
func (p *Public) look(ctx context.Context) (ground, error) {
	p.mu.Lock()
	known := p.ground
	p.mu.Unlock()
	if p.chat == (place{}) || !known.at.IsZero() && p.t.now().Sub(known.at) < groundFor {
		return known, nil
	}
	next, err := p.survey(ctx)
	if err != nil && known.at.IsZero() {
		return ground{}, err
	}
	if err != nil {
		next = known
	}
	next.at = p.t.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ground = next
	return next, nil
}

// lookAgain forgets the ground: something may have changed there.
func (p *Public) lookAgain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ground.at = time.Time{}
}

// survey leaves out the chats that the bot is not let into.
func (p *Public) survey(ctx context.Context) (g ground, err error) {
	if g.chat, err = p.known(ctx, p.chat.chat); err != nil || g.chat == nil {
		return g, err
	}
	if g.chat.Type == models.ChatTypeChannel && g.chat.LinkedChatID != 0 {
		g.talk, err = p.known(ctx, g.chat.LinkedChatID)
	}
	return g, err
}

// known is nil for a chat of which Telegram tells the bot nothing.
func (p *Public) known(ctx context.Context, id int64) (*models.ChatFullInfo, error) {
	chat, err := p.t.chat(ctx, id)
	if err == nil {
		return chat, nil
	}
	if err = publicError(err); connector.OutcomeOf(err).Outcome == connector.Refused {
		return nil, nil
	}
	return nil, err
}

// isChat reports whether a chat is that of the configuration, today or before it moved.
func (p *Public) isChat(ctx context.Context, chat int64) bool {
	return p.chat.chat != 0 && (chat == p.chat.chat || chat < 0 && chat == p.t.moves.now(ctx, p.chat.chat))
}

// talks reports whether people ask questions in a group: it is the configured one, or
// the discussion group of the configured channel.
func (p *Public) talks(ctx context.Context, chat int64) (bool, error) {
	if p.chat == (place{}) || isPrivate(chat) {
		return false, nil
	}
	if p.isChat(ctx, chat) {
		return true, nil
	}
	g, err := p.look(ctx)
	return g.talk != nil && g.talk.ID == chat, err
}

// inTopic reports whether a message stands in the configured topic, if there is one.
func (p *Public) inTopic(m *models.Message) bool {
	return p.chat.thread == 0 || whereIs(m).thread == p.chat.thread
}

// placeOf names a place as sessions and the configuration do, see moves. Comments under
// a post stand in the group itself: a reply to one finds its thread.
func (p *Public) placeOf(ctx context.Context, at place) session.PlaceID {
	if p.isChat(ctx, at.chat) {
		at.chat = p.chat.chat
	}
	return at.id()
}

// placed reads where a post should stand. No place at all is the configured chat.
func (p *Public) placed(id session.PlaceID) (place, error) {
	if id == "" && p.chat != (place{}) {
		return p.chat, nil
	}
	at, ok := parsePlace(id)
	if !ok {
		return place{}, wrongPlace(id)
	}
	return at, nil
}

// sent names a post, with its address.
func (p *Public) sent(ctx context.Context, s messageID) connector.Sent {
	name := ""
	if !isPrivate(s.chat) {
		g, err := p.look(ctx)
		if err != nil {
			p.t.log.Info("telegram: a post has no public address", "error", err)
		}
		for _, c := range []*models.ChatFullInfo{g.chat, g.talk} {
			if c != nil && c.ID == s.chat {
				name = c.Username
			}
		}
	}
	return connector.Sent{Message: s.id(), URL: addressOf(s, name)}
}

// addressOf leads to a message: for everybody where the chat has a name, and else for
// those who are in it.
func addressOf(s messageID, name string) string {
	if name == "" {
		return s.address(0)
	}
	return "https://t.me/" + name + "/" + strconv.Itoa(s.message)
}

var _ connector.Locator = (*Public)(nil)

// Locate reads what Telegram's apps copy as the link of a message: t.me/NAME/12,
// t.me/c/1234567890/12, with a topic in between, or a comment's "?comment=13" behind the
// post. A link with a number for the chat must be of that place's.
func (p *Public) Locate(at session.PlaceID, address string) (session.MessageID, bool) {
	u, err := url.Parse(address)
	where, placed := p.placed(at)
	if err != nil || placed != nil || u.Hostname() != "t.me" && u.Hostname() != "telegram.me" {
		return "", false
	}
	steps := strings.Split(strings.Trim(u.Path, "/"), "/")
	number := steps[len(steps)-1]
	if comment := u.Query().Get("comment"); comment != "" {
		number = comment
	} else if steps[0] == "c" && (len(steps) < 3 || "-100"+steps[1] != strconv.FormatInt(where.chat, 10)) {
		return "", false
	}
	n, err := strconv.Atoi(number)
	return messageID{where.chat, n}.id(), err == nil && n > 0 && len(steps) > 1
}
