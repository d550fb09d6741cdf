package delivery

import (
	"context"
	"fmt"
	"time"

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

// purse holds one token of each budget, all of the same moment. Whoever waits with it
// empties it first: an old token would be one too many in the span of the call.
type purse struct {
	outbox    Outbox
	connector session.ConnectorID
	budgets   []connector.Budget
	full      bool
}

// fill takes what is missing, or says how long to wait for it.
func (p *purse) fill(ctx context.Context) (wait time.Duration, err error) {
	if p.full || len(p.budgets) == 0 {
		return 0, nil
	}
	wait, err = p.outbox.Token(ctx, p.connector, p.budgets...)
	p.full = err == nil && wait <= 0
	return wait, err
}

// spend empties the purse: the call is made now, or not soon.
func (p *purse) spend() { p.full = false }

// await fills the purse, however long it takes; ok is false when ctx ended first.
func (p *purse) await(ctx context.Context) (ok bool, err error) {
	for {
		wait, err := p.fill(ctx)
		if err != nil || wait <= 0 {
			return err == nil, err
		}
		if !pause(ctx, wait) {
			return false, nil
		}
	}
}

// Turn waits until a desk's place takes one more message or edit of a class, and counts
// it: for what a connector does there besides drawing.
func Turn(ctx context.Context, o Outbox, l connector.Limits, lane session.Lane, class connector.CardClass) error {
	tokens := purse{outbox: o, connector: lane.Connector, budgets: cardBudgets(l, lane, class)}
	ok, err := tokens.await(ctx)
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
