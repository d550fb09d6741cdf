package telegramfake

import (
	"encoding/json"
	"slices"
	"time"
)

const (
	firstUpdate = 700_000_001 // ids begin anywhere, never at one
	ahead       = 10          // an offset this far past the tail still counts
	behind      = 2_000_000   // an offset further back than this does not
	keptFor     = 24 * time.Hour
	clickKept   = 150 * time.Second // a callback query is worthless after its answer timed out
)

// lane is what a webhook keeps in order: updates of one lane wait for each other.
type lane struct {
	kind string
	id   int64
}

// event is an update that nobody has confirmed yet.
type event struct {
	id      int
	kind    string
	body    json.RawMessage // nil when raw is set
	raw     json.RawMessage // the whole update as a test wants it
	lane    lane
	expires time.Time

	// For the webhook.
	flying bool
	due    time.Time
	delay  float64 // seconds
	fails  int
}

func (e *event) render() json.RawMessage {
	if e.raw != nil {
		return e.raw
	}
	return encode(map[string]any{"update_id": e.id, e.kind: e.body})
}

// queue holds the updates in the order of their ids, until they are confirmed or
// too old.
type queue struct {
	events []*event
	next   int // the id of the next update: the tail
}

func (q *queue) head() int {
	if len(q.events) > 0 {
		return q.events[0].id
	}
	return q.next
}

// forget drops what is before the offset.
func (q *queue) forget(offset int) {
	q.events = slices.DeleteFunc(q.events, func(e *event) bool { return e.id < offset })
}

// keep drops all but the newest n: what a negative offset does.
func (q *queue) keep(n int) {
	if len(q.events) > n {
		q.events = slices.Delete(q.events, 0, len(q.events)-n)
	}
}

func (q *queue) expire(now time.Time) {
	q.events = slices.DeleteFunc(q.events, func(e *event) bool { return e.expires.Before(now) })
}

func (q *queue) remove(e *event) {
	q.events = slices.DeleteFunc(q.events, func(o *event) bool { return o == e })
}

// get confirms what is before the offset and returns what follows. A negative
// offset keeps that many and forgets the rest; one that cannot be right counts as
// none. The offset that a waiting call goes on with is returned too.
func (q *queue) get(offset, limit int, now time.Time) ([]*event, int) {
	if offset < 0 {
		q.keep(-offset)
	}
	if offset <= 0 || offset > q.next+ahead || offset < q.head()-behind {
		offset = q.head()
	}
	q.forget(offset)
	q.expire(now)
	var found []*event
	for _, e := range q.events {
		if len(found) < limit {
			found = append(found, e)
		}
	}
	return found, offset
}

// push adds an update unless the bot did not ask for its kind. The lock is held.
func (s *Server) push(kind string, l lane, body any, date time.Time) {
	if !s.poll.allowed[kind] {
		return
	}
	life := keptFor
	if kind == "callback_query" {
		life = clickKept
	}
	s.add(&event{kind: kind, body: encode(body), lane: l, expires: date.Add(life)})
}

func (s *Server) add(e *event) int {
	e.id = s.queue.next
	s.queue.next++
	s.queue.events = append(s.queue.events, e)
	s.bump()
	return e.id
}

// Inject adds an update of the given kind with a body that a test wrote, whatever
// the bot asked for, and returns its id. The body may be what nobody can decode.
func (s *Server) Inject(kind, body string) int {
	defer s.lock()()
	e := &event{kind: kind, expires: s.now().Add(keptFor), lane: lane{"injected", int64(s.queue.next)}}
	e.raw = json.RawMessage(`{"update_id":` + string(encode(s.queue.next)) + `,` + string(encode(kind)) + `:` + body + `}`)
	return s.add(e)
}

// InjectUndecodable adds an update whose message is no object and whose id is fine.
func (s *Server) InjectUndecodable() int { return s.Inject("message", `"not an object"`) }

// InjectUnknown adds an update of a kind that does not exist yet.
func (s *Server) InjectUnknown() int {
	return s.Inject("moon_phase_changed", `{"phase":"full","date":1}`)
}

// Pending are the ids of the updates that nobody has confirmed.
func (s *Server) Pending() []int {
	defer s.lock()()
	var ids []int
	for _, e := range s.queue.events {
		ids = append(ids, e.id)
	}
	return ids
}

// RestartUpdateIDs goes on counting updates at another number, lower or higher, as
// the real server does after a week of silence.
func (s *Server) RestartUpdateIDs(at int) {
	defer s.lock()()
	s.queue.events, s.queue.next = nil, at
}
