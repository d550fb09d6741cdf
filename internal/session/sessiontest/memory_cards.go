package sessiontest

import (
	"context"
	"fmt"
	"time"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

var _ delivery.Cards = (*Memory)(nil)

// The classes of cards that are out of date; the lower is drawn first.
const (
	pressedClass = iota // somebody just pressed a button on it
	newClass
	redrawClass
	boardClass = newClass // never behind a stream of other redraws
)

// classOf is the class of a change by its author: what the program does by itself
// can wait.
func classOf(r session.Role, otherwise int) int {
	if r == session.System || r == session.Asker {
		return max(otherwise, newClass)
	}
	return pressedClass
}

// deck is the cards of one desk.
type deck struct {
	stamp int64
	cards map[int]*card
}

type card struct {
	dirty   bool
	class   int
	order   int64 // when it went out of date first
	stamp   int64 // when it went out of date last
	message session.MessageID
	posting bool // somebody may have posted it and nobody recorded it
}

func (r *room) deck(l session.Lane) *deck {
	if r.board[l] == nil {
		r.board[l] = &deck{cards: map[int]*card{}}
	}
	return r.board[l]
}

// dirty marks a card as out of date; a nil lane has no cards.
func (r *room) dirty(l *session.Lane, n, class int) {
	if l == nil {
		return
	}
	d := r.deck(*l)
	c := d.cards[n]
	if c == nil {
		c = &card{}
		d.cards[n] = c
	}
	d.stamp++
	c.stamp = d.stamp
	if !c.dirty || class < c.class {
		c.dirty, c.class, c.order = true, class, d.stamp
	}
}

// Dirty is delivery.Cards'.
func (m *Memory) Dirty(ctx context.Context, id session.ID, at session.Lane, ttl time.Duration) (delivery.CardLease, bool, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return delivery.CardLease{}, false, err
	}
	defer m.mu.Unlock()
	now := m.now()
	l, d := r.outbox.lane(at), r.deck(at)
	n, ok := d.first()
	if !ok || l.busy(now) > 0 {
		return delivery.CardLease{}, false, nil
	}
	l.fence++
	l.holder, l.until = &member{n, "card"}, now.Add(ttl)
	c := d.cards[n]
	lease := delivery.CardLease{Lane: at, Number: n, Message: c.message, Open: c.posting, Fence: l.fence, Stamp: c.stamp}
	c.posting = c.message == ""
	return lease, true, nil
}

func (d *deck) first() (best int, ok bool) {
	for n, c := range d.cards {
		b := d.cards[best]
		if c.dirty && (!ok || c.class < b.class || c.class == b.class && c.order < b.order) {
			best, ok = n, true
		}
	}
	return best, ok
}

// Drawn is delivery.Cards'.
func (m *Memory) Drawn(ctx context.Context, id session.ID, c delivery.CardLease, at session.MessageID) error {
	return m.endCard(ctx, id, c, 0, func(k *card) {
		k.posting = false
		if at != "" {
			k.message = at
		}
		k.dirty = k.stamp != c.Stamp
	})
}

// Undrawn is delivery.Cards'.
func (m *Memory) Undrawn(ctx context.Context, id session.ID, c delivery.CardLease, wait time.Duration, keep bool) error {
	return m.endCard(ctx, id, c, wait, func(k *card) { k.posting = k.posting && keep })
}

func (m *Memory) endCard(ctx context.Context, id session.ID, c delivery.CardLease, wait time.Duration, end func(*card)) error {
	r, err := m.enter(ctx, id)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	l := r.outbox.lane(c.Lane)
	if l.ended == c.Fence {
		return nil
	}
	if l.holder == nil || *l.holder != (member{c.Number, "card"}) || l.fence != c.Fence {
		return fmt.Errorf("card %d: %w", c.Number, session.ErrFenced)
	}
	l.giveBack(m.now(), wait)
	end(r.deck(c.Lane).cards[c.Number])
	return nil
}

// Outdated is delivery.Cards'.
func (m *Memory) Outdated(ctx context.Context, id session.ID, l session.Lane) (n int, err error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	for _, c := range r.deck(l).cards {
		if c.dirty {
			n++
		}
	}
	return n, nil
}
