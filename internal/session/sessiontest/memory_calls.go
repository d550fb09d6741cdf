package sessiontest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// Call is delivery.Cards'.
func (m *Memory) Call(ctx context.Context, id session.ID, at session.Lane, ttl time.Duration) (delivery.CallLease, bool, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return delivery.CallLease{}, false, err
	}
	defer m.mu.Unlock()
	d, now := r.deck(at), m.now()
	n, ok := d.firstCall()
	if !ok || d.calls.busy(now) || d.calls.waits(now) {
		return delivery.CallLease{}, false, nil
	}
	d.calls.lease(d, n, now.Add(ttl))
	c := d.cards[n]
	if c.calling != 0 {
		c.tries++
	}
	return delivery.CallLease{Lane: at, Number: n, Message: c.message, Called: c.called, Intent: c.calling, Wanted: c.wanted, Tries: c.tries,
		Fence: d.fence}, true, nil
}

func (d *deck) firstCall() (best int, ok bool) {
	for n, c := range d.cards {
		if c.waits > 0 && (!ok || c.waits < d.cards[best].waits) {
			best, ok = n, true
		}
	}
	return best, ok
}

// Calling is delivery.Cards'.
func (m *Memory) Calling(ctx context.Context, id session.ID, c delivery.CallLease, number int) error {
	return m.withCall(ctx, id, c, func(_ *deck, k *card) { k.intend(number) })
}

// intend writes the intent to post a call, or that there is none.
func (c *card) intend(number int) {
	if c.calling != number {
		c.calling, c.tries = number, 0
	}
}

// Called is delivery.Cards'.
func (m *Memory) Called(ctx context.Context, id session.ID, c delivery.CallLease, number int) error {
	return m.endCall(ctx, id, c, 0, func(_ *deck, k *card) {
		k.called = max(k.called, number)
		k.intend(0)
		if k.wanted <= max(number, c.Wanted) {
			k.waits = 0
		}
	})
}

// Uncalled is delivery.Cards'.
func (m *Memory) Uncalled(ctx context.Context, id session.ID, c delivery.CallLease, wait time.Duration, keep bool) error {
	return m.endCall(ctx, id, c, wait, func(d *deck, k *card) {
		if !keep {
			k.intend(0)
		}
		if k.waits > 0 {
			d.queue(k, true)
		}
	})
}

func (m *Memory) endCall(ctx context.Context, id session.ID, c delivery.CallLease, wait time.Duration, end func(*deck, *card)) error {
	return m.withCall(ctx, id, c, func(d *deck, k *card) {
		d.calls.giveBack(m.now(), wait)
		end(d, k)
	})
}

// withCall does something under the lease of a call, unless that was given back.
func (m *Memory) withCall(ctx context.Context, id session.ID, c delivery.CallLease, do func(*deck, *card)) error {
	r, err := m.enter(ctx, id)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	d := r.deck(c.Lane)
	if d.calls.ended == c.Fence {
		return nil
	}
	if !d.calls.holds(c.Number, c.Fence) {
		return fmt.Errorf("call of card %d: %w", c.Number, session.ErrFenced)
	}
	do(d, d.cards[c.Number])
	return nil
}

// At is delivery.Cards'.
func (m *Memory) At(ctx context.Context, id session.ID, l session.Lane, numbers ...int) (map[int]session.MessageID, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	at := map[int]session.MessageID{}
	for _, n := range numbers {
		if c := r.deck(l).cards[n]; c != nil && c.message != "" {
			at[n] = c.message
		}
	}
	return at, nil
}

// Of is delivery.Cards'.
func (m *Memory) Of(ctx context.Context, id session.ID, l session.Lane, at session.MessageID) (int, bool, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return 0, false, err
	}
	defer m.mu.Unlock()
	n, ok := r.deck(l).of[at]
	return n, ok, nil
}

// Lost is delivery.Cards'.
func (m *Memory) Lost(ctx context.Context, id session.ID, l session.Lane) ([]int, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var ns []int
	for n, c := range r.deck(l).cards {
		if c.lost {
			ns = append(ns, n)
		}
	}
	slices.Sort(ns)
	return ns, nil
}

// Adopt is delivery.Cards'.
func (m *Memory) Adopt(ctx context.Context, id session.ID, l session.Lane, number int, at session.MessageID) error {
	return m.settleCard(ctx, id, l, number, func(d *deck, c *card) {
		if c.message != "" && c.message != at {
			if _, known := d.of[at]; !known {
				d.of[at] = number
			}
			return
		}
		d.stand(number, at)
		c.posting = false
		d.dirty(number, connector.CardOther)
	})
}

// Repost is delivery.Cards'.
func (m *Memory) Repost(ctx context.Context, id session.ID, l session.Lane, number int) error {
	return m.settleCard(ctx, id, l, number, func(d *deck, c *card) {
		if c.lost {
			c.lost, c.posting = false, false
			d.dirty(number, connector.CardOther)
		}
	})
}

// Touch is delivery.Cards'.
func (m *Memory) Touch(ctx context.Context, id session.ID, l session.Lane, number int) error {
	return m.settleCard(ctx, id, l, number, func(d *deck, _ *card) { d.dirty(number, connector.CardOther) })
}

func (m *Memory) settleCard(ctx context.Context, id session.ID, l session.Lane, number int, settle func(*deck, *card)) error {
	r, err := m.enter(ctx, id)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	d := r.deck(l)
	if d.cards[number] == nil {
		return session.Fail(session.NotFound, "question_unknown", "number", number)
	}
	settle(d, d.cards[number])
	return nil
}
