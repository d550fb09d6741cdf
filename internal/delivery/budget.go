package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

// budgets are what every request at a place takes of.
func budgets(l connector.Limits, lane session.Lane) []connector.Budget {
	bs := []connector.Budget{
		{Name: placeName(lane), Rate: l.PerPlace},
		{Name: string(lane.Connector), Rate: l.Overall},
	}
	for _, b := range l.Budgets {
		b.Name = shared(lane.Connector, b)
		bs = append(bs, b)
	}
	return bs
}

// shared is the name of a budget that all of a connector's places have together.
func shared(c session.ConnectorID, b connector.Budget) string { return string(c) + "#" + b.Name }

// cardBudgets are those of a drawing.
func cardBudgets(l connector.Limits, lane session.Lane, class connector.CardClass) []connector.Budget {
	b := l.Cards[class]
	b.Name = placeName(lane) + "#" + b.Name
	return append(budgets(l, lane), b)
}

func placeName(lane session.Lane) string { return fmt.Sprintf("%s/%s", lane.Connector, lane.Place) }

// costs are what a request takes of budgets.
func costs(r request, bs []connector.Budget, now time.Time) (of []Spend) {
	for _, b := range bs {
		s := Spend{Budget: b.Name, Cost: b.Charge(r.kind, r.price), Most: b.Rate.Most, Per: b.Rate.Per, Until: b.Rate.Ends(now),
			Once: b.Rate.Once}
		switch {
		case b.Priced && b.Rate.Once:
			s.Spare = r.follows
		case b.Priced && b.Rate.Day != nil:
			s.Spare = min(r.follows, s.Most-s.Cost)
		}
		if s.Cost > 0 || s.Spare > 0 {
			of = append(of, s)
		}
	}
	return of
}

// token takes what a request costs of its budgets, or says how long to wait.
func (w *Worker) token(ctx context.Context, c session.ConnectorID, r request, bs []connector.Budget) (time.Duration, error) {
	of := costs(r, bs, w.Now())
	wait, err := w.Outbox.Token(ctx, c, of...)
	if err == nil {
		w.empty.Store(spending{c, r.kind}, w.Now().Add(wait))
	}
	return wait, err
}

// refund gives back what was taken for a post that the platform did not take.
func (w *Worker) refund(ctx context.Context, c session.ConnectorID, r request, bs []connector.Budget, o outcome) error {
	if r.price == 0 || o.result != refused && o.result != later {
		return nil
	}
	bs = slices.DeleteFunc(slices.Clone(bs), func(b connector.Budget) bool { return !b.Priced })
	return w.Outbox.Refund(ctx, c, costs(r, bs, w.Now())...)
}

// spending is a connector's requests of one kind.
type spending struct {
	by   session.ConnectorID
	kind connector.Request
}

// Empty lists the connectors that must not do something for more than a minute, because
// of a budget or because the platform asked for a pause, with until when.
func (w *Worker) Empty() map[session.ConnectorID]time.Time {
	all := map[session.ConnectorID]time.Time{}
	for k, v := range w.empty.Range {
		c, until := k.(spending).by, v.(time.Time)
		if until.Sub(w.Now()) > sweep && until.After(all[c]) {
			all[c] = until
		}
	}
	return all
}

// Turn waits until a desk's place takes one more message or edit of a class, and counts
// it: for what a connector does there besides drawing.
func (w *Worker) Turn(ctx context.Context, l connector.Limits, lane session.Lane, class connector.CardClass) error {
	return w.spend(ctx, lane.Connector, connector.RequestEdit, cardBudgets(l, lane, class))
}

// Spend waits until the budgets of a place have what a request of a connector's own costs,
// and takes it: for what it reads there.
func (w *Worker) Spend(ctx context.Context, l connector.Limits, lane session.Lane, r connector.Request) error {
	return w.spend(ctx, lane.Connector, r, budgets(l, lane))
}

func (w *Worker) spend(ctx context.Context, c session.ConnectorID, r connector.Request, of []connector.Budget) error {
	for {
		wait, err := w.token(ctx, c, request{kind: r}, of)
		if err != nil || wait <= 0 {
			return err
		}
		if !backoff.Pause(ctx, wait) {
			return ctx.Err()
		}
	}
}

// Left is how much is left today of each of a place's budgets of a calendar day, by the name that
// its connector gives it.
func (w *Worker) Left(ctx context.Context, l connector.Limits, c session.ConnectorID) (map[string]int, error) {
	all := map[string]int{}
	for _, b := range l.Budgets {
		if b.Rate.Day == nil {
			continue
		}
		of := Spend{Budget: shared(c, b), Most: b.Rate.Most, Until: b.Rate.Ends(w.Now())}
		n, err := w.Outbox.Left(ctx, c, of)
		if err != nil {
			return nil, err
		}
		all[b.Name] = n
	}
	return all, nil
}

// holdBack keeps budgets from giving out tokens while a platform wants to be left alone.
func (w *Worker) holdBack(ctx context.Context, c session.ConnectorID, bs []connector.Budget, o outcome) error {
	if o.wait <= 0 {
		return nil
	}
	for _, b := range bs {
		if err := w.Outbox.Hold(ctx, c, b.Name, o.wait); err != nil {
			return fmt.Errorf("hold %s: %w", b.Name, err)
		}
	}
	return nil
}
