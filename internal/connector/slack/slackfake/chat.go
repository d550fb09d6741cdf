package slackfake

import (
	"strings"
	"time"
)

// Slack's limits on the text of a message.
const (
	postLimit   = 40000
	updateLimit = 4000
)

// content is what a call wants a message to say.
type content struct {
	text        string
	hasText     bool
	blocks      []any
	hasBlocks   bool
	metadata    obj
	hasMetadata bool
	attachments []any
	thread      string
	broadcast   bool
}

// readContent reads and checks text, blocks, attachments and metadata of a call.
func (c *call) readContent(w *Workspace) (content, error) {
	var out content
	var err error
	if out.text, err = c.str("text"); err != nil {
		return out, err
	}
	out.hasText = c.given("text")
	if out.thread, err = c.str("thread_ts"); err != nil {
		return out, err
	}
	if out.broadcast, err = c.flag("reply_broadcast"); err != nil {
		return out, err
	}
	if out.hasBlocks = c.given("blocks"); out.hasBlocks {
		if out.blocks, err = w.readBlocks(c); err != nil {
			return out, err
		}
	}
	if attachments, ok := c.value("attachments"); ok {
		out.attachments, _ = attachments.([]any)
	}
	out.metadata, out.hasMetadata, err = c.readMetadata()
	out.text = normalize(out.text)
	return out, err
}

func (w *Workspace) readBlocks(c *call) ([]any, error) {
	value, ok := c.value("blocks")
	blocks, isList := value.([]any)
	if !ok || value != nil && !isList {
		return nil, refuse("invalid_blocks_format")
	}
	check := checkMessage(blocks)
	if len(check.problems) > 0 {
		return nil, &failure{code: "invalid_blocks", messages: check.problems}
	}
	return w.settleBlocks(blocks), nil
}

// readMetadata reads the metadata argument; an empty object means "take it away".
func (c *call) readMetadata() (obj, bool, error) {
	if !c.given("metadata") {
		return nil, false, nil
	}
	value, ok := c.value("metadata")
	meta, isObject := value.(obj)
	if !ok || !isObject {
		return nil, false, refuse("invalid_metadata_format")
	}
	if len(meta) == 0 {
		return nil, true, nil
	}
	payload, hasPayload := meta["event_payload"].(obj)
	if str(meta, "event_type") == "" || !hasPayload {
		return nil, false, refuse("invalid_metadata_format")
	}
	return obj{"event_type": str(meta, "event_type"), "event_payload": payload}, true, nil
}

func (c content) empty() bool {
	return strings.TrimSpace(c.text) == "" && len(c.blocks) == 0 && len(c.attachments) == 0
}

