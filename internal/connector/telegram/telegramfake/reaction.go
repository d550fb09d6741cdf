package telegramfake

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// reactionEmoji are those that a bot may use, which is also what people choose from.
const reactionEmoji = "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 " +
	"💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"

// React puts reactions under a message; none takes them away again. The bot learns
// of it when it is an administrator and asked for such updates, in a private chat
// whenever it asked (a guess). In a channel it learns only the counts.
func (u *User) React(m *Message, emoji ...string) {
	s := u.srv
	defer s.lock()()
	for _, e := range emoji {
		if !m.chat.allows(e) {
			s.fail("%q is no reaction in %s", e, m.chat.title)
		}
	}
	before := m.reactions[u.id]
	m.reactions[u.id] = emoji
	c := m.chat
	if me := c.me(); me == nil || !me.inside() || c.kind != private && !me.admin() {
		return
	}
	if c.kind == channel {
		s.push("message_reaction_count", lane{"count", c.id}, m.countJSON(), s.now())
		return
	}
	u.met = true
	s.push("message_reaction", lane{"reaction", c.id}, map[string]any{
		"chat": c.json(), "message_id": m.id, "date": s.now().Unix(), "user": u.json(),
		"old_reaction": emojiJSON(before), "new_reaction": emojiJSON(emoji),
	}, s.now())
}

// Reactions leaves a chat only these reactions, or none at all.
func Reactions(emoji ...string) Setup {
	return func(c *Chat) { c.reactions = append([]string{}, emoji...) }
}

func (c *Chat) allows(emoji string) bool {
	if c.reactions != nil {
		return slices.Contains(c.reactions, emoji)
	}
	return slices.Contains(strings.Fields(reactionEmoji), emoji)
}

func emojiJSON(emoji []string) []map[string]any {
	out := []map[string]any{}
	for _, e := range emoji {
		out = append(out, map[string]any{"type": "emoji", "emoji": e})
	}
	return out
}

func (m *Message) countJSON() map[string]any {
	counts := map[string]int{}
	for _, emoji := range m.reactions {
		for _, e := range emoji {
			counts[e]++
		}
	}
	list := []map[string]any{}
	for _, e := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, map[string]any{
			"type": map[string]any{"type": "emoji", "emoji": e}, "total_count": counts[e],
		})
	}
	return map[string]any{
		"chat": m.chat.json(), "message_id": m.id, "date": m.chat.srv.now().Unix(), "reactions": list,
	}
}

// setMessageReaction: a bot has one reaction per message, and is not told of it.
func setMessageReaction(s *Server, p params) (any, error) {
	var list []struct{ Type, Emoji string }
	if text := p["reaction"]; text != "" && json.Unmarshal([]byte(text), &list) != nil {
		return nil, badRequest("can't parse reaction types JSON object")
	}
	m, err := s.messageFor(p, toRead, "message to react")
	if err != nil {
		return nil, err
	}
	if len(list) > 1 {
		return nil, badRequest("REACTIONS_TOO_MANY")
	}
	m.own = nil
	for _, r := range list {
		if r.Type != "emoji" || !m.chat.allows(r.Emoji) {
			return nil, badRequest("REACTION_INVALID")
		}
		m.own = append(m.own, r.Emoji)
	}
	e := m.entry("setMessageReaction", true)
	e.Text = strings.Join(m.own, " ")
	s.record(e)
	return true, nil
}
