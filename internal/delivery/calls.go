package delivery

import (
	"context"
	"errors"

	"experthour/internal/connector"
)

// mayCall reports whether a call waits, nobody posts it, and the desk can.
func (p spot) mayCall(b Backlog) bool {
	_, ok := connector.As[connector.Caller](p.conn)
	return ok && b.Calls.Dirty > 0 && !b.Calls.Busy
}

// call posts the calls that wait until none does. Each is a new message.
func (p spot) call(ctx context.Context) error {
	return p.run(ctx, cardBudgets(p.conn.Limits(), p.lane, connector.CardNew), p.mayCall, func(ctx context.Context) (turn, error) {
		l, ok, err := p.Cards.Call(ctx, p.id, p.lane, timeoutOf(p.conn)+cardMargin)
		if err != nil || !ok {
			return idle, err
		}
		return loud, p.callOne(ctx, l)
	})
}

// callOne posts the newest call of a card, if that was not posted yet.
func (p spot) callOne(ctx context.Context, l CallLease) error {
	ctx, cancel := p.lasting(ctx)
	defer cancel()
	card, err := p.card(ctx, l.Number)
	switch {
	case err != nil:
		err = errors.Join(err, p.uncalled(ctx, l, err, true))
	case card.Call == nil || card.Call.Number <= l.Called:
		err = p.called(ctx, l, 0)
	case card.Call.Number == l.Intent:
		err = p.settleCall(ctx, l, card)
	default:
		err = p.postCall(ctx, l, card)
	}
	return p.lost(err, l.Number)
}

// settleCall looks for a call of unknown fate. What nobody can look up counts as posted.
func (p spot) settleCall(ctx context.Context, l CallLease, c connector.Card) error {
	f, ok := connector.As[connector.CallFinder](p.conn)
	if !ok {
		return p.called(ctx, l, c.Call.Number)
	}
	found, err := f.FindCall(ctx, l.Message, c)
	switch {
	case err != nil:
		return p.callFailed(ctx, l, c, err, true)
	case found:
		return p.called(ctx, l, c.Call.Number)
	}
	return p.postCall(ctx, l, c)
}

// postCall writes the intent and posts the call.
func (p spot) postCall(ctx context.Context, l CallLease, c connector.Card) error {
	caller, _ := connector.As[connector.Caller](p.conn)
	if err := p.Cards.Calling(ctx, p.id, l, c.Call.Number); err != nil {
		return errors.Join(err, p.uncalled(ctx, l, err, true))
	}
	if err := caller.PostCall(ctx, l.Message, c); err != nil {
		return p.callFailed(ctx, l, c, err, connector.OutcomeOf(err).Outcome == connector.Unsure)
	}
	return p.called(ctx, l, c.Call.Number)
}

// callFailed records that a call was not posted, or that nobody knows: keep.
func (p spot) callFailed(ctx context.Context, l CallLease, c connector.Card, err error, keep bool) error {
	_, findable := connector.As[connector.CallFinder](p.conn)
	switch {
	case errors.Is(err, connector.ErrGone):
		return p.callGone(ctx, l)
	case connector.OutcomeOf(err).Outcome == connector.Refused, keep && (!findable || l.Tries >= patience):
		p.log().Warn("call given up", "session", p.id, "question", l.Number, "call", c.Call.Number, "connector", p.lane.Connector,
			"unsure", keep, "error", err)
		return p.called(ctx, l, c.Call.Number)
	}
	return errors.Join(p.hold(ctx, connector.CardNew, err), p.uncalled(ctx, l, err, keep))
}

// callGone has the card drawn again, which posts it anew, and its call after it.
func (p spot) callGone(ctx context.Context, l CallLease) error {
	err := insist(ctx, func() error { return p.Cards.Adopt(ctx, p.id, p.lane, l.Number, l.Message) })
	if err != nil {
		return err
	}
	return p.called(ctx, l, 0)
}

func (p spot) called(ctx context.Context, l CallLease, number int) error {
	return insist(ctx, func() error { return p.Cards.Called(ctx, p.id, l, number) })
}

func (p spot) uncalled(ctx context.Context, l CallLease, err error, keep bool) error {
	return insist(ctx, func() error { return p.Cards.Uncalled(ctx, p.id, l, max(waitOf(err), grace, backoff(l.Tries)), keep) })
}
