package deliverytest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
	"experthour/internal/testenv"
)

var desk = sessiontest.CardLane

// look looks at the session and its desk, and takes what it is told to.
func (y *yard) look(t delivery.Take) delivery.Work {
	y.T.Helper()
	t.Lane = &desk
	w, err := y.store.Look(y.T.Context(), "hour", t)
	y.must(err)
	return w
}

// dirty is how many cards may be drawn, and at the end called.
func (y *yard) dirty() []int {
	y.T.Helper()
	w := y.look(delivery.Take{})
	return w.Dirty[:]
}

// outdated checks how many cards may be drawn: pressed, board, new, others.
func (y *yard) outdated(want ...int) {
	y.T.Helper()
	if got := y.dirty()[:connector.CardClasses]; !slices.Equal(got, want) {
		y.T.Errorf("out of date are %v, want %v", got, want)
	}
}

// lease takes the next card of a class, with others where so many share a message.
func (y *yard) tryCard(class connector.CardClass, ttl time.Duration, batch int) (delivery.CardLease, bool) {
	y.T.Helper()
	t := delivery.Take{TTL: ttl, Batch: batch}
	t.Cards[class] = true
	w := y.look(t)
	if len(w.Cards) == 0 {
		return delivery.CardLease{}, false
	}
	c := w.Cards[0]
	if len(w.Cards) > 1 || c.Class != class || c.Lane != desk || w.Call != nil {
		y.T.Fatalf("asked for class %d and got %+v", class, w)
	}
	for _, one := range c.Cards {
		if one.Session.ID != "hour" || one.Number != one.Question.Ref.Number || one.Number > 0 && one.Question.Text == "" {
			y.T.Errorf("card %d is to be drawn from %+v", one.Number, one.Subject)
		}
	}
	return c, true
}

// card takes the next card of a class, which must be there.
func (y *yard) card(class connector.CardClass, ttl time.Duration) delivery.CardLease {
	y.T.Helper()
	c, ok := y.tryCard(class, ttl, 0)
	if !ok {
		y.T.Fatalf("no card of class %d is out of date", class)
	}
	if len(c.Cards) != 1 {
		y.T.Errorf("nobody asked for several: %+v", c)
	}
	return c
}

// cardIs checks a lease: its card, where that stands, whether somebody may have posted it.
func (y *yard) cardIs(c delivery.CardLease, n int, at session.MessageID, open bool) {
	y.T.Helper()
	if c.Cards[0].Number != n || c.Cards[0].Message != at || c.Open != open {
		y.T.Errorf("lease %+v, want %d at %q, open %v", c, n, at, open)
	}
}

// noCard fails the test when a card of the class can be had.
func (y *yard) noCard(class connector.CardClass) {
	y.T.Helper()
	if c, ok := y.tryCard(class, long, 0); ok {
		y.T.Fatalf("leased card %+v", c)
	}
}

// drawn ends a lease: its card was posted there, or edited when at is empty.
func (y *yard) drawn(c delivery.CardLease, at session.MessageID) bool {
	y.T.Helper()
	more, err := y.store.Drawn(y.T.Context(), "hour", c, map[int]delivery.Drawing{c.Cards[0].Number: {At: at}})
	y.must(err)
	return more
}

func (y *yard) undrawn(c delivery.CardLease, why delivery.CardEnd, wait time.Duration) {
	y.T.Helper()
	y.must(y.store.Undrawn(y.T.Context(), "hour", c, why, wait))
}

// draw draws all cards of a class that are out of date and returns their order.
func (y *yard) draw(class connector.CardClass) []int {
	y.T.Helper()
	order := []int{}
	for {
		c, ok := y.tryCard(class, long, 0)
		if !ok {
			return order
		}
		order = append(order, c.Cards[0].Number)
		at := session.MessageID("")
		if c.Cards[0].Message == "" {
			at = session.MessageID(fmt.Sprint("m", c.Cards[0].Number))
		}
		more, left := y.drawn(c, at), y.dirty()
		if more && slices.Max(left) == 0 || !more && left[class] > 0 {
			y.T.Errorf("class %d has more: %v, and %v are out of date", class, more, left)
		}
	}
}

