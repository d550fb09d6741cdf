package reception

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// question takes what is a question of anybody but staff, who are asked what it is.
func (r *Reception) question(ctx context.Context, v visit, m connector.Said, text string) (connector.Reply, error) {
	m.Text = strings.TrimSpace(text)
	together, err := r.together(ctx, v, m)
	switch {
	case err != nil:
		return connector.Reply{}, err
	case m.Text == "" && together:
		return connector.Reply{}, nil // a picture beside the one with the words
	case m.Text == "" && m.Enclosed:
		return connector.Reply{Text: v.text("picture_alone")}, nil
	case m.Text == "":
		return connector.Reply{Text: v.words.Text(unread[m.With])}, nil
	case v.staff:
		return r.askBack(ctx, v, m)
	}
	reply, _, err := r.take(ctx, v, m, together)
	return reply, err
}

// take asks, or goes on with the question that was asked a moment ago; taken is false
// when that is not possible. The receipt follows by itself. That two thoughts became one
// question is said, unless they were sent together.
func (r *Reception) take(ctx context.Context, v visit, m connector.Said, together bool) (reply connector.Reply, taken bool, err error) {
	l, err := r.before(ctx, v, m)
	switch {
	case err != nil:
		return reply, false, err
	case l.Refused: // and its author was told so
		return reply, false, r.notePart(ctx, v, m, l, true)
	}
	a := v.asked(m)
	a.Cut = len(l.Messages) > 0
	ref, joined, err := r.Inbox.Said(ctx, a)
	if away(err) {
		return reply, false, err
	}
	if err := r.notePart(ctx, v, m, l, err != nil); err != nil {
		return reply, false, err
	}
	switch {
	case err != nil:
		reply, err = r.refused(ctx, v, l, err)
		return reply, false, err
	case joined && !a.Cut && !together:
		reply = v.joined(ref, m)
	}
	if m.With != "" && !m.Enclosed && !together {
		reply.Text = strings.TrimSpace(reply.Text + "\n" + v.text("with_words"))
	}
	return reply, true, nil
}

// unread says why a message without words is no question, by what was sent instead.
var unread = map[session.Media]string{
	"": "reception.write", session.MediaPicture: "reception.only_picture", session.MediaVideo: "reception.only_video",
	session.MediaVoice: "reception.only_voice", session.MediaFile: "reception.only_file",
	session.MediaSticker: "reception.only_sticker", session.MediaThing: "reception.only_thing",
}

// asked is a message as the question of a visitor.
func (v visit) asked(m connector.Said) connector.Asked {
	a := connector.Asked{Origin: v.origin(m.Message), Key: string(v.Place) + ":" + string(m.Message), Text: m.Text, With: m.With,
		Email: v.Email, Language: v.Language, At: m.At, Edited: m.Edited}
	if v.choice.Name {
		a.Name = v.Name
	}
	return a
}

// refused says why a text is no question. What was taken of it already, before its rest
// arrived, is taken back.
func (r *Reception) refused(ctx context.Context, v visit, l long, why error) (connector.Reply, error) {
	for _, m := range l.Messages {
		if err := r.Inbox.Removed(ctx, v.origin(m)); away(err) {
			return connector.Reply{}, err
		}
	}
	if session.KindOf(why) == session.Refused {
		return r.notNow(ctx, v, why)
	}
	return v.said(why)
}

// notNow says when the next hour begins, or where the last one can be read.
func (r *Reception) notNow(ctx context.Context, v visit, why error) (connector.Reply, error) {
	now, last, err := r.hour(ctx, v)
	if err != nil {
		return connector.Reply{}, err
	}
	switch {
	case now.ID != "":
		return connector.Reply{Text: v.words.Error(why), Link: connector.Link{Label: now.Title, URL: r.page(now)}}, nil
	case last.ID != "":
		return connector.Reply{Text: v.text("over", "title", last.Title),
			Link: connector.Link{Label: v.text("transcript"), URL: r.page(last) + "/transcript"}}, nil
	}
	return connector.Reply{Text: v.text("none")}, nil
}

// edited takes the new version of a message. One that is no question yet may become it:
// its first version may have been too long, or has yet to arrive.
func (r *Reception) edited(ctx context.Context, v visit, m connector.Said) (connector.Reply, error) {
	m.Text = asks(m.Text)
	err := r.Inbox.Reworded(ctx, v.origin(m.Message), m.Text, m.Edited)
	switch session.KindOf(err) {
	case session.NotFound:
		return r.editedToAsk(ctx, v, m)
	case session.Refused, session.Already:
		return connector.Reply{Text: v.text("too_late")}, nil
	}
	return v.said(err)
}

// editedFor is how long after it was written an edit makes a question of a message.
const editedFor = time.Hour

func (r *Reception) editedToAsk(ctx context.Context, v visit, m connector.Said) (connector.Reply, error) {
	if _, _, command := parse(m.Text); command || m.Text == "" || v.staff || m.Edited.Sub(m.At) > editedFor {
		return connector.Reply{}, nil
	}
	m.At = m.Edited
	return r.question(ctx, v, m, m.Text)
}

// asks is what a message asks: without the command that says that it does.
func asks(text string) string {
	if name, rest, ok := parse(text); ok && name == "ask" {
		return rest
	}
	return text
}
func (r *Reception) keep(ctx context.Context, key string, value any, ttl time.Duration) error {
	b, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return r.Memory.Keep(ctx, key, b, ttl)
}

// read is lenient: what cannot be read any more was never kept.
func (r *Reception) read(ctx context.Context, key string, into any) (bool, error) {
	b, ok, err := r.Memory.Recall(ctx, key)
	if err != nil || !ok {
		return false, err
	}
	return json.Unmarshal(b, into) == nil, nil
}
