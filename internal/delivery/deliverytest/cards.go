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

func (y *yard) backlog() delivery.Backlog {
	y.T.Helper()
	b, err := y.store.Outdated(y.T.Context(), "hour", desk)
	y.must(err)
	return b
}

// outdated checks how many cards may be drawn: pressed, board, new, others.
func (y *yard) outdated(want ...int) {
	y.T.Helper()
	var got []int
	for _, l := range y.backlog().Cards {
		got = append(got, l.Dirty)
	}
	if !slices.Equal(got, want) {
		y.T.Errorf("out of date are %v, want %v", got, want)
	}
}

// card takes the next card of a class, which must be there.
func (y *yard) card(class connector.CardClass, ttl time.Duration) delivery.CardLease {
	y.T.Helper()
	if l := y.backlog().Cards[class]; l.Dirty == 0 || l.Busy {
		y.T.Errorf("class %d has %+v", class, l)
	}
	c, ok, err := y.store.Dirty(y.T.Context(), "hour", desk, class, ttl)
	y.must(err)
	if !ok || c.Class != class || c.Lane != desk {
		y.T.Fatalf("no card of class %d is out of date: %+v", class, c)
	}
	if !y.backlog().Cards[class].Busy && ttl == long {
		y.T.Errorf("nobody seems to draw class %d", class)
	}
	return c
}

// noCard fails the test when a card of the class can be had.
func (y *yard) noCard(class connector.CardClass) {
	y.T.Helper()
	c, ok, err := y.store.Dirty(y.T.Context(), "hour", desk, class, long)
	y.must(err)
	if ok {
		y.T.Fatalf("leased card %+v", c)
	}
}

