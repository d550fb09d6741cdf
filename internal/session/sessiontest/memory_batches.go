package sessiontest

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// Waiting is delivery.Cards'.
func (m *Memory) Waiting(ctx context.Context, id session.ID, l session.Lane) (int, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	count := 0
	for _, c := range r.deck(l).cards {
		if c.dirty && c.class == connector.CardNew && !c.stood {
			count++
		}
	}
	return count, nil
}

// Batch is delivery.Cards'.
func (m *Memory) Batch(ctx context.Context, id session.ID, c delivery.CardLease, most int) ([]int, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	d := r.deck(c.Lane)
	l := &d.lines[connector.CardNew]
	if c.Class != connector.CardNew || !l.holds(c.Number, c.Fence) {
		return nil, fmt.Errorf("card %d: %w", c.Number, session.ErrFenced)
	}
	if l.batch == nil {
		l.batch = d.batch(c, most)
	}
	var numbers []int
	for _, one := range l.batch {
		d.cards[one.number].posting = true
		numbers = append(numbers, one.number)
	}
	return numbers, nil
}

// batch chooses what may share a message with a leased card.
func (d *deck) batch(c delivery.CardLease, most int) []covered {
	all := []covered{{c.Number, d.cards[c.Number].stamp}}
	if c.Open || !d.cards[c.Number].unseen() {
		return all
	}
	var others []int
	for n, k := range d.cards {
		if n != c.Number && k.unseen() && !k.posting {
			others = append(others, n)
		}
	}
	slices.SortFunc(others, func(a, b int) int { return cmp.Compare(d.cards[a].order, d.cards[b].order) })
	for _, n := range others[:min(len(others), most-1)] {
		all = append(all, covered{n, d.cards[n].stamp})
	}
	return all
}

// unseen reports whether a card was never posted, nor refused.
func (c *card) unseen() bool {
	return c.dirty && c.class == connector.CardNew && !c.stood && c.order < late
}

// Batched is delivery.Cards'.
func (m *Memory) Batched(ctx context.Context, id session.ID, c delivery.CardLease, at map[int]session.MessageID, calls map[int]int) error {
	return m.endCard(ctx, id, c, 0, func(d *deck, all []covered) {
		for _, one := range all {
			k, spot := d.cards[one.number], at[one.number]
			switch {
			case spot == "":
				d.missed(one, "", delivery.CardRefused)
			case k.message != "":
				k.posting = false
				d.of[spot] = one.number
			default:
				k.posting = false
				d.stand(one.number, spot)
				d.shown(one, calls[one.number])
			}
		}
	})
}
