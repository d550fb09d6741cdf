package facebook

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// letter is what a comment says, without what nobody needs to know of its author.
type letter struct {
	Do     do
	ID     string
	Post   string `json:",omitempty"` // under which it stands
	Parent string `json:",omitempty"` // the comment that it replies to
	Ours   bool   `json:",omitempty"` // the Page wrote that one
	User   session.UserRef
	Text   string        `json:",omitempty"`
	With   session.Media `json:",omitempty"`
	Image  string        `json:",omitempty"` // the address of a picture
	URL    string        `json:",omitempty"`
	Likes  int           `json:",omitempty"`
	Gone   bool          `json:",omitempty"` // of doLook: it was told as removed
	At     time.Time     // when it was written, or seen as it is now
}

// do is what a letter is about.
type do string

const (
	doAsk    do = "ask"
	doAgain  do = "again"
	doRemove do = "remove"
	doLook   do = "look" // the webhook told of it
)

// Handle does what one letter says.
func (f *Facebook) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || !nodeID.MatchString(l.ID) {
		return receive.ErrUndecodable
	}
	switch l.Do {
	case doAsk:
		return f.ask(ctx, l)
	case doAgain:
		return f.told(ctx, l)
	case doRemove:
		return receive.Passed(f.env.Inbox.Removed(ctx, f.at(l)))
	case doLook:
		return f.lookAt(ctx, l)
	}
	return receive.ErrUndecodable
}

func (f *Facebook) at(l letter) session.Origin {
	return session.Origin{Connector: f.Name, Place: f.Place(), Message: session.MessageID(l.ID), User: l.User, URL: l.URL}
}

// ask hands a comment on that is a question.
func (f *Facebook) ask(ctx context.Context, l letter) error {
	post := session.Origin{Connector: f.Name, Place: f.Place(), Message: session.MessageID(l.Post)}
	hour, announced, err := f.env.Inbox.Announced(ctx, post, time.Time{})
	if err != nil || !announced || l.Text == "" && l.With == "" || !f.fires(l) {
		return receive.Passed(err)
	}
	if l.Text != "" {
		_, err = f.env.Inbox.Asked(ctx, connector.Asked{Origin: f.at(l), Key: "c" + l.ID, Text: l.Text, With: l.With,
			Language: f.env.Language, At: l.At, Session: hour})
	}
	if err != nil || l.With != session.MediaPicture || f.env.Enclose == nil {
		return receive.Passed(err)
	}
	return f.env.Enclose(ctx, connector.Enclosed{At: f.at(l), Sent: l.At, Key: l.ID, File: l.Image})
}

// media is what stands with a comment, by the types of attachments; a link that is shown is none.
var media = map[string]session.Media{"photo": session.MediaPicture, "sticker": session.MediaSticker, "video_inline": session.MediaVideo,
	"animated_image_share": session.MediaVideo, "animated_image_video": session.MediaVideo}

// fires reports whether a comment carries a trigger that counts here. Who replies to somebody
// else's comment talks to its author.
func (f *Facebook) fires(l letter) bool {
	counts := func(t Trigger) bool { return slices.Contains(f.settings.Triggers, t) }
	switch {
	case counts(TriggerHashtag) && receive.Tagged(l.Text, f.settings.Hashtag):
		return true
	case l.Parent == "":
		return counts(TriggerComment)
	}
	return l.Ours && counts(TriggerReply)
}

// told tells how a question reads now, and how many like it.
func (f *Facebook) told(ctx context.Context, l letter) error {
	if l.Text != "" {
		if err := receive.Passed(f.env.Inbox.Reworded(ctx, f.at(l), l.Text, l.At)); err != nil {
			return err
		}
	}
	return receive.Passed(f.env.Inbox.Liked(ctx, f.at(l), l.Likes, l.At))
}

// lookAt reads a comment of which the webhook told: what is so now counts, whatever came before
// or behind, and however often. One that is not there was removed only if Facebook told that.
func (f *Facebook) lookAt(ctx context.Context, l letter) error {
	post := session.Origin{Connector: f.Name, Place: f.Place(), Message: session.MessageID(l.Post)}
	if _, announced, err := f.env.Inbox.Announced(ctx, post, time.Time{}); err != nil || !announced {
		return receive.Passed(err) // of most posts of a Page nobody need ask
	}
	n, err := f.read(ctx, l.ID)
	now := f.env.Now()
	switch {
	case graph.Missing(err) && l.Gone:
		return receive.Passed(f.env.Inbox.Removed(ctx, f.at(l)))
	case graph.Missing(err): // a look at the list finds out
		return nil
	case err != nil:
		return session.Fail(session.Unavailable, "unavailable").Because(err)
	case f.ours(n.From) || n.Hidden:
		return nil
	}
	var fresh letter
	_ = json.Unmarshal(f.event(n, "", letter{Post: l.Post, At: n.Created.Time}).Raw, &fresh) // which was just made
	if err := f.ask(ctx, fresh); err != nil {
		return err
	}
	fresh.At = now
	return f.told(ctx, fresh)
}
