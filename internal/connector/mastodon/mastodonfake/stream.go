package mastodonfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// heartbeat is how often a stream says that it is there.
const heartbeat = 15 * time.Second

// listener is a connection that streams.
type listener struct {
	tag     string // of a hashtag's stream; empty is the account's
	told    bool   // of notifications
	send    chan string
	restart chan struct{}
}

// waiting is how much a listener may be behind.
const waiting = 256

// channels are the streams: which parameters each takes, and what the token must allow.
var channels = map[string]struct{ param, scope string }{
	"/api/v1/streaming/user":    {"", "read:statuses"},
	"/api/v1/streaming/hashtag": {"tag", ""},
}

// stream serves a connection until its client goes or the server begins anew. What happens
// while nobody listens is in no stream.
func (f *Fake) stream(w http.ResponseWriter, r *http.Request) {
	c, known := channels[r.URL.Path]
	scopes, ok := f.scopes(r)
	switch {
	case !known || f.unstreamed():
		fail(w, http.StatusNotFound, "Unknown channel requested")
	case !ok:
		fail(w, http.StatusUnauthorized, "Invalid access token")
	case !allows(scopes, c.scope):
		fail(w, http.StatusUnauthorized, "Access token does not have the required scopes")
	case len(r.URL.Query()) > 1 || c.param == "" && r.URL.RawQuery != "" || c.param != "" && r.FormValue(c.param) == "":
		fail(w, http.StatusBadRequest, "Unknown parameters, or none")
	default:
		l := &listener{tag: r.FormValue("tag"), told: allows(scopes, "read:notifications"), send: make(chan string, waiting)}
		f.join(l)
		defer f.leave(l)
		l.serve(w, r)
	}
}

func (f *Fake) unstreamed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.polled
}

func (f *Fake) join(l *listener) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l.restart = f.restart
	f.listeners = append(f.listeners, l)
}

func (f *Fake) leave(l *listener) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listeners = slices.DeleteFunc(f.listeners, func(o *listener) bool { return o == l })
}

func (l *listener) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for text := ":)\n"; ; {
		if _, err := w.Write([]byte(text)); err != nil || http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case text = <-l.send:
		case <-beat.C:
			text = thump
		case <-l.restart:
			return
		case <-r.Context().Done():
			return
		}
	}
}

const thump = ":thump\n"

// Listeners is how many streams there are.
func (f *Fake) Listeners() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.listeners)
}

// Thump sends a heartbeat.
func (f *Fake) Thump() {
	f.mu.Lock()
	f.say(thump, func(*listener) bool { return true })
	f.mu.Unlock()
}

// Restart ends all streams, as a server does that begins anew.
func (f *Fake) Restart() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.restart)
	f.restart = make(chan struct{})
}

// Lose does something of which no stream tells, and ends them all.
func (f *Fake) Lose(do func()) {
	f.mu.Lock()
	f.listeners = nil
	f.mu.Unlock()
	do()
	f.Restart()
}

// Poll ends all streams for good: some servers have none.
func (f *Fake) Poll() {
	f.mu.Lock()
	f.polled = true
	f.mu.Unlock()
	f.Restart()
}

// Follow lets the bot follow somebody, whose posts are on its home timeline then.
func (f *Fake) Follow(who Person) { f.mu.Lock(); f.follows[who.ID] = true; f.mu.Unlock() }

// say sends to who may hear it. Who is too far behind loses it.
func (f *Fake) say(text string, to func(*listener) bool) {
	for _, l := range f.listeners {
		if !to(l) {
			continue
		}
		select {
		case l.send <- text:
		default:
		}
	}
}

func event(name string, data any) string {
	text, plain := data.(string)
	if !plain {
		raw, err := json.Marshal(data)
		if err != nil {
			panic(err) // of the fake's own types
		}
		text = string(raw)
	}
	return fmt.Sprintf("event: %s\ndata: %s\n\n", name, text)
}

// wrote tells of a new post, and changed of one that was edited: on the home timeline of
// who follows its author, and under its hashtags if all may read it. Who is only mentioned
// hears of no edit.
func (f *Fake) wrote(s *Status) {
	if f.notifies(s) {
		f.say(event("notification", notification(s)), func(l *listener) bool { return l.tag == "" && l.told })
	}
	f.say(event("update", s), func(l *listener) bool { return f.reads(l, s) })
}

func (f *Fake) changed(s *Status) {
	f.say(event("status.update", s), func(l *listener) bool { return f.reads(l, s) })
}

// deleted tells of a removal, whom it mentioned too.
func (f *Fake) deleted(s *Status) {
	f.say(event("delete", s.ID), func(l *listener) bool {
		return f.reads(l, s) || l.tag == "" && slices.Contains(s.Mentions, Bot)
	})
}

// reads reports whether a post is on what somebody listens to.
func (f *Fake) reads(l *listener, s *Status) bool {
	if l.tag == "" {
		return s.Account == Bot || f.follows[s.Account.ID] && s.Visibility != "direct"
	}
	return s.Visibility == "public" && s.has(l.tag)
}

func (s *Status) has(tag string) bool {
	return slices.ContainsFunc(s.Tags, func(t Tag) bool { return strings.EqualFold(t.Name, tag) })
}

// notifies reports whether the bot is told of a post. The policy holds back strangers.
func (f *Fake) notifies(s *Status) bool {
	return s.Account != Bot && slices.Contains(s.Mentions, Bot) && (f.policy == "accept" || f.follows[s.Account.ID])
}

func notification(s *Status) map[string]any {
	return map[string]any{"id": s.ID, "type": "mention", "group_key": "ungrouped-" + s.ID,
		"created_at": s.CreatedAt, "account": s.Account, "status": s}
}
