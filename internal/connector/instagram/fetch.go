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
	// wholeEvery is between two readings of a list to its end.
	wholeEvery = time.Minute
	// mostText is more than a comment may have, and fits a letter however it is escaped.
	mostText = 16 << 10
	// likesFor is how often likes that stayed the same are handed on again.
	likesFor = 10 * time.Minute
)

// letter is what is known of a comment.
type letter struct {
	Do    do
	ID    string
	User  string
	Text  string `json:",omitempty"`
	Post  string `json:",omitempty"` // under which it stands
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

// Fetch reads the comments right under the posts.
func (g *Instagram) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	next, posts := receive.Next{Wait: calmWait}, g.posts(l)
	switch {
	case l.Busy:
		next.Wait = busyWait
	case len(l.Asked) == 0 && (g.settings.Media != "" || len(posts) == 0):
		next.Wait = idleWait
		return next, nil
	}
	me, err := g.login.Who(ctx)
	if err != nil {
		return next, g.troubled(err)
	}
	g.read.Begin()
	all := true // nothing kept a part of it from being read
	for _, post := range posts {
		read, end, err := g.read.Walk(ctx, post, "/"+post+"/comments", url.Values{"fields": {fields}}, wholeEvery)
		if graph.Missing(err) && g.settings.Media == "" { // somebody deleted the announcement
			all = false
			continue
		}
		if err != nil {
			return next, g.troubled(err)
		}
		if err := g.read.Keep(ctx, post, read, end, l.Since, put, func(c comment) (graph.Ask, bool) { return g.asks(me, c, post) }); err != nil {
			return next, err
		}
	}
	return next, g.troubled(g.read.Again(ctx, l.Asked, all, func(o session.Origin, c comment) error { return g.changed(ctx, o, c, put) },
		func(o session.Origin) error { return g.gone(ctx, o, "gone", put) }))
}

// posts are those under which people ask: the one that was given, or the announcements.
func (g *Instagram) posts(l receive.Look) (all []string) {
	if g.settings.Media != "" {
		return []string{string(g.settings.Media)}
	}
	for _, o := range l.Under {
		if graph.IDForm.MatchString(string(o.Message)) {
			all = append(all, string(o.Message))
		}
	}
	return all
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

// asks is a comment as a question, if it is one.
func (g *Instagram) asks(me graph.Me, c comment, post string) (graph.Ask, bool) {
	l := letter{Do: doAsk, ID: string(c.ID), User: c.author(), Text: plain(c.Text), Post: post, At: c.At.Time}
	return graph.Ask{Event: l.event("c" + l.ID)}, !c.Hidden && !own(me, c) && c.Parent == "" && g.fires(c.Text)
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
	return g.read.News(ctx, l.ID, key, put, func() connector.Event { return l.event(key) })
}

// gone puts that a question does not stand there any more.
func (g *Instagram) gone(ctx context.Context, o session.Origin, why string, put receive.Put) error {
	at := string(o.Message)
	l := letter{Do: doRemove, ID: at, User: string(o.User), At: g.env.Now()}
	_, err := put(ctx, l.event("c"+at+":"+why))
	return err
}
