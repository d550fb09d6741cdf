package telegramfake

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Message is a message as it stands in a chat now; it follows every edit.
type Message struct {
	chat       *Chat
	id         int
	thread     int  // message_thread_id
	inTopic    bool // of a forum
	from       *User
	senderChat *Chat
	signature  string
	date       time.Time
	edited     time.Time
	text       string
	entities   []Entity
	album      string
	media      string // the field of what is not a text; text is its caption then
	file       *file  // of a media; nil is one of which nothing matters
	service    string // the field of a service message
	what       any    // its value
	replyTo    *Message
	forward    *Message // the post of the channel
	automatic  bool
	viaBot     bool
	markup     *markup
	deleted    bool
	versions   []Version
	reactions  map[int64][]string
	own        []string // the bot's reactions
}

// Version is a message as it stood for a time.
type Version struct {
	At      time.Time
	Text    string
	Buttons []string // labels
}

// ID is the message id, unique in its chat.
func (m *Message) ID() int { return m.id }

// Chat is where the message stands.
func (m *Message) Chat() *Chat { return m.chat }

// Topic is the thread of the message: of a forum topic, or of the post that a
// comment stands under; 0 for none.
func (m *Message) Topic() int { return m.thread }

// Text is what people read, without markup.
func (m *Message) Text() string {
	defer m.chat.srv.lock()()
	return m.text
}

// Entities are what Telegram made of the text: from markup, or found by itself.
func (m *Message) Entities() []Entity {
	defer m.chat.srv.lock()()
	return slices.Clone(m.entities)
}

// Buttons are the inline buttons, row by row.
func (m *Message) Buttons() [][]Button {
	defer m.chat.srv.lock()()
	return m.markup.copy()
}

// Labels are the inline buttons as people read them, in one row.
func (m *Message) Labels() []string {
	defer m.chat.srv.lock()()
	return m.markup.labels()
}

// Versions are all texts that the message had, the first one first.
func (m *Message) Versions() []Version {
	defer m.chat.srv.lock()()
	return slices.Clone(m.versions)
}

// Deleted says whether the message is gone.
func (m *Message) Deleted() bool {
	defer m.chat.srv.lock()()
	return m.deleted
}

// Pinned says whether the message is pinned.
func (m *Message) Pinned() bool {
	defer m.chat.srv.lock()()
	return slices.Contains(m.chat.pinned, m)
}

// From is who wrote the message; for a post in a channel too, where people see only the channel's name.
func (m *Message) From() *User { return m.from }

// FromBot says whether our bot wrote it; for a post in a channel too, where people
// see only the channel's name.
func (m *Message) FromBot() bool { return m.from == m.chat.srv.bot }

// ReplyTo is the message that this one answers, nil for none.
func (m *Message) ReplyTo() *Message { return m.replyTo }

// Service names what a service message tells, such as pinned_message; empty for an
// ordinary message.
func (m *Message) Service() string { return m.service }

// BotReactions are the emoji that the bot put under the message.
func (m *Message) BotReactions() []string {
	defer m.chat.srv.lock()()
	return slices.Clone(m.own)
}

// String is the message in one line or more, for the log of a test.
func (m *Message) String() string {
	defer m.chat.srv.lock()()
	name := m.chat.title
	if m.from != nil {
		name = m.from.first
	}
	return fmt.Sprintf("%d/%d %s: %s%s %v", m.thread, m.id, name, m.service, m.text, m.markup.labels())
}

// put adds a message to the chat: every one comes through here.
func (c *Chat) put(m *Message) *Message {
	m.chat, m.id, m.date = c, c.number(), c.srv.now()
	if m.service == "" {
		m.entities = detect(m.text, m.entities)
	}
	m.reactions = map[int64][]string{}
	m.keepVersion()
	c.messages = append(c.messages, m)
	if m.from != nil && m.from.robot && m.senderChat == nil {
		c.lastBot = m.from
	}
	c.srv.bump()
	return m
}

func (m *Message) keepVersion() {
	m.versions = append(m.versions, Version{At: m.chat.srv.now(), Text: m.text, Buttons: m.markup.labels()})
}

// json is the message as the API tells it. A message that is shown as replied to
// does not show its own.
func (m *Message) json(withReply bool) map[string]any {
	out := map[string]any{"message_id": m.id, "chat": m.chat.json(), "date": m.date.Unix()}
	m.addSender(out)
	setIf(out, "message_thread_id", m.thread)
	setIf(out, "is_topic_message", m.inTopic)
	if !m.edited.IsZero() {
		out["edit_date"] = m.edited.Unix()
	}
	if m.forward != nil {
		maps.Copy(out, m.forwardJSON())
	}
	if r := m.shownReply(); withReply && r != nil {
		out["reply_to_message"] = r.json(false)
	}
	if m.viaBot {
		out["via_bot"] = m.chat.srv.bot.json()
	}
	if m.markup != nil && m.markup.inline != nil {
		out["reply_markup"] = m.markup.json()
	}
	m.addContent(out)
	return out
}

// addSender leaves out the author of a post in a channel; only the channel signs.
func (m *Message) addSender(out map[string]any) {
	if m.senderChat != nil {
		out["sender_chat"] = m.senderChat.json()
	}
	setIf(out, "author_signature", m.signature)
	if m.from != nil && m.chat.kind != channel {
		out["from"] = m.from.json()
	}
}

func (m *Message) addContent(out map[string]any) {
	text, entities := "text", "entities"
	switch {
	case m.service != "":
		out[m.service] = m.what
		return
	case m.media != "":
		text, entities = "caption", "caption_entities"
		out[m.media] = m.mediaJSON()
		setIf(out, "media_group_id", m.album)
	}
	setIf(out, text, m.text)
	if len(m.entities) > 0 {
		var list []any
		for _, e := range m.entities {
			list = append(list, e.json(m.chat.srv))
		}
		out[entities] = list
	}
}

func (m *Message) forwardJSON() map[string]any {
	post := m.forward
	return map[string]any{
		"forward_origin": map[string]any{
			"type": "channel", "chat": post.chat.json(), "message_id": post.id, "date": post.date.Unix(),
		},
		"forward_from_chat": post.chat.json(), "forward_from_message_id": post.id,
		"forward_date": post.date.Unix(), "is_automatic_forward": m.automatic,
	}
}

// shownReply is reply_to_message: in a topic every message without one of its own
// shows the service message that opened the topic.
func (m *Message) shownReply() *Message {
	if m.replyTo != nil {
		if m.replyTo.deleted {
			return nil
		}
		return m.replyTo
	}
	if m.inTopic && m.thread != m.id {
		return m.chat.find(m.thread)
	}
	return nil
}
