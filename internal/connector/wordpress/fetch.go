package wordpress

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*WordPress)(nil)

const (
	perPage   = 25
	mostPages = 200
	// busyWait, calmWait and idleWait are between two looks: while an hour takes questions,
	// while one is announced, and while there is nothing to look at, which asks nobody.
	busyWait, calmWait, idleWait = 5 * time.Second, 10 * time.Second, 3 * time.Second
	// clocks is how far the clock of a site may be behind.
	clocks = time.Hour
	// mostMissing bounds how many comments are asked for one by one in a look.
	mostMissing = 10
	// mostText is more than a question may have, and fits a letter however it is escaped.
	mostText = 32 << 10
)

// letter is what a comment says, without what nobody needs to know of its author.
type letter struct {
	Do     do
	ID     messageIDs
	Parent uint64 `json:",omitempty"`
	User   session.UserRef
	Text   string
	URL    string    `json:",omitempty"`
	At     time.Time // when it was written, or seen as it is now
}

type messageIDs struct{ Post, Comment uint64 }

// do is what a letter is about.
type do string

const (
	doAsk    do = "ask"
	doReword do = "reword"
	doRemove do = "remove"
)

// Fetch reads the comments under announcements that are new, and those of open questions
// again. The newest page is always read, because a site's own people let comments out of
// the spam later; what was put before is known by its key.
func (w *WordPress) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	next := receive.Next{Wait: calmWait}
	posts := underPosts(l.Under)
	if len(posts) == 0 && len(l.Asked) == 0 {
		next.Wait = idleWait
		return next, nil
	}
	if l.Busy {
		next.Wait = busyWait
	}
	self, err := w.self(ctx)
	if err != nil {
		return next, troubled(err)
	}
	if next.Cursor, err = w.fresh(ctx, posts, l, self, put); err != nil {
		return next, troubled(err)
	}
	return next, troubled(w.again(ctx, l.Asked, put))
}

// troubled says what somebody has to mend.
func troubled(err error) error {
	if httpapi.ErrorOf(err).Status == http.StatusUnauthorized {
		return &receive.Trouble{ID: "wordpress.password_refused", Wait: mendWait, Cause: err}
	}
	return err
}

// underPosts are the numbers of posts that announce something.
func underPosts(under []session.Origin) (posts []string) {
	for _, o := range under {
		if m, ok := parseMessageID(o.Message); ok && m.comment == 0 {
			posts = append(posts, number(m.post))
		}
	}
	return posts
}

// fresh puts what nobody has seen, the oldest first, and gives the new cursor. The newest come
// first from the site, and what arrives meanwhile moves the pages, so that some are read twice
// and none is left out.
func (w *WordPress) fresh(ctx context.Context, posts []string, l receive.Look, self uint64, put receive.Put) ([]byte, error) {
	if len(posts) == 0 {
		return nil, nil
	}
	was := mark{}
	_ = json.Unmarshal(l.Cursor, &was) // one that cannot be read begins anew
	known := was.of(posts)             // 0 begins at Since
	var all []comment
	for page := 1; page <= mostPages; page++ {
		cs, err := w.comments(ctx, url.Values{"post": {strings.Join(posts, ",")}, "orderby": {"id"}, "order": {"desc"},
			"per_page": {strconv.Itoa(perPage)}, "page": {strconv.Itoa(page)}})
		if err != nil {
			return nil, err
		}
		all = append(all, cs...)
		if len(cs) < perPage || cs[len(cs)-1].ID <= known || known == 0 && cs[len(cs)-1].Date.Before(l.Since.Add(-clocks)) {
			break
		}
	}
	slices.SortFunc(all, func(a, b comment) int { return cmp.Compare(a.ID, b.ID) })
	all = slices.CompactFunc(all, func(a, b comment) bool { return a.ID == b.ID })
	for some := range slices.Chunk(all, perPage) {
		if _, err := put(ctx, w.asked(some, self)...); err != nil {
			return nil, err
		}
	}
	if len(all) > 0 {
		was.Top = max(was.Top, all[len(all)-1].ID)
	}
	return json.Marshal(mark{was.Top, posts})
}

// mark is how far was read: to which comment, under which posts.
type mark struct {
	Top   uint64
	Under []string
}

