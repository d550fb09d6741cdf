package telegramfake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

type kind string

const (
	private    kind = "private"
	group      kind = "group"
	supergroup kind = "supergroup"
	channel    kind = "channel"
)

// Chat is a private chat, a basic group, a supergroup or a channel.
type Chat struct {
	srv             *Server
	id              int64
	kind            kind
	title, username string
	forum           bool
	user            *User // of a private chat
	linked          *Chat
	movedTo         *Chat
	members         map[int64]*member
	messages        []*Message // the oldest first; deleted ones stay, marked
	lastID          int
	topics          []*topic
	pinned          []*Message
	reactions       []string // those that are allowed; nil is all
	lastBot         *User    // the last bot that wrote here
}

// Setup is how a chat is when a test begins; nothing of it makes an update.
type Setup func(*Chat)

// Forum gives a supergroup topics.
func Forum(c *Chat) { c.forum = true }

// BotAway leaves the bot outside.
func BotAway(c *Chat) { c.members[c.srv.botID].status = left }

// BotAdmin makes the bot an administrator with these rights; with all that an
// administrator usually gets when none are named.
func BotAdmin(rights ...Right) Setup {
	return func(c *Chat) { c.members[c.srv.botID].promote(rights) }
}

// Members are in the chat from the beginning.
func Members(people ...*User) Setup {
	return func(c *Chat) {
		for _, u := range people {
			c.members[u.id] = &member{user: u, status: plain}
		}
	}
}

// Admins are administrators from the beginning.
func Admins(people ...*User) Setup {
	return func(c *Chat) {
		for _, u := range people {
			c.members[u.id] = &member{user: u}
			c.members[u.id].promote(nil)
		}
	}
}

// Linked makes a channel's discussion group of the given supergroup.
func Linked(g *Chat) Setup {
	return func(c *Chat) { c.linked, g.linked = g, c }
}

// Named gives a chat a public @name.
func Named(username string) Setup { return func(c *Chat) { c.username = username } }

// Group is a basic group with the bot as a plain member.
func (s *Server) Group(id int64, title string, how ...Setup) *Chat {
	return s.chat(id, group, title, how)
}

// Supergroup is a supergroup with the bot as a plain member.
func (s *Server) Supergroup(id int64, title string, how ...Setup) *Chat {
	return s.chat(id, supergroup, title, how)
}

// Channel is a channel with the bot as an administrator with the usual rights: a bot
// cannot be a plain member there.
func (s *Server) Channel(id int64, title string, how ...Setup) *Chat {
	return s.chat(id, channel, title, append([]Setup{BotAdmin()}, how...))
}

func (s *Server) chat(id int64, k kind, title string, how []Setup) *Chat {
	defer s.lock()()
	if id >= 0 || s.chats[id] != nil {
		s.fail("a group or channel cannot have the id %d: it must be new and negative", id)
	}
	c := s.newChat(id, k, title)
	c.members[s.botID] = &member{user: s.bot, status: plain}
	for _, do := range how {
		do(c)
	}
	return c
}

func (s *Server) newChat(id int64, k kind, title string) *Chat {
	c := &Chat{srv: s, id: id, kind: k, title: title, members: map[int64]*member{}}
	c.lastID = 1 // the message that said that the chat was made
	s.chats[id] = c
	return c
}

// ID is the chat id.
func (c *Chat) ID() int64 { return c.id }

// Messages is what people see now, the oldest first: no deleted messages, and the
// service messages too.
func (c *Chat) Messages() []*Message {
	defer c.srv.lock()()
	return slices.DeleteFunc(slices.Clone(c.messages), func(m *Message) bool { return m.deleted })
}

// FromBot is what the bot wrote here and people see now, the oldest first.
func (c *Chat) FromBot() []*Message {
	return slices.DeleteFunc(c.Messages(), func(m *Message) bool { return !m.FromBot() || m.Service() != "" })
}

// Last is the newest message, nil when there is none.
func (c *Chat) Last() *Message {
	all := c.Messages()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// Card is the newest message of the bot whose first line has the word #n, nil when
// there is none.
func (c *Chat) Card(n int) *Message {
	for _, m := range slices.Backward(c.FromBot()) {
		if IsCard(n)(m) {
			return m
		}
	}
	return nil
}

// IsCard finds messages of the bot whose first line has the word #n.
func IsCard(n int) func(*Message) bool {
	return func(m *Message) bool {
		first, _, _ := strings.Cut(m.Text(), "\n")
		return m.FromBot() && slices.ContainsFunc(strings.Fields(first), func(word string) bool {
			return strings.Trim(word, ".,:;!?()[]·—–") == fmt.Sprintf("#%d", n)
		})
	}
}

// Says finds messages that contain a text.
func Says(text string) func(*Message) bool {
	return func(m *Message) bool { return strings.Contains(m.Text(), text) }
}

// Offers finds messages with a button of this label.
func Offers(label string) func(*Message) bool {
	return func(m *Message) bool { return slices.Contains(m.Labels(), label) }
}

// All finds messages that every one of the given conditions holds for.
func All(wanted ...func(*Message) bool) func(*Message) bool {
	return func(m *Message) bool {
		return !slices.ContainsFunc(wanted, func(w func(*Message) bool) bool { return !w(m) })
	}
}

// Find is the newest message that is as wanted, nil when there is none.
func (c *Chat) Find(wanted func(*Message) bool) *Message {
	for _, m := range slices.Backward(c.Messages()) {
		if wanted(m) {
			return m
		}
	}
	return nil
}

// Await blocks until a message is as wanted, and returns the newest such. When the
// context ends first the test fails and shows what stands in the chat.
func (c *Chat) Await(ctx context.Context, wanted func(*Message) bool) *Message {
	if c.srv.t != nil {
		c.srv.t.Helper()
	}
	var found *Message
	if c.srv.until(ctx, func() bool { found = c.Find(wanted); return found != nil }) != nil {
		c.srv.fail("no such message in %s within the time; it has:\n%s", c.title, c)
	}
	return found
}

// String is the whole chat as people see it now, for the log of a test.
func (c *Chat) String() string {
	var b strings.Builder
	for _, m := range c.Messages() {
		fmt.Fprintf(&b, "%s\n", m)
	}
	return b.String()
}

// has says whether somebody reads here.
func (c *Chat) has(u *User) bool {
	if c.kind == private {
		return c.user == u
	}
	m, ok := c.members[u.id]
	return ok && m.inside()
}

func (c *Chat) find(id int) *Message {
	for _, m := range slices.Backward(c.messages) {
		if m.id == id && !m.deleted {
			return m
		}
	}
	return nil
}

// number is the id of the next message here. Supergroups and channels count for
// themselves; all other chats of an account share one count.
func (c *Chat) number() int {
	n := &c.srv.lastID
	if c.kind == supergroup || c.kind == channel {
		n = &c.lastID
	}
	*n++
	return *n
}

func (c *Chat) json() map[string]any {
	out := map[string]any{"id": c.id, "type": c.kind}
	if c.kind == private {
		maps.Copy(out, map[string]any{"first_name": c.user.first})
		setIf(out, "username", c.user.username)
		return out
	}
	out["title"] = c.title
	setIf(out, "username", c.username)
	if c.forum {
		out["is_forum"] = true
	}
	return out
}

func setIf[T comparable](out map[string]any, name string, value T) {
	var zero T
	if value != zero {
		out[name] = value
	}
}
