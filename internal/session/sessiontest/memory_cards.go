package sessiontest

import (
	"context"
	"fmt"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

var _ delivery.Cards = (*Memory)(nil)

// classOf is the class of a change by its author: what somebody at the desk pressed.
func classOf(r session.Role) connector.CardClass {
	if r == session.Moderator || r == session.ExpertRole {
		return connector.CardPressed
	}
	return connector.CardOther
}

// deck is the cards of one desk.
type deck struct {
	stamp, fence int64
	cards        map[int]*card
	of           map[session.MessageID]int
	lines        [connector.CardClasses]cardLine
	calls        cardLine
}

// cardLine says who draws the cards of one class, or posts calls.
type cardLine struct {
	fence     int64
	holder    *int
	until     time.Time
	notBefore time.Time
	ended     int64     // as in lane
	batch     []covered // what Batch took; without it, the holder's card alone
}

// covered is a card that somebody draws, and the dirt that the drawing covers.
type covered struct {
	number int
	stamp  int64
}

type card struct {
	dirty   bool
	lost    bool // held for a person
	class   connector.CardClass
	order   int64 // within the class
	stamp   int64 // when it went out of date last
	pressed int64 // and by somebody at the desk, if that was not drawn since
	message session.MessageID
	posting bool // somebody may have posted it and nobody recorded it
	stood   bool // it was posted once, and its message is gone

	called, calling, wanted int   // see delivery.CallLease
	tries                   int   // of calling
	waits                   int64 // the place of its call in line; 0 is none
}

// late is behind all the numbers of questions.
const late = 1 << 40

func (r *room) deck(l session.Lane) *deck {
	if r.board[l] == nil {
		r.board[l] = &deck{cards: map[int]*card{}, of: map[session.MessageID]int{}}
	}
	return r.board[l]
}

// dirty marks a card as out of date; a nil lane has no cards.
func (r *room) dirty(l *session.Lane, n int, class connector.CardClass) {
	if l != nil {
		r.deck(*l).dirty(n, class)
	}
}

func (d *deck) dirty(n int, class connector.CardClass) {
	c := d.cards[n]
	if c == nil {
		c = &card{}
		d.cards[n] = c
	}
	d.stamp++
	c.stamp = d.stamp
	if class == connector.CardPressed {
		c.pressed = d.stamp
	}
	if c.lost && c.message == "" {
		return
	}
	class, order := c.place(n, class)
	if !c.dirty || !c.fits() || class < c.class || class == c.class && order < c.order {
		c.dirty, c.lost, c.class, c.order = true, false, class, order
	}
}

// place is where a card belongs that goes out of date now.
func (c *card) place(n int, class connector.CardClass) (connector.CardClass, int64) {
	switch {
	case n == 0:
		return connector.CardBoard, 0
	case c.message == "":
		return connector.CardNew, int64(n)
	}
	return class, c.stamp
}

// fits reports whether the line of a card is still one for it.
func (c *card) fits() bool {
	return c.class == connector.CardBoard || (c.class == connector.CardNew) == (c.message == "")
}

func (l *cardLine) busy(now time.Time) bool { return l.holder != nil && l.until.After(now) }

func (l *cardLine) waits(now time.Time) bool { return l.notBefore.After(now) }

func (l *cardLine) lease(d *deck, n int, until time.Time) {
	d.fence++
	l.fence, l.holder, l.until, l.batch = d.fence, &n, until, nil
}

func (l *cardLine) holds(n int, fence int64) bool {
	return l.holder != nil && *l.holder == n && l.fence == fence
}

func (l *cardLine) giveBack(now time.Time, wait time.Duration) {
	l.holder, l.ended = nil, l.fence
	if until := now.Add(wait); wait > 0 && until.After(l.notBefore) {
		l.notBefore = until
	}
}

// waiting reports whether a class may draw nothing now.
func (d *deck) waiting(class connector.CardClass, now time.Time) bool {
	if d.lines[class].waits(now) {
		return true
	}
	board := d.cards[0]
	return class == connector.CardNew && board != nil && board.dirty && board.message == "" && !d.lines[connector.CardBoard].waits(now)
}

// Outdated is delivery.Cards'.
func (m *Memory) Outdated(ctx context.Context, id session.ID, l session.Lane) (b delivery.Backlog, err error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return b, err
	}
	defer m.mu.Unlock()
	d, now := r.deck(l), m.now()
	for _, c := range d.cards {
		if c.dirty && !d.waiting(c.class, now) {
			b.Cards[c.class].Dirty++
		}
		if c.waits > 0 && !d.calls.waits(now) {
			b.Calls.Dirty++
		}
	}
	for class := range d.lines {
		b.Cards[class].Busy = d.lines[class].busy(now)
	}
	b.Calls.Busy = d.calls.busy(now)
	return b, nil
}

