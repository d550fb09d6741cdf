package slackfake

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// locked runs f under the lock of the workspace.
func locked[T any](w *Workspace, f func() T) T {
	w.mu.Lock()
	defer w.mu.Unlock()
	return f()
}

// TS is Slack's id of the message within its channel.
func (m *Message) TS() string { return m.ts }

// ThreadTS is the ts of the thread that the message is in; empty for a message outside of any.
func (m *Message) ThreadTS() string { return m.threadTS }

// Channel is where the message stands.
func (m *Message) Channel() *Channel { return m.channel }

// Author is who wrote the message, nil for the app.
func (m *Message) Author() *User { return m.author }

// Text is everything that people see of the message without touching it, a line for each block, escapes resolved and
// markup gone. A button reads [Label].
func (m *Message) Text() string { return locked(m.w, m.visible) }

// Raw is the text field as the API has it: what a phone notification shows when there are blocks.
func (m *Message) Raw() string { return locked(m.w, func() string { return m.text }) }

// Mentions lists what is alive in the message: calls and links, in the blocks and in the notification text.
func (m *Message) Mentions() []Mention {
	return locked(m.w, func() []Mention {
		r := m.render()
		if len(m.blocks) > 0 && m.own() {
			r.mrkdwn(m.text, false)
		}
		var out []Mention
		for _, found := range r.mentions {
			if !slices.Contains(out, found) {
				out = append(out, found)
			}
		}
		return out
	})
}

// Markup lists what Slack formats in the message: bold, code and the like.
func (m *Message) Markup() []Span { return locked(m.w, func() []Span { return m.render().spans }) }

// Blocks is a copy of the message's blocks.
func (m *Message) Blocks() []map[string]any {
	return locked(m.w, func() []obj { return clone(objects(m.blocks)) })
}

// Metadata is a copy of the message's metadata; nil when there is none.
func (m *Message) Metadata() map[string]any {
	return locked(m.w, func() obj { return clone(m.metadata) })
}

// Buttons lists the labels of everything that can be pressed, entries of overflow menus too.
func (m *Message) Buttons() []string {
	return locked(m.w, func() []string {
		if m.deleted || m.tombstone {
			return nil
		}
		return labels(&rendering{w: m.w}, objects(m.blocks))
	})
}

// Has tells whether something with that label can be pressed.
func (m *Message) Has(label string) bool { return slices.Contains(m.Buttons(), label) }

// Confirm is what the confirm dialog of a button says before Click says yes to it; empty when there is none.
func (m *Message) Confirm(label string) string {
	return locked(m.w, func() string {
		r := &rendering{w: m.w}
		p, err := onlyPress(r, objects(m.blocks), label, "")
		if err != nil {
			return ""
		}
		return r.confirm(sub(p.spec, "confirm"))
	})
}

// Gone tells whether the message was deleted.
func (m *Message) Gone() bool { return locked(m.w, func() bool { return m.deleted || m.tombstone }) }

// IsPinned tells whether the message is pinned to its channel.
func (m *Message) IsPinned() bool { return locked(m.w, func() bool { return m.pinned }) }

// IsBot tells whether the app wrote the message.
func (m *Message) IsBot() bool { return m.own() }

// Reactions lists the emoji on the message that the person, or the bot when u is nil, has put there.
func (m *Message) Reactions(u *User) []string {
	return locked(m.w, func() []string {
		who := m.w.opts.BotUserID
		if u != nil {
			who = u.id
		}
		var out []string
		for _, r := range m.reactions {
			if slices.Contains(r.users, who) {
				out = append(out, r.name)
			}
		}
		return out
	})
}

// Permalink is the address of the message.
func (m *Message) Permalink() string { return locked(m.w, m.permalink) }

// Thread lists the replies to the message, oldest first.
func (m *Message) Thread() []*Message { return locked(m.w, m.replies) }

// Messages lists what the channel shows outside of threads, oldest first.
func (c *Channel) Messages() []*Message {
	return locked(c.w, func() []*Message { return c.roots(window{}) })
}

// Find gives the newest message outside of threads whose text contains s.
func (c *Channel) Find(s string) *Message {
	return locked(c.w, func() *Message { return c.newest(func(m *Message) bool { return strings.Contains(m.visible(), s) }) })
}

