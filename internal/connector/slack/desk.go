package slack

import (
	"context"
	"errors"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Desk = (*Slack)(nil)

// PostCard posts a card and pins the board.
func (s *Slack) PostCard(ctx context.Context, c connector.Card) (session.MessageID, error) {
	p, err := s.painter(ctx)
	if err != nil {
		return "", err
	}
	m := p.card(c)
	ts, _, err := s.post(ctx, c.Place, m)
	if err != nil {
		return "", err
	}
	s.keepQuestions(ctx, c)
	if c.Number == 0 {
		s.pin(ctx, c.Place, ts)
	}
	return session.MessageID(ts), nil
}

// UpdateCard redraws a card.
func (s *Slack) UpdateCard(ctx context.Context, at session.MessageID, c connector.Card) error {
	p, err := s.painter(ctx)
	if err != nil {
		return err
	}
	s.keepQuestions(ctx, c)
	return s.request(ctx, "chat.update", func(ctx context.Context) error {
		_, ts, _, err := s.api.UpdateMessageContext(ctx, string(c.Place), string(at), p.card(c).options()...)
		if err == nil && ts == "" {
			return errEmpty
		}
		return err
	})
}

// post posts once. thread is the thread in which it landed.
func (s *Slack) post(ctx context.Context, place session.PlaceID, m message, more ...slack.MsgOption) (ts, thread string, err error) {
	err = s.request(ctx, "chat.postMessage", func(ctx context.Context) error {
		_, at, posted, err := s.api.PostMessageWithResponseContext(ctx, string(place), append(m.options(), more...)...)
		if err == nil && at == "" {
			return errEmpty
		}
		ts, thread = at, posted.ThreadTimestamp
		return err
	})
	return ts, thread, err
}

// pin keeps the board in sight. Without the right to pin, the desk works all the same.
func (s *Slack) pin(ctx context.Context, place session.PlaceID, ts string) {
	err := s.request(ctx, "pins.add", func(ctx context.Context) error {
		err := s.api.AddPinContext(ctx, string(place), slack.NewRefToMessage(string(place), ts))
		if code(err) == "already_pinned" {
			return nil
		}
		return err
	})
	if word := code(err); word != "" && refusals[word] == final {
		s.troubles.Note("pins.add", "slack.pin_refused", "code", word)
	}
}

// notSent says of an error from before a post that nothing was posted.
func notSent(err error) error {
	e := connector.OutcomeOf(err)
	if e.Outcome == connector.Deferred {
		return err
	}
	return &connector.SendError{Outcome: connector.Deferred, Wait: waitNet, Detail: e.Detail, Cause: err}
}

func isGone(err error) bool { return errors.Is(err, connector.ErrGone) }