// ordered draws all cards of a class and checks their order.
func (y *yard) ordered(class connector.CardClass, want ...int) {
	y.T.Helper()
	if order := y.draw(class); !slices.Equal(order, want) {
		y.T.Errorf("order of class %d: %v, want %v", class, order, want)
	}
}

// posted asks count questions and posts the board and their cards.
func (y *yard) posted(count int) {
	y.T.Helper()
	for range count {
		y.askCard()
	}
	y.draw(connector.CardBoard)
	y.draw(connector.CardNew)
	y.outdated(0, 0, 0, 0)
}

// askCard adds a question with a card.
func (y *yard) askCard() session.Question {
	y.T.Helper()
	n := y.New(y.Op())
	n.Cards = &desk
	q, _, err := y.store.Add(y.T.Context(), n)
	y.must(err)
	return q
}

// press changes a question's card in a role.
func (y *yard) press(n int, r session.Role) { y.becomes(n, r, session.Queued, false) }

// becomes brings a question into a state, perhaps along with another one.
func (y *yard) becomes(n int, r session.Role, to session.State, along bool) {
	y.T.Helper()
	st := y.Stored(y.Read(n), session.Accept, func(q *session.Question) { q.State = to })
	st.Entry.Role, st.Along = r, along
	c := y.Change(st)
	c.Cards = &desk
	y.must(y.store.Commit(y.T.Context(), c))
}

func (y *yard) pause() {
	y.T.Helper()
	y.DoSession(session.Pause, func(c *session.SessionChange) { c.Cards = &desk })
}

func testCards(_ *testing.T, y *yard) {
	y.outdated(0, 0, 0, 0)
	y.ask(1)
	y.outdated(0, 0, 0, 0) // a session without cards
	y.askCard()
	y.outdated(0, 1, 0, 0) // the board goes first
	c := y.card(connector.CardBoard, long)
	y.cardIs(c, 0, "", false)
	y.noCard(connector.CardBoard) // one at a time
	for range 2 {
		y.drawn(c, "board") // the second is a repeat after a lost reply
	}
	y.outdated(0, 0, 1, 0)
	c = y.card(connector.CardNew, long)
	y.cardIs(c, 2, "", false)
	y.drawn(c, "m2")
	y.outdated(0, 0, 0, 0)
	for class := range connector.CardClasses {
		y.noCard(class)
	}
	y.press(2, session.Moderator)
	c = y.card(connector.CardPressed, long)
	y.cardIs(c, 2, "m2", false)
	y.drawn(c, "") // edited: the message stays
	y.drawn(y.card(connector.CardBoard, long), "")
	y.pause()
	y.cardIs(y.card(connector.CardBoard, long), 0, "board", false)
}

func testCardsAgain(_ *testing.T, y *yard) {
	y.posted(2)
	y.press(1, session.System)
	c := y.card(connector.CardOther, long)
	y.press(1, session.Asker) // while it is drawn
	y.press(1, session.System)
	y.drawn(c, "")
	again := y.card(connector.CardOther, long)
	y.cardIs(again, 1, "m1", false)
	y.drawn(again, "")
	y.ordered(connector.CardOther)

	y.askCard()
	y.askCard()
	for n, r := range map[int]session.Role{3: session.System, 4: session.ExpertRole} {
		c = y.card(connector.CardNew, long)
		got := c.Cards[0].Number
		y.press(got, r)
		if got != n {
			y.press(7-got, r)
		}
		y.drawn(c, session.MessageID(fmt.Sprint("m", got)))
	}
	y.outdated(1, 1, 0, 1)
}

