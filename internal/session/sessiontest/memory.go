// Package sessiontest holds an in-memory store for tests and the conformance suite
// that every implementation of session.Store must pass.
//
// It knows the ports of packages session and delivery and nothing else. It must not
// know Redis, a platform or the rules of the domain: it stores what it is given.
package sessiontest

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// Memory keeps everything in maps behind one lock. It is safe for concurrent use;
// its content ends with the process.
type Memory struct {
	now func() time.Time

	mu       sync.Mutex
	agenda   map[session.ID]hold
	sessions map[session.ID]*room
	budgets  map[budgetKey]*budget
	changed  chan struct{} // closed, and made anew, with every record entry
	broken   error
}

var _ session.Store = (*Memory)(nil)

// hold is what a session occupies.
type hold struct {
	start, end time.Time
	places     []string
}

// room is everything that is stored under one session.
type room struct {
	session   session.Session
	ops       ops
	cards     *session.Lane
	questions map[int]*question
	last      int
	keys      map[string]int
	originals map[session.Origin]int
	askers    map[asker][]int
	votes     map[int]int
	voters    map[vote]bool
	log       []session.Entry
	payloads  map[string]session.Sealed
	erased    map[int]int64
	outbox    outbox
	board     map[session.Lane]*deck
	heralds   map[string]delivery.Herald
}

type question struct {
	session.Question
	ops ops
}

// asker is somebody at a connector.
type asker struct {
	connector session.ConnectorID
	user      session.UserRef
}

type vote struct {
	number int
	voter  session.Hash
}

// ops are the last operations on something, newest first. A repeated one is
// recognised also when a few others came in between.
type ops []string

const keptOps = 3

func (o ops) has(op string) bool { return op != "" && slices.Contains(o, op) }

func (o ops) with(op string) ops {
	all := append(ops{op}, o...)
	return all[:min(len(all), keptOps)]
}

// NewMemory returns an empty store that takes the time of leases from now.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{now: now, agenda: map[session.ID]hold{}, sessions: map[session.ID]*room{},
		budgets: map[budgetKey]*budget{}, changed: make(chan struct{})}
}

// Break makes every call fail with Unavailable because of err, as a store does that
// is away; nil mends it.
func (m *Memory) Break(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = err
}

// enter locks the store and finds a session. The caller unlocks when err is nil.
func (m *Memory) enter(ctx context.Context, id session.ID) (*room, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	r, ok := m.sessions[id]
	if !ok {
		m.mu.Unlock()
		return nil, session.Fail(session.NotFound, "session_unknown", "session", string(id))
	}
	return r, nil
}

func (m *Memory) lock(ctx context.Context) error {
	m.mu.Lock()
	err := cmp.Or(ctx.Err(), m.broken)
	if err == nil {
		return nil
	}
	m.mu.Unlock()
	return session.Fail(session.Unavailable, "unavailable").Because(err)
}

// Reserve is session.SessionStore's.
func (m *Memory) Reserve(ctx context.Context, s session.Session) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if _, taken := m.sessions[s.ID]; taken && s.Version == 0 {
		return session.Fail(session.Already, "slug_taken", "session", string(s.ID))
	}
	if s.State == session.Cancelled {
		delete(m.agenda, s.ID)
		return nil
	}
	h := hold{s.Start, s.End, s.Places()}
	for id, o := range m.agenda {
		if id != s.ID && h.overlaps(o) {
			return session.Fail(session.Refused, "overlap", "session", string(id))
		}
	}
	m.agenda[s.ID] = h
	return nil
}

func (h hold) overlaps(o hold) bool {
	if !h.start.Before(o.end) || !o.start.Before(h.end) {
		return false
	}
	return slices.ContainsFunc(h.places, func(p string) bool { return slices.Contains(o.places, p) })
}

// CreateSession is session.SessionStore's.
func (m *Memory) CreateSession(ctx context.Context, c session.SessionChange) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if r, ok := m.sessions[c.Session.ID]; ok {
		if r.ops.has(c.Op) {
			return nil
		}
		return session.Fail(session.Already, "slug_taken", "session", string(c.Session.ID))
	}
	r := newRoom()
	m.sessions[c.Session.ID] = r
	m.write(r, c)
	return nil
}

func newRoom() *room {
	return &room{questions: map[int]*question{}, keys: map[string]int{}, originals: map[session.Origin]int{},
		askers: map[asker][]int{}, votes: map[int]int{},
		voters: map[vote]bool{}, payloads: map[string]session.Sealed{}, erased: map[int]int64{},
		outbox: newOutbox(), board: map[session.Lane]*deck{}}
}

// write stores a session change whose checks have passed.
func (m *Memory) write(r *room, c session.SessionChange) {
	c.Session.Version, c.Session.Head = c.Entry.Version, c.Entry.Hash()
	r.session = copySession(c.Session)
	r.ops = r.ops.with(c.Op)
	r.cards = c.Cards
	if c.Forget {
		clear(r.voters)
	}
	r.dirty(c.Cards, 0, connector.CardBoard)
	m.append(r, c.Entry, c.Sealed)
}

// append adds to the record and wakes the followers.
func (m *Memory) append(r *room, e session.Entry, s session.Sealed) {
	e.ID = streamID(len(r.log) + 1)
	r.log = append(r.log, e)
	r.payloads[session.PayloadKey(e.Number, e.Version)] = s
	close(m.changed)
	m.changed = make(chan struct{})
}

// Session is session.SessionStore's.
func (m *Memory) Session(ctx context.Context, id session.ID) (session.Session, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return session.Session{}, err
	}
	defer m.mu.Unlock()
	return copySession(r.session), nil
}

// Sessions is session.SessionStore's.
func (m *Memory) Sessions(ctx context.Context) ([]session.Session, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var all []session.Session
	for _, r := range m.sessions {
		all = append(all, copySession(r.session))
	}
	slices.SortFunc(all, func(a, b session.Session) int {
		return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// CommitSession is session.SessionStore's.
func (m *Memory) CommitSession(ctx context.Context, c session.SessionChange) error {
	r, err := m.enter(ctx, c.Session.ID)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	if r.ops.has(c.Op) {
		return nil
	}
	if r.session.Version != c.Session.Version {
		return session.ErrConflict
	}
	if u := r.unsettled(); c.Quiet && u != (session.Unsettled{}) {
		return session.Fail(session.Refused, "close_unsettled", "questions", u.Questions, "copies", u.Copies)
	}
	m.write(r, c)
	return nil
}

// copySession copies through the stored form, so that a test sees what a real
// store would give back.
func copySession(s session.Session) session.Session {
	out := through(s)
	out.Version, out.Head = s.Version, s.Head
	return out
}

func copyQuestion(q session.Question) session.Question {
	out := through(q)
	out.Ref, out.Version, out.Head = q.Ref, q.Version, q.Head
	return out
}

func through[T any](v T) T {
	var out T
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		panic(err) // a document of the domain that is no JSON: a bug
	}
	return out
}
