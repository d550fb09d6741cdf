package slackfake

import "slices"

func (w *Workspace) conversationsInfo(c *call) (obj, error) {
	ch, err := w.visible(c)
	if err != nil {
		return nil, err
	}
	return obj{"channel": ch.json()}, nil
}

// visible finds the channel of a call that needs the read scope of the channel's kind.
func (w *Workspace) visible(c *call) (*Channel, error) {
	id, err := c.need("channel")
	if err != nil {
		return nil, err
	}
	ch, err := w.reach(id)
	if err != nil {
		return nil, err
	}
	_, scope := ch.kind()
	return ch, c.allow([]string{scope + ":read"})
}

func (w *Workspace) conversationsList(c *call) (obj, error) {
	out := []any{}
	for _, ch := range w.channels {
		_, scope := ch.kind()
		if ch.im == nil && (ch.bot || !ch.private) && c.has(scope+":read") {
			out = append(out, ch.json())
		}
	}
	return obj{"channels": out, "response_metadata": obj{"next_cursor": ""}}, nil
}

func (w *Workspace) conversationsMembers(c *call) (obj, error) {
	ch, err := w.visible(c)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	if ch.bot {
		ids = append(ids, w.opts.BotUserID)
	}
	for _, u := range ch.members {
		ids = append(ids, u.id)
	}
	ids, next, err := c.pageOf(ids)
	return obj{"members": anyList(ids), "response_metadata": obj{"next_cursor": next}}, err
}

// pageOf cuts a page out of a sorted list of ids; the cursor names the first of the next page.
func (c *call) pageOf(ids []string) ([]string, string, error) {
	limit, err := c.number("limit", historyUsual)
	if err != nil {
		return nil, "", err
	}
	from, err := c.cursor()
	if err != nil {
		return nil, "", err
	}
	start := 0
	if from != "" {
		if start = slices.Index(ids, from); start < 0 {
			return nil, "", refuse("invalid_cursor")
		}
	}
	ids = ids[start:]
	if limit < 1 || len(ids) <= limit {
		return ids, "", nil
	}
	return ids[:limit], cursorTo(ids[limit]), nil
}

func (w *Workspace) conversationsJoin(c *call) (obj, error) {
	id, err := c.need("channel")
	if err != nil {
		return nil, err
	}
	ch := w.channel(id)
	switch {
	case ch == nil:
		return nil, refuse("channel_not_found")
	case ch.private || ch.im != nil:
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.archived:
		return nil, refuse("is_archived")
	}
	if ch.bot {
		return obj{"channel": ch.json(), "warning": "already_in_channel"}, nil
	}
	ch.bot = true
	w.note(Entry{Kind: Joined, Channel: ch.id})
	w.emit("member_joined_channel", ch, w.memberEvent("member_joined_channel", ch, w.opts.BotUserID))
	return obj{"channel": ch.json()}, nil
}

func (w *Workspace) conversationsOpen(c *call) (obj, error) {
	id, err := c.need("users")
	if err != nil {
		return nil, err
	}
	u := w.user(id)
	switch {
	case u == nil:
		return nil, refuse("user_not_found")
	case u.deactivated:
		return nil, refuse("user_disabled")
	}
	return obj{"channel": obj{"id": w.direct(u).id}}, nil
}
