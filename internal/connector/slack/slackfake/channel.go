package slackfake

import (
	"slices"
	"strings"
)

// Channel is a public or private channel, or the direct conversation of one person with the app.
type Channel struct {
	w        *Workspace
	id, name string
	private  bool
	im       *User // the person, in a direct conversation
	archived bool
	bot      bool // the app's bot user is a member
	members  []*User
	messages []*Message // in the order of their ts, deleted ones too

	losesReplies bool
}

// Channel gives the public channel with that id; the first call creates it, with the bot as a member.
func (w *Workspace) Channel(id string) *Channel { return w.channelOf(id, false) }

// PrivateChannel is Channel for a channel that only its members can see.
func (w *Workspace) PrivateChannel(id string) *Channel { return w.channelOf(id, true) }

func (w *Workspace) channelOf(id string, private bool) *Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.channel(id); c != nil {
		return c
	}
	c := &Channel{w: w, id: id, name: strings.ToLower(id), private: private, bot: true}
	w.channels = append(w.channels, c)
	return c
}

// channel finds a channel by its id. The caller holds w.mu.
func (w *Workspace) channel(id string) *Channel {
	for _, c := range w.channels {
		if c.id == id {
			return c
		}
	}
	return nil
}

// direct gives the direct conversation of a person with the app. The caller holds w.mu.
func (w *Workspace) direct(u *User) *Channel {
	for _, c := range w.channels {
		if c.im == u {
			return c
		}
	}
	c := &Channel{w: w, id: w.id("D"), im: u, bot: true, members: []*User{u}}
	w.channels = append(w.channels, c)
	return c
}

// ID is Slack's id of the channel.
func (c *Channel) ID() string { return c.id }

// kind is the channel_type of events, which also names subscriptions and scopes.
func (c *Channel) kind() (event, scope string) {
	switch {
	case c.im != nil:
		return "im", "im"
	case c.private:
		return "group", "groups"
	}
	return "channel", "channels"
}

// subscription is the event that an app subscribes to for messages of this channel.
func (c *Channel) subscription() string {
	return map[string]string{"im": "message.im", "group": "message.groups", "channel": "message.channels"}[first(c.kind())]
}

func first(a, _ string) string { return a }

// find gives the message with that ts, if it is not gone. The caller holds w.mu.
func (c *Channel) find(ts string) *Message {
	i, ok := slices.BinarySearchFunc(c.messages, ts, func(m *Message, ts string) int { return strings.Compare(m.ts, ts) })
	if !ok || c.messages[i].deleted {
		return nil
	}
	return c.messages[i]
}

func (c *Channel) join(u *User) {
	if !slices.Contains(c.members, u) {
		c.members = append(c.members, u)
	}
}

func (c *Channel) json() obj {
	event, _ := c.kind()
	return obj{
		"id": c.id, "name": c.name, "name_normalized": c.name, "is_channel": event == "channel",
		"is_group": event == "group", "is_im": event == "im", "is_mpim": false, "is_private": event != "channel",
		"is_archived": c.archived, "is_member": c.bot, "is_general": false, "created": 1700000000,
		"creator": "U0ADMIN", "context_team_id": c.w.opts.TeamID, "num_members": len(c.members),
		"topic": obj{"value": "", "creator": "", "last_set": 0}, "purpose": obj{"value": "", "creator": "", "last_set": 0},
	}
}

// reach finds a channel for a call, as far as the bot can see it. The caller holds w.mu.
func (w *Workspace) reach(id string) (*Channel, error) {
	c := w.channel(id)
	if c == nil || !c.bot && (c.private || c.im != nil) {
		return nil, refuse("channel_not_found")
	}
	return c, nil
}

// inside is reach for what only a member may do.
func (w *Workspace) inside(id string) (*Channel, error) {
	c, err := w.reach(id)
	if err == nil && !c.bot {
		return nil, refuse("not_in_channel")
	}
	return c, err
}

// LoseReplies has every reply of the app land outside its thread from now on, whether its root is there or not.
func (c *Channel) LoseReplies() {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.losesReplies = true
}

// Archive closes the channel for everybody's messages.
func (c *Channel) Archive() { c.setArchived(true, "channel_archive") }

// Unarchive opens the channel again.
func (c *Channel) Unarchive() { c.setArchived(false, "channel_unarchive") }

func (c *Channel) setArchived(archived bool, event string) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.archived = archived
	c.w.emit(event, c, obj{"type": event, "channel": c.id, "user": "U0ADMIN"})
	c.w.touch()
}

// RemoveBot takes the bot out of the channel.
func (c *Channel) RemoveBot() {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.w.emit("member_left_channel", c, c.w.memberEvent("member_left_channel", c, c.w.opts.BotUserID))
	c.bot = false
	c.w.touch()
}

// InviteBot brings the bot into the channel.
func (c *Channel) InviteBot() {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.bot = true
	c.w.emit("member_joined_channel", c, c.w.memberEvent("member_joined_channel", c, c.w.opts.BotUserID))
	c.w.touch()
}

// Join makes people members of the channel; whoever speaks in it becomes one anyway.
func (c *Channel) Join(users ...*User) *Channel {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	for _, u := range users {
		c.join(u)
	}
	c.w.touch()
	return c
}

func (w *Workspace) memberEvent(kind string, c *Channel, user string) obj {
	_, scope := c.kind()
	return obj{"type": kind, "user": user, "channel": c.id, "channel_type": strings.ToUpper(scope[:1]), "team": w.opts.TeamID}
}
