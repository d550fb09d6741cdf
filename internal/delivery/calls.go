package delivery

import (
	"context"
	"errors"
	"time"

	"experthour/internal/connector"
)

// call posts the calls that wait until none does, beginning with what is leased already.
// Each is a new message.
func (p spot) call(leased *CallLease) func(context.Context) error {
	return func(ctx context.Context) error {
		for {
			l := leased
			leased = nil
			if l == nil {
				work, err := p.Outbox.Look(ctx, p.id, p.take(only(calls)))
				if err != nil || work.Call == nil {
					return err
				}
				l = work.Call
			}
			wait, err := p.callOne(ctx, *l)
			if err = p.lost(err, l.Number); err != nil || !(next{wait: wait}).goOn(ctx) {
				return err
			}
		}
	}
}

// callOne posts the call that was leased, if it is still wanted, or says how long to
// wait for a token.
func (p spot) callOne(ctx context.Context, l CallLease) (wait time.Duration, err error) {
	ctx, cancel := p.lasting(ctx)
	defer cancel()
	_, findable := connector.As[connector.CallFinder](p.conn)
	card, err := p.card(ctx, l.StoredCard)
	switch {
	case err != nil:
		return 0, errors.Join(err, p.uncalled(ctx, l, time.Second, fate(l.Open))) // others go first
	case card.Call == nil || card.Call.Number != l.Wanted: // a newer one waits again once it is drawn
		return 0, p.called(ctx, l, false)
	case l.Open && !findable: // what nobody can look up counts as posted
		return 0, p.called(ctx, l, true)
	}
	if wait, err = p.token(ctx, connector.CardNew); err != nil || wait > 0 {
		return wait, errors.Join(err, p.uncalled(ctx, l, 0, Unused))
	}
	if l.Open {
		return 0, p.settleCall(ctx, l, card)
	}
	return 0, p.postCall(ctx, l, card)
}

// settleCall looks for a call of unknown fate.
func (p spot) settleCall(ctx context.Context, l CallLease, c connector.Card) error {
	f, _ := connector.As[connector.CallFinder](p.conn)
	found, err := f.FindCall(ctx, l.Message, c)
	switch {
	case err != nil:
		return p.callFailed(ctx, l, c, err, true)
	case found:
		return p.called(ctx, l, true)
	}
	return p.postCall(ctx, l, c)
}

// postCall posts the call; the lease wrote the intent.
func (p spot) postCall(ctx context.Context, l CallLease, c connector.Card) error {
	caller, _ := connector.As[connector.Caller](p.conn)
	if err := caller.PostCall(ctx, l.Message, c); err != nil {
		return p.callFailed(ctx, l, c, err, connector.OutcomeOf(err).Outcome == connector.Unsure)
	}
	return p.called(ctx, l, true)
}

// callFailed records that a call was not posted, or that nobody knows: keep.
func (p spot) callFailed(ctx context.Context, l CallLease, c connector.Card, err error, keep bool) error {
	_, findable := connector.As[connector.CallFinder](p.conn)
	switch {
	case errors.Is(err, connector.ErrGone):
		return p.callGone(ctx, l, c, err)
	case connector.OutcomeOf(err).Outcome == connector.Refused, keep && (!findable || l.Tries >= patience):
		return p.giveUp(ctx, l, keep, err)
	}
	return p.callAgain(ctx, l, fate(keep), err)
}

func (p spot) callAgain(ctx context.Context, l CallLease, how Back, why error) error {
	return errors.Join(p.hold(ctx, connector.CardNew, why), p.uncalled(ctx, l, max(waitOf(why), grace, afterTries(l.Tries)), how))
}

// giveUp counts a call as posted: the card shows the same.
func (p spot) giveUp(ctx context.Context, l CallLease, unsure bool, why error) error {
	p.log().Warn("call given up", "session", p.id, "question", l.Number, "call", l.Wanted, "connector", p.lane.Connector,
		"unsure", unsure, "error", why)
	return p.called(ctx, l, true)
}

// callGone looks whether the card is gone, by drawing it: then it is posted anew, and its
// call after it. To a card that is there the call would not come the next time either.
func (p spot) callGone(ctx context.Context, l CallLease, c connector.Card, why error) error {
	err := p.desk.UpdateCard(ctx, l.Message, c)
	switch {
	case err == nil:
		return p.giveUp(ctx, l, false, why)
	case !errors.Is(err, connector.ErrGone):
		return p.callAgain(ctx, l, Known, err)
	}
	if err := insist(ctx, func() error { return p.Cards.Adopt(ctx, p.id, p.lane, l.Number, l.Message) }); err != nil {
		return err
	}
	return p.called(ctx, l, false)
}

func (p spot) called(ctx context.Context, l CallLease, posted bool) error {
	return insist(ctx, func() error { return p.Cards.Called(ctx, p.id, l, posted) })
}

func (p spot) uncalled(ctx context.Context, l CallLease, wait time.Duration, how Back) error {
	return insist(ctx, func() error { return p.Cards.Uncalled(ctx, p.id, l, wait, how) })
}
