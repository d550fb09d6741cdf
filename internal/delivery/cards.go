package delivery

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

// Draw makes a card.
type Draw func(ctx context.Context, s Subject) (connector.Card, error)

// Desk redraws cards. Only "this card is out of date" is stored, so a hundred
// changes cost one drawing. Each class of cards has a line and a budget of its own,
// so that many new cards do not hold up one that somebody pressed.
type Desk struct {
	Cards    Cards
	Registry *connector.Registry
	Outbox   Outbox
	Draw     Draw
	Log      *slog.Logger

	boards sync.Map // session: when its board was last made out of date by the clock
}

// refresh makes the board of a session that runs out of date once a minute, for it
// says how much time is left, and reports whether it did.
func (p spot) refresh(ctx context.Context, s session.Session, now time.Time) (done bool, err error) {
	live := s.State == session.Open || s.State == session.Closing || s.State == session.Scheduled && s.Start.Sub(now) < boardSoon
	last, _ := p.boards.Load(s.ID)
	if t, _ := last.(time.Time); !live || now.Sub(t) < boardEvery {
		return false, nil
	}
	p.boards.Store(s.ID, now)
	err = p.Cards.Touch(ctx, s.ID, p.lane, 0)
	if session.KindOf(err) == session.NotFound {
		return false, nil
	}
	return err == nil, err
}

const (
	// boardEvery is how old the board of a session that runs may be.
	boardEvery = time.Minute
	// boardSoon is how long before the start the minutes are counted.
	boardSoon = 2 * time.Hour
)

// spot is the desk of one session; zero when it has no cards.
type spot struct {
	*Desk
	id   session.ID
	lane session.Lane
	conn connector.Connector
	desk connector.Desk
}

// at finds the desk of a session.
func (d *Desk) at(id session.ID, lane session.Lane) spot {
	conn, _ := d.Registry.Get(lane.Connector)
	if desk, ok := connector.As[connector.Desk](conn); ok {
		return spot{d, id, lane, conn, desk}
	}
	return spot{}
}

// take is what a look may lease at the desk, in the lines that are wanted.
func (p spot) take(want func(line) bool) Take {
	if p.desk == nil {
		return Take{}
	}
	t := Take{Lane: &p.lane, TTL: timeoutOf(p.conn) + cardMargin}
	for class := range connector.CardClasses {
		t.Cards[class], t.Budgets[class] = want(cards+line(class)), p.conn.Limits().Cards[class].Name
	}
	if _, ok := connector.As[connector.Caller](p.conn); ok {
		t.Calls = want(calls)
	}
	if _, ok := connector.As[connector.Batcher](p.conn); ok {
		t.Batch = connector.MostBatch
	}
	return t
}

// only asks for one line.
func only(l line) func(line) bool { return func(other line) bool { return other == l } }

// redraw draws what is out of date in a class until nothing is, beginning with what is
// leased already.
func (p spot) redraw(class connector.CardClass, leased *CardLease) func(context.Context) error {
	return func(ctx context.Context) error {
		for {
			l := leased
			leased = nil
			if l == nil {
				work, err := p.Outbox.Look(ctx, p.id, p.take(only(cards+line(class))))
				if err != nil || len(work.Cards) == 0 {
					return err
				}
				l = &work.Cards[0]
			}
			next, err := p.drawOne(ctx, *l)
			if err != nil || !next.goOn(ctx) {
				return err
			}
		}
	}
}

// next is what follows the end of a lease.
type next struct {
	wait time.Duration // for a token: the lease was given back, and somebody else's turn may come
	idle bool          // nothing waits in the line
}

// goOn waits as long as it takes; false is the end.
func (n next) goOn(ctx context.Context) bool {
	return ctx.Err() == nil && !n.idle && (n.wait <= 0 || backoff.Pause(ctx, n.wait))
}

