package delivery

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// free are the costs of a budget of money that counts posts alone.
var free = map[connector.Request]int{connector.RequestPost: 0, connector.RequestEdit: 0, connector.RequestRetract: 0,
	connector.RequestFind: 0, connector.RequestRead: 0}

// ceiling is what the posts of the hour may cost there; none where nobody bounds that. Taking back is
// not counted, for it never waits for money.
func (t *copyTask) ceiling() []connector.Budget {
	most := t.limits().Ceiling
	if most == 0 {
		return nil
	}
	return []connector.Budget{{Name: string("hour " + t.session), Priced: true, Costs: free,
		Rate: connector.Rate{Most: most + t.money.More, Once: true}}}
}

// price is what posting the text costs that is wanted, with its pictures, in thousandths of a dollar.
func (t *copyTask) price() int {
	of := t.limits().Price
	if of == nil {
		return 0
	}
	p := t.post(t.copy.Wanted)
	price, _ := of(p.Text, len(p.Pictures), p.Original.Message != "")
	return price
}

// unpaid gives the lease back and tells the hour that somebody must lift its ceiling. The queue ends: it
// is looked at again with what the hour says then.
func (t *copyTask) unpaid(price int) ending {
	return func(ctx context.Context) (bool, error) {
		if err := t.w.Outbox.Defer(ctx, t.session, t.Finish, 0, Unused); err != nil {
			return false, err
		}
		most := t.limits().Ceiling + t.money.More
		left, err := t.w.Outbox.Left(ctx, t.lane.Connector, Spend{Budget: string("hour " + t.session), Most: most, Once: true})
		if err != nil {
			return false, err
		}
		now := session.Unpaid{Question: t.ref.Number, Price: price, Spent: most - left, Ceiling: most}
		return false, t.w.waits(ctx, t.session, t.money, now)
	}
}

// waits keeps the hour told what waits for money there; the zero Unpaid is nothing.
func (w *Worker) waits(ctx context.Context, id session.ID, said session.Spending, now session.Unpaid) error {
	if said.Unpaid == now {
		return nil
	}
	_, err := w.Recorder.DoSession(ctx, session.Program, id, session.AwaitMoney{Connector: said.Connector, Unpaid: now})
	return err
}