// of is the last comment that was seen under some posts. Under one that becomes known later there
// may be older ones.
func (m mark) of(posts []string) uint64 {
	if slices.ContainsFunc(posts, func(p string) bool { return !slices.Contains(m.Under, p) }) {
		return 0
	}
	return m.Top
}

// asked are the events of comments that others wrote.
func (w *WordPress) asked(cs []comment, self uint64) (events []connector.Event) {
	for _, c := range cs {
		if c.Author == self || c.Type != "comment" {
			continue
		}
		events = append(events, c.event("c"+number(c.ID), letter{Do: doAsk, At: c.Date.Time}))
	}
	return events
}

// event makes a letter of a comment.
func (c comment) event(key string, l letter) connector.Event {
	l.ID, l.Parent, l.User, l.URL = messageIDs{c.Post, c.ID}, c.Parent, c.user(), c.Link
	l.Text = plain(c.Content.Raw)
	if len(l.Text) > mostText {
		l.Text = strings.ToValidUTF8(l.Text[:mostText], "")
	}
	raw, _ := json.Marshal(l) // of texts and numbers
	return connector.Event{Key: key, From: string(l.User), Line: connector.PublicLine, Raw: raw}
}

// user names the author: a user of the site by number, anybody else by the sum of their
// address, which stays at the site. Without either each comment is somebody's own.
func (c comment) user() session.UserRef {
	switch {
	case c.Author != 0:
		return session.UserRef("u" + number(c.Author))
	case c.Email == "":
		return session.UserRef("c" + number(c.ID))
	}
	sum := sha256.Sum256([]byte("wordpress:" + strings.ToLower(strings.TrimSpace(c.Email))))
	return session.UserRef("a" + hex.EncodeToString(sum[:16]))
}

// again reads originals once more, and puts what is different.
func (w *WordPress) again(ctx context.Context, asked []session.Origin, put receive.Put) error {
	users := map[uint64]session.Origin{}
	var ids []string
	for _, o := range asked {
		if m, ok := parseMessageID(o.Message); ok && m.comment != 0 {
			users[m.comment], ids = o, append(ids, number(m.comment))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	cs, err := w.comments(ctx, url.Values{"include": {strings.Join(ids, ",")}, "per_page": {strconv.Itoa(len(ids))}})
	if err != nil {
		return err
	}
	for _, c := range cs {
		delete(users, c.ID)
		if err := w.reworded(ctx, c, put); err != nil {
			return err
		}
	}
	return w.missing(ctx, users, put)
}

// reworded puts a comment that is not as it was seen last.
func (w *WordPress) reworded(ctx context.Context, c comment, put receive.Put) error {
	if w.seen.same(c) {
		return nil
	}
	now := w.env.Now()
	if _, err := put(ctx, c.event(fmt.Sprintf("c%d:%d", c.ID, now.UnixNano()), letter{Do: doReword, At: now})); err != nil {
		return err
	}
	w.seen.note(c)
	return nil
}

// missing asks for comments that a list lacked, one by one: only what the site says plainly
// of one counts. Which of many come first is chance, so that all have their turn.
func (w *WordPress) missing(ctx context.Context, lacking map[uint64]session.Origin, put receive.Put) error {
	left := mostMissing
	for id, o := range lacking {
		if left--; left < 0 {
			return nil
		}
		c, ok, err := w.comment(ctx, id)
		if err != nil {
			return err
		}
		if ok && !c.gone() {
			continue
		}
		m, _ := parseMessageID(o.Message)
		gone := comment{ID: id, Post: m.post}
		e := gone.event(fmt.Sprintf("c%d:gone", id), letter{Do: doRemove, At: w.env.Now()})
		if _, err := put(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// seen is how comments were when they were looked at last, so that only changes are put.
// Who knows nothing of one puts it once more: it may have been edited before, and a text that
// is the same changes nothing.
type seen struct {
	mu    sync.Mutex
	texts map[uint64]string
}

// mostSeen bounds it; after that all are new.
const mostSeen = 10_000

func (s *seen) note(c comment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.texts) >= mostSeen {
		clear(s.texts)
	}
	s.texts[c.ID] = receive.RawKey([]byte(c.Content.Raw))
}

func (s *seen) same(c comment) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.texts[c.ID] == receive.RawKey([]byte(c.Content.Raw))
}