// Dirty is delivery.Cards'.
func (m *Memory) Dirty(ctx context.Context, id session.ID, at session.Lane, class connector.CardClass, ttl time.Duration) (delivery.CardLease, bool, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return delivery.CardLease{}, false, err
	}
	defer m.mu.Unlock()
	d, now := r.deck(at), m.now()
	l := &d.lines[class]
	n, ok := d.first(class)
	if !ok || l.busy(now) || d.waiting(class, now) {
		return delivery.CardLease{}, false, nil
	}
	l.lease(d, n, now.Add(ttl))
	c := d.cards[n]
	lease := delivery.CardLease{Lane: at, Class: class, Number: n, Message: c.message, Open: c.posting, Fence: l.fence, Stamp: c.stamp}
	c.posting = c.message == ""
	return lease, true, nil
}

func (d *deck) first(class connector.CardClass) (best int, ok bool) {
	for n, c := range d.cards {
		if c.dirty && c.class == class && (!ok || c.order < d.cards[best].order) {
			best, ok = n, true
		}
	}
	return best, ok
}

// Drawn is delivery.Cards'.
func (m *Memory) Drawn(ctx context.Context, id session.ID, c delivery.CardLease, at session.MessageID, call int) error {
	return m.endCard(ctx, id, c, 0, func(d *deck, _ []covered) {
		if c.Message == "" {
			d.cards[c.Number].posting = false
			d.stand(c.Number, at)
		}
		d.shown(covered{c.Number, c.Stamp}, call)
	})
}

// shown says that a card shows what it should as of a stamp.
func (d *deck) shown(c covered, call int) {
	k := d.cards[c.number]
	if call > k.called && k.message != "" {
		k.wanted = call
		d.queue(k, false)
	}
	if k.pressed <= c.stamp {
		k.pressed = 0
	}
	current := k.stamp == c.stamp
	if current {
		k.dirty = false
	}
	if !current || d.drawing(c.number) {
		d.again(c)
	}
}

// stand records where a card stands; one that was edited stands where it stood.
func (d *deck) stand(n int, at session.MessageID) {
	if at != "" {
		d.cards[n].message = at
		d.of[at] = n
	}
}

// queue puts the call of a card in line, or at its end.
func (d *deck) queue(k *card, last bool) {
	if k.waits == 0 || last {
		d.stamp++
		k.waits = d.stamp
	}
}

// drawing reports whether somebody holds or abandoned a lease of the card.
func (d *deck) drawing(n int) bool {
	for _, l := range d.lines {
		if l.holder != nil && *l.holder == n {
			return true
		}
	}
	return false
}

// again marks a card as out of date after a lease that may not have the last word.
func (d *deck) again(c covered) {
	if d.cards[c.number].pressed > c.stamp {
		d.dirty(c.number, connector.CardPressed)
		return
	}
	d.dirty(c.number, connector.CardOther)
}

// Undrawn is delivery.Cards'.
func (m *Memory) Undrawn(ctx context.Context, id session.ID, c delivery.CardLease, why delivery.CardEnd, wait time.Duration) error {
	return m.endCard(ctx, id, c, wait, func(d *deck, all []covered) {
		for _, one := range all {
			d.missed(one, c.Message, why)
		}
	})
}

// missed says that a card was not drawn that stood at a message, or nowhere.
func (d *deck) missed(c covered, at session.MessageID, why delivery.CardEnd) {
	k := d.cards[c.number]
	open := why == delivery.CardUnsure || why == delivery.CardLost
	if at == "" && !open {
		k.posting = false
	}
	if why == delivery.CardGone && k.message == at {
		k.message, k.waits, k.stood = "", 0, true
	}
	current := k.stamp == c.stamp
	d.again(c)
	switch {
	case why == delivery.CardLost && k.message == "":
		k.dirty, k.lost = false, true
	case why == delivery.CardRefused && current:
		d.last(k)
	}
}

// last puts a card at the end of its line; what was pressed waits with the others.
func (d *deck) last(k *card) {
	if k.class == connector.CardPressed {
		k.class = connector.CardOther
	}
	k.order = late + k.stamp
}

// endCard ends a lease; end gets what it covered.
func (m *Memory) endCard(ctx context.Context, id session.ID, c delivery.CardLease, wait time.Duration, end func(*deck, []covered)) error {
	r, err := m.enter(ctx, id)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	d := r.deck(c.Lane)
	l := &d.lines[c.Class]
	if l.ended == c.Fence {
		return nil
	}
	if !l.holds(c.Number, c.Fence) {
		return fmt.Errorf("card %d: %w", c.Number, session.ErrFenced)
	}
	all := l.batch
	if all == nil {
		all = []covered{{c.Number, c.Stamp}}
	}
	l.giveBack(m.now(), wait)
	end(d, all)
	return nil
}
