package facebook

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

var _ receive.Fetcher = (*Facebook)(nil)

const (
	// busyWait, calmWait and idleWait are between two looks: while an hour takes questions,
	// while one is announced, and while there is nothing to look at, which asks nobody.
	busyWait, calmWait, idleWait = 5 * time.Second, 20 * time.Second, 3 * time.Second
	// sparingWait is when the app has used up most of its calls.
	sparingWait = time.Minute
	sparingFrom = 75 // parts of a hundred
	// overlap is how much is read again: lists lag behind, and clocks differ.
	overlap = 2 * time.Minute
	// wholeEvery is how often whole lists are read: for edits and likes of open questions, and
	// seldom, for what a list had left out.
	wholeEvery, wholeSeldom = 30 * time.Second, 5 * time.Minute
	// mostMissing bounds how many comments are asked for one by one in a look.
	mostMissing = 10
	// mostText is more than a question may have, and fits a letter however it is escaped.
	mostText = 32 << 10
	perPut   = 25
)

// reading is how far the list under each announcement was read, and when all were read whole. It
// begins anew in each process, which costs a whole look.
type reading struct {
	whole     time.Time
	upTo      map[string]time.Time
	subscribe time.Time // when to ask for the webhook again
}

// Fetch reads what is new under announcements, and now and then everything there.
func (f *Facebook) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	next := receive.Next{Wait: calmWait}
	posts := postsOf(l.Under)
	switch {
	case l.Busy:
		next.Wait = busyWait
	case len(posts) == 0 && len(l.Asked) == 0:
		next.Wait = idleWait
		return next, nil
	}
	f.subscribe(ctx)
	every := wholeSeldom
	if len(l.Asked) > 0 {
		every = wholeEvery
	}
	whole := f.env.Now().Sub(f.reading.whole) >= every
	all, err := f.look(ctx, posts, l.Since.Add(-overlap), whole, put)
	if err == nil && whole {
		err = f.again(ctx, all, l.Asked, put)
	}
	if err != nil {
		return next, troubled(err)
	}
	if whole {
		f.reading.whole = f.env.Now()
	}
	if f.graph.Used() >= sparingFrom {
		next.Wait = max(next.Wait, sparingWait)
	}
	return next, nil
}

// postsOf are the names of posts that announce something.
func postsOf(under []session.Origin) (posts []string) {
	for _, o := range under {
		if nodeID.MatchString(string(o.Message)) {
			posts = append(posts, string(o.Message))
		}
	}
	return posts
}

// troubled says what somebody has to mend.
func troubled(err error) error {
	switch {
	case refusesToken(err):
		return &receive.Trouble{ID: "facebook.token_refused", Wait: graph.MendWait, Cause: err}
	case graph.Forbidden(err):
		detail := connector.OutcomeOf(err).Detail
		return &receive.Trouble{ID: "facebook.forbidden", Args: []any{"detail", detail}, Wait: graph.MendWait, Cause: err}
	}
	return err
}

