package youtube

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

const (
	perChat = 2000 // messages of a page, the most that may be asked for
	// mostPause bounds what YouTube says is to be waited.
	mostPause = time.Minute
	// offWait is until it is looked again whether a chat goes on.
	offWait = 30 * time.Second
)

// mark is how far a chat was read.
type mark struct{ Chat, Page string }

// message is what is read of one, and of what happens in a chat besides.
type message struct {
	ID      string
	Snippet struct {
		Type   string
		At     time.Time `json:"publishedAt"`
		Author string    `json:"authorChannelId"`
		Text   struct {
			Words string `json:"messageText"`
		} `json:"textMessageDetails"`
		Deleted struct {
			ID string `json:"deletedMessageId"`
		} `json:"messageDeletedDetails"`
		Taken struct {
			ID string `json:"retractedMessageId"`
		} `json:"messageRetractedDetails"`
	}
	Author struct {
		Name string `json:"displayName"`
	} `json:"authorDetails"`
}

// What happens in a chat (https://developers.google.com/youtube/v3/live/docs/liveChatMessages#snippet.type).
const (
	isText      = "textMessageEvent"
	isTombstone = "tombstone" // where a message was that is deleted, with its id
	isDeleted   = "messageDeletedEvent"
	isTaken     = "messageRetractedEvent"
	isEnd       = "chatEndedEvent"
)

// chatPage is one page of a chat, the oldest first.
type chatPage struct {
	Items   *[]message
	Next    string    `json:"nextPageToken"`
	Pause   int64     `json:"pollingIntervalMillis"`
	Offline time.Time `json:"offlineAt"`
}

// read reads what stands behind a mark. A chat that is over is not known any more.
func (l *Live) read(ctx context.Context, m mark) (p chatPage, err error) {
	q := url.Values{"liveChatId": {m.Chat}, "part": {"id,snippet,authorDetails"}, "maxResults": {strconv.Itoa(perChat)}}
	if m.Page != "" {
		q.Set("pageToken", m.Page)
	}
	err = l.y.call(ctx, http.MethodGet, "liveChat/messages", q, nil, &p)
	if said(err, chatEnded, chatGone) || err == nil && !p.Offline.IsZero() {
		l.chat.Store(nil)
	}
	if err == nil && p.Items == nil {
		err = unusable(connector.Deferred)
	}
	return p, err
}

// Fetch reads the chat on from where it was read, the oldest first. Where no chat goes on there is
// nothing to read, which is no trouble.
func (l *Live) Fetch(ctx context.Context, look receive.Look, put receive.Put) (receive.Next, error) {
	if !look.Busy {
		l.hush()
	}
	if !look.Busy && len(look.Under) == 0 && len(look.Asked) == 0 {
		_, err := l.y.token.Token(ctx)
		return receive.Next{Wait: idleWait}, troubled(err)
	}
	times, err := l.times(ctx)
	next := receive.Next{Wait: time.Duration(l.y.settings.Every*times) * time.Second}
	if err != nil {
		return next, err
	}
	chat, _, err := l.open(ctx)
	if err != nil || chat == "" {
		next.Wait = max(next.Wait, offWait)
		return next, troubled(err)
	}
	if err := l.y.env.Spend(ctx, l, l.Place(), connector.RequestRead); err != nil {
		return next, err
	}
	m := markOf(look.Cursor, chat)
	p, err := l.read(ctx, m)
	switch {
	case said(err, chatEnded, chatGone):
		return receive.Next{Wait: max(next.Wait, offWait)}, nil
	case said(err, badPage, badPageToo):
		next.Cursor = []byte(`{}`) // the mailbox knows what comes again
		return next, nil
	case err != nil:
		return next, troubled(err)
	}
	at := reach{mark{chat, p.Next}, look.Since.Add(-overlap)}
	if err := l.putAll(ctx, *p.Items, at.from, put); err != nil {
		return next, troubled(err)
	}
	l.page.Store(&at.mark)
	next.Wait = l.pause(next.Wait, p, at, look.Busy)
	next.Cursor, err = json.Marshal(at.mark)
	return next, err
}

// markOf is how far a chat was read; what cannot be read, and another chat, begins anew.
func markOf(cursor []byte, chat string) (m mark) {
	if _ = json.Unmarshal(cursor, &m); m.Chat != chat {
		m = mark{Chat: chat}
	}
	return m
}

