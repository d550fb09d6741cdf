package threads

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Handle does what one letter says.
func (t *Threads) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || !graph.IDForm.MatchString(l.ID) {
		return receive.ErrUndecodable
	}
	at := session.Origin{Connector: t.Name, Place: place, Message: session.MessageID(l.ID), User: session.UserRef(l.User), URL: l.URL}
	switch l.Do {
	case doAsk:
		return t.ask(ctx, l, at)
	case doReword:
		return receive.Passed(t.env.Inbox.Reworded(ctx, at, l.Text, l.At))
	case doRemove:
		return receive.Passed(t.env.Inbox.Removed(ctx, at))
	}
	return receive.ErrUndecodable
}

// ask hands a post on that is a question. Under an announcement it belongs to that hour, and a
// mention elsewhere to the one that takes questions.
func (t *Threads) ask(ctx context.Context, l letter, at session.Origin) error {
	if l.Text == "" && l.With == "" {
		return nil
	}
	var hour session.ID
	if l.Root != "" {
		root := session.Origin{Connector: t.Name, Place: place, Message: session.MessageID(l.Root)}
		found, ok, err := t.env.Inbox.Announced(ctx, root, time.Time{})
		switch {
		case errors.Is(err, connector.ErrUnplaced) && l.Named: // it is a question whatever it stands under
		case err != nil:
			return receive.Passed(err)
		case ok:
			hour = found
		}
	}
	_, err := t.env.Inbox.Asked(ctx, connector.Asked{Origin: at, Key: "t" + l.ID, Text: l.Text, With: l.With, Language: t.env.Language,
		At: l.At, Session: hour})
	if receive.Passed(err) != nil || err != nil && l.Text != "" || l.With != session.MediaPicture || t.env.Enclose == nil {
		return receive.Passed(err)
	}
	all := []connector.Enclosed{{At: at, Sent: l.At, Key: l.ID, File: l.Image}}
	if l.More { // which has no address: it counts as lost, so that staff look at the original
		all = append(all, connector.Enclosed{At: at, Sent: l.At, Key: l.ID + " more"})
	}
	return t.env.Enclose(ctx, all...)
}

// album is the kind of a post with several pictures or films. Threads gives the address of the first one.
const album = "CAROUSEL_ALBUM"

// kinds are what stands with a text (https://developers.facebook.com/docs/threads/retrieve-and-discover-posts/retrieve-posts).
var kinds = map[string]session.Media{"IMAGE": session.MediaPicture, "VIDEO": session.MediaVideo, album: session.MediaPicture,
	"AUDIO": session.MediaVoice}

// hidden are the states of a reply that readers do not see; covered and restricted are Threads'
// own judgement or that of a reader, and say nothing of what the institution wants.
var hidden = map[string]bool{"HIDDEN": true, "BLOCKED": true}

// named finds the account's name in a text, as a whole word.
func named(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)@` + regexp.QuoteMeta(name) + `([^A-Za-z0-9._]|\.?(?:\s|$))`)
}

// question is a text without the account's name.
func question(text, name string) string {
	text = named(name).ReplaceAllString(strings.ToValidUTF8(text, "\uFFFD"), "$1")
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	text = strings.TrimLeft(strings.TrimSpace(strings.Join(lines, "\n")), " ,;:\n")
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "")
	}
	return text
}