// token takes a token of a class for one call, or says how long to wait. It comes after
// the lease: a token that is taken for nothing is lost to everybody.
func (p spot) token(ctx context.Context, class connector.CardClass) (wait time.Duration, err error) {
	return p.Outbox.Token(ctx, p.lane.Connector, cardBudgets(p.conn.Limits(), p.lane, class)...)
}

// lasting is a context for one call and its records: it outlives ctx, so that stopping
// the program leaves nothing in the dark, and ends before the lease.
func (p spot) lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), timeoutOf(p.conn)+cardMargin/2)
}

// drawOne draws what was leased, and records what came of it.
func (p spot) drawOne(ctx context.Context, l CardLease) (next, error) {
	ctx, cancel := p.lasting(ctx)
	defer cancel()
	n, err := p.draw(ctx, l)
	return n, p.lost(err, l.Cards[0].Number)
}

func (p spot) draw(ctx context.Context, l CardLease) (next, error) {
	if l.Open && p.dark() == CardLost {
		return next{}, p.undrawn(ctx, l, CardLost, 0)
	}
	all, err := p.cards(ctx, l.Cards)
	if err != nil {
		return next{}, errors.Join(err, p.undrawn(ctx, l, l.undrawable(err), time.Second))
	}
	if wait, err := p.token(ctx, l.Class); err != nil || wait > 0 {
		return next{wait: wait}, errors.Join(err, p.undrawn(ctx, l, CardUnused, 0))
	}
	switch {
	case len(l.Cards) > 1:
		return p.batch(ctx, l, all)
	case l.Cards[0].Message != "":
		return p.update(ctx, l, all[0])
	case l.Open:
		return p.settle(ctx, l, all[0])
	}
	return p.post(ctx, l, all[0])
}

// lost makes little of a lease that ended too early: who has it now goes on.
func (p spot) lost(err error, number int) error {
	if !errors.Is(err, session.ErrFenced) {
		return err
	}
	p.log().Warn("card's lease lost", "session", p.id, "question", number, "connector", p.lane.Connector)
	return nil
}

func (d *Desk) log() *slog.Logger {
	if d.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return d.Log
}

// undrawable is what becomes of a card that nobody could make: an open intent stays,
// and unless the store is away, others go first.
func (l CardLease) undrawable(err error) CardEnd {
	switch {
	case l.Open:
		return CardUnsure
	case session.KindOf(err) == session.Unavailable:
		return CardLater
	}
	return CardRefused
}

// card makes a card.
func (p spot) card(ctx context.Context, s StoredCard) (connector.Card, error) {
	c, err := p.Draw(ctx, s.Subject)
	c.Place, c.Number, c.Key = p.lane.Place, s.Number, session.QuestionRef{Session: p.id, Number: s.Number}.String()
	return c, err
}

