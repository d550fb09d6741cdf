package mastodon

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*Mastodon)(nil)

const (
	pageSize  = 40
	mostPages = 20 // of a list in one fetch; the next one goes on where it ended
	longestID = 100
	// perReread keeps reading again within the server's 300 calls in five minutes.
	perReread = 1500 * time.Millisecond
)

// Between two fetches. Beside a stream only edits by strangers and likes wait for one while
// an hour is on, and lists are read seldom: what comes late, and what no stream told.
const (
	polledEvery   = 10 * time.Second
	streamedEvery = 20 * time.Second
	idleEvery     = 30 * time.Second
	listsEvery    = 5 * time.Minute
)

// reading is when the lists were read, and beside which stream; 0 is none.
type reading struct {
	stream int64
	at     time.Time
}

// cursor is how far each list was read.
type cursor struct {
	Notifications string `json:"notifications,omitempty"`
	Tag           string `json:"tag,omitempty"`
}

// letter is a post as it was found, or the word that there is none.
type letter struct {
	Status status    `json:"status"`
	Gone   string    `json:"gone,omitempty"` // the id of a post that was removed
	Again  bool      `json:"again,omitempty"`
	Called bool      `json:"called,omitempty"` // it came as a mention, whatever it says of whom it mentions
	Seen   time.Time `json:"seen"`
}

// Fetch reads on in the mentions and under the hashtag, and reads open questions again.
func (m *Mastodon) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	next, err := m.fetch(ctx, l, put)
	if f, is := m.untokened(err); is {
		err = &receive.Trouble{ID: f.ID, Args: f.Args, Cause: err}
	}
	return next, err
}

func (m *Mastodon) fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	var c cursor
	_ = json.Unmarshal(l.Cursor, &c) // what cannot be read begins anew
	if _, err := m.me(ctx); err != nil {
		return receive.Next{}, err
	}
	stream := m.stream.Load()
	if stream == 0 || stream != m.read.stream || m.Now().Sub(m.read.at) >= listsEvery {
		if err := m.lists(ctx, l, put, &c); err != nil {
			return receive.Next{}, err
		}
		m.read = reading{stream, m.Now()}
	}
	if err := m.reread(ctx, l.Asked, put); err != nil {
		return receive.Next{}, err
	}
	kept, err := json.Marshal(c)
	wait := idleEvery
	switch {
	case l.Busy && stream == 0:
		wait = polledEvery
	case l.Busy:
		wait = streamedEvery
	}
	return receive.Next{Cursor: kept, Wait: wait + time.Duration(len(l.Asked))*perReread}, err
}

// lists reads on in what is asked at all.
func (m *Mastodon) lists(ctx context.Context, l receive.Look, put receive.Put, c *cursor) (err error) {
	if c.Notifications, err = m.walk(ctx, l, put, m.mentioned, c.Notifications); err != nil || !m.tags() {
		return err
	}
	if c.Tag, err = m.walk(ctx, l, put, m.tagged, c.Tag); err != nil {
		return err
	}
	return m.late(ctx, l.Since, put)
}

// found is a post in a list, with the id by which the list goes on.
type found struct {
	at     string
	post   status
	called bool
}

// list gives a page of a list, the newest first.
type list func(ctx context.Context, q url.Values) ([]found, error)

func (m *Mastodon) mentioned(ctx context.Context, q url.Values) (all []found, err error) {
	var said []struct {
		ID     string  `json:"id"`
		Status *status `json:"status"`
	}
	q.Set("types[]", "mention")
	_, err = m.get(ctx, "/api/v1/notifications", q, &said)
	for _, n := range said {
		f := found{at: n.ID, called: true}
		if n.Status != nil {
			f.post = *n.Status
		}
		all = append(all, f)
	}
	return all, err
}

func (m *Mastodon) tagged(ctx context.Context, q url.Values) (all []found, err error) {
	var said []status
	_, err = m.get(ctx, "/api/v1/timelines/tag/"+url.PathEscape(m.settings.Hashtag), q, &said)
	for _, s := range said {
		all = append(all, found{at: s.ID, post: s})
	}
	return all, err
}

