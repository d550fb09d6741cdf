package x

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Handle does what one letter says.
func (x *X) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || !number.MatchString(l.ID) {
		return receive.ErrUndecodable
	}
	switch l.Do {
	case doAsk:
		return x.ask(ctx, l)
	case doAgain:
		return x.retold(ctx, l)
	case doGone:
		return receive.Passed(x.env.Inbox.Removed(ctx, x.at(l.ID)))
	}
	return receive.ErrUndecodable
}

func (x *X) at(id string) session.Origin {
	return session.Origin{Connector: x.Name, Place: place, Message: session.MessageID(id)}
}

// ask hands a post on that is a question.
func (x *X) ask(ctx context.Context, l letter) error {
	self, err := x.self(ctx)
	if err != nil {
		return err
	}
	text := question(l.Text, self.Username, x.settings.Hashtag)
	if text == "" {
		return nil
	}
	if l.Brought { // as dear as a post that is read
		if err := x.env.Spend(ctx, x, place, connector.RequestFind); err != nil {
			return err
		}
	}
	hour, is, err := x.trigger(ctx, l)
	if err != nil || !is {
		return err
	}
	o := x.at(l.ID)
	o.User, o.URL = session.UserRef(l.Author), link(l.ID)
	_, err = x.env.Inbox.Asked(ctx, connector.Asked{Origin: o, Key: "p" + l.ID, Text: text, With: l.With, Language: x.env.Language, At: l.At,
		Edited: l.Edited, Session: hour})
	if err == nil {
		err = x.enclose(ctx, x.at(l.ID), l)
	}
	if err != nil || l.Edited.IsZero() {
		return receive.Passed(err)
	}
	return receive.Passed(x.env.Inbox.Reworded(ctx, o, text, l.Edited))
}

// trigger tells a question from talk. A reply calls everybody of a thread by itself, so that in
// one only what its author wrote counts; and one to the bot is thanks as often as a question, unless
// it stands under an announcement.
func (x *X) trigger(ctx context.Context, l letter) (hour session.ID, is bool, err error) {
	is = x.wants(TriggerHashtag) && receive.Tagged(l.Text, x.settings.Hashtag) || x.wants(TriggerMention) && l.Named
	if l.Under == "" || !is && !x.wants(TriggerReply) {
		return "", is, nil
	}
	hour, under, err := x.env.Inbox.Announced(ctx, x.at(l.Under), time.Time{})
	switch {
	case errors.Is(err, connector.ErrUnplaced) && is:
		return "", true, nil
	case err != nil || !under:
		return "", is, err
	}
	return hour, true, nil
}

// retold tells the new wording of a question and how many like it.
func (x *X) retold(ctx context.Context, l letter) error {
	o := x.at(l.ID)
	if !l.Edited.IsZero() {
		self, err := x.self(ctx)
		if err != nil {
			return err
		}
		text := question(l.Text, self.Username, x.settings.Hashtag)
		if err := receive.Passed(x.env.Inbox.Reworded(ctx, o, text, l.Edited)); err != nil {
			return err
		}
	}
	return receive.Passed(x.env.Inbox.Liked(ctx, o, l.Likes, l.Seen))
}
