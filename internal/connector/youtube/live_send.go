package youtube

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"
	"unicode"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

func wordly(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// url is where the chat is read; a message has no address of its own.
func (l *Live) url() string { return "https://www.youtube.com/watch?v=" + l.y.settings.Video }

// Reply writes into the chat. How far that had come is kept before: there the message is looked for
// when no answer comes, however long the chat is by then.
func (l *Live) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := l.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	chat, over, err := l.open(ctx)
	switch {
	case err != nil:
		return connector.Sent{}, connector.Repeatable(err)
	case over:
		return connector.Sent{}, refused(details[chatEnded])
	case chat == "":
		return connector.Sent{}, &connector.SendError{Outcome: connector.Deferred, Wait: mendWait, Detail: "the broadcast has not begun"}
	}
	if err := l.keep(ctx, p, chat); err != nil {
		return connector.Sent{}, connector.Repeatable(err)
	}
	body := map[string]any{"snippet": map[string]any{"liveChatId": chat, "type": isText,
		"textMessageDetails": map[string]any{"messageText": p.Text}}}
	var answer message
	err = l.y.call(ctx, http.MethodPost, "liveChat/messages", url.Values{"part": {"snippet"}}, body, &answer)
	if said(err, chatEnded, chatGone) {
		l.chat.Store(nil)
	}
	if err != nil {
		return connector.Sent{}, err
	}
	if !chatID.MatchString(answer.ID) {
		return connector.Sent{}, unusable(connector.Unsure)
	}
	return l.at(answer.ID), nil
}

func (l *Live) at(id string) connector.Sent {
	return connector.Sent{Message: session.MessageID(id), URL: l.url()}
}

// fits looks before anybody is asked.
func (l *Live) fits(ctx context.Context, p connector.Post) error {
	if err := l.y.fits(ctx, p); err != nil {
		return err
	}
	if !l.Limits().Longest.Fits(p.Text) {
		return refused(details["commentTextTooLong"])
	}
	return nil
}

// keep keeps how far the chat had come, unless an attempt before did.
func (l *Live) keep(ctx context.Context, p connector.Post, chat string) error {
	if l.noted(p).Chat == chat {
		return nil
	}
	m := mark{Chat: chat}
	if last := l.page.Load(); last != nil && last.Chat == chat {
		m = *last
	} else {
		page, err := l.read(ctx, m)
		if err != nil {
			return err
		}
		m.Page = page.Next
	}
	note, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return p.Keep(ctx, string(note))
}

// noted is how far the chat had come before a post.
func (l *Live) noted(p connector.Post) (m mark) {
	_ = json.Unmarshal([]byte(p.Note), &m)
	return m
}

// since reads what was written since a post was first tried, until each has enough. Without a note
// none was.
func (l *Live) since(ctx context.Context, p connector.Post, each func(message) (enough bool)) error {
	m := l.noted(p)
	if m.Chat == "" {
		chat, _, err := l.open(ctx)
		if err != nil {
			return err
		}
		if m.Chat = chat; chat == "" {
			return refused(details[chatEnded])
		}
	}
	for range mostPages {
		page, err := l.read(ctx, m)
		if err != nil {
			return err
		}
		for _, x := range *page.Items {
			if each(x) {
				return nil
			}
		}
		if len(*page.Items) == 0 || page.Next == "" || page.Next == m.Page {
			return nil
		}
		m.Page = page.Next
		if !backoff.Pause(ctx, min(time.Duration(max(page.Pause, 0))*time.Millisecond, mostRest)) {
			return &connector.SendError{Outcome: connector.Deferred, Detail: "not looked", Cause: ctx.Err()}
		}
	}
	return errDeep
}

// mostRest bounds how long a look rests between two pages, which YouTube wants.
const mostRest = 5 * time.Second

// Find looks for what the channel itself wrote with that text since it was approved. A text that has the
// same letters counts too: a second message would be worse.
func (l *Live) Find(ctx context.Context, p connector.Post) (sent connector.Sent, ok bool, err error) {
	me, err := l.me(ctx)
	if err != nil {
		return sent, false, err
	}
	from := p.Approved.Add(-clocks)
	err = l.since(ctx, p, func(m message) bool {
		s := m.Snippet
		if s.Type != isText || s.Author != me.ID || s.At.Before(from) || !chatID.MatchString(m.ID) {
			return false
		}
		if exact := same(s.Text.Words, p.Text); exact || alike(s.Text.Words, p.Text) {
			sent, ok = l.at(m.ID), true
			return exact
		}
		return false
	})
	if err != nil {
		return connector.Sent{}, false, err
	}
	return sent, ok, nil
}

// Retract deletes a message.
func (l *Live) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case !chatID.MatchString(string(at)):
		return refused(details[messageGone])
	}
	err := l.y.call(ctx, http.MethodDelete, "liveChat/messages", url.Values{"id": {string(at)}}, nil, nil)
	if said(err, messageGone, "messageNotFound", "notFound") { // the worker looks whether it is so
		return nil
	}
	return err
}

// Stands looks whether the chat still shows a message.
func (l *Live) Stands(ctx context.Context, at session.MessageID, p connector.Post) (stands bool, err error) {
	id := string(at)
	err = l.since(ctx, p, func(m message) bool {
		switch {
		case m.ID == id:
			stands = m.Snippet.Type == isText
		case m.Snippet.Deleted.ID == id || m.Snippet.Taken.ID == id:
			stands = false
		}
		return false
	})
	return stands && err == nil, err
}
