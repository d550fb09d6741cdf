package telegramfake

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const longestName = 128

type topic struct {
	id     int
	name   string
	closed bool
	gone   bool
}

// Topic is a topic of a forum as people see it.
type Topic struct {
	ID     int
	Name   string
	Closed bool
}

// Topics are the topics of a forum without General, the oldest first.
func (c *Chat) Topics() []Topic {
	defer c.srv.lock()()
	var out []Topic
	for _, t := range c.topics {
		if !t.gone {
			out = append(out, Topic{ID: t.id, Name: t.name, Closed: t.closed})
		}
	}
	return out
}

// In are the messages of a topic as people see them now; 0 is General.
func (c *Chat) In(thread int) []*Message {
	return slices.DeleteFunc(c.Messages(), func(m *Message) bool { return m.Topic() != thread })
}

// NewTopic opens a topic.
func (c *Chat) NewTopic(by *User, name string) int {
	defer c.srv.lock()()
	return c.newTopic(by, name).id
}

// CloseTopic closes a topic to everybody but those who manage topics.
func (c *Chat) CloseTopic(by *User, thread int) { c.toggle(by, thread, true) }

// ReopenTopic takes CloseTopic back.
func (c *Chat) ReopenTopic(by *User, thread int) { c.toggle(by, thread, false) }

// DeleteTopic takes a topic away with all its messages. The bot is not told.
func (c *Chat) DeleteTopic(thread int) {
	defer c.srv.lock()()
	c.dropTopic(c.mustTopic(thread))
	c.srv.bump()
}

func (c *Chat) toggle(by *User, thread int, closed bool) {
	defer c.srv.lock()()
	c.setClosed(by, c.mustTopic(thread), closed)
}

func (c *Chat) mustTopic(thread int) *topic {
	t := c.topic(thread)
	if t == nil {
		c.srv.fail("%s has no topic %d", c.title, thread)
	}
	return t
}

func (c *Chat) topic(id int) *topic {
	for _, t := range c.topics {
		if t.id == id && !t.gone {
			return t
		}
	}
	return nil
}

func (c *Chat) newTopic(by *User, name string) *topic {
	t := &topic{name: name}
	m := &Message{from: by, service: "forum_topic_created", inTopic: true, what: map[string]any{
		"name": name, "icon_color": 7322096,
	}}
	c.put(m)
	t.id, m.thread = m.id, m.id
	c.topics = append(c.topics, t)
	c.tell("", m)
	return t
}

func (c *Chat) setClosed(by *User, t *topic, closed bool) {
	t.closed = closed
	field := "forum_topic_reopened"
	if closed {
		field = "forum_topic_closed"
	}
	c.topicService(by, t, field, map[string]any{})
}

func (c *Chat) topicService(by *User, t *topic, field string, what any) {
	c.tell("", c.put(&Message{from: by, service: field, what: what, thread: t.id, inTopic: true}))
}

func (c *Chat) dropTopic(t *topic) {
	t.gone = true
	for _, m := range c.messages {
		if m.inTopic && m.thread == t.id {
			m.remove()
		}
	}
}

// createForumTopic counts as a message.
func createForumTopic(s *Server, p params) (any, error) {
	c, err := s.forumFor(p, "create a topic")
	if err != nil {
		return nil, err
	}
	name, err := topicName(p)
	if err != nil {
		return nil, err
	}
	if _, err := s.spend(c); err != nil {
		return nil, err
	}
	t := c.newTopic(s.bot, name)
	s.record(Entry{Did: "createForumTopic", Chat: c.id, Message: t.id, Thread: t.id, Text: name})
	return map[string]any{"message_thread_id": t.id, "name": name, "icon_color": 7322096}, nil
}

func topicName(p params) (string, error) {
	name := strings.TrimSpace(p["name"])
	if name == "" {
		return "", badRequest("name must be non-empty")
	}
	if utf8.RuneCountInString(name) > longestName {
		name = string([]rune(name)[:longestName])
	}
	return name, nil
}

func (s *Server) forumFor(p params, to string) (*Chat, error) {
	c, err := s.chatFor(p, toWrite)
	switch {
	case err != nil:
		return nil, err
	case !c.forum:
		return nil, badRequest("the chat is not a forum")
	case !c.me().may(CanManageTopics):
		return nil, badRequest("not enough rights to %s", to)
	}
	return c, nil
}

// topicFor finds the topic of a call, and records the call when it can be done.
func (s *Server) topicFor(p params, did, to string) (*Chat, *topic, error) {
	c, err := s.forumFor(p, to)
	if err != nil {
		return nil, nil, err
	}
	t := c.topic(int(p.number("message_thread_id")))
	if t == nil {
		return nil, nil, badRequest("TOPIC_ID_INVALID")
	}
	s.record(Entry{Did: did, Chat: c.id, Thread: t.id, Text: p["name"], Silent: true})
	return c, t, nil
}

func editForumTopic(s *Server, p params) (any, error) {
	name, err := topicName(p)
	if err != nil {
		return nil, err
	}
	c, err := s.forumFor(p, "edit the topic")
	if err != nil {
		return nil, err
	}
	if t := c.topic(int(p.number("message_thread_id"))); t != nil && t.name == name {
		return nil, badRequest("TOPIC_NOT_MODIFIED")
	}
	c, t, err := s.topicFor(p, "editForumTopic", "edit the topic")
	if err != nil {
		return nil, err
	}
	t.name = name
	c.topicService(s.bot, t, "forum_topic_edited", map[string]any{"name": name})
	return true, nil
}

func closeForumTopic(s *Server, p params) (any, error) { return s.toggle(p, "closeForumTopic", true) }

func reopenForumTopic(s *Server, p params) (any, error) {
	return s.toggle(p, "reopenForumTopic", false)
}

func (s *Server) toggle(p params, did string, closed bool) (any, error) {
	const to = "close or open the topic"
	c, err := s.forumFor(p, to)
	if err != nil {
		return nil, err
	}
	if t := c.topic(int(p.number("message_thread_id"))); t != nil && t.closed == closed {
		return nil, badRequest("TOPIC_NOT_MODIFIED")
	}
	c, t, err := s.topicFor(p, did, to)
	if err != nil {
		return nil, err
	}
	c.setClosed(s.bot, t, closed)
	return true, nil
}

func deleteForumTopic(s *Server, p params) (any, error) {
	c, t, err := s.topicFor(p, "deleteForumTopic", "delete the topic")
	if err != nil {
		return nil, err
	}
	c.dropTopic(t)
	return true, nil
}