func testCardsFence(t *testing.T, y *yard) {
	y.posted(1)
	y.press(1, session.Moderator)
	lost := y.card(connector.CardPressed, brief)
	c := y.cardLater(connector.CardPressed)
	if c.Fence <= lost.Fence {
		t.Errorf("fence %d after %d", c.Fence, lost.Fence)
	}
	elsewhere := map[int]delivery.Drawing{1: {At: "mx", Call: 1}}
	if _, err := y.store.Drawn(t.Context(), "hour", lost, elsewhere); !errors.Is(err, session.ErrFenced) {
		t.Errorf("drawn with a lost lease: %v", err)
	}
	if err := y.store.Undrawn(t.Context(), "hour", lost, delivery.CardGone, 0); !errors.Is(err, session.ErrFenced) {
		t.Errorf("undrawn with a lost lease: %v", err)
	}
	other := c
	other.Class = connector.CardOther
	if _, err := y.store.Drawn(t.Context(), "hour", other, elsewhere); !errors.Is(err, session.ErrFenced) {
		t.Errorf("drawn with the lease of another class: %v", err)
	}
	y.drawn(c, "")
	y.press(1, session.Moderator)
	y.cardIs(y.card(connector.CardPressed, long), 1, "m1", false)
}

// cardLater takes the next card once the lease of somebody else is over.
func (y *yard) cardLater(class connector.CardClass) delivery.CardLease {
	y.T.Helper()
	var c delivery.CardLease
	testenv.Until(y.T, "the lease of somebody else ends, and leaves something", func() (ok bool) {
		c, ok = y.tryCard(class, long, 0)
		return ok
	})
	return c
}

func testCardsCrash(t *testing.T, y *yard) {
	y.askCard()
	y.card(connector.CardBoard, brief)
	c := y.cardLater(connector.CardBoard)
	y.cardIs(c, 0, "", true)
	if age := time.Since(c.Since); age < 0 || age > time.Minute {
		t.Errorf("intent is %v old", age)
	}
	y.undrawn(c, delivery.CardUnsure, 0)
	if again := y.card(connector.CardBoard, long); !again.Since.Equal(c.Since) {
		t.Errorf("the first try was at %v, now %v", c.Since, again.Since)
	} else {
		y.drawn(again, "board")
	}
	y.pause()
	y.cardIs(y.card(connector.CardBoard, brief), 0, "board", false)
	y.cardIs(y.cardLater(connector.CardBoard), 0, "board", false) // an edit is tried again
}

func testCardsUndrawn(_ *testing.T, y *yard) {
	y.askCard()
	y.draw(connector.CardBoard)
	c := y.card(connector.CardNew, long)
	for range 2 {
		y.undrawn(c, delivery.CardUnsure, 0)
	}
	c = y.card(connector.CardNew, long)
	y.cardIs(c, 1, "", true)
	y.undrawn(c, delivery.CardLater, 0)
	c = y.card(connector.CardNew, long)
	y.cardIs(c, 1, "", false)
	y.undrawn(c, delivery.CardLater, time.Hour)
	y.outdated(0, 0, 0, 0)
	y.noCard(connector.CardNew)
	y.pause()
	y.card(connector.CardBoard, long) // another class does not wait
}

// testCardsUnused: a lease that was not used changes nothing, neither an intent nor
// the order.
func testCardsUnused(_ *testing.T, y *yard) {
	y.arrived(5)
	unused := func(n int, open bool) {
		y.T.Helper()
		c := y.card(connector.CardNew, long)
		y.cardIs(c, n, "", open)
		for range 2 { // the second is a repeat after a lost reply
			y.undrawn(c, delivery.CardUnused, 0)
		}
	}
	unused(1, false)
	unused(1, false)
	y.undrawn(y.card(connector.CardNew, long), delivery.CardRefused, 0) // 1 goes to the end
	y.undrawn(y.card(connector.CardNew, long), delivery.CardUnsure, 0)
	unused(2, true)
	unused(2, true)
	y.drawn(y.card(connector.CardNew, long), "m2")
	y.undrawn(y.batch(2, 3, 4), delivery.CardUnused, 0)
	for n := 3; n <= 5; n++ {
		unused(n, false)
		y.drawn(y.card(connector.CardNew, long), "m")
	}
	unused(1, false)
	y.press(4, session.System)
	y.undrawn(y.card(connector.CardOther, long), delivery.CardUnused, 0)
	y.ordered(connector.CardOther, 4)
	y.ordered(connector.CardNew, 1)
}
