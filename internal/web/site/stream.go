package site

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"experthour/internal/session"
)

// A stream follows one session for all its readers. Its fields are guarded by the
// hub's lock.
type stream struct {
	hub     *Hub
	id      session.ID
	first   string // what the follower started after
	cancel  context.CancelFunc
	recent  []*change
	readers map[*reader]bool
	stop    *time.Timer
}

// A reader is one open connection. Its channel is closed when it must look anew.
type reader struct {
	stream  *stream
	topic   string
	changes chan *change
	gone    bool
}

// A change is one entry of the record and what was drawn of it for each topic.
type change struct {
	entry session.Entry
	// superseded is set once the same question changed again: what was drawn before
	// may not be public any more, and the newer change says it all.
	superseded atomic.Bool

	mu     sync.Mutex
	frames map[string]string
}

// run follows until the stream is stopped or fails; then its readers come back.
func (s *stream) run(ctx context.Context) {
	err := s.hub.follow.Follow(ctx, s.id, s.first, func(e session.Entry) error {
		s.tell(&change{entry: e, frames: map[string]string{}})
		return nil
	})
	if err != nil && ctx.Err() == nil {
		s.hub.log.Warn("live events ended", "session", s.id, "error", err)
	}
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.end()
}

func (s *stream) tell(c *change) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	quiet := s.hub.Quiet != nil && s.hub.Quiet(c.entry.Verb)
	for _, old := range s.recent {
		if !quiet && old.entry.Number == c.entry.Number {
			old.superseded.Store(true)
		}
	}
	s.recent = append(s.recent, c)
	if len(s.recent) > replayed {
		s.recent = s.recent[1:]
		s.first = "" // the beginning is not kept any more
	}
	for r := range s.readers {
		r.give(c)
	}
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

// replay gives a new reader what happened after the change that it names. When that
// is not known any more, it must look anew.
func (s *stream) replay(r *reader, after string) {
	from := len(s.recent)
	switch {
	case after == "":
	case after == fromHere && len(s.recent) < replayed, after == s.first:
		from = 0
	default:
		from = s.after(after)
	}
	if from < 0 || len(s.recent)-from > readerLag {
		r.send()
		return
	}
	for _, c := range s.recent[from:] {
		r.give(c)
	}
}

func (s *stream) after(id string) int {
	for i, c := range s.recent {
		if c.entry.ID == id {
			return i + 1
		}
	}
	return -1
}

func (s *stream) position() string {
	if n := len(s.recent); n > 0 {
		return s.recent[n-1].entry.ID
	}
	if s.first != "" {
		return s.first
	}
	return fromHere
}

// rest lets a stream without readers end after a while.
func (s *stream) rest() {
	if s.stop != nil {
		s.stop.Stop()
	}
	if len(s.readers) > 0 {
		return
	}
	s.stop = time.AfterFunc(linger, func() {
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		if len(s.readers) == 0 {
			s.end()
		}
	})
}

func (s *stream) end() {
	s.cancel()
	if s.hub.streams[s.id] == s {
		delete(s.hub.streams, s.id)
	}
	for r := range s.readers {
		r.send()
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

func (p *pipe) change(ctx context.Context, c *change) error {
	text, err := c.drawn(ctx, p.topic, p.draw)
	if err != nil {
		return p.reload()
	}
	if text == "" {
		return nil
	}
	return p.write(text)
}

// drawn draws a change once for each topic; the others wait for the first.
func (c *change) drawn(ctx context.Context, topic string, draw Draw) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.superseded.Load() {
		clear(c.frames)
		return "", nil
	}
	if text, ok := c.frames[topic]; ok {
		return text, nil
	}
	ctx, cancel := context.WithTimeout(ctx, workFor)
	defer cancel()
	frames, err := draw(ctx, c.entry)
	if err != nil {
		return "", err
	}
	text, err := encode(c.entry.ID, frames)
	if err == nil {
		c.frames[topic] = text
	}
	return text, err
}

func encode(id string, frames []Frame) (string, error) {
	var b strings.Builder
	for i, f := range frames {
		data, err := json.Marshal(f.Data) // one line: JSON escapes line breaks
		if err != nil {
			return "", err
		}
		if i == len(frames)-1 { // whoever lost a part gets all of it again
			fmt.Fprintf(&b, "id: %s\n", oneLine.Replace(id))
		}
		fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", f.Event, data)
	}
	return b.String(), nil
}
