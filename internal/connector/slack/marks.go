package slack

import (
	"context"
	"sync"

	"github.com/slack-go/slack"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

// taken is the reaction on a message that was taken for an answer.
const taken = "white_check_mark"

// mostMarks is how often it is tried to put the reaction on a message, or to take it away.
const mostMarks = 3

// marks are the messages whose reaction is being changed, with how it should be: what
// was wanted last counts, however long Slack takes for what was wanted before.
type marks struct {
	mu     sync.Mutex
	wanted map[session.MessageID]bool
}

// begin reports whether nobody is at that message already; who is sees the new wish.
func (m *marks) begin(at session.MessageID, want bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, busy := m.wanted[at]
	m.wanted[at] = want
	return !busy
}

// end lets go of the message, unless something else is wanted by now.
func (m *marks) end(at session.MessageID, done bool) (ended bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.wanted[at] != done {
		return false
	}
	delete(m.wanted, at)
	return true
}

func (m *marks) want(at session.MessageID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.wanted[at]
}

// mark puts the reaction on a message or takes it away.
func (s *Slack) mark(ctx context.Context, place session.PlaceID, at session.MessageID, want bool) {
	if !s.marks.begin(at, want) {
		return
	}
	for {
		s.react(ctx, place, at, want)
		if s.marks.end(at, want) {
			return
		}
		want = s.marks.want(at)
	}
}

// react marks a message, or takes the mark away. Twice is harmless, so it waits where
// Slack asks for it.
func (s *Slack) react(ctx context.Context, place session.PlaceID, at session.MessageID, want bool) {
	method, change, there := "reactions.add", s.api.AddReactionContext, "already_reacted"
	if !want {
		method, change, there = "reactions.remove", s.api.RemoveReactionContext, "no_reaction"
	}
	for tries := 1; ; tries++ {
		err := s.request(ctx, method, func(ctx context.Context) error {
			err := change(ctx, taken, slack.NewRefToMessage(string(place), string(at)))
			if code(err) == there {
				return nil
			}
			return err
		})
		if err == nil || isGone(err) || s.marks.want(at) != want {
			return
		}
		if tries == mostMarks || needsMending(err) || !backoff.Pause(ctx, connector.OutcomeOf(err).Wait) {
			s.log.Warn("slack: the mark of a message could not be changed", "ts", string(at), "taken", want, "error", err)
			return
		}
	}
}
