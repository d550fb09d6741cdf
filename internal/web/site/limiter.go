package site

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// remembered bounds a Limiter's memory: about 2 MB. Who has more addresses than
// that is stopped by the session's own bound on questions.
const remembered = 10_000

// Limiter lets each address do something so often and no more. It forgets the
// addresses that were away the longest.
type Limiter struct {
	every time.Duration
	burst int

	mu     sync.Mutex
	recent *list.List // of *visitor, the last one seen first
	known  map[netip.Prefix]*list.Element
}

type visitor struct {
	from  netip.Prefix
	limit *rate.Limiter
}

// NewLimiter allows perMinute calls a minute, all of which may come at once; 0 is
// no limit.
func NewLimiter(perMinute int) *Limiter {
	l := &Limiter{burst: perMinute, recent: list.New(), known: map[netip.Prefix]*list.Element{}}
	if perMinute > 0 {
		l.every = time.Minute / time.Duration(perMinute)
	}
	return l
}

// Take counts a call from an address at a time; ok is false when it came too early,
// and wait says by how much.
func (l *Limiter) Take(from netip.Addr, now time.Time) (wait time.Duration, ok bool) {
	if l.burst <= 0 {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.visitor(network(from)).ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait == 0 {
		return 0, true
	}
	r.CancelAt(now)
	return wait, false
}

// network is what counts as one address: whoever has an IPv6 address has a /64.
func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}

func (l *Limiter) visitor(from netip.Prefix) *rate.Limiter {
	if e, ok := l.known[from]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*visitor).limit
	}
	if l.recent.Len() >= remembered {
		old := l.recent.Remove(l.recent.Back()).(*visitor)
		delete(l.known, old.from)
	}
	v := &visitor{from, rate.NewLimiter(rate.Every(l.every), l.burst)}
	l.known[from] = l.recent.PushFront(v)
	return v.limit
}
