package telegramfake

import (
	"context"
	"strings"
)

// User is a person, or a bot, who acts in Telegram.
type User struct {
	srv              *Server
	id               int64
	first, username  string
	language         string
	robot            bool
	met              bool // the bot has had an update with them in it
	started, blocked bool
	gone             bool
}

// The stand-ins that Telegram puts where no person may be seen.
const (
	telegramID       = 777000     // posts of a channel, forwarded to its group
	anonymousAdminID = 1087968824 // @GroupAnonymousBot
	channelBotID     = 136817688  // @Channel_Bot
)

// User is the person with this id, made when there was none.
func (s *Server) User(id int64, name string) *User {
	defer s.lock()()
	return s.user(id, name, "")
}

func (s *Server) user(id int64, name, username string) *User {
	if u, ok := s.users[id]; ok {
		return u
	}
	u := &User{srv: s, id: id, first: name, username: username, language: "en"}
	s.users[id] = u
	return u
}

// Robot is another bot. Nothing that it writes reaches ours.
func (s *Server) Robot(id int64, name string) *User {
	defer s.lock()()
	u := s.user(id, name, strings.ToLower(name)+"_bot")
	u.robot = true
	return u
}

// ID is the user id.
func (u *User) ID() int64 { return u.id }

// Name is the first name.
func (u *User) Name() string { return u.first }

// SetUsername gives a person a @username, or takes it away.
func (u *User) SetUsername(name string) {
	defer u.srv.lock()()
	u.username = name
}

// SetLanguage sets the language of a person's app, an IETF tag; empty is unknown.
func (u *User) SetLanguage(tag string) {
	defer u.srv.lock()()
	u.language = tag
}

// Private is what stands in the private chat of a person and the bot, as the person
// sees it now, the oldest first.
func (s *Server) Private(u *User) []*Message { return u.Chat().Messages() }

// Chat is the private chat with the bot.
func (u *User) Chat() *Chat {
	defer u.srv.lock()()
	return u.chat()
}

func (u *User) chat() *Chat {
	c, ok := u.srv.chats[u.id]
	if !ok {
		c = u.srv.newChat(u.id, private, u.first)
		c.user = u
	}
	return c
}

// Start presses Start, with the payload of a deep link or without. A person who had
// blocked the bot unblocks it by that.
func (u *User) Start(payload string) *Message {
	u.Unblock()
	defer u.srv.lock()()
	u.started = true
	return u.chat().post(u, strings.TrimSpace("/start "+payload), nil)
}

// Write sends a text to the bot in private.
func (u *User) Write(text string, how ...How) *Message {
	u.mustReach()
	defer u.srv.lock()()
	return u.chat().post(u, text, how)
}

func (u *User) mustReach() {
	defer u.srv.lock()()
	if !u.started || u.blocked {
		u.srv.fail("%s cannot write to the bot: started %t, blocked %t", u.first, u.started, u.blocked)
	}
}

// Await blocks until a message in the private chat is as wanted, and returns it.
func (u *User) Await(ctx context.Context, wanted func(*Message) bool) *Message {
	if u.srv.t != nil {
		u.srv.t.Helper()
	}
	return u.Chat().Await(ctx, wanted)
}

// Block stops the bot from writing to this person.
func (u *User) Block() { u.setBlocked(true) }

// Unblock takes Block back.
func (u *User) Unblock() { u.setBlocked(false) }

func (u *User) setBlocked(blocked bool) {
	defer u.srv.lock()()
	if u.blocked == blocked {
		return
	}
	before := u.botStatus()
	u.blocked = blocked
	u.srv.pushMyMember(u.chat(), u, before, u.botStatus())
}

// botStatus is the bot as a member of the private chat.
func (u *User) botStatus() *member {
	if u.blocked {
		return &member{user: u.srv.bot, status: kicked}
	}
	return &member{user: u.srv.bot, status: plain}
}

// Deactivate deletes the account.
func (u *User) Deactivate() {
	defer u.srv.lock()()
	u.gone = true
}
