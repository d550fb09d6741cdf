package telegramfake

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	longestPoll  = 50 // seconds
	conflictHold = 3  // seconds
)

var updateKinds = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
	"business_message", "edited_business_message", "deleted_business_messages", "message_reaction",
	"message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
	"pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member",
	"chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot", "guest_message",
}

// notByDefault has to be asked for by name.
var notByDefault = []string{"chat_member", "message_reaction", "message_reaction_count"}

func defaultUpdates() map[string]bool {
	allowed := map[string]bool{}
	for _, k := range updateKinds {
		allowed[k] = !slices.Contains(notByDefault, k)
	}
	return allowed
}

// polling is what the server remembers between two getUpdates.
type polling struct {
	allowed map[string]bool // sticky, webhook or not
	offset  int             // of the call before
	began   time.Time       // when that came
	quiet   time.Time       // conflicts before this are held
	refused int             // how many calls were answered with 409
	waiting *waiter
}

// waiter is a long poll that found nothing yet.
type waiter struct {
	offset, limit int
	ended         chan string // gets the reason when somebody else ends it
}

// allow takes over allowed_updates when the call names any. What it cannot read
// changes nothing; a list without a known name is the default.
func (s *Server) allow(list string) {
	var names []string
	if list == "" || json.Unmarshal([]byte(list), &names) != nil {
		return
	}
	allowed := map[string]bool{}
	for _, n := range names {
		if n = strings.ToLower(n); slices.Contains(updateKinds, n) {
			allowed[n] = true
		}
	}
	if len(allowed) == 0 {
		allowed = defaultUpdates()
	}
	s.poll.allowed = allowed
}

func (s *Server) getUpdates(ctx context.Context, p params) (any, error) {
	s.mu.Lock()
	if s.hook.url != "" {
		s.mu.Unlock()
		return nil, s.conflict(ctx, "can't use getUpdates method while webhook is active; "+
			"use deleteWebhook to delete the webhook first")
	}
	s.allow(p["allowed_updates"])
	timeout, limit := s.repeated(p)
	found, offset := s.queue.get(int(p.number("offset")), limit, s.now())
	if len(found) > 0 || timeout == 0 {
		s.mu.Unlock()
		return rendered(found), nil
	}
	w := s.wait(offset, limit)
	s.mu.Unlock()
	return s.longPoll(ctx, w, timeout)
}

// repeated reads timeout and limit, and slows down a caller who asks for the same
// offset again and again.
func (s *Server) repeated(p params) (timeout, limit int) {
	timeout = p.within("timeout", 0, 0, longestPoll)
	limit = p.within("limit", 100, 1, 100)
	now, offset := s.now(), int(p.number("offset"))
	if since := now.Sub(s.poll.began); offset == s.poll.offset && !s.poll.began.IsZero() {
		if timeout < 3 && since < 3*time.Second {
			timeout = 3
		}
		if since < time.Second/2 {
			limit = 1
		}
	}
	s.poll.offset, s.poll.began = offset, now
	return timeout, limit
}

// wait makes this the one waiting poll, and ends the one before.
func (s *Server) wait(offset, limit int) *waiter {
	s.endPoll("terminated by other getUpdates request; make sure that only one bot instance is running")
	w := &waiter{offset: offset, limit: limit, ended: make(chan string, 1)}
	s.poll.waiting = w
	s.bump()
	return w
}

func (s *Server) endPoll(reason string) {
	if s.poll.waiting != nil {
		s.poll.waiting.ended <- reason
		s.poll.waiting = nil
	}
}

func (s *Server) longPoll(ctx context.Context, w *waiter, timeout int) (any, error) {
	late := s.o.after(s.seconds(float64(timeout)))
	for over := false; ; {
		s.mu.Lock()
		changed := s.changed
		found, done := s.look(w, over)
		s.mu.Unlock()
		if done {
			return rendered(found), nil
		}
		select {
		case reason := <-w.ended:
			return nil, s.conflict(ctx, reason)
		case <-changed:
		case <-late:
			over = true
		case <-ctx.Done():
			s.leave(w)
			return nil, ctx.Err()
		}
	}
}

// look ends the wait when there is something, or when its time is over. A poll that
// was ended by somebody else finds nothing any more.
func (s *Server) look(w *waiter, over bool) ([]*event, bool) {
	if s.poll.waiting != w {
		return nil, false
	}
	found, _ := s.queue.get(w.offset, w.limit, s.now())
	if len(found) == 0 && !over {
		return nil, false
	}
	s.poll.waiting = nil
	return found, true
}

func (s *Server) leave(w *waiter) {
	defer s.lock()()
	if s.poll.waiting == w {
		s.poll.waiting = nil
		s.bump()
	}
}

// conflict is a 409. One that comes within three seconds of another is held, so
// that two pollers do not spin.
func (s *Server) conflict(ctx context.Context, reason string) error {
	s.mu.Lock()
	now := s.now()
	s.poll.refused++
	held := now.Before(s.poll.quiet)
	if !held {
		s.poll.quiet = now.Add(conflictHold * time.Second)
	}
	s.mu.Unlock()
	if held {
		s.sleep(ctx, s.seconds(conflictHold))
	}
	return &apiError{code: http.StatusConflict, text: "Conflict: " + reason}
}

// Conflicts is how many calls of getUpdates were answered with 409.
func (s *Server) Conflicts() int {
	defer s.lock()()
	return s.poll.refused
}

// Polling reports whether a getUpdates waits right now.
func (s *Server) Polling() bool {
	defer s.lock()()
	return s.poll.waiting != nil
}

func rendered(events []*event) []json.RawMessage {
	out := []json.RawMessage{}
	for _, e := range events {
		out = append(out, e.render())
	}
	return out
}

func (s *Server) sleep(ctx context.Context, d time.Duration) {
	select {
	case <-s.o.after(d):
	case <-ctx.Done():
	}
}
