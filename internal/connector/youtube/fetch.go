package youtube

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*YouTube)(nil)

const (
	// calmTimes is how many times longer than while questions are taken the pause is while an hour
	// is only announced; idleWait is while there is nothing to look at, which asks nobody.
	calmTimes, idleWait = 3, 3 * time.Second
	// letWait is until it is looked whether somebody let the program in.
	letWait = 5 * time.Second
	// overlap is how much older than the announcement a question may be.
	overlap = time.Minute
	// deepEvery is how often all pages are read: what a moderator let out of review stands where it
	// was written, behind what was read before.
	deepEvery = 5 * time.Minute
	// againEvery is how often questions are read again.
	againEvery = 30 * time.Second
	// missingFor is how long a comment has to be missing before it is asked for alone.
	missingFor = 2 * time.Minute
	// mostText is more than a question may have, and fits a letter however it is escaped.
	mostText = 32 << 10
	perPut   = 25
)

// slower is how many times longer the pauses are when less than a part of the day's units is left:
// what is left is for answers.
var slower = []struct{ part, times int }{{20, 30}, {10, 12}, {4, 4}, {2, 2}}

// reading is what goes on between two looks of one replica.
type reading struct {
	deep, again time.Time      // when all was read, and when questions were read again
	replies     map[string]int // how many stood below an announcement when they were read
}

// letter is what a comment says.
type letter struct {
	Do    do
	ID    string
	Under string `json:",omitempty"` // the comment that it replies to
	User  session.UserRef
	Text  string `json:",omitempty"`
	Likes int    `json:",omitempty"`
	At    time.Time
}

// do is what a letter is about.
type do string

const (
	doAsk    do = "ask"
	doReword do = "reword"
	doRemove do = "remove"
	doLike   do = "like"
)

// Fetch reads the comments since the first announcement, the newest first, until it meets those that
// it knows. There is no cursor: what was put before is known by its key.
func (y *YouTube) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	if !l.Busy && len(l.Under) == 0 && len(l.Asked) == 0 {
		_, err := y.token.Token(ctx) // so that what is wrong with it is known before an hour begins
		return receive.Next{Wait: idleWait}, troubled(err)
	}
	times, err := y.times(ctx)
	next := receive.Next{Wait: time.Duration(y.settings.Every*times) * time.Second}
	if !l.Busy {
		next.Wait *= calmTimes
	}
	if err != nil {
		return next, err
	}
	self, err := y.self(ctx)
	if err != nil {
		return next, troubled(err)
	}
	now, from := y.env.Now(), l.Since.Add(-overlap)
	deep := now.Sub(y.read.deep) >= deepEvery*time.Duration(times)
	if deep {
		y.read.deep = now
	}
	counted, err := y.fresh(ctx, from, self, deep, put)
	if err == nil {
		err = y.below(ctx, l.Under, counted, self, deep, put)
	}
	if err != nil {
		y.read.deep = time.Time{} // what was not put may stand behind what was
		return next, troubled(err)
	}
	if len(l.Asked) == 0 || now.Sub(y.read.again) < againEvery*time.Duration(times) {
		return next, nil
	}
	y.read.again = now
	return next, troubled(y.again(ctx, l, put))
}

// times is how many times longer than usual the pauses are.
func (y *YouTube) times(ctx context.Context) (int, error) {
	all, err := y.env.Left(ctx, y)
	if err != nil {
		return 1, err
	}
	return y.slower(all[units]), nil
}

// slower notes what is left, and says how many times longer the pauses are then.
func (y *YouTube) slower(left int) int {
	y.left.Store(int64(left))
	for _, s := range slower {
		if left < y.account.Units/s.part {
			return s.times
		}
	}
	return 1
}

// paid pays for a page.
func (y *YouTube) paid(ctx context.Context) func(int) error {
	return func(int) error { return y.env.Spend(ctx, y, y.Place(), connector.RequestRead) }
}

// troubled says what somebody has to mend.
func troubled(err error) error {
	if err == nil {
		return nil
	}
	wait := max(connector.OutcomeOf(err).Wait, mendWait)
	switch id, is := unlet(err); {
	case is:
		return &receive.Trouble{ID: id, Wait: letWait, Cause: err}
	case said(err, noVideo):
		return &receive.Trouble{ID: "youtube.video_gone", Wait: wait, Cause: err}
	case said(err, chatOff):
		return &receive.Trouble{ID: "youtube.live_off", Wait: wait, Cause: err}
	case said(err, closed):
		return &receive.Trouble{ID: "youtube.closed", Wait: wait, Cause: err}
	case said(err, usedUp, usedUpToo):
		return &receive.Trouble{ID: "youtube.units_used", Wait: wait, Cause: err}
	}
	return err
}

