package flickr

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*Flickr)(nil)

const (
	// busyWait, calmWait and idleWait are between two looks: while an hour takes questions,
	// while one is announced, and while there is nothing to look at, which asks nobody.
	busyWait, calmWait, idleWait = 5 * time.Second, 10 * time.Second, 3 * time.Second
	// overlap is how much older than the announcement a question may be.
	overlap = time.Minute
	// missingFor is how long a comment has to be missing before it is looked for.
	missingFor = 2 * time.Minute
	// mostText is more than a question may have, and fits a letter however it is escaped.
	mostText = 32 << 10
	perPut   = 25
)

// letter is what a comment says.
type letter struct {
	Do   do
	ID   string
	User session.UserRef
	Text string
	URL  string    `json:",omitempty"`
	At   time.Time // when it was written, or seen as it is now
}

// do is what a letter is about.
type do string

const (
	doAsk    do = "ask"
	doReword do = "reword"
	doRemove do = "remove"
)

// Fetch reads all comments since the first announcement. There is no cursor: what comes into
// the list late, or was written while nobody looked, is found by the next look, and what was put
// before is known by its key.
func (f *Flickr) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	next := receive.Next{Wait: calmWait}
	switch {
	case l.Busy:
		next.Wait = busyWait
	case len(l.Under) == 0 && len(l.Asked) == 0:
		next.Wait = idleWait
		return next, nil
	}
	self, err := f.self(ctx)
	if err != nil {
		return next, f.troubled(err)
	}
	all, err := f.paid(ctx, l.Since.Add(-overlap))
	if err != nil {
		return next, f.troubled(err)
	}
	if err := f.fresh(ctx, all, l.Since.Add(-overlap), self, put); err != nil {
		return next, err
	}
	return next, f.troubled(f.again(ctx, all, l.Asked, put))
}

// paid reads a list that counts against what the key has.
func (f *Flickr) paid(ctx context.Context, from time.Time) ([]json.RawMessage, error) {
	if err := f.env.Spend(ctx, f, f.Place(), connector.RequestRead); err != nil {
		return nil, err
	}
	return f.list(ctx, from)
}

// troubled says what somebody has to mend.
func (f *Flickr) troubled(err error) error {
	none, is := f.untokened(err)
	switch {
	case err == nil:
		return nil
	case is:
		return &receive.Trouble{ID: none.ID, Args: none.Args, Wait: mendWait, Cause: err}
	case said(err, noPhoto):
		return &receive.Trouble{ID: "flickr.photo_gone", Wait: mendWait, Cause: err}
	case refusesLogin(err):
		return &receive.Trouble{ID: "flickr.login_refused", Wait: mendWait, Cause: err}
	}
	return err
}

// refusesLogin reports whether Flickr refuses the key, the token or the signature.
func refusesLogin(err error) bool {
	return httpapi.ErrorOf(err).Status == http.StatusUnauthorized ||
		slices.ContainsFunc([]string{"96", "97", "98", "99", badKey}, func(code string) bool { return said(err, code) })
}

// fresh puts what nobody has seen.
func (f *Flickr) fresh(ctx context.Context, all []json.RawMessage, from time.Time, self string, put receive.Put) error {
	var events []connector.Event
	for _, raw := range all {
		c, ok := parse(raw)
		switch {
		case !ok:
			events = append(events, unread(raw))
		case c.Author != self && !c.Date.Before(from) && !f.seen.asked(c.ID):
			events = append(events, c.event("c"+c.ID, letter{Do: doAsk, At: c.Date.Time}))
		}
	}
	for some := range slices.Chunk(events, perPut) {
		if _, err := put(ctx, some...); err != nil {
			return err
		}
	}
	for _, e := range events {
		f.seen.ask(strings.TrimPrefix(e.Key, "c"))
	}
	return nil
}

// unread is a comment that cannot be read; Handle says so of its letter.
func unread(raw []byte) connector.Event {
	return connector.Event{Key: "unread:" + receive.RawKey(raw), Line: connector.PublicLine, Raw: []byte(`{}`)}
}

