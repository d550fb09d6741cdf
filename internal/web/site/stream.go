package site

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"experthour/internal/session"
)

// Bounds of what a stream keeps for its readers.
const (
	readerLag = 64  // changes that a slow reader may lie behind before it must look anew
	replayed  = 256 // changes kept for readers that come back
)

// A stream is what is known of one session that is read. Its fields are guarded by the hub's
// lock.
type stream struct {
	hub     *Hub
	id      session.ID
	at      session.Update // its Last and Ballots are those of the last look
	first   string         // the entry at which the stream began
	wanted  int            // looks that somebody waits for, and how many there were
	seen    int
	unknown bool // there is no such session
	moment  *Moment
	stale   bool // something visible happened since the moment began
	since   int  // entries since the moment began
	recent  []*change
	readers map[*reader]bool
	used    time.Time
}

// A change is one entry of the record and what was drawn of it for each topic.
type change struct {
	entry session.Entry
	// superseded is set once the same question changed again: what was drawn before
	// may not be public any more, and the newer change says it all.
	superseded atomic.Bool

	mu     sync.Mutex
	frames map[string]told
}

// told is what was drawn of a change for a topic. After the last one the connection ends.
type told struct {
	text string
	last bool
}

// update takes in what a look found; the stream has then seen what was wanted before it.
func (s *stream) update(u session.Update, exists bool, wanted int) {
	if !exists {
		s.end()
		return
	}
	s.stale = s.stale || u.Ballots != s.at.Ballots
	var turned bool
	for _, e := range u.Entries {
		s.tell(&change{entry: e, frames: map[string]told{}})
		s.stale = s.stale || !s.quiet(e.Verb)
		turned = turned || e.Number == 0
	}
	if s.first == "" {
		s.first = u.Last
	}
	s.at, s.seen = session.Update{Last: u.Last, Ballots: u.Ballots}, wanted
	s.since += len(u.Entries)
	if turned {
		s.begin(nil) // what is over is not shown as going on, not even for Hold
	}
	s.renew(s.since > readerLag/2)             // a page of a moment must find its way into the events
	if len(u.Entries) == session.MostEntries { // there may be more
		s.seen, s.wanted = wanted-1, max(s.wanted, wanted)
	}
}

// renew begins another moment when it is time, or at once.
func (s *stream) renew(now bool) {
	if s.moment == nil || now || s.stale && s.moment.over() {
		s.begin(s.moment)
	}
}

// begin begins another moment; Recent may show what before was until the new one is made.
func (s *stream) begin(before *Moment) {
	s.moment, s.stale, s.since = s.hub.moment(s.at.Last, before), false, 0
}

func (s *stream) quiet(v session.Verb) bool { return s.hub.Quiet != nil && s.hub.Quiet(v) }

func (s *stream) tell(c *change) {
	quiet := s.quiet(c.entry.Verb)
	for _, old := range s.recent {
		if !quiet && old.entry.Number == c.entry.Number {
			old.superseded.Store(true)
		}
	}
	s.recent = append(s.recent, c)
	if len(s.recent) > replayed {
		s.recent = s.recent[1:]
		s.first = fromHere // the beginning is not kept any more
	}
	for r := range s.readers {
		r.give(c)
	}
}

// end is for a session that does not exist.
func (s *stream) end() {
	s.unknown = true
	if s.hub.streams[s.id] == s {
		delete(s.hub.streams, s.id)
	}
	for r := range s.readers {
		r.send()
	}
}

// replay gives a new reader what happened after the change that it names. When that
// is not known any more, it must look anew.
func (s *stream) replay(r *reader, after string) {
	from := len(s.recent)
	switch after {
	case "", s.at.Last:
	case s.first:
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

// drawn draws a change once for each topic; the others wait for the first.
func (c *change) drawn(ctx context.Context, topic string, draw Draw) (told, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.superseded.Load() {
		clear(c.frames)
		return told{}, nil
	}
	if t, ok := c.frames[topic]; ok {
		return t, nil
	}
	ctx, cancel := context.WithTimeout(ctx, workFor)
	defer cancel()
	frames, err := draw(ctx, c.entry)
	if err != nil {
		return told{}, err
	}
	t, err := encode(c.entry.ID, frames)
	if err == nil {
		c.frames[topic] = t
	}
	return t, err
}

func encode(id string, frames []Frame) (told, error) {
	var b strings.Builder
	var last bool
	for i, f := range frames {
		data, err := json.Marshal(f.Data) // one line: JSON escapes line breaks
		if err != nil {
			return told{}, err
		}
		if i == len(frames)-1 { // whoever lost a part gets all of it again
			fmt.Fprintf(&b, "id: %s\n", oneLine.Replace(id))
		}
		fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", f.Event, data)
		last = last || f.Last
	}
	return told{b.String(), last}, nil
}

// oneLine keeps a stream id from breaking out of its line; ids come from the store.
var oneLine = strings.NewReplacer("\n", "", "\r", "")
