package threads

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*Threads)(nil)

const (
	// busyWait, calmWait and idleWait are between two looks: while an hour takes questions,
	// while one is announced, and while there is nothing to look at, which asks nobody.
	busyWait, calmWait, idleWait = 5 * time.Second, 30 * time.Second, 3 * time.Second
	// wholeBusy and wholeCalm are between two readings to the end, which find what came late, what
	// was edited, hidden or deleted. The looks between read what is new.
	wholeBusy, wholeCalm = time.Minute, 10 * time.Minute
	// overlap is how much older than what was read something new may be, and how much older than
	// the announcement a question.
	overlap = time.Minute
	// missingFor is how long a question has to be missing before it is looked for by itself.
	missingFor = time.Minute
	// mostPages bounds one reading, and mostSingle how many questions a look reads by themselves.
	mostPages, mostSingle = 400, 5
	// mostText is more than a post may have, and fits a letter however it is escaped.
	mostText = 8 << 10
	perPut   = 25
)

// letter is what is known of a post.
type letter struct {
	Do    do
	ID    string
	User  string
	Text  string        `json:",omitempty"`
	With  session.Media `json:",omitempty"`
	Image string        `json:",omitempty"` // the address of a picture
	More  bool          `json:",omitempty"` // it has more than that
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

// reading is what this process knows of what it read. Who knows nothing reads everything once
// more and puts it, which changes nothing; so no cursor has to be kept.
type reading struct {
	lists   map[string]*list
	posts   map[string]media     // as each was seen last
	from    map[string]string    // in which list
	put     map[string]bool      // asked
	texts   map[string]string    // of questions, as they were put last
	lacking map[string]time.Time // since when
}

// list is how far a list was read.
type list struct{ newest, whole time.Time }

func newReading() reading {
	return reading{map[string]*list{}, map[string]media{}, map[string]string{}, map[string]bool{}, map[string]string{}, map[string]time.Time{}}
}

// mostKnown bounds what is known; after that all is new.
const mostKnown = 20_000

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
	if len(t.read.posts) > mostKnown {
		t.read = newReading()
	}
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
	return next, t.troubled(t.again(ctx, l.Asked, me, all, put))
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
	read, end, err := t.walk(ctx, root, "/"+root+"/conversation", url.Values{"fields": {fields}, "reverse": {"true"}}, l)
	if err != nil {
		return err
	}
	ours := map[string]bool{root: true}
	for _, m := range t.read.posts {
		ours[string(m.ID)] = ours[string(m.ID)] || own(me, m)
	}
	for _, m := range read {
		ours[string(m.ID)] = own(me, m)
	}
	return t.keep(ctx, root, read, end, l, me, put, func(m media) (letter, bool) {
		a := t.asks(m, me, root)
		return a, a.Named || t.triggered(TriggerReply) && ours[string(m.RepliedTo.ID)]
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
	read, end, err := t.walk(ctx, mentions, "/me/mentions", params, l)
	if graph.Forbidden(err) {
		t.Troubles.Note(mentions, "threads.no_mentions")
		return nil
	}
	if err != nil {
		return err
	}
	t.Troubles.Over(mentions)
	return t.keep(ctx, mentions, read, end, l, me, put, func(m media) (letter, bool) {
		a := t.asks(m, me, string(m.RootPost.ID))
		a.Named = true
		return a, true
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
	l := letter{Do: what, ID: string(m.ID), User: m.author(), Text: question(m.Text, name), With: kinds[m.Kind], URL: m.link()}
	if l.With == session.MediaPicture && len(m.Image) <= httpapi.LongestAddress {
		l.Image, l.More = m.Image, m.Kind == album
	}
	return l
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

// walk reads a list from the newest on: as far as something may be new, or to the end, which it
// says.
func (t *Threads) walk(ctx context.Context, name, to string, params url.Values, look receive.Look) (read []media, end bool, err error) {
	l, every := t.read.lists[name], wholeCalm
	if look.Busy {
		every = wholeBusy
	}
	if l == nil {
		l = &list{}
		t.read.lists[name] = l
	}
	whole := t.env.Now().Sub(l.whole) >= every
	pages := graph.List[media]{Left: mostPages, Take: take,
		Ask: func(ctx context.Context, q url.Values, p *graph.Page) error {
			if err := t.env.Spend(ctx, t, place, connector.RequestRead); err != nil {
				return err
			}
			return t.login.Get(ctx, to, q, p)
		},
		Enough: func(some []media) bool { return !whole && some[len(some)-1].At.Before(l.newest.Add(-overlap)) }}
	read, ended, err := pages.Read(ctx, params)
	return read, ended != graph.Short, err
}

// keep puts the questions of what was read, and remembers what stands there.
func (t *Threads) keep(ctx context.Context, name string, read []media, end bool, look receive.Look, me graph.Me, put receive.Put,
	asks func(media) (letter, bool)) error {
	var events []connector.Event
	for _, m := range read {
		a, is := asks(m)
		if !is || t.read.put[a.ID] || own(me, m) || hidden[m.Hide] || m.At.Before(look.Since.Add(-overlap)) {
			continue
		}
		events = append(events, a.event("t"+a.ID))
		t.read.texts[a.ID] = a.Text
	}
	for some := range slices.Chunk(events, perPut) {
		if _, err := put(ctx, some...); err != nil {
			return err
		}
	}
	for _, e := range events {
		t.read.put[e.Key[1:]] = true
	}
	t.read.remember(name, read, end, t.env.Now())
	return nil
}

// remember takes what was read for what stands there.
func (r *reading) remember(name string, read []media, end bool, now time.Time) {
	l := r.lists[name]
	if end {
		l.whole = now
		for at, of := range r.from {
			if of == name {
				delete(r.posts, at)
				delete(r.from, at)
			}
		}
	}
	for _, m := range read {
		at := string(m.ID)
		r.posts[at], r.from[at] = m, name
		if m.At.After(l.newest) {
			l.newest = m.At.Time
		}
	}
}

// again looks what became of questions.
func (t *Threads) again(ctx context.Context, asked []session.Origin, me graph.Me, all bool, put receive.Put) error {
	left := mostSingle
	for _, o := range asked {
		at := string(o.Message)
		m, there := t.read.posts[at]
		if !there && all && left > 0 && t.read.lacks(at, t.env.Now()) {
			left--
			var err error
			if m, there, err = t.look(ctx, at); err != nil {
				return err
			}
			if !there {
				if err := t.gone(ctx, o, "gone", put); err != nil {
					return err
				}
			}
		}
		if !there {
			continue
		}
		if err := t.changed(ctx, o, m, me, put); err != nil {
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

// look reads a question by itself. Threads says of what is gone that it is not there, or that it
// may not be shown: only of what no list has either that counts.
func (t *Threads) look(ctx context.Context, at string) (m media, there bool, err error) {
	if err := t.env.Spend(ctx, t, place, connector.RequestRead); err != nil {
		return m, false, err
	}
	m, err = t.one(ctx, at)
	if graph.Missing(err) {
		return m, false, nil
	}
	return m, err == nil, err
}

// changed puts a question that is not as it was seen last. What the institution hid is withdrawn.
func (t *Threads) changed(ctx context.Context, o session.Origin, m media, me graph.Me, put receive.Put) error {
	at := string(o.Message)
	delete(t.read.lacking, at)
	if hidden[m.Hide] {
		return t.gone(ctx, o, "hidden", put)
	}
	l := m.letter(doReword, me.Name)
	if was, known := t.read.texts[at]; known && was == l.Text {
		return nil
	}
	now := t.env.Now()
	l.User, l.At = string(o.User), now
	if _, err := put(ctx, l.event(fmt.Sprintf("t%s:%d", at, now.UnixNano()))); err != nil {
		return err
	}
	t.read.texts[at] = l.Text
	return nil
}

// gone puts that a question does not stand there any more.
func (t *Threads) gone(ctx context.Context, o session.Origin, why string, put receive.Put) error {
	at := string(o.Message)
	l := letter{Do: doRemove, ID: at, User: string(o.User), At: t.env.Now()}
	_, err := put(ctx, l.event("t"+at+":"+why))
	return err
}
