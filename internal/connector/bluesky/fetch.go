package bluesky

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*Bluesky)(nil)

// letter is one thing that became known of a post.
type letter struct {
	What    string        `json:"what"`
	URI     string        `json:"uri"`
	CID     string        `json:"cid,omitempty"`
	By      string        `json:"by"`
	Text    string        `json:"text,omitempty"`
	Langs   []string      `json:"langs,omitempty"`
	Parent  string        `json:"parent,omitempty"`
	Root    string        `json:"root,omitempty"`
	Mention bool          `json:"mention,omitempty"`
	Likes   int           `json:"likes,omitempty"`
	With    session.Media `json:"with,omitempty"`
	Alts    []string      `json:"alts,omitempty"` // of its pictures, each of which has one, which may be empty
	At      time.Time     `json:"at"`
}

// What a letter says.
const (
	wrote = "wrote" // a post that may be a question
	seen  = "seen"  // a question as it is now
	left  = "left"  // a question that its author deleted
)

// mostText bounds what is stored of a post, in bytes; the platform's own limit is 3,000.
const mostText = 10_000

func newLetter(what string, v view, did string) letter {
	r := v.record()
	l := letter{What: what, URI: v.URI, CID: v.CID, By: v.Author.DID, Text: r.Text, Langs: r.Langs[:min(len(r.Langs), 3)],
		Mention: v.mentions(did), Likes: v.Likes, At: v.At}
	l.With, l.Alts = v.enclosed()
	if r.Reply != nil {
		l.Parent, l.Root = r.Reply.Parent.URI, r.Reply.Root.URI
	}
	return l
}

// event is a letter for the mailbox. Everything of one author has one sender.
func (l letter) event(key string) (connector.Event, error) {
	raw, err := json.Marshal(l)
	return connector.Event{Key: key, From: l.By, Line: connector.PublicLine, Raw: raw}, err
}

// fits reports whether a post can be one of the platform's: another server may hand on
// anything.
func (l letter) fits() bool {
	size := len(l.Text) + len(l.URI) + len(l.CID) + len(l.By) + len(l.Parent) + len(l.Root)
	for _, lang := range l.Langs {
		size += len(lang)
	}
	return size <= mostText
}

// mark is how far a list was read.
type mark struct {
	// Top is the time up to which everything was put.
	Top time.Time `json:"top,omitzero"`
	// Page and Ahead are there while a reading goes on: where, and what its Top will be.
	Page  string    `json:"page,omitempty"`
	Ahead time.Time `json:"ahead,omitzero"`
}

const (
	perPage   = "100"
	mostPages = 5 // of one list in one fetch
	// behind is how much older than what is known something new may be: the lists go by
	// the time that a post says of itself.
	behind = 10 * time.Minute
)

// page is a part of a list, the newest first, and where the next one begins.
type page struct {
	posts []view
	next  string
}

// list reads a page.
type list func(ctx context.Context, at string) (page, error)

// lists are where questions may stand, by name.
func (b *Bluesky) lists() map[string]list {
	all := map[string]list{}
	if b.triggered(triggerMention) || b.triggered(triggerReply) {
		all["told"] = b.told
	}
	if b.triggered(triggerHashtag) && b.set.Hashtag != "" {
		all["tagged"] = b.tagged
	}
	return all
}

func (b *Bluesky) told(ctx context.Context, at string) (page, error) {
	var said struct {
		Cursor string            `json:"cursor"`
		All    []json.RawMessage `json:"notifications"`
	}
	q := url.Values{"reasons": {triggerMention, triggerReply}, "limit": {perPage}}
	err := b.get(ctx, "app.bsky.notification.listNotifications", from(q, at), &said)
	return page{views(said.All), said.Cursor}, err
}

func (b *Bluesky) tagged(ctx context.Context, at string) (page, error) {
	var said struct {
		Cursor string            `json:"cursor"`
		All    []json.RawMessage `json:"posts"`
	}
	q := url.Values{"q": {"#" + b.set.Hashtag}, "sort": {"latest"}, "limit": {perPage}}
	err := b.get(ctx, "app.bsky.feed.searchPosts", from(q, at), &said)
	return page{views(said.All), said.Cursor}, err
}

func from(q url.Values, cursor string) url.Values {
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	return q
}

