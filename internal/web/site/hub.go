package site

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"experthour/internal/session"
)

// How changes are seen.
const (
	pollEvery = time.Second     // a vote, and a change whose wake-up was lost
	lookFor   = 2 * time.Second // readers are not kept waiting longer for a store that does not answer
	linger    = time.Minute     // how long an hour is followed that nobody reads
	holding   = 500 * time.Millisecond
	listFor   = 15 * time.Second
	mostHours = 1000 // followed at once
)

// fromHere marks the place of a page that was drawn when the store could not be asked.
const fromHere = "-"

// Source is the part of session.Views that a Hub needs.
type Source interface {
	Updates(ctx context.Context, since map[session.ID]session.Update) (map[session.ID]session.Update, error)
}

// Hub knows which hours are read, and what changes in them. However many their readers and
// however many the hours, what happened is asked for in one round trip: when something wakes
// the hub, and once a second. What readers see is made once for each change (Moment, Once), and
// live events are written to all of them. Nothing waits in the store.
type Hub struct {
	ctx    context.Context
	source Source
	log    *slog.Logger
	refuse func(http.ResponseWriter, *http.Request, error)
	from   func(*http.Request) netip.Addr
	now    func() time.Time
	gate   *Gate

	// Quiet tells, before the first reader comes, after which verbs some readers are shown
	// nothing: such a change makes no Moment, and never stands for an earlier one, which they
	// would miss. nil is none.
	Quiet func(session.Verb) bool
	// Hold is how long a Moment lasts at least: changes that come faster are seen together.
	Hold time.Duration

	woken chan struct{}
	turn  chan struct{} // who looks

	mu       sync.Mutex
	streams  map[session.ID]*stream
	places   map[place]int // of live readers
	wakes    int           // of all hours
	list     *Moment
	listed   int // wakes when list was made
	listedAt time.Time
	failures int // of looks, and what the last one said
	failed   error
}

// rendering bounds what is made at once for readers, and waiting how many wait for it.
const (
	rendering = 8
	waiting   = 512
)

// NewHub makes a hub that ends with ctx, and its readers too.
func (s *Site) NewHub(ctx context.Context, source Source) *Hub {
	h := &Hub{ctx: ctx, source: source, log: s.Log, refuse: s.Refuse, from: s.ClientAddr, now: s.Now, Hold: holding,
		gate:  NewGate(rendering, waiting),
		woken: make(chan struct{}, 1), turn: make(chan struct{}, 1), streams: map[session.ID]*stream{}, places: map[place]int{}}
	go h.run()
	return h
}

// Wake says that something may have happened in an hour: whoever reads it from now on sees it.
// It does not block.
func (h *Hub) Wake(id session.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.wakes++
	s, ok := h.streams[id]
	if !ok {
		return
	}
	s.wanted++
	if len(s.readers) == 0 {
		return // the next one looks
	}
	select {
	case h.woken <- struct{}{}:
	default:
	}
}

// Moment is an hour as it is now, but for Hold: as it was after the last change in this process,
// and after those of others but for the way of their wake-up. While nothing happens it costs
// nothing. An hour that does not exist is NotFound.
func (h *Hub) Moment(ctx context.Context, id session.ID) (*Moment, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, err := h.stream(id)
	if err == nil {
		err = h.await(ctx, s, s.wanted)
	}
	if err != nil {
		return nil, err
	}
	s.renew(false)
	return s.moment, nil
}

// await looks until a stream has seen what is wanted. The caller holds the lock.
func (h *Hub) await(ctx context.Context, s *stream, wanted int) error {
	for s.seen < wanted {
		h.mu.Unlock()
		err := h.look(ctx, false)
		h.mu.Lock()
		if err != nil {
			return err
		}
		if s.unknown {
			return session.Fail(session.NotFound, "session_unknown", "session", string(s.id))
		}
	}
	return nil
}

// List is the list of all hours as it is now, up to the way of a wake-up.
func (h *Hub) List() *Moment {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	if h.list == nil || h.listed != h.wakes && h.list.over() || now.Sub(h.listedAt) >= listFor {
		h.list, h.listed, h.listedAt = h.moment("", nil), h.wakes, now
	}
	return h.list
}

// Position names the last change of a session that this process has seen. Ask for it before
// reading what a page shows, write it into the page, and have the page's script connect with
// ?after=POSITION: then nothing falls between page and events.
func (h *Hub) Position(ctx context.Context, id session.ID) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, err := h.stream(id)
	if err == nil {
		err = h.await(ctx, s, 1)
	}
	if err != nil {
		return fromHere
	}
	return s.at.Last
}

// stream returns the running stream of a session, starting it when there is none. The caller
// holds the lock.
func (h *Hub) stream(id session.ID) (*stream, error) {
	s, ok := h.streams[id]
	if !ok && len(h.streams) >= mostHours {
		return nil, errCrowd
	}
	if !ok {
		s = &stream{hub: h, id: id, wanted: 1, readers: map[*reader]bool{}}
		h.streams[id] = s
	}
	s.used = time.Now() // of the machine, as the poll is
	return s, nil
}

// run looks when it is woken, and once a second at everything.
func (h *Hub) run() {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-h.ctx.Done():
			return
		case <-h.woken:
			err = h.look(h.ctx, false)
		case <-tick.C:
			h.sweep()
			err = h.look(h.ctx, true)
		}
		if err != nil && h.ctx.Err() == nil {
			h.log.Debug("what happened is not known", "error", err)
		}
	}
}

// sweep ends the streams of hours that nobody reads.
func (h *Hub) sweep() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, s := range h.streams {
		if len(s.readers) == 0 && time.Since(s.used) >= linger {
			delete(h.streams, id)
		}
	}
}

// look asks what happened in the hours that wait for it, or in all. One look goes on at a time,
// and answers everybody who waits; when it fails, it failed for all who waited meanwhile.
func (h *Hub) look(ctx context.Context, all bool) error {
	h.mu.Lock()
	failures := h.failures
	h.mu.Unlock()
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	asked, err := h.ask(all, failures)
	if err != nil || len(asked) == 0 {
		return err
	}
	since := map[session.ID]session.Update{}
	for s := range asked {
		since[s.id] = s.at // only looking changes it
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookFor)
	defer cancel()
	updates, err := h.source.Updates(ctx, since)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		return h.fail(asked, err)
	}
	for s, wanted := range asked {
		u, ok := updates[s.id]
		s.update(u, ok, wanted)
	}
	return nil
}

// ask lists the streams to look at, and what each of them has then seen.
func (h *Hub) ask(all bool, failures int) (map[*stream]int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failures != failures {
		return nil, h.failed
	}
	asked := map[*stream]int{}
	for _, s := range h.streams {
		if all || s.seen < s.wanted {
			asked[s] = s.wanted
		}
	}
	return asked, nil
}

// fail makes the next reader of each hour look once more, who then learns that the store is away.
func (h *Hub) fail(asked map[*stream]int, err error) error {
	h.failures, h.failed = h.failures+1, err
	for s, wanted := range asked {
		s.wanted = max(s.wanted, wanted, s.seen+1)
	}
	return err
}
