package sessiontest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

var _ delivery.Outbox = (*Memory)(nil)

// member names a copy of a question within a session.
type member struct {
	number int
	copy   string
}

func memberOf(f session.Finish) member { return member{f.Question, f.Copy} }

// outbox is what one session has to bring out.
type outbox struct {
	sequence int
	copies   map[member]*copyState
	lanes    map[session.Lane]*lane
}

// copyState is what the outbox knows about a copy: what is wanted, whether that is
// due, and what is being tried.
type copyState struct {
	lane   session.Lane
	wanted int
	due    bool
	class  session.Class
	order  int

	open   bool // somebody may have sent something and nobody recorded it
	intent int
	since  time.Time
	tries  int
}

// lane says who may work at a place. holder is a copy, or a card under its number
// with the copy "card".
type lane struct {
	fence     int64
	holder    *member
	until     time.Time
	notBefore time.Time
	ended     int64 // the last lease that was given back, so that a repeat is recognised
}

func newOutbox() outbox {
	return outbox{copies: map[member]*copyState{}, lanes: map[session.Lane]*lane{}}
}

func (o *outbox) deliver(d session.Delivery) {
	k := member{d.Question, d.Copy}
	c := o.copies[k]
	if c == nil {
		c = &copyState{}
		o.copies[k] = c
	}
	o.sequence++
	c.lane, c.wanted, c.due, c.class, c.order = d.Lane(), d.Wanted, d.Due, d.Class, o.sequence
	if !d.Due {
		c.class = session.ClassTakeBack // if anything is left, it is finding out and taking back
	}
	o.tidy(k)
}

// tidy forgets a copy about which nothing is left to do.
func (o *outbox) tidy(k member) {
	if c := o.copies[k]; c != nil && !c.due && !c.open {
		delete(o.copies, k)
	}
}

func (o *outbox) settling(number int) bool {
	for k, c := range o.copies {
		if k.number == number && c.open && !c.due {
			return true
		}
	}
	return false
}

func (o *outbox) lane(l session.Lane) *lane {
	if o.lanes[l] == nil {
		o.lanes[l] = &lane{}
	}
	return o.lanes[l]
}

func (o *outbox) holds(f session.Finish) bool {
	l := o.lane(f.Lane)
	return l.holder != nil && *l.holder == memberOf(f) && l.fence == f.Fence
}

// finish ends a lease whose outcome is known.
func (o *outbox) finish(f session.Finish) {
	o.lane(f.Lane).holder = nil
	if c := o.copies[memberOf(f)]; c != nil {
		c.open, c.tries = false, 0
	}
}

// Lanes is delivery.Outbox's.
func (m *Memory) Lanes(ctx context.Context, id session.ID) ([]session.Lane, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var ls []session.Lane
	for _, c := range r.outbox.copies {
		if !slices.Contains(ls, c.lane) {
			ls = append(ls, c.lane)
		}
	}
	slices.SortFunc(ls, func(a, b session.Lane) int {
		return cmp.Or(cmp.Compare(a.Connector, b.Connector), cmp.Compare(a.Place, b.Place))
	})
	return ls, nil
}

// Lease is delivery.Outbox's.
func (m *Memory) Lease(ctx context.Context, id session.ID, at session.Lane, ttl time.Duration) (delivery.Lease, time.Duration, bool, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return delivery.Lease{}, 0, false, err
	}
	defer m.mu.Unlock()
	now := m.now()
	l := r.outbox.lane(at)
	if wait := l.busy(now); wait > 0 {
		return delivery.Lease{}, wait, false, nil
	}
	k, ok := r.outbox.first(at, r.session.Running())
	if !ok {
		return delivery.Lease{}, 0, false, nil
	}
	return r.outbox.lease(l, at, k, now, ttl), 0, true, nil
}

// busy says how long nobody else may work in the lane.
func (l *lane) busy(now time.Time) time.Duration {
	until := l.notBefore
	if l.holder != nil && l.until.After(until) {
		until = l.until
	}
	return max(until.Sub(now), 0)
}

// first finds what leaves next: take-backs always, the rest while running.
func (o *outbox) first(at session.Lane, running bool) (best member, ok bool) {
	for k, c := range o.copies {
		if c.lane != at || !running && c.class != session.ClassTakeBack {
			continue
		}
		if b := o.copies[best]; !ok || cmp.Or(cmp.Compare(c.class, b.class), cmp.Compare(c.order, b.order)) < 0 {
			best, ok = k, true
		}
	}
	return best, ok
}

func (o *outbox) lease(l *lane, at session.Lane, k member, now time.Time, ttl time.Duration) delivery.Lease {
	c := o.copies[k]
	l.fence++
	l.holder, l.until = &k, now.Add(ttl)
	c.tries++
	lease := delivery.Lease{Finish: session.Finish{Lane: at, Question: k.number, Copy: k.copy, Fence: l.fence},
		Wanted: c.wanted, Open: c.open, Tries: c.tries}
	if c.open {
		lease.Intent = c.intent
	} else {
		c.open, c.intent, c.since = true, c.wanted, now
	}
	lease.Since = c.since
	return lease
}

// Defer is delivery.Outbox's.
func (m *Memory) Defer(ctx context.Context, id session.ID, f session.Finish, wait time.Duration, keep bool) error {
	r, err := m.enter(ctx, id)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	l := r.outbox.lane(f.Lane)
	if l.ended == f.Fence && f.Fence != 0 {
		return nil
	}
	if !r.outbox.holds(f) {
		return fmt.Errorf("defer %d %s: %w", f.Question, f.Copy, session.ErrFenced)
	}
	l.giveBack(m.now(), wait)
	if c := r.outbox.copies[memberOf(f)]; c != nil && !keep {
		c.open = false
		r.outbox.tidy(memberOf(f))
	}
	return nil
}

func (l *lane) giveBack(now time.Time, wait time.Duration) {
	l.holder, l.ended = nil, l.fence
	if until := now.Add(wait); wait > 0 && until.After(l.notBefore) {
		l.notBefore = until
	}
}
