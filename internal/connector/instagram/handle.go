package instagram

import (
	"context"
	"encoding/json"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Handle does what one letter says.
func (g *Instagram) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || !graph.IDForm.MatchString(l.ID) {
		return receive.ErrUndecodable
	}
	at := session.Origin{Connector: g.Name, Place: g.Place(), Message: session.MessageID(l.ID), User: session.UserRef(l.User)}
	switch l.Do {
	case doAsk:
		return g.ask(ctx, l, at)
	case doLike:
		return receive.Passed(g.env.Inbox.Liked(ctx, at, l.Likes, l.At))
	case doRemove:
		return receive.Passed(g.env.Inbox.Removed(ctx, at))
	}
	return receive.ErrUndecodable
}

// ask hands a comment on. To which hour it belongs is the inbox's to know where all comments stand
// under the same post; one under an announcement belongs to that hour.
func (g *Instagram) ask(ctx context.Context, l letter, at session.Origin) error {
	if l.Text == "" {
		return nil
	}
	var hour session.ID
	if g.settings.Media == "" && l.Post != "" {
		post := session.Origin{Connector: g.Name, Place: g.Place(), Message: session.MessageID(l.Post)}
		var err error
		if hour, _, err = g.env.Inbox.Announced(ctx, post, time.Time{}); err != nil {
			return receive.Passed(err)
		}
	}
	_, err := g.env.Inbox.Asked(ctx, connector.Asked{Origin: at, Key: "c" + l.ID, Text: l.Text, Language: g.env.Language, At: l.At, Session: hour})
	return receive.Passed(err)
}
