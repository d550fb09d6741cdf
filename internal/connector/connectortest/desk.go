package connectortest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// BlindDesk is a desk whose cards cannot be looked up, and which cannot call.
type BlindDesk struct {
	id     session.ConnectorID
	limits connector.Limits

	mu     sync.Mutex
	faults map[Op][]Fault
	calls  []CardCall
	cards  []Card
	called []CardCall
	made   int
	rang   int // calls that were ever posted
}

var (
	_ connector.Connector = (*BlindDesk)(nil)
	_ connector.Desk      = (*BlindDesk)(nil)
)

// Card is a card that stands at a fake desk now.
type Card struct {
	connector.Card // as it was drawn last
	ID             session.MessageID
	Posted         time.Time
	Redraws        int
}

// Press is the action of the button with that label; ok is false when the card has
// none.
func (c Card) Press(label string) (action string, ok bool) {
	i := slices.IndexFunc(c.Buttons, func(b connector.Button) bool { return b.Label == label })
	if i < 0 {
		return "", false
	}
	return c.Buttons[i].Action, true
}

// CardCall is one call that reached a fake desk, with how it ended.
type CardCall struct {
	Op    Op
	Card  connector.Card
	Cards []connector.Card // of OpBatch, where Card is the first
	At    session.MessageID
	ID    session.MessageID // of OpCall: its own message
	Err   error
	Began time.Time
}

// NewBlindDesk makes an empty desk of that name.
func NewBlindDesk(id session.ConnectorID, l connector.Limits) *BlindDesk {
	return &BlindDesk{id: id, limits: l, faults: map[Op][]Fault{}}
}

// ID is the one it was given.
func (d *BlindDesk) ID() session.ConnectorID { return d.id }

// Limits are those it was given.
func (d *BlindDesk) Limits() connector.Limits { return d.limits }

// Run waits: a test gives commands itself.
func (d *BlindDesk) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// On adds faults for the next calls of an operation, one each, in order.
func (d *BlindDesk) On(op Op, fs ...Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults[op] = append(d.faults[op], fs...)
}

// Cards lists what stands now, the oldest first.
func (d *BlindDesk) Cards() []Card {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.cards)
}

// Card is the newest card of a question; number 0 is the board.
func (d *BlindDesk) Card(number int) (Card, bool) {
	cards := d.Cards()
	for _, c := range slices.Backward(cards) {
		if c.Number == number {
			return c, true
		}
	}
	return Card{}, false
}

// Made is how many cards were ever posted.
func (d *BlindDesk) Made() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.made
}

// Calls lists every call in the order in which they ended.
func (d *BlindDesk) Calls() []CardCall {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.calls)
}

// Remove takes a card away, as somebody at the desk may.
func (d *BlindDesk) Remove(at session.MessageID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cards = slices.DeleteFunc(d.cards, func(c Card) bool { return c.ID == at })
}

// PostCard adds a card.
func (d *BlindDesk) PostCard(ctx context.Context, c connector.Card) (at session.MessageID, err error) {
	err = d.call(ctx, CardCall{Op: OpPost, Card: c}, func() error {
		d.made++
		at = session.MessageID(fmt.Sprintf("card-%d", d.made))
		d.cards = append(d.cards, Card{Card: c, ID: at, Posted: time.Now()})
		return nil
	})
	if err != nil {
		return "", err
	}
	return at, nil
}

// UpdateCard redraws a card, or says that it is gone.
func (d *BlindDesk) UpdateCard(ctx context.Context, at session.MessageID, c connector.Card) error {
	return d.call(ctx, CardCall{Op: OpUpdate, Card: c, At: at}, func() error {
		i := slices.IndexFunc(d.cards, func(o Card) bool { return o.ID == at })
		if i < 0 {
			return fmt.Errorf("update %s: %w", at, connector.ErrGone)
		}
		d.cards[i].Card = c
		d.cards[i].Redraws++
		return nil
	})
}

// postCall is PostCall of the desks that call.
func (d *BlindDesk) postCall(ctx context.Context, at session.MessageID, c connector.Card) (session.MessageID, error) {
	call := CardCall{Op: OpCall, Card: c, At: at}
	err := d.call(ctx, call, func() error {
		if !slices.ContainsFunc(d.cards, func(o Card) bool { return o.ID == at }) {
			return fmt.Errorf("call at %s: %w", at, connector.ErrGone)
		}
		d.rang++
		call.ID = session.MessageID(fmt.Sprintf("call-%d", d.rang))
		d.called = append(d.called, call)
		return nil
	})
	return call.ID, err
}

// takeCall is TakeCall of the desks that call.
func (d *BlindDesk) takeCall(ctx context.Context, id session.MessageID, c connector.Card) error {
	return d.call(ctx, CardCall{Op: OpTakeCall, Card: c, At: id}, func() error {
		d.called = slices.DeleteFunc(d.called, func(o CardCall) bool { return o.ID == id })
		return nil
	})
}

// Called lists the calls that stand there, the oldest first.
func (d *BlindDesk) Called() []CardCall {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.called)
}

func (d *BlindDesk) call(ctx context.Context, c CardCall, do func() error) error {
	c.Began = time.Now()
	c.Err = d.next(c.Op).run(ctx, func() error {
		d.mu.Lock()
		defer d.mu.Unlock()
		return do()
	})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, c)
	return c.Err
}

func (d *BlindDesk) next(op Op) Fault {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.faults[op]) == 0 {
		return Fault{}
	}
	f := d.faults[op][0]
	d.faults[op] = d.faults[op][1:]
	return f
}
