package slack

import (
	"encoding/json"
	"fmt"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// envelope is what Slack wraps an event in. Only what is needed is decoded: the more
// is read of an event, the more of them cannot be read.
type envelope struct {
	Type      string `json:"type"`
	EventID   string `json:"event_id,omitempty"`
	Challenge string `json:"challenge,omitempty"`
	Event     event  `json:"event"`
}

type event struct {
	Type      string          `json:"type,omitempty"`
	SubType   string          `json:"subtype,omitempty"`
	Channel   string          `json:"channel,omitempty"`
	User      string          `json:"user,omitempty"`
	BotID     string          `json:"bot_id,omitempty"`
	Text      string          `json:"text,omitempty"`
	Blocks    json.RawMessage `json:"blocks,omitempty"`
	TS        string          `json:"ts,omitempty"`
	ThreadTS  string          `json:"thread_ts,omitempty"`
	DeletedTS string          `json:"deleted_ts,omitempty"`
	Tab       string          `json:"tab,omitempty"`
	View      seenView        `json:"view,omitzero"`
	Files     []file          `json:"files,omitempty"`
	Edited    *edited         `json:"edited,omitempty"`
	Message   *event          `json:"message,omitempty"`
	Previous  *event          `json:"previous_message,omitempty"`
}

// seenView is the page that somebody opened, as it was.
type seenView struct {
	Hash string `json:"hash,omitempty"`
}

type edited struct {
	TS string `json:"ts"`
}

// The outer events, and the inner ones that the adapter reads.
const (
	eventCallback   = "event_callback"
	urlVerification = "url_verification"
	appRateLimited  = "app_rate_limited"

	typeMessage = "message"
	typeHome    = "app_home_opened"

	subChanged   = "message_changed"
	subDeleted   = "message_deleted"
	subTombstone = "tombstone"
)

// spoken are the subtypes of messages that a person wrote; the others are the news of
// a channel, or a bot's.
var spoken = map[string]bool{"": true, "file_share": true, "thread_broadcast": true, "me_message": true}

func parseEnvelope(raw []byte) (envelope, error) {
	var e envelope
	if err := json.Unmarshal(raw, &e); err != nil {
		return envelope{}, fmt.Errorf("%w: %w", receive.ErrUndecodable, err)
	}
	if e.Type != eventCallback && e.Type != urlVerification && e.Type != appRateLimited {
		return envelope{}, fmt.Errorf("%w: type %q", receive.ErrUndecodable, e.Type)
	}
	if e.Type == eventCallback && e.Event.Type == "" {
		return envelope{}, fmt.Errorf("%w: no inner event", receive.ErrUndecodable)
	}
	return e, nil
}

// key is that under which repeats are recognised: for a message the message itself,
// so that the backfill finds it known.
func (e envelope) key() string {
	m := e.Event
	switch {
	case m.Type != typeMessage:
		return "ev:" + e.EventID
	case m.SubType == subDeleted:
		return deletedKey(m.Channel, m.DeletedTS)
	case m.SubType == subChanged && m.Message != nil && m.Message.SubType == subTombstone:
		return deletedKey(m.Channel, m.Message.TS)
	case m.SubType == subChanged && m.Message != nil && m.Message.Edited != nil:
		return editKey(m.Channel, m.Message.TS, m.Message.Edited.TS)
	case m.SubType == subChanged:
		return "ev:" + e.EventID
	}
	return messageKey(m.Channel, m.TS)
}

// letter is the event as the mailbox keeps it. Whatever the channel is told is the staff's.
func (e envelope) letter(raw []byte) connector.Event {
	return connector.Event{Key: e.key(), From: e.Event.author(), Line: connector.StaffLine, Raw: clip(slim(raw, e))}
}

// author is who wrote the message that an event is about, so that its versions come in
// their order, or who did what it says.
func (m event) author() string {
	switch {
	case m.SubType == subChanged && m.Message != nil && m.Message.SubType != subTombstone:
		return m.Message.User
	case m.Previous != nil:
		return m.Previous.User
	}
	return m.User
}

// idle reports whether an event is nothing that the desk could act on: then it is
// acknowledged and not stored. The bot's own posts and edits come back as events, and
// there are more of them than of all others.
func (e envelope) idle(channel session.PlaceID) bool {
	m := e.Event
	switch {
	case e.Type != eventCallback:
		return true
	case m.Type == typeHome:
		return m.Tab != "" && m.Tab != "home"
	case m.Type != typeMessage || m.Channel != string(channel):
		return true
	case m.SubType == subChanged:
		return m.Message == nil || m.Message.BotID != "" || m.unchanged()
	case m.SubType == subDeleted:
		return false
	}
	return !spoken[m.SubType] || m.BotID != ""
}

// removed is the ts of a bot's message that somebody took away, or "".
func (m event) removed() string {
	switch {
	case m.Previous == nil || m.Previous.BotID == "":
		return ""
	case m.SubType == subDeleted:
		return m.DeletedTS
	}
	return m.Message.TS // of the grey line that holds its thread
}

// unchanged is an edit of everything but the text and the files, such as a link's preview.
func (m event) unchanged() bool {
	return m.Message.SubType != subTombstone && m.Previous != nil && m.Previous.Text == m.Message.Text &&
		len(m.Previous.there()) == len(m.Message.there())
}

// lines are what its author typed: as their editor keeps it, where words and style are
// apart, or else from the text, where style is letters.
func (m event) lines(who directory) []session.ChatLine {
	if lines, ok := decodeRich(m.Blocks, m.Text, who); ok {
		return lines
	}
	return decode(m.Text, who)
}

// nearlyFull is from how many units on a message may be the first part of a longer text:
// Slack's apps cut at 4,000.
const nearlyFull = 3500

// written reads a message event as what a person wrote; ok is false for what says nothing.
func (m event) written(desk session.ConnectorID, who directory) (w connector.Written, ok bool) {
	said := m
	switch m.SubType {
	case subDeleted:
		said = event{TS: m.DeletedTS}
		if m.Previous != nil {
			said.User, said.ThreadTS = m.Previous.User, m.Previous.ThreadTS
		}
		w.Deleted = true
	case subChanged:
		said = *m.Message
		if said.SubType == subTombstone {
			said = event{TS: said.TS}
			if m.Previous != nil {
				said.User = m.Previous.User
			}
			w.Deleted = true
		}
	}
	w.By = connector.User{Desk: desk, ID: session.UserRef(said.User)}
	w.Place, w.Message, w.At = session.PlaceID(m.Channel), session.MessageID(said.TS), moment(said.TS)
	if said.Edited != nil {
		w.Edited = moment(said.Edited.TS)
	}
	if said.ThreadTS != said.TS {
		w.Under = session.MessageID(said.ThreadTS)
	}
	if !w.Deleted && said.Text != "" {
		w.Lines, w.Full = said.lines(who), length(unescape.Replace(said.Text)) >= nearlyFull
	}
	w.Files, w.With = said.attached()
	return w, said.TS != "" && (w.Deleted || said.User != "" && (said.Text != "" || w.With != "" || len(w.Files) > 0))
}
