package slack

import (
	"context"

	"github.com/slack-go/slack"

	"experthour/internal/session"
)

// directory asks Slack for the names that nobody knows yet. Names are no reason to wait, or to
// lose a message: one that cannot be found out stays unnamed.
func (s *Slack) directory(ctx context.Context) directory {
	return directory{
		person: func(u session.UserRef) (string, bool) { return s.person(ctx, u) },
		channel: func(id string) string {
			return s.remembered("channel "+id, func() string { return s.channelName(ctx, id) })
		},
	}
}

// person is the name of an account. Before the roster was there, everybody may be staff.
func (s *Slack) person(ctx context.Context, u session.UserRef) (name string, staff bool) {
	s.mu.Lock()
	name, staff = s.names[u]
	staff = staff || s.names == nil
	s.mu.Unlock()
	if name != "" {
		return name, staff
	}
	return s.remembered("person "+string(u), func() string {
		if found, err := s.user(ctx, u); err == nil && found != nil {
			return nameOf(*found)
		}
		return ""
	}), staff
}

func (s *Slack) channelName(ctx context.Context, id string) (name string) {
	err := s.request(ctx, "conversations.info", func(ctx context.Context) error {
		c, err := s.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
		if err == nil {
			name = c.Name
		}
		return err
	})
	if err != nil {
		s.log.Info("slack: the name of a channel is not known", "error", err)
	}
	return oneLine(clean(name))
}

// remembered finds a name out once.
func (s *Slack) remembered(key string, find func() string) string {
	s.mu.Lock()
	name := s.found[key]
	s.mu.Unlock()
	if name != "" {
		return name
	}
	name = find()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found[key] = name
	return name
}
