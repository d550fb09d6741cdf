package telegramfake

import (
	"cmp"
	"maps"
	"slices"
)

func getChat(s *Server, p params) (any, error) {
	c, err := s.chatFor(p, toRead)
	if err != nil {
		return nil, err
	}
	out := c.json()
	maps.Copy(out, map[string]any{"accent_color_id": 0, "max_reaction_count": 11})
	out["accepted_gift_types"] = map[string]any{}
	if c.reactions != nil {
		out["available_reactions"] = emojiJSON(c.reactions)
	}
	if c.linked != nil {
		out["linked_chat_id"] = c.linked.id
	}
	if n := len(c.pinned); n > 0 {
		out["pinned_message"] = c.pinned[n-1].json(true)
	}
	if c.kind == group || c.kind == supergroup {
		out["permissions"] = map[string]any{"can_send_messages": true, "can_manage_topics": false}
	}
	return out, nil
}

func getChatMember(s *Server, p params) (any, error) {
	c, err := s.chatFor(p, toRead)
	if err != nil {
		return nil, err
	}
	u := s.users[p.number("user_id")]
	if u == nil {
		return nil, badRequest("user not found")
	}
	return c.standing(u).json(), nil
}

func (c *Chat) standing(u *User) *member {
	if m, ok := c.members[u.id]; ok {
		return m
	}
	if c.kind == private {
		return &member{user: u, status: plain}
	}
	return &member{user: u, status: left}
}

func getChatMemberCount(s *Server, p params) (any, error) {
	c, err := s.chatFor(p, toRead)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, m := range c.members {
		if m.inside() {
			n++
		}
	}
	return n, nil
}

func getChatAdministrators(s *Server, p params) (any, error) {
	c, err := s.chatFor(p, toRead)
	if err != nil {
		return nil, err
	}
	if c.kind == private {
		return nil, badRequest("there are no administrators in the private chat")
	}
	out := []map[string]any{}
	for _, m := range slices.SortedFunc(maps.Values(c.members), func(a, b *member) int {
		return cmp.Compare(a.user.id, b.user.id)
	}) {
		if m.admin() {
			out = append(out, m.json())
		}
	}
	return out, nil
}

func leaveChat(s *Server, p params) (any, error) {
	c, err := s.chatFor(p, toRead)
	if err != nil {
		return nil, err
	}
	if c.kind == private {
		return nil, badRequest("chat member status can't be changed in private chats")
	}
	s.record(Entry{Did: "leaveChat", Chat: c.id, Silent: true})
	c.stand(s.bot, s.bot, func(m *member) { m.status, m.rights = left, nil })
	return true, nil
}

var chatActions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
	"choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func sendChatAction(s *Server, p params) (any, error) {
	if !slices.Contains(chatActions, p["action"]) {
		return nil, badRequest("wrong parameter action in request")
	}
	c, err := s.chatFor(p, toWrite)
	if err != nil {
		return nil, err
	}
	return true, c.mayPost()
}

// Move makes a supergroup of a basic group, as Telegram does when the group grows or
// somebody changes its settings. The messages stay behind.
func (c *Chat) Move(by *User, to int64) *Chat {
	defer c.srv.lock()()
	s := c.srv
	if c.kind != group || c.movedTo != nil || s.chats[to] != nil || to >= 0 {
		s.fail("%s cannot become the supergroup %d", c.title, to)
	}
	n := s.newChat(to, supergroup, c.title)
	n.members = maps.Clone(c.members)
	c.service(by, "migrate_to_chat_id", to)
	c.movedTo = n
	n.service(by, "migrate_from_chat_id", c.id)
	return n
}
