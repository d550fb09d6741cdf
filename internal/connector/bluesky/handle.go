package bluesky

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Handle does what a letter says.
func (b *Bluesky) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || l.URI == "" {
		return receive.ErrUndecodable
	}
	o := session.Origin{Connector: b.Name, Place: b.Place(), Message: session.MessageID(l.URI), User: session.UserRef(l.By)}
	switch l.What {
	case wrote:
		return b.wrote(ctx, o, l)
	case seen:
		return b.seen(ctx, o, l)
	case left:
		return receive.Passed(b.env.Inbox.Removed(ctx, o))
	}
	return receive.ErrUndecodable
}

// wrote makes a question of a post that has a trigger. All else is talk.
func (b *Bluesky) wrote(ctx context.Context, o session.Origin, l letter) error {
	text, addressed := b.question(l.Text), b.addressed(l)
	if text == "" {
		return nil
	}
	hour, under, err := b.hourAbove(ctx, l)
	switch {
	case errors.Is(err, connector.ErrUnplaced) && addressed: // it is a question whatever it stands under
	case err != nil:
		return receive.Passed(err)
	case !under && !addressed:
		return nil
	}
	if owner, key, ok := parse(l.URI); ok {
		o.URL = address(owner, key)
	}
	_, err = b.env.Inbox.Asked(ctx, connector.Asked{Origin: o, Key: l.URI, Text: text, With: l.With, Language: b.language(l.Langs),
		At: l.At, Session: hour})
	if err != nil {
		return receive.Passed(err)
	}
	if err := b.enclose(ctx, o, l); err != nil {
		return err
	}
	return b.memory.Keep(ctx, versionKey(l.URI), []byte(l.CID), connector.MemoFor)
}

// hourAbove finds the hour under whose announcement a post stands, and reports whether it
// is right under something that the account wrote.
func (b *Bluesky) hourAbove(ctx context.Context, l letter) (hour session.ID, under bool, err error) {
	if l.Parent == "" {
		return "", false, nil
	}
	me, err := b.who(ctx)
	if err != nil {
		return "", false, err
	}
	owner, _, _ := parse(l.Parent)
	under = owner == me.DID && b.triggered(triggerReply)
	for _, uri := range []string{l.Parent, l.Root} {
		owner, key, _ := parse(uri)
		if owner != me.DID {
			continue
		}
		at := session.Origin{Connector: b.Name, Place: b.Place(), Message: session.MessageID(uri)}
		id, ok, asked := b.env.Inbox.Announced(ctx, at, postedAt(key))
		if ok {
			return id, under, nil
		}
		err = cmp.Or(err, asked)
	}
	return "", under, err
}

// addressed reports whether the text of a post has a trigger.
func (b *Bluesky) addressed(l letter) bool {
	if l.Mention && b.triggered(triggerMention) {
		return true
	}
	return b.set.Hashtag != "" && b.triggered(triggerHashtag) && len(Facets(l.Text, "", []string{b.set.Hashtag})) > 0
}

// question is a text without what addresses the account.
func (b *Bluesky) question(text string) string {
	text = b.marks.ReplaceAllString(strings.ToValidUTF8(text, "\uFFFD"), "$1$2")
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.TrimLeft(strings.TrimSpace(strings.Join(lines, "\n")), " ,;:\n")
}

// language is the first one of the post's that the program speaks, or the institution's.
func (b *Bluesky) language(langs []string) session.Language {
	for _, l := range langs {
		short, _, _ := strings.Cut(strings.ToLower(l), "-")
		if known := []session.Language{session.Latvian, session.English}; slices.Contains(known, session.Language(short)) {
			return session.Language(short)
		}
	}
	return b.env.Language
}

// versionKey is where the version of a question is kept that its wording was read from.
func versionKey(uri string) string { return "version:" + uri }

// seen hands on how many people like a question, and its text if that is another version.
func (b *Bluesky) seen(ctx context.Context, o session.Origin, l letter) error {
	if err := receive.Passed(b.env.Inbox.Liked(ctx, o, l.Likes, l.At)); err != nil {
		return err
	}
	known, ok, err := b.memory.Recall(ctx, versionKey(l.URI))
	if err != nil || ok && string(known) == l.CID {
		return err
	}
	if err := receive.Passed(b.env.Inbox.Reworded(ctx, o, b.question(l.Text), l.At)); err != nil {
		return err
	}
	return b.memory.Keep(ctx, versionKey(l.URI), []byte(l.CID), connector.MemoFor)
}
