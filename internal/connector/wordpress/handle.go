package wordpress

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
func (w *WordPress) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || l.ID.Comment == 0 {
		return receive.ErrUndecodable
	}
	at := session.Origin{Connector: w.Name, Place: site, Message: messageID{l.ID.Post, l.ID.Comment}.id(), User: l.User, URL: l.URL}
	switch l.Do {
	case doAsk:
		return w.ask(ctx, l, at)
	case doReword:
		return receive.Passed(w.env.Inbox.Reworded(ctx, at, l.Text, l.At))
	case doRemove:
		return receive.Passed(w.env.Inbox.Removed(ctx, at))
	}
	return receive.ErrUndecodable
}

// ask hands a comment on that is a question.
func (w *WordPress) ask(ctx context.Context, l letter, at session.Origin) error {
	post := session.Origin{Connector: w.Name, Place: site, Message: messageID{post: l.ID.Post}.id()}
	hour, announced, err := w.env.Inbox.Announced(ctx, post, time.Time{})
	if err != nil || !announced || l.Text == "" {
		return receive.Passed(err)
	}
	if fires, err := w.fires(ctx, l); err != nil || !fires {
		return err
	}
	_, err = w.env.Inbox.Asked(ctx, connector.Asked{Origin: at, Key: "c" + number(l.ID.Comment), Text: l.Text,
		Language: w.env.Language, At: l.At, Session: hour})
	return receive.Passed(err)
}

// fires reports whether a comment carries a trigger that counts here. Who replies to
// somebody else's comment talks to its author.
func (w *WordPress) fires(ctx context.Context, l letter) (bool, error) {
	counts := func(t Trigger) bool { return slices.Contains(w.settings.Triggers, t) }
	switch {
	case counts(TriggerHashtag) && receive.Tagged(l.Text, w.settings.Hashtag):
		return true, nil
	case l.Parent == 0:
		return counts(TriggerComment), nil
	case !counts(TriggerReply):
		return false, nil
	}
	self, err := w.self(ctx)
	if err != nil {
		return false, session.Fail(session.Unavailable, "unavailable").Because(err)
	}
	to, ok, err := w.comment(ctx, l.Parent)
	if err != nil {
		return false, session.Fail(session.Unavailable, "unavailable").Because(err)
	}
	return ok && to.Author == self, nil
}