// cards makes several. One of several that cannot be made is left out.
func (p spot) cards(ctx context.Context, stored []StoredCard) ([]connector.Card, error) {
	var all []connector.Card
	var err error
	for _, s := range stored {
		c, failed := p.card(ctx, s)
		switch {
		case session.KindOf(failed) == session.Unavailable && failed != nil:
			return nil, failed
		case failed != nil:
			err = errors.Join(err, failed)
		default:
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return nil, err
	}
	if err != nil {
		p.log().Warn("cards left out of a batch", "session", p.id, "connector", p.lane.Connector, "error", err)
	}
	return all, nil
}

// update edits the card where it is.
func (p spot) update(ctx context.Context, l CardLease, c connector.Card) (next, error) {
	err := p.desk.UpdateCard(ctx, l.Cards[0].Message, c)
	switch {
	case err == nil:
		return p.drawn(ctx, l, map[int]Drawing{c.Number: {Call: p.callOf(c)}})
	case errors.Is(err, connector.ErrGone):
		return next{}, p.undrawn(ctx, l, CardGone, 0)
	}
	return next{}, p.failed(ctx, l, err, CardLater)
}

// settle looks for a card of unknown fate.
func (p spot) settle(ctx context.Context, l CardLease, c connector.Card) (next, error) {
	f, _ := connector.As[connector.CardFinder](p.conn)
	at, found, err := f.FindCard(ctx, c, l.Since)
	switch {
	case err != nil:
		return next{}, errors.Join(p.hold(ctx, l.Class, err), p.undrawn(ctx, l, CardUnsure, waitOf(err)))
	case !found:
		return p.post(ctx, l, c)
	}
	if err = insist(ctx, func() error { return p.Cards.Adopt(ctx, p.id, p.lane, c.Number, at) }); err != nil {
		return next{}, err
	}
	return next{}, p.undrawn(ctx, l, CardLater, 0) // it is no new card any more
}

// post posts the card; the lease wrote the intent.
func (p spot) post(ctx context.Context, l CardLease, c connector.Card) (next, error) {
	at, err := p.desk.PostCard(ctx, c)
	if err == nil {
		return p.drawn(ctx, l, map[int]Drawing{c.Number: {At: at, Call: p.callOf(c)}})
	}
	return next{}, p.failed(ctx, l, err, p.dark())
}

// batch posts several new cards in one message; the lease wrote the intents. A card that
// changes gets a message of its own: its update finds it gone.
func (p spot) batch(ctx context.Context, l CardLease, cs []connector.Card) (next, error) {
	b, _ := connector.As[connector.Batcher](p.conn)
	at, err := b.PostBatch(ctx, cs)
	if err != nil {
		return next{}, p.failed(ctx, l, err, p.dark())
	}
	drawn := map[int]Drawing{}
	for _, c := range cs {
		if at[c.Number] != "" {
			drawn[c.Number] = Drawing{At: at[c.Number], Call: p.callOf(c)}
		}
	}
	return p.drawn(ctx, l, drawn)
}

// dark is what becomes of a card of which nobody knows whether it was posted. What
// nobody can look up waits for a person: two cards of one question would be pressed by
// two people.
func (p spot) dark() CardEnd {
	if _, ok := connector.As[connector.CardFinder](p.conn); ok {
		return CardUnsure
	}
	return CardLost
}

// failed records that a card was not drawn; unsure is what it means not to know.
func (p spot) failed(ctx context.Context, l CardLease, err error, unsure CardEnd) error {
	why := map[connector.Outcome]CardEnd{connector.Unsure: unsure, connector.Refused: CardRefused, connector.Deferred: CardLater}
	return errors.Join(p.hold(ctx, l.Class, err), p.undrawn(ctx, l, why[connector.OutcomeOf(err).Outcome], waitOf(err)))
}

// hold holds the budgets of a class back if the platform asked for it.
func (p spot) hold(ctx context.Context, class connector.CardClass, err error) error {
	return holdBack(ctx, p.Outbox, p.lane.Connector, cardBudgets(p.conn.Limits(), p.lane, class), connector.OutcomeOf(err))
}

// waitOf is how long a line waits after an error.
func waitOf(err error) time.Duration { return max(connector.OutcomeOf(err).Wait, time.Second) }

func (p spot) drawn(ctx context.Context, l CardLease, drawn map[int]Drawing) (next, error) {
	more := false
	err := insist(ctx, func() (err error) {
		more, err = p.Cards.Drawn(ctx, p.id, l, drawn)
		return err
	})
	return next{idle: !more}, err
}

// callOf is the number of a card's call, 0 for none or where nobody can be called.
func (p spot) callOf(c connector.Card) int {
	if _, ok := connector.As[connector.Caller](p.conn); ok && c.Call != nil {
		return c.Call.Number
	}
	return 0
}

func (p spot) undrawn(ctx context.Context, l CardLease, why CardEnd, wait time.Duration) error {
	return insist(ctx, func() error { return p.Cards.Undrawn(ctx, p.id, l, why, wait) })
}
