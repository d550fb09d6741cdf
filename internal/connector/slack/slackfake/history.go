package slackfake

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
)

const (
	historyMax    = 999
	historyUsual  = 100
	slowReadItems = 15
)

// window is which messages a reading call asks for.
type window struct {
	oldest, latest, cursor string
	inclusive, metadata    bool
	limit                  int
}

// readWindow reads the paging arguments of history and replies.
func (w *Workspace) readWindow(c *call) (window, error) {
	var out window
	var err error
	if out.oldest, err = c.str("oldest"); err != nil {
		return out, err
	}
	if out.latest, err = c.str("latest"); err != nil {
		return out, err
	}
	switch {
	case out.oldest != "" && !validTS(out.oldest):
		return out, refuse("invalid_ts_oldest")
	case out.latest != "" && !validTS(out.latest):
		return out, refuse("invalid_ts_latest")
	}
	if out.inclusive, err = c.flag("inclusive"); err != nil {
		return out, err
	}
	if out.metadata, err = c.flag("include_all_metadata"); err != nil {
		return out, err
	}
	out.metadata = out.metadata && c.has("metadata.message:read")
	if out.cursor, err = c.cursor(); err != nil {
		return out, err
	}
	out.limit, err = w.readLimit(c)
	return out, err
}

func (w *Workspace) readLimit(c *call) (int, error) {
	usual, most := historyUsual, historyMax
	if w.opts.SlowReads {
		usual, most = slowReadItems, slowReadItems
	}
	n, err := c.number("limit", usual)
	if err != nil || n < 1 {
		return usual, err
	}
	return min(n, most), nil
}

func (c *call) cursor() (string, error) {
	s, err := c.str("cursor")
	if err != nil || s == "" {
		return "", err
	}
	data, err := base64.StdEncoding.DecodeString(s)
	after, ok := strings.CutPrefix(string(data), "next:")
	if err != nil || !ok {
		return "", refuse("invalid_cursor")
	}
	return after, nil
}

func cursorTo(place string) string {
	if place == "" {
		return ""
	}
	return base64.StdEncoding.EncodeToString([]byte("next:" + place))
}

// covers tells whether a ts lies between oldest and latest.
func (v window) covers(ts string) bool {
	after := v.oldest == "" || compareTS(ts, v.oldest) > 0 || v.inclusive && compareTS(ts, v.oldest) == 0
	before := v.latest == "" || compareTS(ts, v.latest) < 0 || v.inclusive && compareTS(ts, v.latest) == 0
	return after && before
}

// compareTS compares timestamps as numbers: "12" is "12.000000".
func compareTS(a, b string) int {
	return strings.Compare(padTS(a), padTS(b))
}

var tsPattern = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)

func validTS(ts string) bool { return tsPattern.MatchString(ts) }

func padTS(ts string) string {
	whole, micros, _ := strings.Cut(ts, ".")
	return strings.Repeat("0", max(0, 12-len(whole))) + whole + "." + (micros + "000000")[:6]
}

// readable finds a channel whose history the token may read.
func (w *Workspace) readable(c *call) (*Channel, error) {
	id, err := c.need("channel")
	if err != nil {
		return nil, err
	}
	ch, err := w.inside(id)
	if err != nil {
		return nil, err
	}
	_, scope := ch.kind()
	return ch, c.allow([]string{scope + ":history"})
}

func (w *Workspace) conversationsHistory(c *call) (obj, error) {
	ch, err := w.readable(c)
	if err != nil {
		return nil, err
	}
	v, err := w.readWindow(c)
	if err != nil {
		return nil, err
	}
	found := ch.roots(v)
	slices.Reverse(found)
	if v.cursor != "" {
		found = slices.DeleteFunc(found, func(m *Message) bool { return compareTS(m.ts, v.cursor) > 0 })
	}
	out := page(found, v, nil)
	out["pin_count"] = len(ch.pins())
	return out, nil
}

// roots are the messages that a channel shows: replies only when they were broadcast.
func (c *Channel) roots(v window) []*Message {
	var out []*Message
	for _, m := range c.messages {
		if !m.deleted && (!m.isReply() || m.broadcast) && v.covers(m.ts) {
			out = append(out, m)
		}
	}
	return out
}

func (w *Workspace) conversationsReplies(c *call) (obj, error) {
	ch, err := w.readable(c)
	if err != nil {
		return nil, err
	}
	ts, err := c.need("ts")
	if err != nil {
		return nil, err
	}
	v, err := w.readWindow(c)
	if err != nil {
		return nil, err
	}
	root := ch.find(ts)
	if root != nil && root.isReply() {
		root = ch.find(root.threadTS)
	}
	if root == nil {
		return nil, refuse("thread_not_found")
	}
	found := slices.DeleteFunc(root.replies(), func(m *Message) bool {
		return !v.covers(m.ts) || v.cursor != "" && compareTS(m.ts, v.cursor) < 0
	})
	return page(found, v, root), nil
}

// page cuts one page; a thread's root stands first on every page and does not count.
func page(found []*Message, v window, root *Message) obj {
	var messages []any
	if root != nil {
		messages = append(messages, root.json(v.metadata))
	}
	next := ""
	for i, m := range found {
		if i == v.limit {
			next = m.ts
			break
		}
		messages = append(messages, m.json(v.metadata))
	}
	out := obj{"messages": messages, "has_more": next != ""}
	if messages == nil {
		out["messages"] = []any{}
	}
	if next != "" {
		out["response_metadata"] = obj{"next_cursor": cursorTo(next)}
	}
	return out
}
