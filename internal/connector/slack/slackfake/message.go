package slackfake

import (
	"fmt"
	"slices"
	"strings"
)

// Message is one message in a channel, or one that only a single person sees. It changes as the app edits it.
type Message struct {
	w       *Workspace
	channel *Channel

	ts, threadTS string
	author       *User // nil for the app's own
	onlyFor      *User // an ephemeral message
	subtype      string
	clientID     string
	text         string
	blocks       []any
	metadata     obj
	attachments  []any
	files        []any
	edited       obj
	reactions    []reaction
	values       states
	deleted      bool // gone for everybody
	tombstone    bool // a deleted thread root: a grey line that holds the replies
	pinned       bool
	broadcast    bool
}

type reaction struct {
	name  string
	users []string
}

// states holds what people chose in a surface: by block_id, then action_id.
type states map[string]map[string]obj

func (s states) set(block, action string, value obj) {
	if s[block] == nil {
		s[block] = map[string]obj{}
	}
	s[block][action] = value
}

func (m *Message) own() bool { return m.author == nil }

func (m *Message) userID() string {
	if m.own() {
		return m.w.opts.BotUserID
	}
	return m.author.id
}

func (m *Message) isReply() bool { return m.threadTS != "" && m.threadTS != m.ts }

// json is the message as the Web API and events carry it. The caller holds w.mu.
func (m *Message) json(metadata bool) obj {
	if m.tombstone {
		return m.tombstoneJSON()
	}
	out := obj{"type": "message", "user": m.userID(), "team": m.w.opts.TeamID, "text": m.text, "ts": m.ts}
	if m.own() {
		out["bot_id"], out["app_id"] = m.w.opts.BotID, m.w.opts.AppID
		out["bot_profile"] = obj{"id": m.w.opts.BotID, "app_id": m.w.opts.AppID, "name": "bot", "team_id": m.w.opts.TeamID}
	}
	m.addOptional(out)
	m.addThread(out)
	if metadata && m.metadata != nil {
		out["metadata"] = m.metadata
	}
	return clone(out)
}

func (m *Message) addOptional(out obj) {
	set := func(key string, value any, given bool) {
		if given {
			out[key] = value
		}
	}
	set("client_msg_id", m.clientID, m.clientID != "")
	set("subtype", m.subtype, m.subtype != "")
	set("blocks", m.blocks, len(m.blocks) > 0)
	set("attachments", m.attachments, len(m.attachments) > 0)
	set("files", m.files, len(m.files) > 0)
	set("edited", m.edited, m.edited != nil)
	set("pinned_to", []any{m.channel.id}, m.pinned)
	set("reactions", m.reactionsJSON(), len(m.reactions) > 0)
}

func (m *Message) addThread(out obj) {
	if m.isReply() {
		out["thread_ts"] = m.threadTS
		if root := m.channel.find(m.threadTS); root != nil {
			out["parent_user_id"] = root.userID()
		}
		return
	}
	m.addReplies(out)
}

func (m *Message) addReplies(out obj) {
	replies := m.replies()
	if len(replies) == 0 {
		return
	}
	var users []string
	for _, r := range replies {
		if !slices.Contains(users, r.userID()) {
			users = append(users, r.userID())
		}
	}
	out["thread_ts"], out["reply_count"], out["subscribed"] = m.ts, len(replies), true
	out["reply_users"], out["reply_users_count"] = anyList(users), len(users)
	out["latest_reply"] = replies[len(replies)-1].ts
}

func (m *Message) tombstoneJSON() obj {
	out := obj{"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": true,
		"text": "This message was deleted.", "ts": m.ts}
	m.addReplies(out)
	return clone(out)
}

func (m *Message) reactionsJSON() []any {
	var out []any
	for _, r := range m.reactions {
		out = append(out, obj{"name": r.name, "count": len(r.users), "users": anyList(r.users)})
	}
	return out
}

// replies are the messages in the thread that m is the root of, oldest first.
func (m *Message) replies() []*Message {
	var out []*Message
	for _, other := range m.channel.messages {
		if other.threadTS == m.ts && other != m && !other.deleted {
			out = append(out, other)
		}
	}
	return out
}

// permalink is the address of the message in Slack's clients.
func (m *Message) permalink() string {
	link := fmt.Sprintf("https://fake.slack.test/archives/%s/p%s", m.channel.id, strings.ReplaceAll(m.ts, ".", ""))
	if m.isReply() {
		link += "?thread_ts=" + m.threadTS + "&cid=" + m.channel.id
	}
	return link
}
