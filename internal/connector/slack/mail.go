package slack

import (
	"context"
	"encoding/json"
	"fmt"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// store puts an event into the mailbox before it is acknowledged. What cannot be
// decoded is stored as well, and buried by whoever takes it.
func (s *Slack) store(ctx context.Context, put receive.Put, raw []byte) error {
	letter := connector.Event{Key: receive.RawKey(raw), Line: connector.StaffLine, Raw: clip(raw)}
	e, err := parseEnvelope(raw)
	if err == nil {
		if e.Type == appRateLimited {
			s.troubles.Note(aboutEvents, "slack.events_limited")
			return nil
		}
		s.troubles.Over(aboutEvents)
		if e.idle(s.opts.Channel) {
			return nil
		}
		letter = e.letter(raw)
	}
	if _, err := put(ctx, letter); err != nil {
		return fmt.Errorf("put %s: %w", letter.Key, err)
	}
	return nil
}

// slim leaves out what the adapter does not read, where an event would have no room.
func slim(raw []byte, e envelope) []byte {
	if len(raw) <= connector.LongestLetter {
		return raw
	}
	for _, m := range []*event{&e.Event, e.Event.Message, e.Event.Previous} {
		if m != nil {
			m.Blocks = nil
		}
	}
	short, err := json.Marshal(e)
	if err != nil {
		return raw
	}
	return short
}

func clip(raw []byte) []byte { return raw[:min(len(raw), connector.LongestLetter)] }

// Handle does what a letter asks for.
func (s *Slack) Handle(ctx context.Context, raw []byte) error {
	e, err := parseEnvelope(raw)
	switch {
	case err != nil:
		return err
	case e.idle(s.opts.Channel):
		return nil
	case e.Event.Type == typeHome:
		return s.openedHome(ctx, e.Event)
	}
	return s.wrote(ctx, e.Event)
}

// wrote hands over a message, and tells its author in private what there is to tell.
func (s *Slack) wrote(ctx context.Context, m event) error {
	if at := m.removed(); at != "" {
		return s.opts.Inbox.Removed(ctx, session.PlaceID(m.Channel), session.MessageID(at))
	}
	w, ok := m.written(s.opts.ID, s.directory(ctx))
	if !ok {
		return nil
	}
	w.By.Name = s.nameOf(w.By.ID)
	a, err := s.opts.Inbox.Wrote(ctx, w)
	if err != nil {
		return fmt.Errorf("message %s: %w", w.Message, err)
	}
	at := surface{user: w.By.ID, channel: w.Place, thread: w.Under}
	if a.Taken || a.Untaken {
		s.beside(ctx, func(ctx context.Context) { s.mark(ctx, w.Place, w.Message, a.Taken) })
	}
	if a.Say != "" {
		s.beside(ctx, func(ctx context.Context) { s.whisper(ctx, at, a.Say, a.Buttons) })
	}
	return nil
}

// nameOf is what the roster called an account, or "".
func (s *Slack) nameOf(u session.UserRef) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.names[u]
}
