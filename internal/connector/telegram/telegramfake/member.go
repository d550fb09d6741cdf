package telegramfake

import (
	"maps"
	"slices"
)

// Right is something that an administrator may do, by its name in the API.
type Right string

// The rights that matter to a bot. CanSendMessages is one of members, to restrict.
const (
	CanManageChat     Right = "can_manage_chat"
	CanDeleteMessages Right = "can_delete_messages"
	CanChangeInfo     Right = "can_change_info"
	CanInviteUsers    Right = "can_invite_users"
	CanPinMessages    Right = "can_pin_messages"
	CanManageTopics   Right = "can_manage_topics"
	CanPostMessages   Right = "can_post_messages" // in channels
	CanEditMessages   Right = "can_edit_messages" // in channels
)

var usualRights = []Right{
	CanManageChat, CanDeleteMessages, CanChangeInfo, CanInviteUsers, CanPinMessages,
	CanManageTopics, CanPostMessages, CanEditMessages,
}

type status string

const (
	creator    status = "creator"
	admin      status = "administrator"
	plain      status = "member"
	restricted status = "restricted"
	left       status = "left"
	kicked     status = "kicked"
)

// member is somebody's standing in a chat.
type member struct {
	user      *User
	status    status
	rights    []Right
	anonymous bool
}

func (m *member) promote(rights []Right) {
	if len(rights) == 0 {
		rights = usualRights
	}
	m.status, m.rights = admin, rights
}

func (m *member) inside() bool { return m.status != left && m.status != kicked }

func (m *member) admin() bool { return m.status == admin || m.status == creator }

func (m *member) may(r Right) bool {
	return m.status == creator || m.status == admin && slices.Contains(m.rights, r)
}

func (m *member) copy() *member {
	c := *m
	return &c
}

func (m *member) json() map[string]any {
	out := map[string]any{"user": m.user.json(), "status": m.status}
	switch m.status {
	case creator:
		out["is_anonymous"] = m.anonymous
	case admin:
		maps.Copy(out, map[string]any{
			"can_be_edited": false, "is_anonymous": m.anonymous, "can_promote_members": false,
			"can_restrict_members": false, "can_manage_video_chats": false,
		})
		for _, r := range usualRights {
			out[string(r)] = m.may(r)
		}
	case restricted:
		maps.Copy(out, map[string]any{
			"is_member": true, "until_date": 0, "can_send_messages": false, "can_send_other_messages": false,
			"can_pin_messages": false, "can_invite_users": false, "can_change_info": false, "can_manage_topics": false,
		})
	case kicked:
		out["until_date"] = 0
	}
	return out
}

// me is the bot here.
func (c *Chat) me() *member {
	if c.kind == private {
		return c.user.botStatus()
	}
	return c.members[c.srv.botID]
}

// Add puts somebody into the group, with the service message that people see. For
// the bot that is how it learns of the group.
func (c *Chat) Add(by, who *User) {
	defer c.srv.lock()()
	c.stand(by, who, func(m *member) { m.status, m.rights = plain, nil })
	if c.kind != channel {
		c.service(by, "new_chat_members", []any{who.json()})
	}
}

// Promote makes somebody an administrator with these rights, the usual ones when
// none are named.
func (c *Chat) Promote(by, who *User, rights ...Right) {
	defer c.srv.lock()()
	c.stand(by, who, func(m *member) { m.promote(rights) })
}

// Demote makes a plain member of somebody again.
func (c *Chat) Demote(by, who *User) {
	defer c.srv.lock()()
	c.stand(by, who, func(m *member) { m.status, m.rights = plain, nil })
}

// Restrict forbids somebody to write.
func (c *Chat) Restrict(by, who *User) {
	defer c.srv.lock()()
	c.stand(by, who, func(m *member) { m.status, m.rights = restricted, nil })
}

// Remove throws somebody out.
func (c *Chat) Remove(by, who *User) {
	defer c.srv.lock()()
	if c.kind != channel {
		c.service(by, "left_chat_member", who.json())
	}
	c.stand(by, who, func(m *member) { m.status, m.rights = kicked, nil })
}

// stand changes somebody's standing and tells the bot: about itself always, about
// others if it is an administrator and asked for chat_member.
func (c *Chat) stand(by, who *User, change func(*member)) {
	m, ok := c.members[who.id]
	if !ok {
		m = &member{user: who, status: left}
		c.members[who.id] = m
	}
	before := m.copy()
	change(m)
	if who == c.srv.bot {
		c.srv.pushMyMember(c, by, before, m)
		return
	}
	if c.me().admin() {
		c.srv.push("chat_member", lane{"member", who.id}, c.memberChange(by, before, m), c.srv.now())
	}
}

func (s *Server) pushMyMember(c *Chat, by *User, before, after *member) {
	by.met = true
	s.push("my_chat_member", lane{"my", c.id}, c.memberChange(by, before, after), s.now())
}

func (c *Chat) memberChange(by *User, before, after *member) map[string]any {
	return map[string]any{
		"chat": c.json(), "from": by.json(), "date": c.srv.now().Unix(),
		"old_chat_member": before.json(), "new_chat_member": after.json(),
	}
}

func (u *User) json() map[string]any {
	out := map[string]any{"id": u.id, "is_bot": u.robot, "first_name": u.first}
	setIf(out, "username", u.username)
	if !u.robot {
		setIf(out, "language_code", u.language)
	}
	return out
}
