package x

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*X)(nil)

const (
	// busyWait, calmWait and idleWait are between two looks: while an hour takes questions, while one
	// is announced, and while there is nothing to look at, which asks nobody.
	busyWait, calmWait, idleWait = 10 * time.Second, time.Minute, 3 * time.Second
	// searchWait and againWait are between two looks for what costs more.
	searchWait, againWait = time.Minute, 30 * time.Second
	// overlap is how late a post may come into a list: so much is read once more, which costs nothing.
	overlap = time.Minute
	// searched is how far back a search reaches, a little less than X's week.
	searched = 6*24*time.Hour + 12*time.Hour

	perPage   = 50
	mostPages = 16 // the newest 800 is all that X has of mentions
	perPut    = 25
	mostSeen  = 10_000
	// mostText is more than a question may have, and fits a letter however it is escaped.
	mostText = 32 << 10
	mostTerm = 10 // announcements in one search, which may be 512 characters long
)

// reading is when what costs more was read.
type reading struct{ search, again, subscribe time.Time }

// cursor is how far each list was read: the newest id.
type cursor struct {
	Mentions string `json:"mentions,omitempty"`
	Search   string `json:"search,omitempty"`
}

// letter is what a post says.
type letter struct {
	Do     do
	ID     string // the first one of the post
	Author string `json:",omitempty"`
	Text   string `json:",omitempty"`
	Under  string `json:",omitempty"` // the post that it replies to
	Named  bool   `json:",omitempty"` // the account, in its own words
	// Brought says that X brought it by itself, which it charges for.
	Brought bool   `json:",omitempty"`
	Photos  []sent `json:",omitempty"`
	With    session.Media
	Likes   int       `json:",omitempty"`
	At      time.Time // when it was written
	Edited  time.Time // when this version was; zero is the first one
	Seen    time.Time
}

// do is what a letter is about.
type do string

const (
	doAsk   do = "ask"
	doAgain do = "again"
	doGone  do = "gone"
)

// Fetch reads on in the mentions, looks under the announcements for what mentions nobody, and
// reads open questions again.
func (x *X) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	next := receive.Next{Wait: calmWait}
	if err := x.letIn(ctx); err != nil {
		return next, err
	}
	x.subscribe(ctx)
	switch {
	case l.Busy:
		next.Wait = busyWait
	case len(l.Under) == 0 && len(l.Asked) == 0:
		next.Wait = idleWait
		return next, nil
	}
	var c cursor
	_ = json.Unmarshal(l.Cursor, &c) // what cannot be read begins anew
	self, err := x.self(ctx)
	if err != nil {
		return next, x.troubled(err)
	}
	c.Mentions, err = x.walk(ctx, "/2/users/"+self.ID+"/mentions", url.Values{}, c.Mentions, l.Since, self, put)
	if err == nil {
		err = x.search(ctx, l, &c, self, put)
	}
	if err == nil {
		err = x.again(ctx, l.Asked, put)
	}
	if err != nil {
		return next, x.troubled(err)
	}
	next.Cursor, err = json.Marshal(c)
	return next, err
}

// letIn renews the token before it ends, also while there is nothing to look at: who has to log in
// again is told before an hour.
func (x *X) letIn(ctx context.Context) error {
	if x.login == nil {
		return nil
	}
	_, err := x.login.token.Token(ctx)
	if err != nil {
		err = x.troubled(err)
	}
	return err
}

// troubled says what somebody has to mend.
func (x *X) troubled(err error) error {
	if id := x.unlet(err); id != "" {
		return &receive.Trouble{ID: id, Wait: mendWait, Cause: err}
	}
	if status(err) == http.StatusPaymentRequired {
		return &receive.Trouble{ID: "x.no_credit", Wait: creditWait, Cause: err}
	}
	return err
}

// walk reads a list on from a cursor, and puts what is in it, the oldest first. It gives the
// cursor of what was put.
func (x *X) walk(ctx context.Context, to string, q url.Values, at string, since time.Time, self user, put receive.Put) (string, error) {
	q = maps.Clone(q)
	q.Set("max_results", strconv.Itoa(perPage))
	if from := before(at, x.env.Now()); from != "" {
		q.Set("since_id", from)
	} else {
		q.Set("start_time", since.Add(-overlap).UTC().Format(time.RFC3339))
	}
	var all page
	for range mostPages {
		if err := x.env.Spend(ctx, x, place, connector.RequestRead); err != nil {
			return at, err
		}
		p, err := x.list(ctx, to, q, above, author, files)
		if err != nil {
			return at, err
		}
		all.Data, all.Includes.Media = append(all.Data, p.Data...), append(all.Includes.Media, p.Includes.Media...)
		if p.Meta.Next == "" {
			break
		}
		q.Set("pagination_token", p.Meta.Next)
	}
	slices.Reverse(all.Data)
	return x.put(ctx, all, at, self, put)
}