// pause is how long it is until the next look. While an hour is on, the chat is heard from where this one got to.
func (l *Live) pause(usual time.Duration, p chatPage, at reach, busy bool) time.Duration {
	wanted := min(time.Duration(max(p.Pause, 0))*time.Millisecond, mostPause)
	switch {
	case len(*p.Items) == perChat:
		return max(wanted, time.Second) // there is more
	case l.heard.Load() != nil:
		return max(usual, wanted, streamedEvery)
	case busy:
		l.hearOn(at)
	}
	return max(usual, wanted)
}

// times is how many times longer than usual the pauses are.
func (l *Live) times(ctx context.Context) (int, error) {
	all, err := l.y.env.Left(ctx, l)
	if err != nil {
		return 1, err
	}
	return l.y.slower(all[units]), nil
}

// putAll puts the questions and the removals of a page.
func (l *Live) putAll(ctx context.Context, items []message, from time.Time, put receive.Put) error {
	me, err := l.me(ctx)
	if err != nil {
		return err
	}
	var events []connector.Event
	for _, m := range items {
		gone := ""
		switch m.Snippet.Type {
		case isText:
			if m.Snippet.Author != me.ID && !m.Snippet.At.Before(from) && chatID.MatchString(m.ID) && l.fires(m.Snippet.Text.Words, me) {
				events = append(events, m.event("m"+m.ID, letter{Do: doAsk, Text: cut(m.Snippet.Text.Words), At: m.Snippet.At}))
			}
		case isTombstone:
			gone = m.ID
		case isDeleted:
			gone = m.Snippet.Deleted.ID
		case isTaken:
			gone = m.Snippet.Taken.ID
		case isEnd:
			l.chat.Store(nil)
		}
		if chatID.MatchString(gone) {
			events = append(events, message{ID: gone}.event("m"+gone+":gone", letter{Do: doRemove, At: l.Now()}))
		}
	}
	for len(events) > 0 {
		n := min(len(events), perPut)
		if _, err := put(ctx, events[:n]...); err != nil {
			return err
		}
		events = events[n:]
	}
	return nil
}

// event makes a letter of a message. All of one message wait for each other.
func (m message) event(key string, of letter) connector.Event {
	c := comment{ID: m.ID}
	c.Snippet.Author.Value, c.Snippet.Name = m.Snippet.Author, m.Author.Name
	e := c.event(key, of)
	e.From = m.ID
	return e
}

// me is who the bot is in the chat, which does not change.
func (l *Live) me(ctx context.Context) (channel, error) {
	if c := l.known.Load(); c != nil {
		return *c, nil
	}
	c, err := l.y.mine(ctx)
	if err == nil {
		l.known.Store(&c)
	}
	return c, err
}

// fires reports whether a message is meant for the bot: most of a chat is talk.
func (l *Live) fires(text string, me channel) bool {
	return l.y.counts(TriggerHashtag) && receive.Tagged(text, l.y.settings.Hashtag) ||
		l.y.counts(TriggerMention) && (mentions(text, me.Snippet.Handle) || mentions(text, me.Snippet.Title))
}

// mentions reports whether a text calls somebody by their name, in whatever letters.
func mentions(text, name string) bool {
	name = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "@"))
	if name == "" {
		return false
	}
	for rest := strings.ToLower(text); ; {
		_, after, found := strings.Cut(rest, "@"+name)
		if !found {
			return false
		}
		if next := []rune(after); len(next) == 0 || !wordly(next[0]) {
			return true
		}
		rest = after
	}
}

// Handle does what one letter says.
func (l *Live) Handle(ctx context.Context, raw []byte) error {
	var of letter
	if json.Unmarshal(raw, &of) != nil || !chatID.MatchString(of.ID) {
		return receive.ErrUndecodable
	}
	at := l.y.origin(of.ID)
	at.User, at.URL = of.User, l.url()
	switch of.Do {
	case doAsk:
		_, err := l.y.env.Inbox.Asked(ctx, connector.Asked{Origin: at, Key: "m" + of.ID, Text: of.Text, Language: l.y.env.Language, At: of.At})
		return receive.Passed(err)
	case doRemove:
		return receive.Passed(l.y.env.Inbox.Removed(ctx, at))
	}
	return receive.ErrUndecodable
}
