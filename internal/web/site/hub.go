package site

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"experthour/internal/session"
)

// Bounds of live events.
const (
	maxReaders = 2000             // of one topic and replica: each costs a goroutine and buffers, about 50 KB
	readerLag  = 64               // changes that a slow reader may lie behind before it must look anew
	replayed   = 256              // changes kept for readers that come back
	linger     = time.Minute      // how long changes are followed without a reader
	heartbeat  = 15 * time.Second // shorter than the idle time-out of common proxies
	frameFor   = 10 * time.Second // how long writing one event may take
)

// fromHere marks the place of a page that was drawn before any change was seen.
const fromHere = "-"

// Follower is the part of session.Views that live events need.
type Follower interface {
	Follow(ctx context.Context, id session.ID, after string, fn func(session.Entry) error) error
}

// Frame is one event for the browser. Data is sent as JSON in one line.
type Frame struct {
	Event string
	Data  any
}

// Draw makes the events of one change. It is called once for all readers of a
// topic; no frames means that they need not know.
type Draw func(ctx context.Context, e session.Entry) ([]Frame, error)

// Hub tells readers about changes. However many they are, each session is followed
// once a process, from the first reader on and until shortly after the last.
type Hub struct {
	ctx    context.Context
	follow Follower
	log    *slog.Logger
	refuse func(http.ResponseWriter, *http.Request, error)

	// Quiet tells, before the first reader comes, after which verbs some readers are shown
	// nothing: such a change never stands for an earlier one, which they would miss. nil
	// is none.
	Quiet func(session.Verb) bool

	mu      sync.Mutex
	streams map[session.ID]*stream
	readers map[string]int // by topic, so that the public cannot keep the desk out
}

// NewHub makes a hub whose followers and readers end with ctx.
func (s *Site) NewHub(ctx context.Context, f Follower) *Hub {
	return &Hub{ctx: ctx, follow: f, log: s.Log, refuse: s.Refuse,
		streams: map[session.ID]*stream{}, readers: map[string]int{}}
}

// Readers is how many are connected now.
func (h *Hub) Readers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := 0
	for _, n := range h.readers {
		all += n
	}
	return all
}

// Position names the last change of a session that this process has seen. Ask for it
// before reading what a page shows, write it into the page, and have the page's
// script connect with ?after=POSITION: then nothing falls between page and events.
func (h *Hub) Position(id session.ID) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.stream(id, "")
	s.rest()
	return s.position()
}

// stream returns the running stream of a session, starting it when there is none.
// The caller holds the lock.
func (h *Hub) stream(id session.ID, after string) *stream {
	if s, ok := h.streams[id]; ok {
		return s
	}
	ctx, cancel := context.WithCancel(h.ctx)
	s := &stream{hub: h, id: id, first: after, cancel: cancel, readers: map[*reader]bool{}}
	h.streams[id] = s
	go s.run(ctx)
	return s
}

// join registers a reader; ok is false when the topic has too many.
func (h *Hub) join(id session.ID, topic, after string) (r *reader, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.readers[topic] >= maxReaders {
		return nil, false
	}
	known := after
	if known == fromHere {
		known = ""
	}
	s := h.stream(id, known)
	r = &reader{stream: s, topic: topic, changes: make(chan *change, readerLag)}
	s.replay(r, after)
	s.readers[r] = true
	h.readers[topic]++
	return r, true
}

func (h *Hub) leave(r *reader) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.readers[r.topic]--
	delete(r.stream.readers, r)
	r.stream.rest()
}

// Serve answers a request for the live events of a session. Readers with the same
// topic get the same frames.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, id session.ID, topic string, draw Draw) {
	after := r.Header.Get("Last-Event-ID")
	if after == "" {
		after = r.URL.Query().Get("after")
	}
	rd, ok := h.join(id, topic, after)
	if !ok {
		h.refuse(w, r, &StatusError{RetryAfter: time.Minute, Err: session.Fail(session.Unavailable, "stream_full")})
		return
	}
	defer h.leave(rd)
	hd := w.Header()
	hd.Set("Content-Type", "text/event-stream")
	hd.Set("Cache-Control", "no-store")
	hd.Set("X-Accel-Buffering", "no") // nginx would hold events back
	p := &pipe{w: w, c: http.NewResponseController(w), topic: topic, draw: draw}
	_ = p.c.SetReadDeadline(time.Time{}) // a reader never sends anything more
	if err := p.write("retry: 3000\n: connected\n\n"); err != nil {
		return
	}
	err := h.pump(r.Context(), rd, p)
	if err != nil && !errors.Is(err, context.Canceled) {
		h.log.Debug("reader left", "error", err)
	}
}

// pump writes changes until somebody goes away.
func (h *Hub) pump(ctx context.Context, r *reader, p *pipe) error {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-h.ctx.Done():
			return nil
		case <-tick.C:
			err = p.write(": still here\n\n")
		case c, ok := <-r.changes:
			if !ok {
				return p.reload()
			}
			err = p.change(h.ctx, c)
		}
		if err != nil {
			return err
		}
	}
}

// oneLine keeps a stream id from breaking out of its line; ids come from the store.
var oneLine = strings.NewReplacer("\n", "", "\r", "")
