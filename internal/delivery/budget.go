package delivery

import (
	"context"
	"fmt"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

// budgets are what every call at a place takes a token of.
func budgets(l connector.Limits, lane session.Lane) []connector.Budget {
	return limited([]connector.Budget{
		{Name: placeName(lane), Rate: l.PerPlace},
		{Name: string(lane.Connector), Rate: l.Overall},
	})
}

// cardBudgets are those of a drawing.
func cardBudgets(l connector.Limits, lane session.Lane, class connector.CardClass) []connector.Budget {
	b := l.Cards[class]
	b.Name = placeName(lane) + "#" + b.Name
	return append(limited([]connector.Budget{b}), budgets(l, lane)...)
}

func placeName(lane session.Lane) string { return fmt.Sprintf("%s/%s", lane.Connector, lane.Place) }

func limited(all []connector.Budget) []connector.Budget {
	var bs []connector.Budget
	for _, b := range all {
		if b.Rate.Most > 0 {
			bs = append(bs, b)
		}
	}
	return bs
}

// await takes a token of each budget, however long it takes; ok is false when ctx ended
// first. It is for those who hold no lease.
func await(ctx context.Context, o Outbox, c session.ConnectorID, bs []connector.Budget) (ok bool, err error) {
	for {
		wait, err := o.Token(ctx, c, bs...)
		if err != nil || wait <= 0 {
			return err == nil, err
		}
		if !backoff.Pause(ctx, wait) {
			return false, nil
		}
	}
}

// Turn waits until a desk's place takes one more message or edit of a class, and counts
// it: for what a connector does there besides drawing.
func Turn(ctx context.Context, o Outbox, l connector.Limits, lane session.Lane, class connector.CardClass) error {
	ok, err := await(ctx, o, lane.Connector, cardBudgets(l, lane, class))
	if err == nil && !ok {
		err = ctx.Err()
	}
	return err
}

// holdBack keeps budgets from giving out tokens while a platform wants to be left alone.
func holdBack(ctx context.Context, o Outbox, c session.ConnectorID, bs []connector.Budget, e *connector.SendError) error {
	if e.Outcome != connector.Deferred || e.Wait <= 0 {
		return nil
	}
	for _, b := range bs {
		if err := o.Hold(ctx, c, b.Name, e.Wait); err != nil {
			return fmt.Errorf("hold %s: %w", b.Name, err)
		}
	}
	return nil
}
