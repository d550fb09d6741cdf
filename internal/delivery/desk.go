package delivery

import (
	"context"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Draw makes a card.
type Draw func(ctx context.Context, s Subject) (connector.Card, error)

// desk is where the cards of one session stand; without a platform it has none.
type desk struct {
	place
	w        *Worker
	platform connector.Desk
}

// deskAt finds the desk of a session.
func (w *Worker) deskAt(id session.ID, lane session.Lane) desk {
	conn, _ := w.Registry.Get(lane.Connector)
	if platform, ok := connector.As[connector.Desk](conn); ok && w.Cards != nil {
		return desk{place{session: id, lane: lane, conn: conn, margin: cardMargin}, w, platform}
	}
	return desk{}
}

func (d desk) at() place { return d.place }

// tasks are what a look leased, by their lines.
func (d desk) tasks(work Work) map[line]task {
	ts := map[line]task{}
	for _, l := range work.Cards {
		ts[cardLine+line(l.Class)] = &cardTask{desk: d, CardLease: l, shown: map[int]Drawing{}}
	}
	if work.Call != nil {
		ts[callLine] = &callTask{desk: d, CallLease: *work.Call}
	}
	return ts
}

// queue takes what comes next in one line. Others are told of what waits in theirs.
func (d desk) queue(l line) queue {
	return func(ctx context.Context) (task, time.Duration, error) {
		work, err := d.w.Outbox.Look(ctx, d.session, d.take(func(other line) bool { return other == l }))
		if t := d.tasks(work)[l]; t != nil || err != nil {
			return t, 0, err
		}
		if work.Dirty != (Work{}.Dirty) {
			d.w.Wake(d.session)
		}
		return nil, 0, nil
	}
}

// take is what a look may lease at the desk, in the lines that are wanted. Each class of
// cards has a line and a budget of its own, so that many new cards do not hold up one that
// somebody pressed.
func (d desk) take(want func(line) bool) Take {
	if d.platform == nil {
		return Take{}
	}
	t := Take{Lane: &d.lane, TTL: d.ttl()}
	for class := range connector.CardClasses {
		t.Cards[class], t.Budgets[class] = want(cardLine+line(class)), d.limits().Cards[class].Name
	}
	if d.calls() {
		t.Calls = want(callLine)
	}
	if _, ok := connector.As[connector.Batcher](d.conn); ok {
		t.Batch = connector.MostBatch
	}
	return t
}

// calls reports whether somebody can be called there.
func (d desk) calls() bool {
	_, ok := connector.As[connector.Caller](d.conn)
	return ok
}

// card makes a card.
func (d desk) card(ctx context.Context, s StoredCard) (connector.Card, error) {
	c, err := d.w.Draw(ctx, s.Subject)
	c.Place, c.Number, c.Key = d.lane.Place, s.Number, session.QuestionRef{Session: d.session, Number: s.Number}.String()
	return c, err
}
