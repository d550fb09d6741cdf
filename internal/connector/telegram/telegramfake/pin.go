package telegramfake

import "slices"

func pinChatMessage(s *Server, p params) (any, error) {
	m, err := s.messageFor(p, toWrite, "message to pin")
	if err != nil {
		return nil, err
	}
	if err := m.chat.mayPin(); err != nil {
		return nil, err
	}
	m.chat.pinned = append(slices.DeleteFunc(m.chat.pinned, func(o *Message) bool { return o == m }), m)
	s.record(m.entry("pinChatMessage", p.yes("disable_notification") || m.chat.kind == private))
	note := &Message{from: s.bot, service: "pinned_message", what: m.json(false), thread: m.thread, inTopic: m.inTopic}
	m.chat.tell("", m.chat.put(note))
	return true, nil
}

// unpinChatMessage without a message takes the newest pin.
func unpinChatMessage(s *Server, p params) (any, error) {
	c, err := s.chatFor(p, toWrite)
	if err != nil {
		return nil, err
	}
	m := c.find(int(p.number("message_id")))
	if p.number("message_id") == 0 && len(c.pinned) > 0 {
		m = c.pinned[len(c.pinned)-1]
	}
	if m == nil {
		return nil, badRequest("message to unpin not found")
	}
	if err := c.mayPin(); err != nil {
		return nil, err
	}
	c.pinned = slices.DeleteFunc(c.pinned, func(o *Message) bool { return o == m })
	s.record(m.entry("unpinChatMessage", true))
	return true, nil
}

func unpinAllChatMessages(s *Server, p params) (any, error) {
	c, err := s.chatFor(p, toWrite)
	if err != nil {
		return nil, err
	}
	if err := c.mayPin(); err != nil {
		return nil, err
	}
	c.pinned = nil
	return true, nil
}

func (c *Chat) mayPin() error {
	right := CanPinMessages
	if c.kind == channel {
		right = CanEditMessages
	}
	if c.kind != private && !c.me().may(right) {
		return badRequest("not enough rights to manage pinned messages in the chat")
	}
	return nil
}

// PinnedMessages are the pins, the newest last.
func (c *Chat) PinnedMessages() []*Message {
	defer c.srv.lock()()
	return slices.Clone(c.pinned)
}
