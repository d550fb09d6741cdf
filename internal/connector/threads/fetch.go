package threads

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*Threads)(nil)

const (
	// busyWait, calmWait and idleWait are between two looks: while an hour takes questions,
	// while one is announced, and while there is nothing to look at, which asks nobody.
	busyWait, calmWait, idleWait = 5 * time.Second, 30 * time.Second, 3 * time.Second
	// wholeBusy and wholeCalm are between two readings of a list to its end.
	wholeBusy, wholeCalm = time.Minute, 10 * time.Minute
	// overlap is how much older than the announcement a question may be.
	overlap = time.Minute
	// mostText is more than a post may have, and fits a letter however it is escaped.
	mostText = 8 << 10
)

// letter is what is known of a post.
type letter struct {
	Do    do
	ID    string
	User  string
	Text  string        `json:",omitempty"`
	With  session.Media `json:",omitempty"`
	URL   string        `json:",omitempty"`
	Root  string        `json:",omitempty"` // the first post of its conversation
	Named bool          `json:",omitempty"` // it names the account, or has the hashtag
	At    time.Time     // when it was written, or seen as it is now
}

// do is what a letter is about.
type do string

const (
	doAsk    do = "ask"
	doReword do = "reword"
	doRemove do = "remove"
)

// mentions is the name of a list; the others are named by the post above them.
const mentions = "mentions"

// Fetch reads the conversations under the announcements, and the mentions.
func (t *Threads) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	next := receive.Next{Wait: calmWait}
	switch {
	case l.Busy:
		next.Wait = busyWait
	case len(l.Under) == 0 && len(l.Asked) == 0:
		next.Wait = idleWait
		return next, nil
	}
	me, err := t.login.Who(ctx)
	if err != nil {
		return next, t.troubled(err)
	}
	t.read.Begin()
	all := true // nothing kept a part of it from being read
	for _, o := range l.Under {
		err := t.conversation(ctx, string(o.Message), l, me, put)
		if graph.Missing(err) { // somebody deleted the announcement: what stood under it says nothing
			all = false
			continue
		}
		if err != nil {
			return next, t.troubled(err)
		}
	}
	if err := t.mentioned(ctx, l, me, put); err != nil {
		return next, t.troubled(err)
	}
	return next, t.troubled(t.read.Again(ctx, l.Asked, all,
		func(o session.Origin, m media) error { return t.changed(ctx, o, m, me, put) },
		func(o session.Origin) error { return t.gone(ctx, o, "gone", put) }))
}

// troubled says what somebody has to mend. Of the token its keeper says it.
func (t *Threads) troubled(err error) error {
	if why := t.login.Why(err); why != "" {
		return &receive.Trouble{ID: "threads." + why, Wait: graph.MendWait, Cause: err}
	}
	return err
}

// conversation reads all that stands under a post, at any depth.
func (t *Threads) conversation(ctx context.Context, root string, l receive.Look, me graph.Me, put receive.Put) error {
	if !graph.IDForm.MatchString(root) {
		return nil
	}
	read, end, err := t.read.Walk(ctx, root, "/"+root+"/conversation", url.Values{"fields": {fields}, "reverse": {"true"}}, whole(l))
	if err != nil {
		return err
	}
	ours := map[string]bool{root: true}
	for _, m := range t.read.Seen() {
		ours[string(m.ID)] = ours[string(m.ID)] || own(me, m)
	}
	for _, m := range read {
		ours[string(m.ID)] = own(me, m)
	}
	return t.read.Keep(ctx, root, read, end, l.Since, put, func(m media) (graph.Ask, bool) {
		a := t.asks(m, me, root)
		return a.ask(), !shut(me, m) && (a.Named || t.triggered(TriggerReply) && ours[string(m.RepliedTo.ID)])
	})
}

// mentioned reads where others name the account. Without the permission for it all else goes on.
func (t *Threads) mentioned(ctx context.Context, l receive.Look, me graph.Me, put receive.Put) error {
	if !t.triggered(TriggerMention) {
		return nil
	}
	params := url.Values{"fields": {fields}}
	if since := l.Since.Add(-overlap).Unix(); since >= firstMention {
		params.Set("since", strconv.FormatInt(since, 10))
	}
	read, end, err := t.read.Walk(ctx, mentions, "/me/mentions", params, whole(l))
	if graph.Forbidden(err) {
		t.Troubles.Note(mentions, "threads.no_mentions")
		return nil
	}
	if err != nil {
		return err
	}
	t.Troubles.Over(mentions)
	return t.read.Keep(ctx, mentions, read, end, l.Since, put, func(m media) (graph.Ask, bool) {
		a := t.asks(m, me, string(m.RootPost.ID))
		a.Named = true
		return a.ask(), !shut(me, m)
	})
}

// firstMention is the earliest time that may be asked for
// (https://developers.facebook.com/docs/threads/threads-mentions).
const firstMention = 1_688_540_400

// asks is a post as a question.
func (t *Threads) asks(m media, me graph.Me, root string) letter {
	l := m.letter(doAsk, me.Name)
	l.Root, l.At = root, m.At.Time
	l.Named = t.triggered(TriggerMention) && named(me.Name).MatchString(m.Text) ||
		t.triggered(TriggerHashtag) && receive.Tagged(m.Text, t.settings.Hashtag)
	return l
}

// letter says what a post says, without the account's name.
func (m media) letter(what do, name string) letter {
	return letter{Do: what, ID: string(m.ID), User: m.author(), Text: question(m.Text, name), With: kinds[m.Kind], URL: m.link()}
}

// author is who wrote a post. Of private profiles Threads does not say it: such a post is one of
// its own.
func (m media) author() string {
	if m.User == "" {
		return "post " + string(m.ID)
	}
	return m.User[:min(len(m.User), 64)]
}

func (l letter) event(key string) connector.Event {
	raw, _ := json.Marshal(l) // of texts and times
	return connector.Event{Key: key, From: l.User, Line: connector.PublicLine, Raw: raw}
}

// ask is a letter that asks.
func (l letter) ask() graph.Ask { return graph.Ask{Event: l.event("t" + l.ID), Says: l.Text} }

// shut reports whether a post is none of somebody else's that readers see.
func shut(me graph.Me, m media) bool { return own(me, m) || hidden[m.Hide] }

// whole is how often a list is read to its end.
func whole(l receive.Look) time.Duration {
	if l.Busy {
		return wholeBusy
	}
	return wholeCalm
}

// changed puts a question that is not as it was seen last. What the institution hid is withdrawn.
func (t *Threads) changed(ctx context.Context, o session.Origin, m media, me graph.Me, put receive.Put) error {
	if hidden[m.Hide] {
		return t.gone(ctx, o, "hidden", put)
	}
	l := m.letter(doReword, me.Name)
	return t.read.News(ctx, l.ID, l.Text, put, func() connector.Event {
		l.User, l.At = string(o.User), t.env.Now()
		return l.event(fmt.Sprintf("t%s:%d", l.ID, l.At.UnixNano()))
	})
}

// gone puts that a question does not stand there any more.
func (t *Threads) gone(ctx context.Context, o session.Origin, why string, put receive.Put) error {
	at := string(o.Message)
	l := letter{Do: doRemove, ID: at, User: string(o.User), At: t.env.Now()}
	_, err := put(ctx, l.event("t"+at+":"+why))
	return err
}
