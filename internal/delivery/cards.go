package delivery

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Draw makes the card of a question, or with a zero Question the board, from the
// state of this moment.
type Draw func(ctx context.Context, s session.Session, q session.Question) (connector.Card, error)

// Desk redraws cards. Only "this card is out of date" is stored, so a hundred
// changes cost one drawing. Each class of cards has a line and a budget of its own,
// so that many new cards do not hold up one that somebody pressed.
type Desk struct {
	Cards    Cards
	Reader   Reader
	Registry *connector.Registry
	Outbox   Outbox // for the budgets, which cards share with deliveries
	Draw     Draw
	Log      *slog.Logger

	boards sync.Map // session: when its board was last made out of date by the clock
}

// refresh makes the board of a session that runs out of date once a minute, for it
// says how much time is left.
func (d *Desk) refresh(ctx context.Context, s session.Session, lane session.Lane, now time.Time) error {
	live := s.State == session.Open || s.State == session.Closing || s.State == session.Scheduled && s.Start.Sub(now) < boardSoon
	last, _ := d.boards.Load(s.ID)
	if t, _ := last.(time.Time); !live || now.Sub(t) < boardEvery {
		return nil
	}
	d.boards.Store(s.ID, now)
	if err := d.Cards.Touch(ctx, s.ID, lane, 0); session.KindOf(err) != session.NotFound {
		return err
	}
	return nil
}

const (
	// boardEvery is how old the board of a session that runs may be.
	boardEvery = time.Minute
	// boardSoon is how long before the start the minutes are counted.
	boardSoon = 2 * time.Hour
)

// spot is the desk of one session.
type spot struct {
	*Desk
	id   session.ID
	lane session.Lane
	conn connector.Connector
	desk connector.Desk
}

// at finds the desk of a session; ok is false when it has no cards.
func (d *Desk) at(id session.ID, lane session.Lane) (p spot, ok bool) {
	conn, _ := d.Registry.Get(lane.Connector)
	desk, ok := connector.As[connector.Desk](conn)
	return spot{d, id, lane, conn, desk}, ok
}

// mayDraw reports whether it is the turn of a class: somebody must draw, nobody does,
// and no class before it needs the budget that they share.
func (p spot) mayDraw(b Backlog, class connector.CardClass) bool {
	if b.Cards[class].Dirty == 0 || b.Cards[class].Busy {
		return false
	}
	limits := p.conn.Limits().Cards
	own, has := limits[class]
	for before := range class {
		other, shares := limits[before]
		if has && shares && other.Name == own.Name && b.Cards[before].Dirty > 0 {
			return false
		}
	}
	return true
}

// redraw draws what is out of date in a class until nothing is.
func (p spot) redraw(ctx context.Context, class connector.CardClass) error {
	return p.run(ctx, func(b Backlog) bool { return p.mayDraw(b, class) },
		func(ctx context.Context) (bool, time.Duration, error) {
			l, ok, err := p.Cards.Dirty(ctx, p.id, p.lane, class, timeoutOf(p.conn)+cardMargin)
			if err != nil || !ok {
				return false, 0, err
			}
			wait, err := p.drawOne(ctx, l)
			return true, wait, err
		})
}

// run does one thing after the other, as long as it may and there is something to do.
// one takes a lease and then a token for its call: a token that is taken for nothing is
// lost to everybody. Without a token it gives the lease back and says how long to wait;
// somebody else's turn may come meanwhile.
func (p spot) run(ctx context.Context, may func(Backlog) bool, one func(context.Context) (did bool, wait time.Duration, err error)) error {
	for ctx.Err() == nil {
		if b, err := p.Cards.Outdated(ctx, p.id, p.lane); err != nil || !may(b) {
			return err
		}
		did, wait, err := one(ctx)
		if err != nil || !did || wait > 0 && !pause(ctx, wait) {
			return err
		}
	}
	return nil
}

// token takes a token of a class for one call, or says how long to wait.
func (p spot) token(ctx context.Context, class connector.CardClass) (wait time.Duration, err error) {
	return p.Outbox.Token(ctx, p.lane.Connector, cardBudgets(p.conn.Limits(), p.lane, class)...)
}

// lasting is a context for one call and its records: it outlives ctx, so that stopping
// the program leaves nothing in the dark, and ends before the lease.
func (p spot) lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), timeoutOf(p.conn)+cardMargin/2)
}

