package telegramfake

import (
	"slices"
	"strings"
)

// How says how a person writes a message.
type How func(*Message)

// ReplyTo answers a message, in its topic or under its post.
func ReplyTo(to *Message) How { return func(m *Message) { m.replyTo = to } }

// InTopic writes into a topic of a forum; 0 is General.
func InTopic(thread int) How { return func(m *Message) { m.thread, m.inTopic = thread, thread != 0 } }

// Anonymously writes as an administrator whom nobody can tell: the bot sees a
// stand-in user and the group as sender_chat.
func Anonymously() How { return func(m *Message) { m.senderChat = m.chat } }

// AsChannel writes under the name of a channel.
func AsChannel(c *Chat) How { return func(m *Message) { m.senderChat = c } }

// With sends a photo, sticker, voice, audio, video or document; the text is its caption.
func With(media string) How { return func(m *Message) { m.media = media } }

// InAlbum sends it together with others of that album.
func InAlbum(id string) How { return func(m *Message) { m.album = id } }

// ViaBot sends an inline result of our bot.
func ViaBot() How { return func(m *Message) { m.viaBot = true } }

// Say is somebody writing in a group, who is a member from then on.
func (c *Chat) Say(who *User, text string, how ...How) *Message {
	defer c.srv.lock()()
	if c.kind != group && c.kind != supergroup {
		c.srv.fail("nobody can say anything in the %s %s", c.kind, c.title)
	}
	if _, known := c.members[who.id]; !known {
		c.members[who.id] = &member{user: who, status: plain}
	}
	if s := c.members[who.id].status; s == kicked || s == restricted {
		c.srv.fail("%s cannot write in %s: %s", who.first, c.title, s)
	}
	return c.post(who, text, how)
}

// Post is a channel's owner writing in it. A linked group gets a copy.
func (c *Chat) Post(text string, how ...How) *Message {
	defer c.srv.lock()()
	if c.kind != channel {
		c.srv.fail("%s is no channel", c.title)
	}
	return c.post(nil, text, how)
}

// post is a message by a person; nil is the owner of the channel.
func (c *Chat) post(by *User, text string, how []How) *Message {
	m := &Message{chat: c, from: by, text: text}
	for _, do := range how {
		do(m)
	}
	m.standIn()
	m.follow()
	c.put(m)
	if by != nil && !by.robot {
		by.met = by.met || c.sees(m)
	}
	c.tell("", m)
	if c.kind == channel {
		c.copyToGroup(m)
	}
	return m
}

// standIn replaces who must not be seen.
func (m *Message) standIn() {
	switch {
	case m.chat.kind == channel:
		m.senderChat = m.chat
	case m.senderChat == m.chat:
		m.from = m.chat.srv.user(anonymousAdminID, "Group", "GroupAnonymousBot")
		m.from.robot = true
	case m.senderChat != nil:
		m.from = m.chat.srv.user(channelBotID, "Channel", "Channel_Bot")
		m.from.robot = true
	}
}

// follow puts a reply into the thread of what it answers.
func (m *Message) follow() {
	if m.replyTo == nil || m.chat.kind != supergroup {
		return
	}
	if m.replyTo.chat != m.chat || m.replyTo.deleted {
		m.chat.srv.fail("one cannot answer a message that is elsewhere or gone")
	}
	switch {
	case m.chat.forum && m.thread == 0:
		m.thread, m.inTopic = m.replyTo.thread, m.replyTo.inTopic
	case !m.chat.forum && m.replyTo.thread != 0:
		m.thread = m.replyTo.thread
	case !m.chat.forum:
		m.thread = m.replyTo.id
	}
}

// AutomaticForward is the copy of a channel's post in this group, nil when there is
// none. Comments answer the copy.
func (c *Chat) AutomaticForward(post *Message) *Message {
	defer c.srv.lock()()
	for _, m := range c.messages {
		if m.forward == post && m.automatic && !m.deleted {
			return m
		}
	}
	return nil
}

func (c *Chat) copyToGroup(post *Message) {
	if c.linked == nil {
		return
	}
	stand := c.srv.user(telegramID, "Telegram", "")
	m := c.linked.put(&Message{
		from: stand, senderChat: c, text: post.text, entities: slices.Clone(post.entities),
		forward: post, automatic: true, markup: post.markup.onlyLinks(),
	})
	c.linked.tell("", m)
}

// EditText changes what a person wrote.
func (u *User) EditText(m *Message, text string) {
	defer u.srv.lock()()
	if m.from != u && m.senderChat == nil || m.deleted {
		u.srv.fail("%s cannot edit that message", u.first)
	}
	m.text, m.entities, m.edited = text, detect(text, nil), u.srv.now()
	m.keepVersion()
	m.chat.tell("edited_", m)
}

// Delete takes a message away, for everybody. The bot is not told.
func (u *User) Delete(m *Message) {
	defer u.srv.lock()()
	m.remove()
	u.srv.bump()
}

func (m *Message) remove() {
	m.deleted = true
	m.chat.pinned = slices.DeleteFunc(m.chat.pinned, func(p *Message) bool { return p == m })
}

// tell pushes the update about a message, if the bot sees it.
func (c *Chat) tell(prefix string, m *Message) {
	if !c.sees(m) {
		return
	}
	kind := prefix + "message"
	if c.kind == channel {
		kind = prefix + "channel_post"
	}
	date := m.date
	if !m.edited.IsZero() {
		date = m.edited
	}
	c.srv.push(kind, lane{"message", c.id}, m.json(true), date)
}

// sees is privacy mode. Our own posts and those of other bots never come, apart from
// the service messages that our own acts make.
func (c *Chat) sees(m *Message) bool {
	me := c.me()
	switch {
	case me == nil || !me.inside():
		return false
	case m.from == c.srv.bot:
		return slices.Contains(ownActs, m.service)
	case m.from != nil && m.from.robot && m.senderChat == nil:
		return false
	case c.kind == private, c.kind == channel, m.service != "", me.admin(), c.srv.o.PrivacyOff:
		return true
	}
	return m.viaBot || m.replyTo != nil && m.replyTo.from == c.srv.bot && m.replyTo.service == "" || c.meant(m)
}

// ownActs are the service messages that reach a bot although it caused them (read in
// the source of the real server).
var ownActs = []string{
	"pinned_message", "left_chat_member", "forum_topic_created", "forum_topic_edited",
	"forum_topic_closed", "forum_topic_reopened",
}

// meant says whether a command is for our bot: by its name, or without a name when
// no other bot wrote here after ours.
func (c *Chat) meant(m *Message) bool {
	for _, e := range m.entities {
		if e.Type != "bot_command" {
			continue
		}
		_, name, named := strings.Cut(e.Text, "@")
		if named && strings.EqualFold(name, c.srv.bot.username) || !named && c.lastBot == c.srv.bot {
			return true
		}
	}
	return false
}

// service adds a service message.
func (c *Chat) service(by *User, field string, what any) *Message {
	m := c.put(&Message{from: by, service: field, what: what})
	c.tell("", m)
	return m
}
