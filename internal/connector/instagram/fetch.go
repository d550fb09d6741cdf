package instagram

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*Instagram)(nil)

const (
	// busyWait, calmWait and idleWait are between two looks: while an hour takes questions, while
	// questions are open, and while there is nothing to look at, which asks nobody.
	busyWait, calmWait, idleWait = 10 * time.Second, time.Minute, 3 * time.Second
	// wholeEvery is between two readings to the end, which find what came late, was liked, hidden or
	// deleted. The looks between read what is new.
	wholeEvery = time.Minute
	// overlap is how much older than what was read something new may be, and how much older than
	// the hour a question.
	overlap = time.Minute
	// missingFor is how long a question has to be missing before it is looked for by itself.
	missingFor = time.Minute
	// mostPages bounds one reading, and mostSingle how many questions a look reads by themselves.
	mostPages, mostSingle = 200, 5
	// mostText is more than a comment may have, and fits a letter however it is escaped.
	mostText = 16 << 10
	perPut   = 10
	// likesFor is how often likes that stayed the same are handed on again.
	likesFor = 10 * time.Minute
)

// letter is what is known of a comment.
type letter struct {
	Do    do
	ID    string
	User  string
	Text  string `json:",omitempty"`
	Likes int    `json:",omitempty"`
	At    time.Time
}

// do is what a letter is about.
type do string

const (
	doAsk    do = "ask"
	doLike   do = "like"
	doRemove do = "remove"
)

// reading is what this process knows of the comments. Who knows nothing reads everything once
// more and puts it, which changes nothing; so no cursor has to be kept.
type reading struct {
	newest, whole time.Time
	seen          map[string]comment // as each was seen last
	put           map[string]bool    // asked
	liked         map[string]string  // the keys of the likes that were put last
	lacking       map[string]time.Time
}

func newReading() reading {
	return reading{seen: map[string]comment{}, put: map[string]bool{}, liked: map[string]string{}, lacking: map[string]time.Time{}}
}

// mostKnown bounds what is known; after that all is new.
const mostKnown = 20_000

// Fetch reads the comments right under the post.
func (g *Instagram) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	next := receive.Next{Wait: calmWait}
	switch {
	case l.Busy:
		next.Wait = busyWait
	case len(l.Asked) == 0:
		next.Wait = idleWait
		return next, nil
	}
	me, err := g.login.Who(ctx)
	if err != nil {
		return next, g.troubled(err)
	}
	if len(g.read.seen)+len(g.read.put) > mostKnown {
		g.read = newReading()
	}
	read, end, err := g.walk(ctx)
	if err != nil {
		return next, g.troubled(err)
	}
	if err := g.fresh(ctx, read, l, me, put); err != nil {
		return next, err
	}
	g.read.remember(read, end, g.env.Now())
	return next, g.troubled(g.again(ctx, l.Asked, put))
}

// troubled says what somebody has to mend. Of the token its keeper says it.
func (g *Instagram) troubled(err error) error {
	if graph.Missing(err) {
		return &receive.Trouble{ID: "instagram.media_gone", Wait: graph.MendWait, Cause: err}
	}
	if why := g.login.Why(err); why != "" {
		return &receive.Trouble{ID: "instagram." + why, Wait: graph.MendWait, Cause: err}
	}
	return err
}

// walk reads the list from the newest on: as far as something may be new, or to the end, which it
// says.
func (g *Instagram) walk(ctx context.Context) (read []comment, end bool, err error) {
	whole := g.env.Now().Sub(g.read.whole) >= wholeEvery
	pages := graph.List[comment]{Left: mostPages, Take: take,
		Ask: func(ctx context.Context, q url.Values, p *graph.Page) error {
			if err := g.env.Spend(ctx, g, g.Place(), connector.RequestRead); err != nil {
				return err
			}
			return g.login.Get(ctx, "/"+string(g.settings.Media)+"/comments", q, p)
		},
		Enough: func(some []comment) bool { return !whole && some[len(some)-1].At.Before(g.read.newest.Add(-overlap)) }}
	read, ended, err := pages.Read(ctx, url.Values{"fields": {fields}})
	return read, ended != graph.Short, err
}

