package telegramfake

import (
	"encoding/json"
	"time"
)

const deletableFor = 48 * time.Hour

func deleteMessage(s *Server, p params) (any, error) {
	m, err := s.messageFor(p, toWrite, "message to delete")
	if err != nil {
		return nil, err
	}
	if !m.deletable() {
		return nil, badRequest("message can't be deleted")
	}
	s.deleteNow(m)
	return true, nil
}

// deleteMessages passes over what it cannot find.
func deleteMessages(s *Server, p params) (any, error) {
	var ids []int
	if json.Unmarshal([]byte(p["message_ids"]), &ids) != nil {
		return nil, badRequest("can't parse message_ids JSON object")
	}
	if len(ids) == 0 || len(ids) > 100 {
		return nil, badRequest("too many message identifiers specified, or none")
	}
	c, err := s.chatFor(p, toWrite)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		m := c.find(id)
		if m != nil && !m.deletable() {
			return nil, badRequest("message can't be deleted")
		}
	}
	for _, id := range ids {
		if m := c.find(id); m != nil {
			s.deleteNow(m)
		}
	}
	return true, nil
}

func (s *Server) deleteNow(m *Message) {
	m.remove()
	s.record(m.entry("deleteMessage", true))
}

// deletable: an administrator with the right deletes anything; else the bot deletes
// what it wrote itself, for 48 hours, and in private what the person wrote too.
func (m *Message) deletable() bool {
	if m.chat.kind != private && m.chat.me().may(CanDeleteMessages) {
		return m.service != "forum_topic_created"
	}
	young := m.chat.srv.now().Sub(m.date) < deletableFor
	return young && (m.FromBot() || m.chat.kind == private)
}
