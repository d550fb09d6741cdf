package instagram

import (
	"context"
	"encoding/json"

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

// ask hands a comment on. To which hour it belongs is the inbox's to know: all comments stand
// under the same post.
func (g *Instagram) ask(ctx context.Context, l letter, at session.Origin) error {
	if l.Text == "" {
		return nil
	}
	_, err := g.env.Inbox.Asked(ctx, connector.Asked{Origin: at, Key: "c" + l.ID, Text: l.Text, Language: g.env.Language, At: l.At})
	return receive.Passed(err)
}