// drawOne draws one card, or several at once, and records what came of it, or says how
// long to wait for a token.
func (p spot) drawOne(ctx context.Context, l CardLease) (wait time.Duration, err error) {
	ctx, cancel := p.lasting(ctx)
	defer cancel()
	if l.Open && p.dark() == CardLost {
		return 0, p.lost(p.undrawn(ctx, l, CardLost, 0), l.Number)
	}
	numbers, err := p.together(ctx, l)
	if err != nil {
		return 0, p.lost(errors.Join(err, p.undrawn(ctx, l, CardLater, time.Second)), l.Number)
	}
	all, err := p.cards(ctx, numbers)
	if err != nil {
		return 0, p.lost(errors.Join(err, p.undrawn(ctx, l, l.undrawable(err), time.Second)), l.Number)
	}
	if wait, err = p.token(ctx, l.Class); err != nil || wait > 0 {
		return wait, p.lost(errors.Join(err, p.undrawn(ctx, l, CardUnused, 0)), l.Number)
	}
	return 0, p.lost(p.bring(ctx, l, len(numbers) > 1, all), l.Number)
}

// bring makes the call that shows what was drawn, together in one message or alone.
func (p spot) bring(ctx context.Context, l CardLease, together bool, all []connector.Card) error {
	switch {
	case together:
		return p.batch(ctx, l, all)
	case l.Message != "":
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
func (p spot) card(ctx context.Context, number int) (connector.Card, error) {
	all, err := p.cards(ctx, []int{number})
	if err != nil {
		return connector.Card{}, err
	}
	return all[0], nil
}

// cards makes several; number 0 is the board. One of several that cannot be made is left
// out.
func (p spot) cards(ctx context.Context, numbers []int) ([]connector.Card, error) {
	s, err := p.Reader.Session(ctx, p.id)
	if err != nil {
		return nil, err
	}
	qs := []session.Question{{}}
	if numbers[0] > 0 {
		if qs, err = p.Reader.Questions(ctx, p.id, numbers...); err != nil {
			return nil, err
		}
	}
	var all []connector.Card
	for _, q := range qs {
		c, failed := p.Draw(ctx, s, q)
		switch {
		case session.KindOf(failed) == session.Unavailable && failed != nil:
			return nil, failed
		case failed != nil:
			err = errors.Join(err, failed)
			continue
		}
		c.Place, c.Number, c.Key = p.lane.Place, q.Ref.Number, session.QuestionRef{Session: p.id, Number: q.Ref.Number}.String()
		all = append(all, c)
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
func (p spot) update(ctx context.Context, l CardLease, c connector.Card) error {
	err := p.desk.UpdateCard(ctx, l.Message, c)
	switch {
	case err == nil:
		return p.drawn(ctx, l, "", c)
	case errors.Is(err, connector.ErrGone):
		return p.undrawn(ctx, l, CardGone, 0)
	}
	return p.failed(ctx, l, err, CardLater)
}

// settle looks for a card of unknown fate.
func (p spot) settle(ctx context.Context, l CardLease, c connector.Card) error {
	f, _ := connector.As[connector.CardFinder](p.conn)
	at, found, err := f.FindCard(ctx, c)
	switch {
	case err != nil:
		return errors.Join(p.hold(ctx, l.Class, err), p.undrawn(ctx, l, CardUnsure, waitOf(err)))
	case !found:
		return p.post(ctx, l, c)
	}
	if err = insist(ctx, func() error { return p.Cards.Adopt(ctx, p.id, p.lane, l.Number, at) }); err != nil {
		return err
	}
	return p.undrawn(ctx, l, CardLater, 0) // it is no new card any more
}

// post posts the card; the lease wrote the intent.
func (p spot) post(ctx context.Context, l CardLease, c connector.Card) error {
	at, err := p.desk.PostCard(ctx, c)
	if err == nil {
		return p.drawn(ctx, l, at, c)
	}
	return p.failed(ctx, l, err, p.dark())
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

func (p spot) drawn(ctx context.Context, l CardLease, at session.MessageID, c connector.Card) error {
	call := p.callOf(c)
	return insist(ctx, func() error { return p.Cards.Drawn(ctx, p.id, l, at, call) })
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
