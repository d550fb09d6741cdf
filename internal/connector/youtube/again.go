package youtube

import (
	"context"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// again looks what became of questions.
func (y *YouTube) again(ctx context.Context, l receive.Look, put receive.Put) error {
	var ids []string
	of := map[string]session.Origin{}
	for _, o := range l.Asked {
		if id := string(o.Message); commentID.MatchString(id) {
			ids, of[id] = append(ids, id), o
		}
	}
	if len(ids) == 0 {
		return nil
	}
	there, err := y.named(ctx, y.paid(ctx), ids...)
	if err != nil {
		return err
	}
	now := y.env.Now()
	for _, id := range ids {
		c, is := there[id]
		if is {
			err = y.changed(ctx, c, now, put)
		} else if y.seen.missing(id, now) >= missingFor {
			err = y.gone(ctx, of[id], l.Under, now, put)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// changed puts that a comment was edited, and how many like it, where this is not how it was seen.
func (y *YouTube) changed(ctx context.Context, c comment, now time.Time, put receive.Put) error {
	edited, likes := y.seen.news(c)
	var events []connector.Event
	if edited {
		key := "c" + c.ID + ":" + strconv.FormatInt(c.Snippet.Edited.Unix(), 10) + ":" + receive.RawKey([]byte(c.text()))
		events = append(events, c.event(key, letter{Do: doReword, Text: cut(c.text()), At: c.Snippet.Edited}))
	}
	if likes {
		key := "l" + c.ID + ":" + strconv.FormatInt(now.UnixNano(), 10)
		events = append(events, c.event(key, letter{Do: doLike, Likes: max(c.Snippet.Likes, 0), At: now}))
	}
	if len(events) == 0 {
		return nil
	}
	if _, err := put(ctx, events...); err != nil {
		return err
	}
	y.seen.note(c)
	return nil
}

// gone puts that there is no comment of that id, if YouTube says so when it is asked for it with an
// announcement, which it shows.
func (y *YouTube) gone(ctx context.Context, o session.Origin, under []session.Origin, now time.Time, put receive.Put) error {
	id := string(o.Message)
	y.seen.look(id, now)
	ids := []string{id}
	for _, a := range under[:min(len(under), 1)] {
		ids = append(ids, string(a.Message))
	}
	found, err := y.named(ctx, y.paid(ctx), ids...)
	if _, there := found[id]; err != nil || there || len(found) < len(ids)-1 {
		return err
	}
	var c comment
	c.ID = id
	c.Snippet.Author.Value, c.Snippet.Name, _ = strings.Cut(string(o.User), " ")
	_, err = put(ctx, c.event("c"+id+":gone", letter{Do: doRemove, At: now}))
	return err
}