// fresh puts what is a question and was not put before.
func (g *Instagram) fresh(ctx context.Context, read []comment, l receive.Look, me graph.Me, put receive.Put) error {
	var events []connector.Event
	for _, c := range read {
		if g.read.put[string(c.ID)] || c.Hidden || own(me, c) || c.Parent != "" || c.At.Before(l.Since.Add(-overlap)) || !g.fires(c.Text) {
			continue
		}
		events = append(events, letter{Do: doAsk, ID: string(c.ID), User: c.author(), Text: plain(c.Text), At: c.At.Time}.event("c"+string(c.ID)))
	}
	for some := range slices.Chunk(events, perPut) {
		if _, err := put(ctx, some...); err != nil {
			return err
		}
	}
	for _, e := range events {
		g.read.put[e.Key[1:]] = true
	}
	return nil
}

// fires reports whether a comment carries a trigger that counts here.
func (g *Instagram) fires(text string) bool {
	counts := func(t Trigger) bool { return slices.Contains(g.settings.Triggers, t) }
	return counts(TriggerComment) || counts(TriggerHashtag) && receive.Tagged(text, g.settings.Hashtag)
}

// plain is a text in tidy lines.
func plain(text string) string {
	lines := strings.Split(strings.ToValidUTF8(text, "\uFFFD"), "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	text = strings.TrimSpace(strings.Join(lines, "\n"))
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "")
	}
	return text
}

func (l letter) event(key string) connector.Event {
	raw, _ := json.Marshal(l) // of texts and times
	return connector.Event{Key: key, From: l.User, Line: connector.PublicLine, Raw: raw}
}

// remember takes what was read for what stands there.
func (r *reading) remember(read []comment, end bool, now time.Time) {
	if end {
		r.whole = now
		clear(r.seen)
	}
	for _, c := range read {
		r.seen[string(c.ID)] = c
		if c.At.After(r.newest) {
			r.newest = c.At.Time
		}
	}
}

// again looks what became of questions.
func (g *Instagram) again(ctx context.Context, asked []session.Origin, put receive.Put) error {
	left := mostSingle
	for _, o := range asked {
		at := string(o.Message)
		c, there := g.read.seen[at]
		if !there && left > 0 && g.read.lacks(at, g.env.Now()) {
			left--
			var err error
			if c, there, err = g.look(ctx, at); err != nil {
				return err
			}
			if !there {
				if err := g.gone(ctx, o, "gone", put); err != nil {
					return err
				}
			}
		}
		if !there {
			continue
		}
		delete(g.read.lacking, at)
		if err := g.changed(ctx, o, c, put); err != nil {
			return err
		}
	}
	return nil
}

// lacks reports whether a question has been missing for long enough, and begins to wait anew then.
func (r *reading) lacks(at string, now time.Time) bool {
	since, known := r.lacking[at]
	if !known || now.Sub(since) >= missingFor {
		r.lacking[at] = now
	}
	return known && now.Sub(since) >= missingFor
}

// look reads a question by itself. Instagram says of what is gone that it is not there, or that it
// may not be shown: only of what the list has not either that counts.
func (g *Instagram) look(ctx context.Context, at string) (c comment, there bool, err error) {
	if err := g.env.Spend(ctx, g, g.Place(), connector.RequestRead); err != nil {
		return c, false, err
	}
	c, err = g.one(ctx, at)
	if graph.Missing(err) {
		return c, false, nil
	}
	return c, err == nil, err
}

// changed puts how many people like a question. What the institution hid is withdrawn.
func (g *Instagram) changed(ctx context.Context, o session.Origin, c comment, put receive.Put) error {
	switch {
	case c.Hidden:
		return g.gone(ctx, o, "hidden", put)
	case c.Likes == nil: // it is not said
		return nil
	}
	now := g.env.Now()
	l := letter{Do: doLike, ID: string(o.Message), User: string(o.User), Likes: *c.Likes, At: now}
	key := fmt.Sprintf("c%s:%d:%d", l.ID, l.Likes, now.Unix()/int64(likesFor/time.Second))
	if g.read.liked[l.ID] == key {
		return nil
	}
	if _, err := put(ctx, l.event(key)); err != nil {
		return err
	}
	g.read.liked[l.ID] = key
	return nil
}

// gone puts that a question does not stand there any more.
func (g *Instagram) gone(ctx context.Context, o session.Origin, why string, put receive.Put) error {
	at := string(o.Message)
	l := letter{Do: doRemove, ID: at, User: string(o.User), At: g.env.Now()}
	_, err := put(ctx, l.event("c"+at+":"+why))
	return err
}
