package delivery

import (
	"context"
	"errors"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Draw makes the card of a question, or with a zero Question the board, from the
// state of this moment.
type Draw func(ctx context.Context, s session.Session, q session.Question) (connector.Card, error)

// Desk redraws cards. Only "this card is out of date" is stored, so a hundred
// changes cost one drawing.
type Desk struct {
	Cards    Cards
	Reader   Reader
	Registry *connector.Registry
	Outbox   Outbox // for the budget, which cards share with deliveries
	Draw     Draw
}

// redraw draws what is out of date at the session's desk until nothing is.
func (d *Desk) redraw(ctx context.Context, s session.Session, lane session.Lane) error {
	conn, _ := d.Registry.Get(lane.Connector)
	desk, ok := connector.As[connector.Desk](conn)
	if !ok {
		return nil
	}
	for ctx.Err() == nil {
		if n, err := d.Cards.Outdated(ctx, s.ID, lane); err != nil || n == 0 {
			return err // looked at first, so that an idle desk uses up no budget
		}
		if ok, err := afford(ctx, d.Outbox, conn.Limits(), lane); err != nil || !ok {
			return err
		}
		l, ok, err := d.Cards.Dirty(ctx, s.ID, lane, timeoutOf(conn)+margin)
		if err != nil || !ok {
			return err
		}
		if err := d.drawOne(ctx, s, desk, conn, l); err != nil {
			return err
		}
	}
	return nil
}

// drawOne draws one card, to the end even when ctx ends meanwhile.
func (d *Desk) drawOne(ctx context.Context, s session.Session, desk connector.Desk, conn connector.Connector, l CardLease) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeoutOf(conn)+margin/2)
	defer cancel()
	card, err := d.card(ctx, s, l)
	if err != nil {
		return errors.Join(err, d.Cards.Undrawn(ctx, s.ID, l, time.Second, l.Open))
	}
	at, err := put(ctx, desk, conn, l, card)
	if errors.Is(err, session.ErrFenced) {
		return nil
	}
	if err == nil {
		return d.Cards.Drawn(ctx, s.ID, l, at)
	}
	e := connector.OutcomeOf(err)
	posting := l.Message == "" && e.Outcome == connector.Unsure
	return d.Cards.Undrawn(ctx, s.ID, l, max(e.Wait, time.Second), posting)
}

func (d *Desk) card(ctx context.Context, s session.Session, l CardLease) (connector.Card, error) {
	s, err := d.Reader.Session(ctx, s.ID)
	if err != nil {
		return connector.Card{}, err
	}
	var q session.Question
	if l.Number > 0 {
		qs, err := d.Reader.Questions(ctx, s.ID, l.Number)
		if err != nil {
			return connector.Card{}, err
		}
		q = qs[0]
	}
	c, err := d.Draw(ctx, s, q)
	c.Place, c.Number, c.Key = l.Lane.Place, l.Number, session.QuestionRef{Session: s.ID, Number: l.Number}.String()
	return c, err
}

// put edits the card where it is, looks for one of unknown fate, or posts it.
func put(ctx context.Context, desk connector.Desk, conn connector.Connector, l CardLease, c connector.Card) (session.MessageID, error) {
	if l.Message == "" && l.Open {
		f, ok := connector.As[connector.CardFinder](conn)
		if !ok {
			// Nobody can look. A card twice is a nuisance and no card at all would
			// lose the question to the desk, so post it: cards are never public.
			return desk.PostCard(ctx, c)
		}
		at, found, err := f.FindCard(ctx, c)
		if err != nil || found {
			l.Message = at
		}
		if err != nil {
			return "", err
		}
	}
	if l.Message == "" {
		return desk.PostCard(ctx, c)
	}
	err := desk.UpdateCard(ctx, l.Message, c)
	if errors.Is(err, connector.ErrGone) {
		return desk.PostCard(ctx, c)
	}
	return l.Message, err
}
