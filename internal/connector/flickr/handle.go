package flickr

import (
	"context"
	"encoding/json"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Handle does what one letter says.
func (f *Flickr) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || !commentID.MatchString(l.ID) {
		return receive.ErrUndecodable
	}
	at := session.Origin{Connector: f.Name, Place: f.Place(), Message: session.MessageID(l.ID), User: l.User, URL: l.URL}
	switch l.Do {
	case doAsk:
		return f.ask(ctx, l, at)
	case doReword:
		return receive.Passed(f.env.Inbox.Reworded(ctx, at, l.Text, l.At))
	case doRemove:
		return receive.Passed(f.env.Inbox.Removed(ctx, at))
	}
	return receive.ErrUndecodable
}

// ask hands a comment on that is a question. To which hour it belongs is the inbox's to know:
// all comments stand under the same photo.
func (f *Flickr) ask(ctx context.Context, l letter, at session.Origin) error {
	if l.Text == "" || !f.fires(l.Text) {
		return nil
	}
	_, err := f.env.Inbox.Asked(ctx, connector.Asked{Origin: at, Key: "c" + l.ID, Text: l.Text, Language: f.env.Language, At: l.At})
	return receive.Passed(err)
}

// fires reports whether a comment carries a trigger that counts here.
func (f *Flickr) fires(text string) bool {
	counts := func(t Trigger) bool { return slices.Contains(f.settings.Triggers, t) }
	return counts(TriggerComment) || counts(TriggerHashtag) && receive.Tagged(text, f.settings.Hashtag)
}