// Fetch reads the lists as far as something in them may be new, and the open questions
// again.
func (b *Bluesky) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	me, err := b.who(ctx)
	if err != nil {
		return receive.Next{}, err
	}
	marks, wait := map[string]mark{}, b.pause(l)
	_ = json.Unmarshal(l.Cursor, &marks) // one that cannot be read begins anew
	for name, read := range b.lists() {
		w := walk{b, me.DID, read, l.Since, put}
		if marks[name], err = w.on(ctx, marks[name]); err != nil {
			return receive.Next{}, fmt.Errorf("%s: %w", name, err)
		}
		if marks[name].Page != "" {
			wait = time.Second
		}
	}
	if err := b.reread(ctx, me.DID, l, put); err != nil {
		return receive.Next{}, err
	}
	cursor, err := json.Marshal(marks)
	return receive.Next{Cursor: cursor, Wait: wait}, err
}

// pause is longer where nobody waits.
func (b *Bluesky) pause(l receive.Look) time.Duration {
	switch {
	case l.Busy:
		return b.every
	case len(l.Under) > 0:
		return 3 * b.every
	}
	return 12 * b.every
}

// walk is the reading of one list.
type walk struct {
	*Bluesky
	did   string
	read  list
	since time.Time
	put   receive.Put
}

// on reads at most mostPages, and goes on there the next time: an account about which much
// is written must not lose what came during an hour of downtime.
func (w walk) on(ctx context.Context, m mark) (mark, error) {
	for range mostPages {
		p, err := w.read(ctx, m.Page)
		if m.Page != "" && connector.OutcomeOf(err).Outcome == connector.Refused && err != nil {
			return mark{Top: m.Top}, nil // the place where it goes on is forgotten there
		}
		if err != nil {
			return m, err
		}
		if m.Page == "" && len(p.posts) > 0 {
			m.Ahead = p.posts[0].At
		}
		done, err := w.store(ctx, p, m.Top)
		if err != nil {
			return m, err
		}
		if done {
			return mark{Top: latest(m.Top, m.Ahead)}, nil
		}
		m.Page = p.next
	}
	return m, nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// store puts what is new on a page, and reports whether nothing behind it can be.
func (w walk) store(ctx context.Context, p page, top time.Time) (done bool, err error) {
	var events []connector.Event
	for _, v := range p.posts {
		l := newLetter(wrote, v, w.did)
		if l.By == w.did || v.At.Before(w.since) || !l.fits() {
			continue
		}
		e, err := l.event(l.URI)
		if err != nil {
			return false, err
		}
		events = append(events, e)
	}
	fresh := 0
	if len(events) > 0 {
		if fresh, err = w.put(ctx, events...); err != nil {
			return false, err
		}
	}
	if p.next == "" || len(p.posts) == 0 {
		return true, nil
	}
	oldest := p.posts[len(p.posts)-1].At
	return oldest.Before(w.since) || fresh == 0 && oldest.Before(top.Add(-behind)), nil
}

// rereadFor is how often a question that stayed the same is handed on again: a letter of
// the same key is taken once.
const rereadFor = 10 * time.Minute

// reread looks at open questions: nobody tells of edits, deletions and likes.
func (b *Bluesky) reread(ctx context.Context, did string, l receive.Look, put receive.Put) error {
	var uris []string
	for _, o := range l.Asked {
		uris = append(uris, string(o.Message))
	}
	posts, err := b.posts(ctx, uris...)
	if err != nil {
		return err
	}
	var events []connector.Event
	for _, o := range l.Asked {
		v, there := posts[string(o.Message)]
		e, known, err := b.again(ctx, did, o, v, there)
		if err != nil {
			return err
		}
		if known {
			events = append(events, e)
		}
	}
	if len(events) > 0 {
		_, err = put(ctx, events...)
	}
	return err
}

// again is what is known now of a question that was asked.
func (b *Bluesky) again(ctx context.Context, did string, o session.Origin, v view, there bool) (e connector.Event, known bool, err error) {
	now := b.env.Now()
	if !there {
		if known, err = b.gone(ctx, o.Message); err != nil || !known {
			return connector.Event{}, false, err
		}
		e, err = letter{What: left, URI: string(o.Message), By: string(o.User), At: now}.event("left:" + string(o.Message))
		return e, true, err
	}
	l := newLetter(seen, v, did)
	l.At = now
	e, err = l.event(fmt.Sprint("seen:", v.URI, ":", v.CID, ":", v.Likes, ":", now.Unix()/int64(rereadFor/time.Second)))
	return e, l.fits(), err
}
