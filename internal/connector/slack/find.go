package slack

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.CardFinder = (*Slack)(nil)

const (
	// lookBefore and lookAfter bound where a post is looked for: Slack's clock and ours
	// differ, and a call takes its time.
	lookBefore = time.Minute
	lookAfter  = 2 * time.Minute
	// lookBack is where the channel is read from when nobody remembers what was read last, and
	// how long it is remembered how far a search came.
	lookBack = time.Hour
	pageSize = 200
)

// FindCard reads the channel around the time of the first try. An app whose reading
// is limited to 15 messages a minute is told to wait in between, and goes on where it
// stopped.
func (s *Slack) FindCard(ctx context.Context, c connector.Card, since time.Time) (session.MessageID, bool, error) {
	key := opaque(c.Key)
	me, err := s.whoAmI(ctx)
	if err != nil {
		return "", false, err
	}
	latest, err := s.reached(ctx, key)
	if err != nil {
		return "", false, err
	}
	ts, err := s.scan(ctx, c.Place, key, me, stamp(since.Add(-lookBefore)), latest)
	if err != nil {
		return "", false, err
	}
	if ts != "" && c.Number == 0 {
		s.pin(ctx, c.Place, ts)
	}
	return session.MessageID(ts), ts != "", s.opts.Memory.Forget(ctx, memoryFind+key)
}

// reached is how far back a search has come: at first a while after the last try, which
// is now at most.
func (s *Slack) reached(ctx context.Context, key string) (latest string, err error) {
	reached, ok, err := s.opts.Memory.Recall(ctx, memoryFind+key)
	if ok {
		return string(reached), err
	}
	return stamp(s.now().Add(lookAfter)), err
}

// scan reads backwards from latest, and remembers how far it came when it must wait.
func (s *Slack) scan(ctx context.Context, place session.PlaceID, key string, me identity, oldest, latest string) (string, error) {
	for {
		page, err := s.history(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: string(place), Oldest: oldest, Latest: latest, Limit: pageSize, IncludeAllMetadata: true})
		if err != nil {
			return "", err
		}
		for _, m := range page.Messages {
			if carries(m, key, me) {
				return m.Timestamp, nil
			}
		}
		if !page.HasMore || len(page.Messages) == 0 {
			return "", nil
		}
		latest = page.Messages[len(page.Messages)-1].Timestamp
		if err := s.opts.Memory.Keep(ctx, memoryFind+key, []byte(latest), lookBack); err != nil {
			return "", err
		}
	}
}

// carries reports whether a message is the bot's and has the key: in its metadata, or
// as the id of a block where the app may not read metadata.
func carries(m slack.Message, key string, me identity) bool {
	if !me.own(m.User, m.BotID) || m.SubType == "tombstone" {
		return false
	}
	if m.Metadata.EventType == eventType && m.Metadata.EventPayload["key"] == key {
		return true
	}
	for _, b := range m.Blocks.BlockSet {
		if b.ID() == key {
			return true
		}
	}
	return false
}

func (s *Slack) history(ctx context.Context,
	p *slack.GetConversationHistoryParameters) (page *slack.GetConversationHistoryResponse, err error) {
	err = s.request(ctx, "conversations.history", func(ctx context.Context) error {
		page, err = s.api.GetConversationHistoryContext(ctx, p)
		if err == nil && !page.Ok {
			return errEmpty
		}
		return err
	})
	return page, err
}

// replies reads one page of a thread.
func (s *Slack) replies(ctx context.Context, p *slack.GetConversationRepliesParameters) (ms []slack.Message, next string, err error) {
	err = s.request(ctx, "conversations.replies", func(ctx context.Context) error {
		ms, _, next, err = s.api.GetConversationRepliesContext(ctx, p)
		if err == nil && len(ms) == 0 {
			return errEmpty // the root is always there
		}
		return err
	})
	return ms, next, err
}
