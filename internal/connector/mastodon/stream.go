package mastodon

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
)

var _ receive.Streamer = (*Mastodon)(nil)

const (
	mostEvent = 1 << 20 // bytes of a post with all that servers put around it
	// silentFor: heartbeats come every 15 seconds.
	silentFor = 45 * time.Second
	// defaultSteady is how often a stream begins anew at most that is up and ends at once.
	defaultSteady = 30 * time.Second
	// noStreamFor is how long a server is left alone that has none.
	noStreamFor = 10 * time.Minute
	// tryFor is how long the check waits for a stream.
	tryFor = 10 * time.Second
)

// streams are what is listened to. Of the account's own come mentions and removals; edits
// by strangers come under the hashtag only, and likes nowhere: those are read again.
func (m *Mastodon) streams() []httpapi.Request {
	all := []httpapi.Request{{To: "/api/v1/streaming/user"}}
	if m.tags() {
		all = append(all, httpapi.Request{To: "/api/v1/streaming/hashtag", Query: url.Values{"tag": {m.settings.Hashtag}}})
	}
	return all
}

// tags reports whether the hashtag makes questions.
func (m *Mastodon) tags() bool { return m.wants(TriggerHashtag) && m.settings.Hashtag != "" }

// Stream listens to what is written. Where that cannot be, nobody need know: the server is
// asked as often as ever.
func (m *Mastodon) Stream(ctx context.Context, up func(), put receive.Put) error {
	base, err := m.streamsAt(ctx)
	if err != nil {
		return unheard(err)
	}
	began := time.Now()
	m.ups++
	err = m.listen(ctx, base, func() { m.stream.Store(m.ups); up() }, func(ctx context.Context, e httpapi.Event) error {
		return m.take(ctx, e, put)
	})
	if m.stream.Swap(0) != 0 {
		backoff.Pause(ctx, m.steady-time.Since(began))
	}
	return unheard(err)
}

// unheard is why there is no stream.
func unheard(err error) error {
	t := &receive.Trouble{Cause: err, Wait: connector.OutcomeOf(err).Wait}
	if connector.OutcomeOf(err).Outcome == connector.Refused {
		t.Wait = noStreamFor
	}
	return t
}

// schemes are those in which a server says where it streams, and what they are here: both
// ways to listen are at one host.
var schemes = map[string]string{"wss": "https", "https": "https", "ws": "http", "http": "http"}

// streamsAt asks where the server streams.
func (m *Mastodon) streamsAt(ctx context.Context) (string, error) {
	said, err := m.instance(ctx)
	if err != nil {
		return "", err
	}
	return streamingBase(m.server, said.URLs.Streaming)
}

// streamingBase is what addresses of streams begin with. That may be another host of the
// server's; the token goes there, so nothing less safe is taken.
func streamingBase(server, said string) (string, error) {
	u, err := url.Parse(said)
	if err != nil || u.Host == "" || schemes[u.Scheme] == "" || schemes[u.Scheme] == "http" && strings.HasPrefix(server, "https:") {
		return "", &connector.SendError{Outcome: connector.Refused, Detail: "the server names no stream", Cause: err}
	}
	return schemes[u.Scheme] + "://" + u.Host + strings.TrimRight(u.Path, "/"), nil
}

// listen hears all streams out, and ends with the first that ends. They are up together.
func (m *Mastodon) listen(ctx context.Context, base string, up func(), each func(context.Context, httpapi.Event) error) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var all sync.WaitGroup
	var down atomic.Int32
	streams := m.streams()
	down.Store(int32(len(streams)))
	for _, r := range streams {
		r.Method, r.To = http.MethodGet, base+r.To
		r, err := m.signed(ctx, r)
		if err != nil {
			end(err)
			break
		}
		all.Go(func() {
			end(m.http.Listen(ctx, r, httpapi.Listening{Silence: silentFor, Most: mostEvent,
				Each: func(e httpapi.Event) error { return each(ctx, e) },
				Up: func() {
					if down.Add(-1) == 0 {
						up()
					}
				}}))
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// take puts what an event says.
func (m *Mastodon) take(ctx context.Context, e httpapi.Event, put receive.Put) error {
	read, known := heard[e.Name]
	if !known {
		return nil
	}
	l, key := read(m, e.Data)
	if key == "" || l.Status.ID == "" && l.Gone == "" {
		return nil
	}
	l.Seen = m.Now()
	event, err := m.event(l, key)
	if err != nil {
		return err
	}
	_, err = put(ctx, event)
	return err
}

// heard are the events that matter, by name. What cannot be read, or is no question's, has
// no key.
var heard = map[string]func(m *Mastodon, data []byte) (l letter, key string){
	"notification": func(_ *Mastodon, data []byte) (l letter, key string) {
		var said struct {
			Type   string `json:"type"`
			Status status `json:"status"`
		}
		if json.Unmarshal(data, &said) != nil || said.Type != "mention" {
			return l, ""
		}
		return letter{Status: said.Status, Called: true}, newKey(said.Status)
	},
	"update": func(m *Mastodon, data []byte) (l letter, key string) {
		if json.Unmarshal(data, &l.Status) != nil || l.Status.Reblog != nil || !m.tags() || !l.Status.tagged(m.settings.Hashtag) {
			return l, ""
		}
		return l, newKey(l.Status)
	},
	"status.update": func(m *Mastodon, data []byte) (l letter, key string) {
		if json.Unmarshal(data, &l.Status) != nil {
			return l, ""
		}
		l.Again = true
		return l, againKey(l.Status, m.Now())
	},
	"delete": func(_ *Mastodon, data []byte) (l letter, key string) {
		l.Gone = string(bytes.TrimSpace(data))
		if l.Gone == "" || len(l.Gone) > longestID {
			return l, ""
		}
		return l, "deleted:" + l.Gone
	},
}