// look reads the comments under posts, and puts what nobody has seen. A post that is gone has none.
func (f *Facebook) look(ctx context.Context, posts []string, from time.Time, whole bool, put receive.Put) (map[string]node, error) {
	there, upTo := map[string]node{}, map[string]time.Time{}
	for _, post := range posts {
		since := from
		if at, ok := f.reading.upTo[post]; ok && !whole {
			since = at.Add(-overlap)
		}
		raws, err := f.comments(ctx, post, since)
		if graph.Missing(err) {
			err = f.sees(ctx)
		}
		if err != nil {
			return nil, err
		}
		upTo[post] = since.Add(overlap)
		for _, raw := range raws {
			if n, ok := parse(raw); ok {
				there[n.ID] = n
				upTo[post] = latest(upTo[post], n.Created.Time)
			}
		}
		if err := f.fresh(ctx, post, raws, put); err != nil {
			return nil, err
		}
	}
	f.reading.upTo = upTo
	return there, nil
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// fresh puts what nobody has seen. What is hidden from the public is no question before it is
// shown; the next whole look finds it then.
func (f *Facebook) fresh(ctx context.Context, post string, raws []json.RawMessage, put receive.Put) error {
	var events []connector.Event
	for _, raw := range raws {
		n, ok := parse(raw)
		switch {
		case !ok && noID(raw):
			return &receive.Trouble{ID: "facebook.no_ids", Wait: graph.MendWait, Cause: graph.Unusable("GET")}
		case !ok:
			events = append(events, unread(raw))
		case !f.ours(n.From) && !n.Hidden && !f.seen.asked(n.ID):
			events = append(events, f.event(n, "c"+n.ID, letter{Do: doAsk, Post: post, At: n.Created.Time}))
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

func (f *Facebook) ours(a author) bool { return a.ID == string(f.settings.Page) }

// noID reports whether a comment has no id: the person whose token it is may not moderate then
// (https://developers.facebook.com/docs/graph-api/reference/object/comments).
func noID(raw []byte) bool {
	var n map[string]json.RawMessage
	return json.Unmarshal(raw, &n) == nil && n["id"] == nil && n["created_time"] != nil
}

// event makes a letter of a comment. Who waits for whom is the comment itself: nobody else's order
// matters.
func (f *Facebook) event(n node, key string, l letter) connector.Event {
	l.ID, l.User, l.URL, l.Likes = n.ID, n.user(), n.Link, n.Likes
	l.With, l.Image = media[n.Attachment.Type], n.Attachment.Media.Image.Src
	if l.With != session.MediaPicture || len(l.Image) > httpapi.LongestAddress {
		l.Image = ""
	}
	l.Text, l.Parent, l.Ours = strings.ToValidUTF8(n.Message, ""), n.Parent.ID, f.ours(n.Parent.From)
	if len(l.Text) > mostText {
		l.Text = strings.ToValidUTF8(l.Text[:mostText], "")
	}
	raw, _ := json.Marshal(l) // of texts, numbers and times
	return connector.Event{Key: key, From: n.ID, Line: connector.PublicLine, Raw: raw}
}

// user names the author by the number that Facebook gives for this Page; where it names nobody,
// each comment is somebody's own.
func (n node) user() session.UserRef {
	if digits.MatchString(n.From.ID) {
		return session.UserRef(n.From.ID)
	}
	return session.UserRef("c" + n.ID)
}

// again looks what became of originals.
func (f *Facebook) again(ctx context.Context, there map[string]node, asked []session.Origin, put receive.Put) error {
	var lacking []string
	for _, o := range asked {
		id := string(o.Message)
		n, ok := there[id]
		switch {
		case ok:
			if err := f.changed(ctx, n, put); err != nil {
				return err
			}
		case nodeID.MatchString(id):
			lacking = append(lacking, id)
		}
	}
	rand.Shuffle(len(lacking), func(i, j int) { lacking[i], lacking[j] = lacking[j], lacking[i] }) // so that all have their turn
	for _, id := range lacking[:min(len(lacking), mostMissing)] {
		if err := f.lacking(ctx, id, put); err != nil {
			return err
		}
	}
	return nil
}

// changed puts a comment that is not as it was seen last.
func (f *Facebook) changed(ctx context.Context, n node, put receive.Put) error {
	if f.seen.same(n) {
		return nil
	}
	now := f.env.Now()
	if _, err := put(ctx, f.event(n, fmt.Sprintf("c%s:%d", n.ID, now.UnixNano()), letter{Do: doAgain, At: now})); err != nil {
		return err
	}
	f.seen.note(n)
	return nil
}

// lacking asks for a comment that a list lacked: only what Facebook says plainly of one counts,
// and only while the token may read comments at all.
func (f *Facebook) lacking(ctx context.Context, id string, put receive.Put) error {
	n, err := f.read(ctx, id)
	if !graph.Missing(err) {
		if err != nil {
			return err
		}
		return f.changed(ctx, n, put)
	}
	if err := f.sees(ctx); err != nil {
		return err
	}
	_, err = put(ctx, f.event(node{ID: id}, "c"+id+":gone", letter{Do: doRemove, At: f.env.Now()}))
	return err
}
