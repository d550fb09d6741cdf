package youtube

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
)

// A chat can be heard on, for as many units as one look at it costs
// (https://developers.google.com/youtube/v3/live/docs/liveChatMessages/streamList). By HTTP that is a list of pages which
// goes on; YouTube describes the call (youtube-api.json) and shows it by gRPC alone, so that it may not be there: the chat
// is looked at as often as ever then.

var _ receive.Streamer = (*Live)(nil)

const (
	// streamedEvery is between two looks at a chat that is heard: the mark that is kept must not grow old.
	streamedEvery = 5 * time.Minute
	// noStreamFor is how long it is not tried again where the call is not there.
	noStreamFor = 10 * time.Minute
)

// rhythm is how long a chat may be silent before it is heard anew, for nothing says of a silent one that it goes on, and
// how often that begins at most.
type rhythm struct{ silent, steady time.Duration }

var usualRhythm = rhythm{silent: 5 * time.Minute, steady: 30 * time.Second}

// reach is from where a chat is heard on, and from when questions count.
type reach struct {
	mark
	from time.Time
}

var errOver = errors.New("the broadcast is over")

// hearOn lets Stream begin, or go on, there. Of two who say so at once either will do.
func (l *Live) hearOn(at reach) {
	select {
	case <-l.going:
	default:
	}
	select {
	case l.going <- at:
	default:
	}
}

// hush ends what is heard: no hour is on.
func (l *Live) hush() {
	if end := l.heard.Load(); end != nil {
		(*end)()
	}
}

// Stream waits until a chat was looked at, and hears it on from there.
func (l *Live) Stream(ctx context.Context, up func(), put receive.Put) error {
	var at reach
	select {
	case at = <-l.going:
	case <-ctx.Done():
		return receive.Told(ctx.Err())
	}
	if err := l.y.env.Spend(ctx, l, l.Place(), connector.RequestRead); err != nil {
		return receive.Told(err)
	}
	began := time.Now()
	until, end := context.WithCancel(ctx)
	defer end()
	err := l.hear(until, &at, func() { l.heard.Store(&end); up() }, put)
	if l.heard.Swap(nil) != nil && until.Err() == nil && l.chat.Load() != nil {
		backoff.Pause(ctx, l.steady-time.Since(began))
		l.hearOn(at)
	}
	return l.unheard(err)
}

// unheard is why there is no stream, which nobody need know.
func (l *Live) unheard(err error) error {
	t := &receive.Trouble{Cause: err, Wait: connector.OutcomeOf(err).Wait}
	switch {
	case said(err, chatEnded, chatGone):
		l.chat.Store(nil)
	case said(err, badPage, badPageToo):
		l.fromNow.Store(true)
	case connector.OutcomeOf(err).Outcome == connector.Refused:
		t.Wait = noStreamFor
	}
	return t
}

// hear puts what comes, and keeps at how far that is.
func (l *Live) hear(ctx context.Context, at *reach, up func(), put receive.Put) error {
	q := url.Values{"liveChatId": {at.Chat}, "part": {"id,snippet,authorDetails"}}
	if at.Page != "" && !l.fromNow.Load() {
		q.Set("pageToken", at.Page)
	}
	r := httpapi.Request{Method: http.MethodGet, To: root + "liveChat/messages/stream", Query: q}
	return l.y.with(ctx, r, func(r httpapi.Request) error {
		return l.y.http.Values(ctx, r, httpapi.Listening{Silence: l.silent, Most: mostAnswer, Up: up, Each: func(e httpapi.Event) error {
			return l.take(ctx, at, e.Data, put)
		}})
	})
}

// take puts one page.
func (l *Live) take(ctx context.Context, at *reach, raw []byte, put receive.Put) error {
	var p chatPage
	if json.Unmarshal(raw, &p) != nil || p.Next == "" && p.Offline.IsZero() {
		return unusable(connector.Deferred)
	}
	if p.Items != nil {
		if err := l.putAll(ctx, *p.Items, at.from, put); err != nil {
			return err
		}
	}
	at.Page = p.Next
	page := at.mark
	l.page.Store(&page)
	if !p.Offline.IsZero() {
		l.chat.Store(nil)
		return errOver
	}
	return nil
}
