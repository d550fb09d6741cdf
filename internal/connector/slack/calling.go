package slack

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Caller = (*Slack)(nil)

// PostCall posts in the thread of a card. Slack puts the reply to a card that is gone
// into the channel: then it is taken away again, and the card is gone.
func (s *Slack) PostCall(ctx context.Context, at session.MessageID, c connector.Card) error {
	if c.Call == nil {
		return nil
	}
	p, err := s.painter(ctx)
	if err != nil {
		return err
	}
	ts, thread, err := s.post(ctx, c.Place, p.call(c), slack.MsgOptionTS(string(at)))
	if err != nil {
		return err
	}
	if thread == string(at) {
		return nil
	}
	if err := s.remove(ctx, c.Place, ts); err != nil {
		s.log.Warn("slack: a stray reply could not be taken away", "ts", ts, "err", err)
	}
	return gonef("the reply landed outside its thread")
}

func (s *Slack) remove(ctx context.Context, place session.PlaceID, ts string) error {
	return s.call(ctx, "chat.delete", func(ctx context.Context) error {
		_, _, err := s.api.DeleteMessageContext(ctx, string(place), ts)
		return err
	})
}

// FindCall reads the card's thread.
func (s *Slack) FindCall(ctx context.Context, at session.MessageID, c connector.Card) (bool, error) {
	if c.Call == nil {
		return false, nil
	}
	me, err := s.whoAmI(ctx)
	if err != nil {
		return false, err
	}
	key, mark := opaque(callKey(c)), memoryFind+string(at)
	cursor, _, err := s.opts.Memory.Recall(ctx, mark)
	if err != nil {
		return false, err
	}
	for next := string(cursor); ; {
		var ms []slack.Message
		ms, next, err = s.replies(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: string(c.Place), Timestamp: string(at), Cursor: next, Limit: pageSize, IncludeAllMetadata: true})
		switch code(err) {
		case "":
		case "thread_not_found":
			return false, nil // and PostCall will say that the card is gone
		case "invalid_cursor":
			return false, fmt.Errorf("%w; %w", err, s.opts.Memory.Forget(ctx, mark))
		}
		if err != nil {
			return false, err
		}
		for _, m := range ms {
			if carries(m, key, me) {
				return true, s.opts.Memory.Forget(ctx, mark)
			}
		}
		if next == "" {
			return false, s.opts.Memory.Forget(ctx, mark)
		}
		if err := s.opts.Memory.Keep(ctx, mark, []byte(next), lookBack); err != nil {
			return false, err
		}
	}
}
