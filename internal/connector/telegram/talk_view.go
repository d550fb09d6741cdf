package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
)

// view are the messages that show a conversation, the oldest first.
type view struct {
	Messages []int `json:"m,omitempty"`
}

// show brings what a person sees in line with what they are in the middle of. fresh
// begins below everything that was written since; else the messages are edited in
// place.
func (t *Telegram) show(ctx context.Context, user int64, fresh bool) {
	if !fresh && !t.mayShow(user) {
		return
	}
	t.runner.After(ctx, userKey(user), func(ctx context.Context) {
		if !fresh {
			t.shows(user)
		}
		t.drawNow(ctx, user, fresh, false)
	})
}

func (t *Telegram) drawNow(ctx context.Context, user int64, fresh, quiet bool) {
	if err := t.draw(ctx, user, fresh, quiet); err != nil && !t.lost(ctx, user, err) {
		t.log.Warn("telegram: a form was not shown", "error", err)
	}
}

// mayShow is false when a drawing waits already: it will show what there is by then.
func (t *Telegram) mayShow(user int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	waits := t.toShow[user]
	t.toShow[user] = true
	return !waits
}

func (t *Telegram) shows(user int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.toShow, user)
}

// draw shows a conversation as it is now. A quiet one costs nothing where nothing is different
// from what this replica drew last.
func (t *Telegram) draw(ctx context.Context, user int64, fresh, quiet bool) error {
	k, err := t.talk(ctx, user)
	if err != nil {
		return err
	}
	old, err := t.view(ctx, user)
	if err != nil {
		return err
	}
	pages, keys := []string{t.paint.say(k.End)}, [][]models.InlineKeyboardButton(nil)
	switch s := k.top(); {
	case s != nil:
		s = t.renewed(ctx, user, s)
		pages, keys = t.paint.pages(s), t.paint.sheetKeys(s, k.Step, t.now().In(t.opts.Zone))
		t.runner.At(ctx, userKey(user), s.Form.Until, func(ctx context.Context) time.Time {
			t.drawNow(ctx, user, false, true)
			return time.Time{}
		})
	case k.End == "":
		t.remove(ctx, user, old.Messages...)
		return t.keepView(ctx, user, view{})
	case len(old.Messages) == 0:
		return nil
	}
	drawn := func(in view) connector.Tag { return connector.TagOf(fmt.Sprint(in, pages, keys)) }
	if quiet && t.drawnLast(user, "") == drawn(old) {
		return nil
	}
	next, err := t.drawPages(ctx, user, old, pages, keys, fresh)
	if err == nil {
		t.drawnLast(user, drawn(next))
	}
	if k.top() == nil && err == nil {
		next = view{} // it stays as it is
	}
	if kept := t.keepView(ctx, user, next); err == nil {
		err = kept
	}
	return err
}

// drawnLast keeps what a person was shown last, if that is given, and tells what it was before.
func (t *Telegram) drawnLast(user int64, what connector.Tag) connector.Tag {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := t.drawn[user]
	if what != "" {
		t.drawn[user] = what
	}
	return last
}

// renewed is a form as it should be shown now. What is kept stays as it was made: a press that
// comes meanwhile is about that.
func (t *Telegram) renewed(ctx context.Context, user int64, s *sheet) *sheet {
	if s.Form.Until.IsZero() || t.now().Before(s.Form.Until) {
		return s
	}
	now := *s
	in, err := t.inbox()
	if err == nil {
		now.Form, err = in.Renewed(ctx, t.user(user), s.Form)
	}
	if err != nil {
		t.log.Warn("telegram: a form was not looked at again", "error", err)
		now.Form = s.Form
		now.Form.Until = t.now().Add(waitNet)
	}
	return &now
}

// drawPages edits what is there and posts the rest. When a message is gone, all of it
// is posted anew. What is too much is taken away.
func (t *Telegram) drawPages(ctx context.Context, user int64, old view, pages []string, keys [][]models.InlineKeyboardButton,
	fresh bool) (view, error) {
	var next view
	for i, html := range pages {
		m := message{html: html}
		if i == len(pages)-1 {
			m.keyboard = keys
		}
		if !fresh && i < len(old.Messages) {
			err := patiently(ctx, func() error { return t.edit(ctx, messageID{user, old.Messages[i]}, m) })
			if isGone(err) {
				return t.drawPages(ctx, user, old, pages, keys, true)
			}
			if err != nil {
				return old, err
			}
			next.Messages = append(next.Messages, old.Messages[i])
			continue
		}
		var at messageID
		err := patiently(ctx, func() (err error) { at, err = t.send(ctx, place{chat: user}, m); return err })
		if err != nil {
			return view{append(next.Messages, old.Messages[min(len(next.Messages), len(old.Messages)):]...)}, err
		}
		next.Messages = append(next.Messages, at.message)
	}
	if fresh {
		t.remove(ctx, user, old.Messages...)
	} else if len(old.Messages) > len(next.Messages) {
		t.remove(ctx, user, old.Messages[len(next.Messages):]...)
	}
	return next, nil
}

func (t *Telegram) view(ctx context.Context, user int64) (view, error) {
	var v view
	raw, ok, err := t.opts.Memory.Recall(ctx, memoryView+userKey(user))
	if err != nil || !ok {
		return v, err
	}
	_ = json.Unmarshal(raw, &v) // what cannot be read is as if it were gone
	return v, nil
}

func (t *Telegram) keepView(ctx context.Context, user int64, v view) error {
	if len(v.Messages) == 0 {
		return t.opts.Memory.Forget(ctx, memoryView+userKey(user))
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return t.opts.Memory.Keep(ctx, memoryView+userKey(user), raw, talkFor)
}
