package delivery

import (
	"context"

	"experthour/internal/connector"
)

// together says which cards are drawn under a lease. More than its own are new cards of
// which so many wait that they share messages, where the desk can show that. Such a card
// gets a message of its own when it changes: its update finds it gone.
func (p spot) together(ctx context.Context, l CardLease) ([]int, error) {
	alone := []int{l.Number}
	if _, ok := connector.As[connector.Batcher](p.conn); !ok || l.Class != connector.CardNew || l.Message != "" || l.Open {
		return alone, nil
	}
	if n, err := p.Cards.Waiting(ctx, p.id, p.lane); err != nil || n <= connector.MostBatch {
		return alone, err
	}
	return p.Cards.Batch(ctx, p.id, l, connector.MostBatch)
}

// batch posts several new cards in one message; Batch wrote the intents.
func (p spot) batch(ctx context.Context, l CardLease, cs []connector.Card) error {
	b, _ := connector.As[connector.Batcher](p.conn)
	at, err := b.PostBatch(ctx, cs)
	if err != nil {
		return p.failed(ctx, l, err, p.dark())
	}
	calls := map[int]int{}
	for _, c := range cs {
		calls[c.Number] = p.callOf(c)
	}
	return insist(ctx, func() error { return p.Cards.Batched(ctx, p.id, l, at, calls) })
}