func (y *yard) drawn(c delivery.CardLease, at session.MessageID) {
	y.T.Helper()
	y.must(y.store.Drawn(y.T.Context(), "hour", c, at, 0))
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
		c, ok, err := y.store.Dirty(y.T.Context(), "hour", desk, class, long)
		y.must(err)
		if !ok {
			return order
		}
		order = append(order, c.Number)
		y.drawn(c, session.MessageID(fmt.Sprint("m", c.Number)))
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
func (y *yard) press(n int, r session.Role) {
	y.T.Helper()
	st := y.Stored(y.Read(n), session.Accept, func(q *session.Question) { q.State = session.Queued })
	st.Entry.Role = r
	c := y.Change(st)
	c.Cards = &desk
	y.must(y.store.Commit(y.T.Context(), c))
}

func (y *yard) pause() {
	y.T.Helper()
	y.DoSession(session.Pause, func(c *session.SessionChange) { c.Cards = &desk })
}

func testCards(t *testing.T, y *yard) {
	y.outdated(0, 0, 0, 0)
	y.ask(1)
	y.outdated(0, 0, 0, 0) // a session without cards
	y.askCard()
	y.outdated(0, 1, 0, 0) // the board goes first
	c := y.card(connector.CardBoard, long)
	if c.Number != 0 || c.Message != "" || c.Open {
		t.Errorf("lease %+v", c)
	}
	y.noCard(connector.CardBoard) // one at a time
	for range 2 {
		y.drawn(c, "board") // the second is a repeat after a lost reply
	}
	y.outdated(0, 0, 1, 0)
	if c = y.card(connector.CardNew, long); c.Number != 2 || c.Message != "" || c.Open {
		t.Errorf("lease %+v", c)
	}
	y.drawn(c, "m2")
	y.outdated(0, 0, 0, 0)
	for class := range connector.CardClasses {
		y.noCard(class)
	}
	y.press(2, session.Moderator)
	if c = y.card(connector.CardPressed, long); c.Number != 2 || c.Message != "m2" || c.Open {
		t.Errorf("lease %+v", c)
	}
	y.drawn(c, "") // edited: the message stays
	y.drawn(y.card(connector.CardBoard, long), "")
	y.pause()
	if c = y.card(connector.CardBoard, long); c.Number != 0 || c.Message != "board" {
		t.Errorf("lease %+v", c)
	}
}

func testCardsAgain(t *testing.T, y *yard) {
	y.posted(2)
	y.press(1, session.System)
	c := y.card(connector.CardOther, long)
	y.press(1, session.Asker) // while it is drawn
	y.press(1, session.System)
	y.drawn(c, "")
	again := y.card(connector.CardOther, long)
	if again.Number != 1 || again.Message != "m1" || again.Stamp <= c.Stamp {
		t.Errorf("lease %+v after %+v", again, c)
	}
	y.drawn(again, "")
	y.ordered(connector.CardOther)

	y.askCard()
	y.askCard()
	for n, r := range map[int]session.Role{3: session.System, 4: session.ExpertRole} {
		c = y.card(connector.CardNew, long)
		y.press(c.Number, r)
		if c.Number != n {
			y.press(7-c.Number, r)
		}
		y.drawn(c, session.MessageID(fmt.Sprint("m", c.Number)))
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
	if err := y.store.Drawn(t.Context(), "hour", lost, "mx", 1); !errors.Is(err, session.ErrFenced) {
		t.Errorf("drawn with a lost lease: %v", err)
	}
	if err := y.store.Undrawn(t.Context(), "hour", lost, delivery.CardGone, 0); !errors.Is(err, session.ErrFenced) {
		t.Errorf("undrawn with a lost lease: %v", err)
	}
	other := c
	other.Class = connector.CardOther
	if err := y.store.Drawn(t.Context(), "hour", other, "mx", 1); !errors.Is(err, session.ErrFenced) {
		t.Errorf("drawn with the lease of another class: %v", err)
	}
	y.drawn(c, "")
	y.press(1, session.Moderator)
	if c = y.card(connector.CardPressed, long); c.Message != "m1" {
		t.Errorf("lease %+v", c)
	}
}

// cardLater takes the next card once the lease of somebody else is over.
func (y *yard) cardLater(class connector.CardClass) delivery.CardLease {
	y.T.Helper()
	var c delivery.CardLease
	testenv.Until(y.T, "the lease of somebody else ends, and leaves something", func() (ok bool) {
		var err error
		c, ok, err = y.store.Dirty(y.T.Context(), "hour", desk, class, long)
		y.must(err)
		return ok
	})
	return c
}

func testCardsCrash(t *testing.T, y *yard) {
	y.askCard()
	y.card(connector.CardBoard, brief)
	c := y.cardLater(connector.CardBoard)
	if c.Number != 0 || !c.Open {
		t.Errorf("lease after a crash %+v", c)
	}
	y.drawn(c, "board")
	y.pause()
	if c = y.card(connector.CardBoard, brief); c.Open {
		t.Errorf("drawn card is open: %+v", c)
	}
	if c = y.cardLater(connector.CardBoard); c.Open || c.Message != "board" {
		t.Errorf("an edit is tried again: %+v", c)
	}
}

func testCardsUndrawn(t *testing.T, y *yard) {
	y.askCard()
	y.draw(connector.CardBoard)
	c := y.card(connector.CardNew, long)
	for range 2 {
		y.undrawn(c, delivery.CardUnsure, 0)
	}
	if c = y.card(connector.CardNew, long); c.Number != 1 || !c.Open {
		t.Errorf("kept: %+v", c)
	}
	y.undrawn(c, delivery.CardLater, 0)
	if c = y.card(connector.CardNew, long); c.Number != 1 || c.Open {
		t.Errorf("not kept: %+v", c)
	}
	y.undrawn(c, delivery.CardLater, time.Hour)
	y.outdated(0, 0, 0, 0)
	y.noCard(connector.CardNew)
	y.pause()
	y.card(connector.CardBoard, long) // another class does not wait
}

// testCardsUnused: a lease that was not used changes nothing, neither an intent nor
// the order.
func testCardsUnused(t *testing.T, y *yard) {
	y.arrived(4)
	unused := func(n int, open bool) {
		t.Helper()
		c := y.card(connector.CardNew, long)
		if c.Number != n || c.Open != open {
			t.Errorf("lease %+v, want %d, open %v", c, n, open)
		}
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
	y.undrawn(y.batch(y.card(connector.CardNew, long), 2, 3, 4), delivery.CardUnused, 0)
	unused(3, false)
	y.drawn(y.card(connector.CardNew, long), "m3")
	unused(4, false)
	y.drawn(y.card(connector.CardNew, long), "m4")
	unused(1, false)
	y.press(4, session.System)
	y.undrawn(y.card(connector.CardOther, long), delivery.CardUnused, 0)
	y.ordered(connector.CardOther, 4)
	y.ordered(connector.CardNew, 1)
}