func (c *Channel) newest(fits func(*Message) bool) *Message {
	for _, m := range slices.Backward(c.roots(window{})) {
		if !m.tombstone && fits(m) {
			return m
		}
	}
	return nil
}

// Card is the newest message of the bot, outside of threads, whose first line has the word #n.
func (c *Channel) Card(n int) *Message {
	return locked(c.w, func() *Message { return c.card(n) })
}

func (c *Channel) card(n int) *Message {
	word := regexp.MustCompile(fmt.Sprintf(`(^|[^\w#])#%d($|\W)`, n))
	return c.newest(func(m *Message) bool {
		line, _, _ := strings.Cut(m.visible(), "\n")
		return m.own() && word.MatchString(line)
	})
}

// Pins lists the pinned messages of the channel, oldest first.
func (c *Channel) Pins() []*Message { return locked(c.w, c.pins) }

// Await blocks until cond is true for the channel, looking after every change, or until ctx ends.
func (c *Channel) Await(ctx context.Context, cond func(*Channel) bool) error {
	return c.w.Await(ctx, func() bool { return cond(c) })
}

// WaitCard waits for card n to show something that can be pressed under that label; an empty label waits for the card.
// When ctx ends first the test fails and the result is nil.
func (c *Channel) WaitCard(ctx context.Context, n int, label string) *Message {
	return c.wait(ctx, fmt.Sprintf("card #%d with %q", n, label), func() *Message {
		m := c.Card(n)
		if m == nil || label != "" && !m.Has(label) {
			return nil
		}
		return m
	})
}

// WaitCardText waits for card n to read s somewhere.
func (c *Channel) WaitCardText(ctx context.Context, n int, s string) *Message {
	return c.wait(ctx, fmt.Sprintf("card #%d saying %q", n, s), func() *Message {
		m := c.Card(n)
		if m == nil || !strings.Contains(m.Text(), s) {
			return nil
		}
		return m
	})
}

// WaitMessage waits for a message outside of threads that reads s somewhere.
func (c *Channel) WaitMessage(ctx context.Context, s string) *Message {
	return c.wait(ctx, fmt.Sprintf("a message saying %q", s), func() *Message { return c.Find(s) })
}

// WaitReply waits for a reply in the message's thread that reads s somewhere, and gives the newest.
func (m *Message) WaitReply(ctx context.Context, s string) *Message {
	return m.channel.wait(ctx, fmt.Sprintf("a reply saying %q", s), func() *Message {
		for _, r := range slices.Backward(m.Thread()) {
			if strings.Contains(r.Text(), s) {
				return r
			}
		}
		return nil
	})
}

func (c *Channel) wait(ctx context.Context, what string, find func() *Message) *Message {
	var found *Message
	err := c.w.Await(ctx, func() bool { found = find(); return found != nil })
	if err != nil {
		_ = c.w.misuse("no %s in %s: %v\n%s", what, c.id, err, c.Dump())
	}
	return found
}

// Dump is the whole channel as people see it, for messages of failing tests.
func (c *Channel) Dump() string {
	var b strings.Builder
	for _, m := range c.Messages() {
		fmt.Fprintf(&b, "── %s %s\n%s\n", m.TS(), locked(c.w, m.userID), m.Text())
		for _, r := range m.Thread() {
			fmt.Fprintf(&b, "   └ %s %s\n     %s\n", r.TS(), locked(c.w, r.userID), strings.ReplaceAll(r.Text(), "\n", "\n     "))
		}
	}
	return b.String()
}

// Private lists the messages that only this person sees, oldest first.
func (w *Workspace) Private(u *User) []*Message {
	return locked(w, func() []*Message {
		return slices.DeleteFunc(slices.Clone(w.private[u.id]), func(m *Message) bool { return m.deleted })
	})
}

// WaitPrivate waits for a message that only this person sees and that reads s somewhere, and gives the newest.
func (w *Workspace) WaitPrivate(ctx context.Context, u *User, s string) *Message {
	var found *Message
	err := w.Await(ctx, func() bool {
		for _, m := range w.Private(u) {
			if strings.Contains(m.Text(), s) {
				found = m
			}
		}
		return found != nil
	})
	if err != nil {
		_ = w.misuse("%s was told nothing with %q in private: %v", u.name, s, err)
	}
	return found
}
