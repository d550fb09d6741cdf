package telegramfake

import (
	"strconv"
	"strings"
)

// access is what a call wants to do in a chat.
type access int

const (
	toRead access = iota
	toEdit
	toWrite
)

// chatFor finds the chat of a call and refuses what the bot may not do there.
func (s *Server) chatFor(p params, want access) (*Chat, error) {
	return s.reach(p["chat_id"], want)
}

func (s *Server) reach(id string, want access) (*Chat, error) {
	if id == "" {
		return nil, badRequest("chat_id is empty")
	}
	c := s.lookUp(id)
	if c == nil {
		return nil, badRequest("chat not found")
	}
	return c, c.admit(want)
}

// lookUp finds a chat by number or @name. A person whom the bot never met is not
// found; one who never pressed Start is, and cannot be written to.
func (s *Server) lookUp(id string) *Chat {
	if name, ok := strings.CutPrefix(id, "@"); ok {
		for _, c := range s.chats {
			if c.username != "" && strings.EqualFold(c.username, name) {
				return c
			}
		}
		return nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil
	}
	if u, ok := s.users[n]; ok && u != s.bot && (u.met || u.started) {
		return u.chat()
	}
	if c := s.chats[n]; c != nil && c.kind != private {
		return c
	}
	return nil
}

func (c *Chat) admit(want access) error {
	if c.kind == private {
		if c.user.gone && want != toRead {
			return forbidden("user is deactivated")
		}
		return nil
	}
	if c.movedTo != nil {
		if want == toRead {
			return nil
		}
		return migrated(c.movedTo.id)
	}
	return c.admitMember(want)
}

func (c *Chat) admitMember(want access) error {
	if c.kind == group && want == toRead {
		return nil
	}
	switch c.me().status {
	case kicked:
		return forbidden("bot was kicked from the %s chat", c.kind)
	case left:
		if c.username == "" || want != toRead {
			return forbidden("bot is not a member of the %s chat", c.kind)
		}
	}
	return nil
}

// mayPost is asked last, after the limits: it is the answer of Telegram's own
// servers, not of the Bot API server.
func (c *Chat) mayPost() error {
	switch {
	case c.kind == private && c.user.blocked:
		return forbidden("bot was blocked by the user")
	case c.kind == private && !c.user.started:
		return forbidden("bot can't initiate conversation with a user")
	case c.kind == channel && !c.me().may(CanPostMessages):
		return badRequest("need administrator rights in the channel chat")
	case c.kind != private && c.me().status == restricted:
		return badRequest("not enough rights to send text messages to the chat")
	}
	return nil
}

// messageFor finds the message of a call; what names it in the refusal.
func (s *Server) messageFor(p params, want access, what string) (*Message, error) {
	c, err := s.chatFor(p, want)
	if err != nil {
		return nil, err
	}
	m := c.find(int(p.number("message_id")))
	if m == nil {
		return nil, badRequest("%s not found", what)
	}
	return m, nil
}