// event makes a letter of a comment.
func (c comment) event(key string, l letter) connector.Event {
	l.ID, l.Text = c.ID, plain(c.Text)
	author := strings.Join(strings.Fields(c.Author), "")
	l.User = session.UserRef(strings.TrimSpace(author[:min(len(author), 64)] + " " + called(c.Name)))
	if permalink.MatchString(c.Link) {
		l.URL = c.Link
	}
	if len(l.Text) > mostText {
		l.Text = strings.ToValidUTF8(l.Text[:mostText], "")
	}
	raw, _ := json.Marshal(l) // of texts and times
	return connector.Event{Key: key, From: author[:min(len(author), 64)], Line: connector.PublicLine, Raw: raw}
}

// again looks what became of originals.
func (f *Flickr) again(ctx context.Context, all []json.RawMessage, asked []session.Origin, put receive.Put) error {
	there := map[string]comment{}
	for _, raw := range all {
		if c, ok := parse(raw); ok {
			there[c.ID] = c
		}
	}
	now := f.env.Now()
	var lacking []session.Origin
	for _, o := range asked {
		id := string(o.Message)
		if c, ok := there[id]; !ok {
			if f.seen.missing(id, now) >= missingFor {
				lacking = append(lacking, o)
			}
		} else if err := f.reworded(ctx, c, now, put); err != nil {
			return err
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	return f.gone(ctx, lacking, now, put)
}

// reworded puts a comment that is not as it was seen last.
func (f *Flickr) reworded(ctx context.Context, c comment, now time.Time, put receive.Put) error {
	if f.seen.same(c) {
		return nil
	}
	if _, err := put(ctx, c.event(fmt.Sprintf("c%s:%d", c.ID, now.UnixNano()), letter{Do: doReword, At: now})); err != nil {
		return err
	}
	f.seen.note(c)
	return nil
}

// gone puts what is not there any more. Flickr says so of no single comment; that a list lacks
// one counts only when it is all of them, as many as Flickr counts under the photo.
func (f *Flickr) gone(ctx context.Context, lacking []session.Origin, now time.Time, put receive.Put) error {
	all, whole, err := f.whole(ctx)
	if err != nil {
		return err
	}
	for _, o := range lacking {
		id := string(o.Message)
		f.seen.look(id, now)
		if !whole || slices.ContainsFunc(all, func(c comment) bool { return c.ID == id }) {
			continue
		}
		author, _, _ := strings.Cut(string(o.User), " ")
		if _, err := put(ctx, comment{ID: id, Author: author}.event("c"+id+":gone", letter{Do: doRemove, At: now})); err != nil {
			return err
		}
	}
	return nil
}

// whole reads all comments and reports whether these are as many as Flickr counts, before and
// after.
func (f *Flickr) whole(ctx context.Context) (all []comment, is bool, err error) {
	raws, err := f.paid(ctx, time.Time{})
	if err != nil {
		return nil, false, err
	}
	if err := f.env.Spend(ctx, f, f.Place(), connector.RequestRead); err != nil {
		return nil, false, err
	}
	p, err := f.info(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, raw := range raws {
		if c, ok := parse(raw); ok {
			all = append(all, c)
		}
	}
	return all, bare(p.Comments.Content) == fmt.Sprint(len(all)), nil
}

// seen is what this process knows of comments, so that only what is new is put. Who knows
// nothing of one puts it once more, which changes nothing.
type seen struct {
	mu    sync.Mutex
	puts  map[string]bool
	texts map[string]string
	lacks map[string]time.Time // since when a list lacks one
}

// mostSeen bounds each of them; after that all are new.
const mostSeen = 10_000

func newSeen() seen {
	return seen{puts: map[string]bool{}, texts: map[string]string{}, lacks: map[string]time.Time{}}
}

func (s *seen) asked(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.puts[id]
}

func (s *seen) ask(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.puts) >= mostSeen {
		clear(s.puts)
	}
	s.puts[id] = true
}

func (s *seen) note(c comment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.texts) >= mostSeen {
		clear(s.texts)
	}
	s.texts[c.ID] = receive.RawKey([]byte(c.Text))
}

// same reports whether a comment is as it was noted; it is not missing then.
func (s *seen) same(c comment) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.lacks, c.ID)
	return s.texts[c.ID] == receive.RawKey([]byte(c.Text))
}

// missing is how long the list has lacked one.
func (s *seen) missing(id string, now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	since, ok := s.lacks[id]
	if !ok {
		if len(s.lacks) >= mostSeen {
			clear(s.lacks)
		}
		s.lacks[id] = now
		return 0
	}
	return now.Sub(since)
}

// look begins to wait anew.
func (s *seen) look(id string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lacks[id] = now
}