// fresh puts comments at the top that nobody has seen, and counts what stands below each.
func (y *YouTube) fresh(ctx context.Context, from time.Time, self string, deep bool, put receive.Put) (map[string]int, error) {
	q, counted := url.Values{"videoId": {y.settings.Video}, "order": {"time"}}, map[string]int{}
	err := y.pages(ctx, "commentThreads", q, y.paid(ctx), func(items []json.RawMessage) (bool, error) {
		var events []connector.Event
		old := false // the last one
		for _, raw := range items {
			t, ok := parse[thread](raw)
			if !ok {
				events = append(events, unread(raw))
				continue
			}
			c := t.Snippet.Top
			counted[c.ID] = t.Snippet.Replies
			if old = c.Snippet.At.Before(from); !old {
				events = y.asks(events, c, self, "")
			}
		}
		return old || len(events) == 0 && !deep, y.putAll(ctx, events, put)
	})
	return counted, far(err)
}

// far is no failure for who looks for what is new: of so many comments the newest are enough.
func far(err error) error {
	if errors.Is(err, errDeep) {
		return nil
	}
	return err
}

// asks adds a comment that may be a question.
func (y *YouTube) asks(events []connector.Event, c comment, self, under string) []connector.Event {
	if c.Snippet.Author.Value == self || y.seen.asked(c.ID) {
		return events
	}
	return append(events, c.event("c"+c.ID, letter{Do: doAsk, Under: under, Text: cut(c.text()), At: c.Snippet.At}))
}

func cut(text string) string {
	if text = strings.TrimSpace(text); len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "")
	}
	return text
}

func (y *YouTube) putAll(ctx context.Context, events []connector.Event, put receive.Put) error {
	for len(events) > 0 {
		some := events[:min(len(events), perPut)]
		if _, err := put(ctx, some...); err != nil {
			return err
		}
		for _, e := range some {
			y.seen.ask(strings.TrimPrefix(e.Key, "c"))
		}
		events = events[len(some):]
	}
	return nil
}

// unread is a comment that cannot be read; Handle says so of its letter.
func unread(raw []byte) connector.Event {
	return connector.Event{Key: "unread:" + receive.RawKey(raw), Line: connector.PublicLine, Raw: []byte(`{}`)}
}

const (
	mostAuthor = 64 // bytes of the id of a channel
	mostName   = 40 // characters of a name
)

// event makes a letter of a comment.
func (c comment) event(key string, l letter) connector.Event {
	author := strings.Join(strings.Fields(c.Snippet.Author.Value), "")
	author = author[:min(len(author), mostAuthor)]
	name := []rune(strings.Join(strings.Fields(c.Snippet.Name), " "))
	l.ID, l.User = c.ID, session.UserRef(strings.TrimSpace(author+" "+string(name[:min(len(name), mostName)])))
	raw, _ := json.Marshal(l) // of texts, numbers and times
	return connector.Event{Key: key, From: author, Line: connector.PublicLine, Raw: raw}
}

// below puts what was written below announcements since that was read.
func (y *YouTube) below(ctx context.Context, under []session.Origin, counted map[string]int, self string, deep bool,
	put receive.Put) error {
	if !y.counts(TriggerReply) && !y.counts(TriggerHashtag) {
		return nil
	}
	if err := y.count(ctx, under, counted); err != nil {
		return err
	}
	kept := map[string]int{}
	for _, o := range under {
		id := string(o.Message)
		n := counted[id]
		if read, known := y.read.replies[id]; n > 0 && (deep || !known || read != n) {
			if err := y.repliesTo(ctx, id, self, put); err != nil {
				return err
			}
		}
		kept[id] = n
	}
	y.read.replies = kept
	return nil
}

// count adds how much stands below announcements that were not among the newest comments.
func (y *YouTube) count(ctx context.Context, under []session.Origin, counted map[string]int) error {
	var ids []string
	for _, o := range under {
		id := string(o.Message)
		if _, known := counted[id]; !known && commentID.MatchString(id) && len(ids) < receive.MostAsked {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	threads, err := y.threads(ctx, y.paid(ctx), ids...)
	for id, t := range threads {
		counted[id] = t.Snippet.Replies
	}
	return err
}

// repliesTo puts what was written below an announcement.
func (y *YouTube) repliesTo(ctx context.Context, id, self string, put receive.Put) error {
	return far(y.replies(ctx, id, y.paid(ctx), func(items []json.RawMessage) (bool, error) {
		var events []connector.Event
		for _, raw := range items {
			if c, ok := parse[comment](raw); ok {
				events = y.asks(events, c, self, id)
			} else {
				events = append(events, unread(raw))
			}
		}
		return false, y.putAll(ctx, events, put)
	}))
}
