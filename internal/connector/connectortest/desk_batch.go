package connectortest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// BatchDesk is a desk like a group of a messenger: several new cards can share one
// message, people can be called, and nothing can be looked up.
type BatchDesk struct {
	*BlindDesk
	batches []Batch
}

// Batch is a message that several cards share.
type Batch struct {
	ID    session.MessageID
	Cards []connector.Card // those that are left on it
}

var (
	_ connector.Batcher = (*BatchDesk)(nil)
	_ connector.Caller  = (*BatchDesk)(nil)
)

// NewBatchDesk makes an empty desk of that name.
func NewBatchDesk(id session.ConnectorID, l connector.Limits) *BatchDesk {
	return &BatchDesk{BlindDesk: NewBlindDesk(id, l)}
}

// Batches lists the shared messages, the oldest first.
func (d *BatchDesk) Batches() []Batch {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := slices.Clone(d.batches)
	for i := range all {
		all[i].Cards = slices.Clone(all[i].Cards)
	}
	return all
}

// PostBatch adds a shared message. It refuses what no desk has to take.
func (d *BatchDesk) PostBatch(ctx context.Context, cs []connector.Card) (at map[int]session.MessageID, err error) {
	if len(cs) == 0 || len(cs) > connector.MostBatch || slices.ContainsFunc(cs, func(c connector.Card) bool { return c.Number == 0 }) {
		return nil, refused("not a batch")
	}
	err = d.call(ctx, CardCall{Op: OpBatch, Card: cs[0], Cards: cs}, func() error {
		id := session.MessageID(fmt.Sprintf("batch-%d", len(d.batches)+1))
		d.batches = append(d.batches, Batch{ID: id, Cards: slices.Clone(cs)})
		at = map[int]session.MessageID{}
		for _, c := range cs {
			at[c.Number] = session.MessageID(fmt.Sprintf("%s#%d", id, c.Number))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return at, nil
}

// UpdateCard takes a card off its shared message and says that it is gone.
func (d *BatchDesk) UpdateCard(ctx context.Context, at session.MessageID, c connector.Card) error {
	id, _, shared := strings.Cut(string(at), "#")
	if !shared {
		return d.BlindDesk.UpdateCard(ctx, at, c)
	}
	return d.call(ctx, CardCall{Op: OpUpdate, Card: c, At: at}, func() error {
		for i := range d.batches {
			if b := &d.batches[i]; b.ID == session.MessageID(id) {
				b.Cards = slices.DeleteFunc(b.Cards, func(o connector.Card) bool { return o.Number == c.Number })
			}
		}
		return fmt.Errorf("update %s: %w", at, connector.ErrGone)
	})
}

// PostCall posts a call under a card with a message of its own; any other is gone.
func (d *BatchDesk) PostCall(ctx context.Context, at session.MessageID, c connector.Card) (session.MessageID, error) {
	return d.postCall(ctx, at, c)
}

// TakeCall takes a call away.
func (d *BatchDesk) TakeCall(ctx context.Context, call session.MessageID, c connector.Card) error {
	return d.takeCall(ctx, call, c)
}
