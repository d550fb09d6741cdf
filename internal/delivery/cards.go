package delivery

import (
	"context"
	"errors"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// cardTask is a card that is out of date, or several new ones in one message. It is drawn
// as things are when it was leased, so a hundred changes cost one drawing, and nobody ever
// gives it up.
type cardTask struct {
	desk
	CardLease
	drawn   []connector.Card
	shown   map[int]Drawing   // what was made of each, after a success
	adopted session.MessageID // where a card of unknown fate was found
}

func (t *cardTask) budgets() []connector.Budget {
	l := t.limits()
	if t.hurried() {
		l.Cards = map[connector.CardClass]connector.Budget{connector.CardBoard: l.BoardPressed}
	}
	return cardBudgets(l, t.lane, t.Class)
}

// hurried reports whether it is the board, and somebody who pressed on it waits.
func (t *cardTask) hurried() bool { return t.Cards[0].Pressed && t.limits().BoardPressed.Name != "" }

func (t *cardTask) plan(ctx context.Context) (request, outcome) {
	finder, findable := connector.As[connector.CardFinder](t.conn)
	if t.Open && !findable {
		return request{}, outcome{}
	}
	if err := t.draw(ctx); err != nil {
		return request{}, outcome{result: undone, fault: err}
	}
	switch {
	case len(t.Cards) > 1:
		return request{kind: connector.RequestPost, do: t.batch}, outcome{}
	case t.Cards[0].Message != "":
		return request{kind: connector.RequestEdit, do: t.update}, outcome{}
	case t.Open:
		return request{kind: connector.RequestFind, do: func(ctx context.Context) outcome { return t.find(ctx, finder) }}, outcome{}
	}
	return request{kind: connector.RequestPost, do: t.post}, outcome{}
}

// draw makes the cards. One of several that cannot be made is left out.
func (t *cardTask) draw(ctx context.Context) error {
	var err error
	for _, s := range t.Cards {
		c, failed := t.card(ctx, s)
		switch {
		case failed == nil:
			t.drawn = append(t.drawn, c)
		case session.KindOf(failed) == session.Unavailable:
			return failed
		default:
			err = errors.Join(err, failed)
		}
	}
	if len(t.drawn) > 0 && err != nil {
		t.w.Log.Warn("cards left out of a batch", "session", t.session, "connector", t.lane.Connector, "error", err)
		return nil
	}
	return err
}

// update edits the card where it is.
func (t *cardTask) update(ctx context.Context) outcome {
	err := t.platform.UpdateCard(ctx, t.Cards[0].Message, t.drawn[0])
	if errors.Is(err, connector.ErrGone) {
		return outcome{result: gone}
	}
	t.show(t.drawn[0], "")
	return outcomeOf(err).harmless()
}

// find looks for a card of unknown fate.
func (t *cardTask) find(ctx context.Context, f connector.CardFinder) outcome {
	at, found, err := f.FindCard(ctx, t.drawn[0], t.Since)
	t.adopted = at
	return lookOutcome(found, err)
}

// post posts the card; the lease wrote the intent.
func (t *cardTask) post(ctx context.Context) outcome {
	at, err := t.platform.PostCard(ctx, t.drawn[0])
	t.show(t.drawn[0], at)
	return outcomeOf(err)
}

// batch posts several new cards in one message; the lease wrote the intents. A card that
// changes gets a message of its own: its update finds it gone.
func (t *cardTask) batch(ctx context.Context) outcome {
	b, _ := connector.As[connector.Batcher](t.conn)
	at, err := b.PostBatch(ctx, t.drawn)
	for _, c := range t.drawn {
		if at[c.Number] != "" {
			t.show(c, at[c.Number])
		}
	}
	return outcomeOf(err)
}

// show notes what was made of a card, and the number of the call that it was drawn with.
func (t *cardTask) show(c connector.Card, at session.MessageID) {
	d := Drawing{At: at}
	switch {
	case !t.calls():
	case c.CallsOver:
		d.Call = TakeCalls
	case c.Call != nil:
		d.Call = c.Call.Number
	}
	t.shown[c.Number] = d
}

// cardEnds are the ends of a lease without a drawing.
var cardEnds = map[result]CardEnd{unused: CardUnused, later: CardLater, absent: CardLater, unsure: CardUnsure, refused: CardRefused,
	undone: CardRefused, gone: CardGone}

func (t *cardTask) end(o outcome) ending {
	_, findable := connector.As[connector.CardFinder](t.conn)
	why, wait := cardEnds[o.result], max(o.wait, time.Second)
	switch {
	case o.result == sent && t.adopted != "":
		return t.adopt
	case o.result == sent:
		return func(ctx context.Context) (bool, error) { return t.w.Cards.Drawn(ctx, t.session, t.CardLease, t.shown) }
	case o.result == unused, o.result == absent, o.result == gone:
		wait = 0
	case o.result == unsure && !findable:
		why = CardLost // two cards of one question would be pressed by two people
	case o.result == undone && t.Open:
		why = CardUnsure
	case session.KindOf(o.fault) == session.Unavailable: // else others go first
		why = CardLater
	}
	return func(ctx context.Context) (bool, error) {
		return true, t.w.Cards.Undrawn(ctx, t.session, t.CardLease, why, wait)
	}
}

// adopt stores where a card was found, which is no new one any more.
func (t *cardTask) adopt(ctx context.Context) (bool, error) {
	if err := t.w.Cards.Adopt(ctx, t.session, t.lane, t.drawn[0].Number, t.adopted); err != nil {
		return false, err
	}
	return true, t.w.Cards.Undrawn(ctx, t.session, t.CardLease, CardLater, 0)
}
