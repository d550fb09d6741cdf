package telegramfake

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// Entry is one thing that the bot did and that took effect, whether or not the
// answer reached it.
type Entry struct {
	At      time.Time
	Did     string // the method: sendMessage, editMessageText, deleteMessage, …
	Chat    int64
	Message int // 0 where there is none
	Thread  int // of the topic, 0 for none
	Text    string
	Buttons []string // labels
	Silent  bool     // nobody's phone made a sound; always so for an edit
	User    int64    // who was answered, with answerCallbackQuery
}

// Call is a request that reached the server with the right token, whatever came of it.
type Call struct {
	At     time.Time
	Method string // in lower case
	Params map[string]string
}

// Ring is a notification: what stood on somebody's phone at that moment.
type Ring struct {
	At      time.Time
	Message *Message
	Text    string
}

// Ledger is everything the bot did, in order; of the named methods only when some
// are named.
func (s *Server) Ledger(did ...string) []Entry {
	defer s.lock()()
	var out []Entry
	for _, e := range s.ledger {
		if len(did) == 0 || slices.Contains(did, e.Did) {
			out = append(out, e)
		}
	}
	return out
}

// Calls are the requests so far, of one method when it is not empty.
func (s *Server) Calls(method string) []Call {
	defer s.lock()()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == strings.ToLower(method) {
			c.Params = maps.Clone(c.Params)
			out = append(out, c)
		}
	}
	return out
}

// Await blocks until the condition holds, looking again at every change. The
// condition may ask the server anything. When the context ends first the test fails
// with the sentence that says what was awaited.
func (s *Server) Await(ctx context.Context, what string, holds func() bool) {
	if s.t != nil {
		s.t.Helper()
	}
	if err := s.until(ctx, holds); err != nil {
		s.fail("waited for %s: %v", what, context.Cause(ctx))
	}
}

func (s *Server) until(ctx context.Context, holds func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.stop.Done():
			return context.Canceled
		}
	}
}

func (s *Server) note(method string, p params) {
	defer s.lock()()
	s.calls = append(s.calls, Call{At: s.now(), Method: method, Params: p})
	s.bump()
}

// record writes down what took effect. The lock is held.
func (s *Server) record(e Entry) {
	e.At = s.now()
	s.ledger = append(s.ledger, e)
}

func (m *Message) entry(did string, silent bool) Entry {
	return Entry{
		Did: did, Chat: m.chat.id, Message: m.id, Thread: m.thread,
		Text: m.text, Buttons: m.markup.labels(), Silent: silent,
	}
}

// Notifications are the messages of the bot that made this person's phone ring,
// with the text of that moment.
func (u *User) Notifications() []Ring {
	defer u.srv.lock()()
	var out []Ring
	for _, r := range u.srv.rings {
		if r.Message.chat.has(u) {
			out = append(out, r)
		}
	}
	return out
}
