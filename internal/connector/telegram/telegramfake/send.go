package telegramfake

import (
	"encoding/json"
	"slices"
)

// slowed is a result whose answer is held, because the call used up a limit.
type slowed struct{ result any }

func sendMessage(s *Server, p params) (any, error) {
	m, err := s.draft(p)
	if err != nil {
		return nil, err
	}
	return s.sendDraft(m, p, "sendMessage")
}

// sendDraft puts a message of the bot into its topic and below what it answers.
func (s *Server) sendDraft(m *Message, p params, did string) (any, error) {
	if err := m.intoTopic(int(p.number("message_thread_id"))); err != nil {
		return nil, err
	}
	if m.chat.kind == channel {
		m.senderChat = m.chat
	}
	if err := s.readReply(m, p); err != nil {
		return nil, err
	}
	return s.stand(m, p, did)
}

// stand posts a message of the bot.
func (s *Server) stand(m *Message, p params, did string) (any, error) {
	full, err := s.spend(m.chat)
	if err != nil {
		return nil, err
	}
	if err := m.mayStand(); err != nil {
		return nil, err
	}
	m.chat.put(m)
	s.record(m.entry(did, p.yes("disable_notification")))
	if !p.yes("disable_notification") {
		s.rings = append(s.rings, Ring{At: m.date, Message: m, Text: m.text})
	}
	if m.chat.kind == channel {
		m.chat.copyToGroup(m)
	}
	return s.held(full, m.json(true)), nil
}

func (s *Server) held(full bool, result any) any {
	if full && s.o.SlowAtLimit > 0 {
		return slowed{result}
	}
	return result
}

// draft is the message as the Bot API server would pass it on.
func (s *Server) draft(p params) (*Message, error) {
	text, marked, err := readText(p)
	if err != nil {
		return nil, err
	}
	k, err := readMarkup(p, false)
	if err != nil {
		return nil, err
	}
	c, err := s.chatFor(p, toWrite)
	if err != nil {
		return nil, err
	}
	if units(text) > longestText {
		return nil, badRequest("message is too long")
	}
	return &Message{chat: c, from: s.bot, text: text, entities: marked, markup: k}, nil
}

// intoTopic puts a message of the bot into a topic. Chats without topics ignore the
// number; General, number 1, is none of those that can be named.
func (m *Message) intoTopic(thread int) error {
	switch {
	case thread == 0, m.chat.kind != private && !m.chat.forum:
		return nil
	case m.chat.topic(thread) == nil:
		return badRequest("message thread not found")
	}
	m.thread, m.inTopic = thread, true
	return nil
}

// mayStand are the refusals of Telegram's own servers.
func (m *Message) mayStand() error {
	if err := m.chat.mayPost(); err != nil {
		return err
	}
	if t := m.chat.topic(m.thread); m.inTopic && t.closed && !m.chat.me().may(CanManageTopics) {
		return badRequest("TOPIC_CLOSED")
	}
	return nil
}

type replyParameters struct {
	Message int             `json:"message_id"`
	Chat    json.RawMessage `json:"chat_id"`
	Anyway  bool            `json:"allow_sending_without_reply"`
}

// readReply finds the message that this one answers. A reply into another topic is
// no reply there, and one in a supergroup without topics opens a thread.
func (s *Server) readReply(m *Message, p params) error {
	r, err := parseReply(p)
	if err != nil || r.Message == 0 {
		return err
	}
	target := m.chat.find(r.Message)
	if id := string(r.Chat); id != "" && id != encoded(m.chat.id) && id != encoded(encoded(m.chat.id)) {
		return badRequest("this fake does not reply across chats")
	}
	switch {
	case target == nil && r.Anyway:
	case target == nil:
		return badRequest("message to be replied not found")
	case m.chat.forum && target.thread != m.thread:
	default:
		m.replyTo = target
		if !m.chat.forum {
			m.follow()
		}
	}
	return nil
}

func encoded(v any) string { return string(encode(v)) }

func parseReply(p params) (replyParameters, error) {
	var r replyParameters
	if text := p["reply_parameters"]; text != "" {
		if json.Unmarshal([]byte(text), &r) != nil {
			return r, badRequest("can't parse reply parameters JSON object")
		}
		return r, nil
	}
	return replyParameters{
		Message: int(p.number("reply_to_message_id")), Anyway: p.yes("allow_sending_without_reply"),
	}, nil
}

func editMessageText(s *Server, p params) (any, error) {
	text, marked, err := readText(p)
	if err != nil {
		return nil, err
	}
	return s.edit(p, "editMessageText", func(m *Message) error {
		switch {
		case m.media != "":
			return badRequest("there is no text in the message to edit")
		case units(text) > longestText:
			return badRequest("MESSAGE_TOO_LONG")
		}
		m.text, m.entities = text, detect(text, marked)
		return nil
	})
}

func editMessageReplyMarkup(s *Server, p params) (any, error) {
	return s.edit(p, "editMessageReplyMarkup", func(*Message) error { return nil })
}

// edit changes a message of the bot. A keyboard that is not sent along is removed.
func (s *Server) edit(p params, did string, change func(*Message) error) (any, error) {
	k, err := readMarkup(p, true)
	if err != nil {
		return nil, err
	}
	m, err := s.messageFor(p, toEdit, "message to edit")
	if err != nil {
		return nil, err
	}
	if !m.FromBot() || m.service != "" || m.viaBot {
		return nil, badRequest("message can't be edited")
	}
	full, err := s.spend(m.chat)
	if err != nil {
		return nil, err
	}
	after := *m
	after.markup = k
	if err := change(&after); err != nil {
		return nil, err
	}
	if err := m.mayChangeTo(&after); err != nil {
		return nil, err
	}
	s.apply(m, &after, did)
	return s.held(full, m.json(true)), nil
}

func (m *Message) mayChangeTo(after *Message) error {
	if m.text == after.text && m.file == after.file && slices.Equal(m.entities, after.entities) && m.markup.same(after.markup) {
		return badRequest("message is not modified: specified new message content and reply markup are exactly " +
			"the same as a current content and reply markup of the message")
	}
	if m.chat.kind == private && m.chat.user.blocked {
		return forbidden("bot was blocked by the user")
	}
	return nil
}

func (s *Server) apply(m, after *Message, did string) {
	m.text, m.entities, m.markup, m.media, m.file = after.text, after.entities, after.markup, after.media, after.file
	if did != "editMessageReplyMarkup" {
		m.edited = s.now()
	}
	m.keepVersion()
	s.record(m.entry(did, true))
	if m.chat.kind == channel && m.chat.linked != nil {
		m.chat.linked.mirror(m)
	}
}

// mirror edits the copy of a channel's post along with it.
func (c *Chat) mirror(post *Message) {
	for _, m := range c.messages {
		if m.forward == post && !m.deleted {
			m.text, m.entities, m.media, m.file, m.edited = post.text, slices.Clone(post.entities), post.media, post.file, post.edited
			m.keepVersion()
			c.tell("edited_", m)
		}
	}
}
