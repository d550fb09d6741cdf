package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var (
	_ connector.Caller     = (*Slack)(nil)
	_ connector.CallFinder = (*Slack)(nil)
)

// PostCall posts in the thread of a card. Slack puts the reply to a card that is gone
// into the channel: then it is taken away again, and the card is gone.
func (s *Slack) PostCall(ctx context.Context, at session.MessageID, c connector.Card) (session.MessageID, error) {
	if c.Call == nil {
		return "", nil
	}
	p, err := s.painter(ctx)
	if err != nil {
		return "", err
	}
	opts := []slack.MsgOption{slack.MsgOptionTS(string(at))}
	if c.Number == 0 { // what the board has to say is for everybody: a thread alone would hide it
		opts = append(opts, slack.MsgOptionBroadcast())
	}
	ts, thread, err := s.post(ctx, c.Place, p.call(c), opts...)
	if err != nil {
		return "", err
	}
	if thread == string(at) {
		return session.MessageID(ts), nil
	}
	if err := s.remove(ctx, c.Place, ts); err != nil {
		s.log.Warn("slack: a stray reply could not be taken away", "ts", ts, "error", err)
	}
	return "", fmt.Errorf("%w: the reply landed outside its thread", connector.ErrGone)
}

// TakeCall deletes a reply in the thread of a card.
func (s *Slack) TakeCall(ctx context.Context, call session.MessageID, c connector.Card) error {
	err := s.remove(ctx, c.Place, string(call))
	if errors.Is(err, connector.ErrGone) {
		return nil
	}
	return err
}

func (s *Slack) remove(ctx context.Context, place session.PlaceID, ts string) error {
	return s.request(ctx, "chat.delete", func(ctx context.Context) error {
		_, _, err := s.api.DeleteMessageContext(ctx, string(place), ts)
		return err
	})
}

// FindCall reads the card's thread. Like FindCard, it goes on where it had to stop.
func (s *Slack) FindCall(ctx context.Context, at session.MessageID, c connector.Card) (session.MessageID, bool, error) {
	if c.Call == nil {
		return "", false, nil
	}
	me, err := s.whoAmI(ctx)
	if err != nil {
		return "", false, err
	}
	mark := memoryFind + string(at)
	cursor, _, err := s.opts.Memory.Recall(ctx, mark)
	if err != nil {
		return "", false, err
	}
	found, err := s.scanThread(ctx, c.Place, at, opaque(callKey(c)), me, string(cursor))
	switch code(err) {
	case "":
	case "thread_not_found":
		return "", false, nil // and PostCall will say that the card is gone
	case "invalid_cursor": // it is too old: from the beginning, the next time
		return "", false, errors.Join(err, s.opts.Memory.Forget(ctx, mark))
	}
	if err != nil {
		return "", false, err
	}
	return session.MessageID(found), found != "", s.opts.Memory.Forget(ctx, mark)
}

// scanThread looks for a key among the replies, gives the one that carries it or "", and
// remembers how far it came.
func (s *Slack) scanThread(ctx context.Context, place session.PlaceID, at session.MessageID, key string, me identity,
	cursor string) (ts string, err error) {
	for {
		ms, next, err := s.replies(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: string(place), Timestamp: string(at), Cursor: cursor, Limit: pageSize, IncludeAllMetadata: true})
		if err != nil {
			return "", err
		}
		if i := slices.IndexFunc(ms, func(m slack.Message) bool { return carries(m, key, me) }); i >= 0 {
			return ms[i].Timestamp, nil
		}
		if next == "" {
			return "", nil
		}
		if err := s.opts.Memory.Keep(ctx, memoryFind+string(at), []byte(next), lookBack); err != nil {
			return "", err
		}
		cursor = next
	}
}