// walk reads a list on from a cursor, the oldest first. Without one it goes back to when
// the hour was announced.
func (m *Mastodon) walk(ctx context.Context, l receive.Look, put receive.Put, from list, at string) (string, error) {
	if at == "" {
		return m.begin(ctx, l.Since, put, from)
	}
	for range mostPages {
		page, err := from(ctx, url.Values{"min_id": {at}, "limit": {"40"}})
		if err != nil || len(page) == 0 {
			return at, err
		}
		if err := m.put(ctx, page, put); err != nil {
			return at, err
		}
		if page[0].at == at { // a server that gives what it gave before
			return at, nil
		}
		at = page[0].at
	}
	return at, nil
}

func (m *Mastodon) begin(ctx context.Context, since time.Time, put receive.Put, from list) (string, error) {
	var all []found
	q := url.Values{"limit": {"40"}}
	for range mostPages {
		page, err := from(ctx, q)
		if err != nil {
			return "", err
		}
		all = append(all, page...)
		if len(page) < pageSize || since.IsZero() || len(after(page[len(page)-1:], since)) == 0 && page[len(page)-1].post.ID != "" {
			break
		}
		q.Set("max_id", page[len(page)-1].at)
	}
	if len(all) == 0 {
		return "", nil
	}
	newest := all[0].at
	return newest, m.put(ctx, after(all, since), put)
}

// late reads the newest posts under the hashtag once more: servers number those of other
// servers by when they were written, so what arrives late stands before the cursor.
func (m *Mastodon) late(ctx context.Context, since time.Time, put receive.Put) error {
	page, err := m.tagged(ctx, url.Values{"limit": {"40"}})
	if err != nil {
		return err
	}
	return m.put(ctx, after(page, since), put)
}

// after leaves out what was written before an hour was announced; all, where none was. Some
// servers write whole seconds, and any clock may be behind.
func after(page []found, since time.Time) []found {
	return slices.DeleteFunc(slices.Clone(page), func(f found) bool { return since.IsZero() || f.post.CreatedAt.Before(since.Add(-skew)) })
}

// put stores a page, which is the newest first, in the order in which it was written.
func (m *Mastodon) put(ctx context.Context, page []found, put receive.Put) error {
	var events []connector.Event
	for _, f := range slices.Backward(page) {
		if f.post.ID == "" || f.post.Reblog != nil {
			continue
		}
		e, err := m.event(letter{Status: f.post, Seen: m.Now(), Called: f.called}, newKey(f.post))
		if err != nil {
			return err
		}
		events = append(events, e)
	}
	if len(events) == 0 {
		return nil
	}
	_, err := put(ctx, events...)
	return err
}

func (m *Mastodon) event(l letter, key string) (connector.Event, error) {
	raw, err := json.Marshal(l)
	return connector.Event{Key: key, From: cmp.Or(l.Status.Account.ID, l.Gone), Line: connector.PublicLine, Raw: raw}, err
}

// newKey is the same whichever way a post comes, and after an edit, for which some servers
// give it another id: its URI stays.
func newKey(s status) string { return "post:" + receive.RawKey([]byte(cmp.Or(s.URI, s.ID))) }

// againKey is another one for what differs, and in another minute: a count that returns to
// what it was is new.
func againKey(s status, seen time.Time) string {
	said := s.Content + s.EditedAt.String() + s.ID + "/" + strconv.Itoa(s.Likes) + seen.Truncate(time.Minute).String()
	return "again:" + receive.RawKey([]byte(said))
}

// reread looks at open questions, of whose likes nothing tells, and of whose edits and removals not always.
func (m *Mastodon) reread(ctx context.Context, asked []session.Origin, put receive.Put) error {
	for _, o := range asked {
		l, key := letter{Again: true, Seen: m.Now()}, ""
		s, err := m.status(ctx, o.Message)
		switch {
		case m.gone(ctx, o.Message, err):
			l.Gone, key = string(o.Message), "gone:"+string(o.Message)
		case err != nil:
			return err
		default:
			l.Status = s
			l.Status.ID = string(o.Message)
			key = againKey(l.Status, l.Seen)
		}
		e, err := m.event(l, key)
		if err != nil {
			return err
		}
		if _, err := put(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