// before is from which id on a list is read: a while before the newest one, unless that is old.
// Ids tell the time (https://docs.x.com/fundamentals/x-ids).
func before(id string, now time.Time) string {
	n, err := strconv.ParseInt(id, 10, 64)
	if err == nil && now.Sub(idTime(id)) < 2*overlap {
		n -= overlap.Milliseconds() << 22
	}
	if err != nil || n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// put stores posts, and gives the newest id.
func (x *X) put(ctx context.Context, all page, at string, self user, put receive.Put) (string, error) {
	var events []connector.Event
	for _, raw := range all.Data {
		if p, ok := parse(raw); ok && (len(p.ID) > len(at) || len(p.ID) == len(at) && p.ID > at) {
			at = p.ID
		}
		if e, is := x.written(raw, all.Includes.Media, self, false); is {
			events = append(events, e)
		}
	}
	for some := range slices.Chunk(events, perPut) {
		if _, err := put(ctx, some...); err != nil {
			return at, err
		}
	}
	return at, nil
}

// event makes a letter of a post.
func (p post) event(key string, l letter) connector.Event {
	l.ID, l.Author, l.Text, l.Likes, l.At, l.With = p.first(), p.Author, p.said(), p.Metrics.Likes, p.Created, p.with()
	l.Under = p.above("replied_to")
	if p.first() != p.ID {
		l.Edited = p.Created
	}
	if len(l.Text) > mostText {
		l.Text = strings.ToValidUTF8(l.Text[:mostText], "")
	}
	raw, _ := json.Marshal(l) // of texts and times
	return connector.Event{Key: key, From: p.Author, Line: connector.PublicLine, Raw: raw}
}

// search looks for what the list of mentions has not: replies to announcements without the
// account's name, and the hashtag. It is asked seldom: what it finds costs five times as much.
func (x *X) search(ctx context.Context, l receive.Look, c *cursor, self user, put receive.Put) (err error) {
	var terms []string
	if x.wants(TriggerReply) {
		for _, o := range l.Under[max(len(l.Under)-mostTerm, 0):] {
			if number.MatchString(string(o.Message)) {
				terms = append(terms, "in_reply_to_tweet_id:"+string(o.Message))
			}
		}
	}
	if x.wants(TriggerHashtag) && x.settings.Hashtag != "" {
		terms = append(terms, "#"+x.settings.Hashtag)
	}
	now := x.env.Now()
	if len(terms) == 0 || now.Sub(x.last.search) < searchWait {
		return nil
	}
	since := l.Since
	if oldest := now.Add(-searched); c.Search != "" && idTime(c.Search).Before(oldest) || since.Before(oldest) {
		c.Search, since = "", oldest
	}
	q := url.Values{"query": {"(" + strings.Join(terms, " OR ") + ") -from:" + self.Username + " -@" + self.Username}}
	if c.Search, err = x.walk(ctx, "/2/tweets/search/recent", q, c.Search, since, self, put); err == nil {
		x.last.search = now
	}
	return err
}

// epoch is when X began to count, in milliseconds.
const epoch = 1288834974657

func idTime(id string) time.Time {
	n, _ := strconv.ParseInt(id, 10, 64)
	return time.UnixMilli(n>>22 + epoch)
}

// again looks what became of originals, all in one call, which costs for each of them once a day.
func (x *X) again(ctx context.Context, asked []session.Origin, put receive.Put) error {
	now := x.env.Now()
	if len(asked) == 0 || now.Sub(x.last.again) < againWait {
		return nil
	}
	if err := x.env.Spend(ctx, x, place, connector.RequestRead); err != nil {
		return err
	}
	var ids []string
	from := map[string]string{}
	for _, o := range asked {
		if id := string(o.Message); number.MatchString(id) {
			ids, from[id] = append(ids, id), string(o.User)
		}
	}
	p, err := x.lookup(ctx, ids...)
	if err != nil {
		return err
	}
	if err := x.reread(ctx, p, from, now, put); err != nil {
		return err
	}
	x.last.again = now
	return nil
}

// lookup reads single posts. No other post is wanted with them: that would cost.
func (x *X) lookup(ctx context.Context, ids ...string) (p page, err error) {
	_, err = x.get(ctx, "/2/tweets", url.Values{"ids": {strings.Join(ids, ",")}, "post.fields": {fields},
		"expansions": {files}, "media.fields": {about}}, &p)
	return p, err
}

func (x *X) reread(ctx context.Context, p page, from map[string]string, now time.Time, put receive.Put) error {
	for _, raw := range p.Data {
		q, ok := parse(raw)
		if !ok {
			continue
		}
		for _, id := range append(q.History, q.ID) {
			if author, ours := from[id]; ours {
				if err := x.changed(ctx, q, id, author, now, put); err != nil {
					return err
				}
				break
			}
		}
	}
	for _, id := range p.missing() {
		if author, ours := from[id]; ours {
			e := post{ID: id, Author: author}.event("gone:"+id, letter{Do: doGone, Seen: now})
			if _, err := put(ctx, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// missing are those of which X says plainly that there are none.
func (p page) missing() (ids []string) {
	for _, e := range p.Errors {
		if strings.HasSuffix(e.Type, "/problems/resource-not-found") {
			ids = append(ids, e.Value)
		}
	}
	return ids
}

// changed puts a post that is not as it was when it was read last.
func (x *X) changed(ctx context.Context, p post, id, author string, now time.Time, put receive.Put) error {
	is := fmt.Sprint(p.ID, " ", p.Metrics.Likes)
	x.mu.Lock()
	was := x.seen[id]
	x.mu.Unlock()
	if was == is {
		return nil
	}
	p.History, p.Author = append([]string{id}, p.History...), author
	if _, err := put(ctx, p.event(fmt.Sprintf("again:%s:%d", id, now.UnixNano()), letter{Do: doAgain, Seen: now})); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.seen) >= mostSeen {
		clear(x.seen)
	}
	x.seen[id] = is
	return nil
}
