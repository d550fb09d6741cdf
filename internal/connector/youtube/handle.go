package youtube

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Handle does what one letter says.
func (y *YouTube) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || !commentID.MatchString(l.ID) {
		return receive.ErrUndecodable
	}
	at := y.origin(l.ID)
	at.User = l.User
	at.URL = y.at(l.ID).URL
	switch l.Do {
	case doAsk:
		return y.asked(ctx, l, at)
	case doReword:
		return receive.Passed(y.env.Inbox.Reworded(ctx, at, l.Text, l.At))
	case doRemove:
		return receive.Passed(y.env.Inbox.Removed(ctx, at))
	case doLike:
		return receive.Passed(y.env.Inbox.Liked(ctx, at, l.Likes, l.At))
	}
	return receive.ErrUndecodable
}

func (y *YouTube) origin(id string) session.Origin {
	return session.Origin{Connector: y.Name, Place: y.Place(), Message: session.MessageID(id)}
}

// asked hands a comment on that is a question. To which hour one at the top belongs is the inbox's to
// know, for all stand under the same video; one below an announcement belongs to its hour.
func (y *YouTube) asked(ctx context.Context, l letter, at session.Origin) error {
	if l.Text == "" || !y.fires(l) {
		return nil
	}
	var hour session.ID
	if l.Under != "" {
		id, announced, err := y.env.Inbox.Announced(ctx, y.origin(l.Under), time.Time{})
		if err != nil || !announced {
			return receive.Passed(err)
		}
		hour = id
	}
	_, err := y.env.Inbox.Asked(ctx, connector.Asked{Origin: at, Key: "c" + l.ID, Text: l.Text, Language: y.env.Language, At: l.At,
		Session: hour})
	return receive.Passed(err)
}

func (y *YouTube) counts(t Trigger) bool { return slices.Contains(y.settings.Triggers, t) }

// fires reports whether a comment carries a trigger that counts here.
func (y *YouTube) fires(l letter) bool {
	where := TriggerComment
	if l.Under != "" {
		where = TriggerReply
	}
	return y.counts(where) || y.counts(TriggerHashtag) && receive.Tagged(l.Text, y.settings.Hashtag)
}
