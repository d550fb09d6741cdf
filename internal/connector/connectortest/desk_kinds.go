package connectortest

import (
	"context"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// DeskFake is a desk whose cards can be looked up by their key, and which calls people.
type DeskFake struct{ *BlindDesk }

// NewDesk makes an empty desk of that name.
func NewDesk(id session.ConnectorID, l connector.Limits) *DeskFake {
	return &DeskFake{NewBlindDesk(id, l)}
}

var (
	_ connector.CardFinder = (*DeskFake)(nil)
	_ connector.Caller     = (*DeskFake)(nil)
	_ connector.CallFinder = (*DeskFake)(nil)
)

// FindCard looks a card up by its key among those that were posted since then.
func (d *DeskFake) FindCard(ctx context.Context, c connector.Card, since time.Time) (at session.MessageID, ok bool, err error) {
	err = d.call(ctx, CardCall{Op: OpFindCard, Card: c}, func() error {
		for _, o := range d.cards {
			if o.Key == c.Key && !o.Posted.Before(since) {
				at, ok = o.ID, true
			}
		}
		return nil
	})
	return at, ok && err == nil, err
}

// PostCall posts a call under a card, or says that the card is gone.
func (d *DeskFake) PostCall(ctx context.Context, at session.MessageID, c connector.Card) (session.MessageID, error) {
	return d.postCall(ctx, at, c)
}

// TakeCall takes a call away.
func (d *DeskFake) TakeCall(ctx context.Context, call session.MessageID, c connector.Card) error {
	return d.takeCall(ctx, call, c)
}

// FindCall looks a call up by its number.
func (d *DeskFake) FindCall(ctx context.Context, at session.MessageID, c connector.Card) (call session.MessageID, ok bool, err error) {
	err = d.call(ctx, CardCall{Op: OpFindCall, Card: c, At: at}, func() error {
		i := slices.IndexFunc(d.called, func(o CardCall) bool { return o.At == at && o.Card.Call.Number == c.Call.Number })
		if ok = i >= 0; ok {
			call = d.called[i].ID
		}
		return nil
	})
	return call, ok && err == nil, err
}
