package site

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"experthour/internal/session"
)

// Bounds of live readers. One costs two goroutines and their buffers, about 25 KB.
const (
	maxReaders = 12_000           // of one topic and replica
	crowded    = 9_000            // from then on there is room only for networks with few readers
	ofNetwork  = 200              // of one hour and address, and widening times that for each wider network
	whenFull   = 4                // the same, when it is crowded
	heartbeat  = 15 * time.Second // shorter than the idle time-out of common proxies
	frameFor   = 10 * time.Second // how long writing one event may take
)

// Frame is one event for the browser. Data is sent as JSON in one line.
type Frame struct {
	Event string
	Data  any
	Last  bool // nothing comes after it
}

// Draw makes the events of one change. It is called once for all readers of a
// topic; no frames means that they need not know.
type Draw func(ctx context.Context, e session.Entry) ([]Frame, error)

// place is what readers are counted by: a topic, and in each hour a network. The zero network
// is all of the topic.
type place struct {
	topic   string
	hour    session.ID
	network netip.Prefix
}

// A reader is one open connection. Its channel is closed when it must look anew.
type reader struct {
	stream  *stream
	places  []place
	changes chan *change
	gone    bool
}

// Readers is how many are connected now.
func (h *Hub) Readers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := 0
	for p, n := range h.places {
		if p.hour == "" {
			all += n
		}
	}
	return all
}

// join registers a reader; ok is false when there is no room for one more from there.
func (h *Hub) join(s *stream, topic, after string, from netip.Addr) (r *reader, ok bool) {
	places := []place{{topic: topic}}
	for _, n := range networks(from) {
		places = append(places, place{topic, s.id, n})
	}
	if !h.room(places) {
		return nil, false
	}
	for _, p := range places {
		h.places[p]++
	}
	r = &reader{stream: s, places: places, changes: make(chan *change, readerLag)}
	s.replay(r, after)
	s.readers[r] = true
	return r, true
}

// room reports whether one more reader may come. Nobody takes all places, and the last quarter
// of them is for those who have hardly any.
func (h *Hub) room(places []place) bool {
	all := h.places[places[0]]
	most := ofNetwork
	if all >= crowded {
		most = whenFull
	}
	for _, p := range places[1:] {
		if h.places[p] >= most {
			return false
		}
		most *= widening
	}
	return all < maxReaders
}

func (h *Hub) leave(r *reader) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range r.places {
		if h.places[p]--; h.places[p] == 0 {
			delete(h.places, p)
		}
	}
	delete(r.stream.readers, r)
	r.stream.used = time.Now()
}

// give never waits: a reader who does not keep up is told to look anew.
func (r *reader) give(c *change) {
	if r.gone {
		return
	}
	select {
	case r.changes <- c:
	default:
		r.send()
	}
}

func (r *reader) send() {
	if !r.gone {
		r.gone = true
		close(r.changes)
	}
}

// Serve answers a request for the live events of a session. Readers with the same
// topic get the same frames.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, id session.ID, topic string, draw Draw) {
	rd, err := h.enter(r, id, topic)
	if err != nil {
		h.refuse(w, r, err)
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
	err = h.pump(r.Context(), rd, p)
	if err != nil && !errors.Is(err, context.Canceled) {
		h.log.Debug("reader left", "error", err)
	}
}

func (h *Hub) enter(r *http.Request, id session.ID, topic string) (*reader, error) {
	after := r.Header.Get("Last-Event-ID")
	if after == "" {
		after = r.URL.Query().Get("after")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	s, err := h.stream(id)
	if err == nil {
		err = h.await(r.Context(), s, 1)
	}
	if err != nil {
		return nil, err
	}
	h.streams[id] = s // it may have been swept away while it looked
	rd, ok := h.join(s, topic, after, h.from(r))
	if !ok {
		return nil, &StatusError{RetryAfter: time.Minute, Err: session.Fail(session.Unavailable, "stream_full")}
	}
	return rd, nil
}

// pump writes changes until somebody goes away.
func (h *Hub) pump(ctx context.Context, r *reader, p *pipe) error {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		var last bool
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
			last, err = p.change(h.ctx, c)
		}
		if err != nil || last {
			return err
		}
	}
}

// A pipe writes frames to one reader.
type pipe struct {
	w     http.ResponseWriter
	c     *http.ResponseController
	topic string
	draw  Draw
}

func (p *pipe) write(text string) error {
	_ = p.c.SetWriteDeadline(time.Now().Add(frameFor)) // the socket keeps the machine's time
	if _, err := p.w.Write([]byte(text)); err != nil {
		return err
	}
	return p.c.Flush()
}

// reload tells the page's script to fetch the page and to connect again.
func (p *pipe) reload() error { return p.write("event: reload\ndata: {}\n\n") }

// change writes what a change is for this reader; last says that nothing comes after it.
func (p *pipe) change(ctx context.Context, c *change) (last bool, err error) {
	t, err := c.drawn(ctx, p.topic, p.draw)
	if err != nil {
		return false, p.reload()
	}
	if t.text == "" {
		return t.last, nil
	}
	return t.last, p.write(t.text)
}
