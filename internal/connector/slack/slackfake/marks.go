package slackfake

import "slices"

// marked finds the message that a pin or reaction is about.
func (w *Workspace) marked(c *call) (*Message, error) {
	id, err := c.need("channel")
	if err != nil {
		return nil, err
	}
	ts, err := c.need("timestamp")
	if err != nil {
		return nil, refuse("no_item_specified")
	}
	ch, err := w.inside(id)
	if err != nil {
		return nil, err
	}
	if !validTS(ts) {
		return nil, refuse("bad_timestamp")
	}
	m := ch.find(ts)
	if m == nil || m.tombstone {
		return nil, refuse("message_not_found")
	}
	return m, nil
}

func (w *Workspace) pinsAdd(c *call) (obj, error) {
	m, err := w.marked(c)
	switch {
	case err != nil:
		return nil, err
	case m.channel.archived:
		return nil, refuse("is_archived")
	case m.pinned:
		return nil, refuse("already_pinned")
	}
	m.pinned = true
	w.noteMessage(Pinned, m, w.opts.BotUserID)
	return nil, nil
}

func (w *Workspace) pinsRemove(c *call) (obj, error) {
	m, err := w.marked(c)
	switch {
	case err != nil:
		return nil, err
	case !m.pinned:
		return nil, refuse("no_pin")
	}
	m.pinned = false
	w.noteMessage(Unpinned, m, w.opts.BotUserID)
	return nil, nil
}

func (w *Workspace) pinsList(c *call) (obj, error) {
	id, err := c.need("channel")
	if err != nil {
		return nil, err
	}
	ch, err := w.inside(id)
	if err != nil {
		return nil, err
	}
	items := []any{}
	for _, m := range ch.pins() {
		items = append(items, obj{"type": "message", "channel": ch.id, "message": m.json(false), "created_by": w.opts.BotUserID})
	}
	return obj{"items": items}, nil
}

func (c *Channel) pins() []*Message {
	var out []*Message
	for _, m := range c.messages {
		if m.pinned {
			out = append(out, m)
		}
	}
	return out
}

func (w *Workspace) reactionsAdd(c *call) (obj, error) {
	name, err := c.need("name")
	if err != nil {
		return nil, refuse("invalid_name")
	}
	m, err := w.marked(c)
	switch {
	case err != nil:
		return nil, err
	case m.channel.archived:
		return nil, refuse("is_archived")
	case !m.react(name, w.opts.BotUserID):
		return nil, refuse("already_reacted")
	}
	w.noteReaction(Reacted, m, name, w.opts.BotUserID)
	return nil, nil
}

func (w *Workspace) reactionsRemove(c *call) (obj, error) {
	name, err := c.need("name")
	if err != nil {
		return nil, refuse("invalid_name")
	}
	m, err := w.marked(c)
	switch {
	case err != nil:
		return nil, err
	case !m.unreact(name, w.opts.BotUserID):
		return nil, refuse("no_reaction")
	}
	w.noteReaction(Unreacted, m, name, w.opts.BotUserID)
	return nil, nil
}

func (w *Workspace) reactionsGet(c *call) (obj, error) {
	m, err := w.marked(c)
	if err != nil {
		return nil, err
	}
	return obj{"type": "message", "channel": m.channel.id, "message": m.json(false)}, nil
}

// react adds a person's reaction and reports false when it was there.
func (m *Message) react(name, user string) bool {
	for i := range m.reactions {
		if m.reactions[i].name != name {
			continue
		}
		if slices.Contains(m.reactions[i].users, user) {
			return false
		}
		m.reactions[i].users = append(m.reactions[i].users, user)
		return true
	}
	m.reactions = append(m.reactions, reaction{name: name, users: []string{user}})
	return true
}

func (m *Message) unreact(name, user string) bool {
	for i := range m.reactions {
		r := &m.reactions[i]
		at := slices.Index(r.users, user)
		if r.name != name || at < 0 {
			continue
		}
		r.users = slices.Delete(r.users, at, at+1)
		if len(r.users) == 0 {
			m.reactions = slices.Delete(m.reactions, i, i+1)
		}
		return true
	}
	return false
}

func (w *Workspace) noteReaction(kind Kind, m *Message, name, user string) {
	w.note(Entry{Kind: kind, Channel: m.channel.id, TS: m.ts, ThreadTS: m.threadTS, User: user, Detail: name})
	event := map[Kind]string{Reacted: "reaction_added", Unreacted: "reaction_removed"}[kind]
	w.emit(event, m.channel, obj{"type": event, "user": user, "reaction": name, "item_user": m.userID(),
		"item": obj{"type": "message", "channel": m.channel.id, "ts": m.ts}})
}