// target finds where a post goes: a channel, or the direct conversation with a person named by id.
func (w *Workspace) target(c *call) (*Channel, error) {
	id, err := c.need("channel")
	if err != nil {
		return nil, err
	}
	if u := w.user(id); u != nil {
		return w.direct(u), nil
	}
	ch, err := w.reach(id)
	switch {
	case err != nil:
		return nil, err
	case ch.archived:
		return nil, refuse("is_archived")
	case !ch.bot && !c.has("chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

func (w *Workspace) postMessage(c *call) (obj, error) {
	ch, err := w.target(c)
	if err != nil {
		return nil, err
	}
	said, err := c.readContent(w)
	if err != nil {
		return nil, err
	}
	if said.empty() {
		return nil, refuse("no_text")
	}
	m := w.add(ch, nil, said)
	w.noteMessage(Posted, m, w.opts.BotUserID)
	w.emitMessage(m)
	return obj{"channel": ch.id, "ts": m.ts, "message": m.json(true)}, nil
}

// add puts a message into a channel. A reply to a root that is gone lands outside the thread, and so does every one of
// the app's once the channel loses them. The caller holds w.mu.
func (w *Workspace) add(ch *Channel, author *User, said content) *Message {
	m := &Message{w: w, channel: ch, author: author, ts: w.stamp(), text: truncate(said.text, postLimit),
		blocks: said.blocks, metadata: said.metadata, attachments: said.attachments, values: states{}}
	lost := ch.losesReplies && author == nil
	if root := ch.find(said.thread); root != nil && !root.tombstone && !lost {
		m.threadTS = root.ts
		if root.isReply() {
			m.threadTS = root.threadTS
		}
		m.broadcast = said.broadcast
	}
	if m.broadcast {
		m.subtype = "thread_broadcast"
	}
	ch.messages = append(ch.messages, m)
	return m
}

func (w *Workspace) updateMessage(c *call) (obj, error) {
	m, err := w.ownMessage(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if m.channel.archived {
		return nil, refuse("is_inactive")
	}
	said, err := c.readContent(w)
	if err != nil {
		return nil, err
	}
	switch {
	case characters(said.text) > updateLimit:
		return nil, refuse("msg_too_long")
	case said.empty() && !(said.hasMetadata && !said.hasText && !said.hasBlocks):
		return nil, refuse("no_text")
	}
	w.change(m, said)
	return obj{"channel": m.channel.id, "ts": m.ts, "text": m.text, "message": m.json(true)}, nil
}

// change edits a message of the app and tells everybody. Blocks and metadata that are not named stay.
func (w *Workspace) change(m *Message, said content) {
	before := m.json(false)
	if said.hasText {
		m.text = said.text
	}
	if said.hasBlocks {
		m.blocks, m.values = said.blocks, states{}
	}
	if said.hasMetadata {
		m.metadata = said.metadata
	}
	m.edited = obj{"user": m.userID(), "ts": w.stamp()}
	w.noteMessage(Edited, m, w.opts.BotUserID)
	w.emitChanged(m, before)
}

// ownMessage finds the message that a call wants to change, and checks that it is the app's own.
func (w *Workspace) ownMessage(c *call, foreign string) (*Message, error) {
	args, err := c.needs("channel", "ts")
	if err != nil {
		return nil, err
	}
	ch, err := w.inside(args[0])
	if err != nil {
		return nil, err
	}
	m := ch.find(args[1])
	switch {
	case m == nil || m.tombstone:
		return nil, refuse("message_not_found")
	case !m.own():
		return nil, refuse(foreign)
	}
	return m, nil
}

func (w *Workspace) deleteMessage(c *call) (obj, error) {
	m, err := w.ownMessage(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	w.noteMessage(Deleted, m, w.opts.BotUserID)
	w.erase(m)
	return obj{"channel": m.channel.id, "ts": m.ts}, nil
}

// erase takes a message away; a root with replies leaves a tombstone. The caller holds w.mu.
func (w *Workspace) erase(m *Message) {
	before := m.json(false)
	if len(m.replies()) > 0 {
		m.tombstone, m.pinned = true, false
		w.emitChanged(m, before)
		return
	}
	m.deleted, m.pinned = true, false
	w.emitDeleted(m, before)
}

func (w *Workspace) postEphemeral(c *call) (obj, error) {
	ch, err := w.target(c)
	if err != nil {
		return nil, err
	}
	id, err := c.need("user")
	if err != nil {
		return nil, err
	}
	u := w.user(id)
	if u == nil || u.deactivated || !ch.holds(u) {
		return nil, refuse("user_not_in_channel")
	}
	said, err := c.readContent(w)
	switch {
	case err != nil:
		return nil, err
	case said.empty():
		return nil, refuse("no_text")
	case characters(said.text) > postLimit:
		return nil, refuse("msg_too_long")
	}
	m := w.whisper(ch, u, said)
	return obj{"message_ts": m.ts}, nil
}

// whisper shows one person a message that is in no history. The caller holds w.mu.
func (w *Workspace) whisper(ch *Channel, u *User, said content) *Message {
	m := &Message{w: w, channel: ch, onlyFor: u, ts: w.stamp(), text: said.text, blocks: said.blocks, values: states{}}
	if root := ch.find(said.thread); root != nil {
		m.threadTS = root.ts
	}
	w.private[u.id] = append(w.private[u.id], m)
	w.noteMessage(Whispered, m, u.id)
	return m
}

// scheduled is a message for later.
type scheduled struct {
	id   string
	ch   *Channel
	said content
}

// scheduleMessage accepts a message for later. With metadata it says yes and never posts: a known fault of Slack's.
func (w *Workspace) scheduleMessage(c *call) (obj, error) {
	ch, err := w.target(c)
	if err != nil {
		return nil, err
	}
	at, err := c.number("post_at", 0)
	if err != nil {
		return nil, err
	}
	said, err := c.readContent(w)
	due := time.Unix(int64(at), 0)
	switch {
	case err != nil:
		return nil, err
	case said.empty():
		return nil, refuse("no_text")
	case due.Before(w.opts.Now()):
		return nil, refuse("time_in_past")
	}
	s := &scheduled{id: w.id("Q"), ch: ch, said: said}
	w.scheduled = append(w.scheduled, s)
	w.note(Entry{Kind: Scheduled, Channel: ch.id, Detail: s.id, Text: said.text})
	if said.metadata == nil {
		w.spawn(func() { w.postLater(s, due.Sub(w.opts.Now())) })
	}
	return obj{"channel": ch.id, "scheduled_message_id": s.id, "post_at": at}, nil
}

func (w *Workspace) postLater(s *scheduled, wait time.Duration) {
	if !w.pause(wait, nil) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.ch.archived || !s.ch.bot {
		return
	}
	m := w.add(s.ch, nil, s.said)
	w.noteMessage(Posted, m, w.opts.BotUserID)
	w.emitMessage(m)
}

func (w *Workspace) getPermalink(c *call) (obj, error) {
	args, err := c.needs("channel", "message_ts")
	if err != nil {
		return nil, err
	}
	ch, err := w.inside(args[0])
	if err != nil {
		return nil, err
	}
	m := ch.find(args[1])
	if m == nil {
		return nil, refuse("message_not_found")
	}
	return obj{"channel": ch.id, "permalink": m.permalink()}, nil
}
