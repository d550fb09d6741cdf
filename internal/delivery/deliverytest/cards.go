package deliverytest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"experthour/internal/delivery"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

var desk = sessiontest.CardLane

// card takes the next card, which must be there.
func (y *yard) card(ttl time.Duration) delivery.CardLease {
	y.T.Helper()
	if n, err := y.store.Outdated(y.T.Context(), "hour", desk); n == 0 || err != nil {
		y.T.Errorf("%d cards are out of date, %v", n, err)
	}
	c, ok, err := y.store.Dirty(y.T.Context(), "hour", desk, ttl)
	y.must(err)
	if !ok {
		y.T.Fatal("no card is out of date")
	}
	return c
}

func (y *yard) noCard() {
	y.T.Helper()
	c, ok, err := y.store.Dirty(y.T.Context(), "hour", desk, long)
	y.must(err)
	if ok {
		y.T.Fatalf("leased card %+v", c)
	}
}

func (y *yard) drawn(c delivery.CardLease, at session.MessageID) {
	y.T.Helper()
	y.must(y.store.Drawn(y.T.Context(), "hour", c, at))
}

// draw draws all cards that are out of date and returns their order.
func (y *yard) draw() []int {
	y.T.Helper()
	order := []int{}
	for {
		c, ok, err := y.store.Dirty(y.T.Context(), "hour", desk, long)
		y.must(err)
		if !ok {
			return order
		}
		order = append(order, c.Number)
		y.drawn(c, session.MessageID(fmt.Sprint("m", c.Number)))
	}
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

func testCards(t *testing.T, y *yard) {
	y.noCard()
	y.ask(1)
	y.noCard() // a session without cards
	y.askCard()
	c := y.card(long)
	if c.Number != 2 || c.Message != "" || c.Open || c.Lane != desk {
		t.Errorf("lease %+v", c)
	}
	y.noCard() // one at a time
	for range 2 {
		y.drawn(c, "m2") // the second is a repeat after a lost reply
	}
	if c = y.card(long); c.Number != 0 {
		t.Errorf("lease %+v", c)
	}
	y.drawn(c, "board")
	y.noCard()
	y.press(2, session.Moderator)
	if c = y.card(long); c.Number != 2 || c.Message != "m2" || c.Open {
		t.Errorf("lease %+v", c)
	}
	y.drawn(c, "") // edited: the message stays
	y.drawn(y.card(long), "")
	y.DoSession(session.Pause, func(c *session.SessionChange) { c.Cards = &desk })
	if c = y.card(long); c.Number != 0 || c.Message != "board" {
		t.Errorf("lease %+v", c)
	}
}

// testCardsOrder: what somebody pressed, then new cards and the board, then the rest.
func testCardsOrder(t *testing.T, y *yard) {
	y.DoSession(session.Pause, func(c *session.SessionChange) { c.Cards = &desk })
	for range 3 {
		y.askCard()
	}
	y.draw()
	y.press(2, session.Moderator) // the board stays behind it
	y.draw()
	y.press(2, session.System)
	y.askCard()
	y.press(3, session.Moderator)
	y.press(1, session.ExpertRole)
	y.press(3, session.ExpertRole) // keeps its place
	if order := y.draw(); !slices.Equal(order, []int{3, 1, 2, 0, 4}) {
		t.Errorf("order %v", order)
	}
}

func testCardsAgain(t *testing.T, y *yard) {
	y.askCard()
	c := y.card(long)
	y.press(1, session.Moderator) // while it is drawn
	y.press(1, session.Moderator)
	y.drawn(c, "m1")
	again := y.card(long)
	if again.Number != 1 || again.Message != "m1" || again.Stamp <= c.Stamp {
		t.Errorf("lease %+v after %+v", again, c)
	}
	y.drawn(again, "")
	if order := y.draw(); !slices.Equal(order, []int{0}) {
		t.Errorf("left over: %v", order)
	}
}

func testCardsFence(t *testing.T, y *yard) {
	y.askCard()
	lost := y.card(brief)
	c := y.cardLater()
	if err := y.store.Drawn(t.Context(), "hour", lost, "mx"); !errors.Is(err, session.ErrFenced) {
		t.Errorf("drawn with a lost lease: %v", err)
	}
	if err := y.store.Undrawn(t.Context(), "hour", lost, 0, false); !errors.Is(err, session.ErrFenced) {
		t.Errorf("undrawn with a lost lease: %v", err)
	}
	y.drawn(c, "m1")
	y.press(1, session.Moderator)
	if c = y.card(long); c.Message != "m1" {
		t.Errorf("lease %+v", c)
	}
}

// cardLater takes the next card once the lease of somebody else is over.
func (y *yard) cardLater() delivery.CardLease {
	y.T.Helper()
	for {
		c, ok, err := y.store.Dirty(y.T.Context(), "hour", desk, long)
		y.must(err)
		if ok {
			return c
		}
		<-time.After(time.Millisecond)
	}
}

func testCardsCrash(t *testing.T, y *yard) {
	y.askCard()
	y.card(brief)
	c := y.cardLater()
	if c.Number != 1 || !c.Open {
		t.Errorf("lease after a crash %+v", c)
	}
	y.drawn(c, "m1")
	y.press(1, session.Moderator)
	if c = y.card(brief); c.Open {
		t.Errorf("drawn card is open: %+v", c)
	}
	if c = y.cardLater(); c.Number != 1 || c.Message != "m1" {
		t.Errorf("an edit is tried again: %+v", c)
	}
}

func testCardsUndrawn(t *testing.T, y *yard) {
	y.askCard()
	c := y.card(long)
	for range 2 {
		y.must(y.store.Undrawn(t.Context(), "hour", c, 0, true))
	}
	if c = y.card(long); c.Number != 1 || !c.Open {
		t.Errorf("kept: %+v", c)
	}
	y.must(y.store.Undrawn(t.Context(), "hour", c, 0, false))
	if c = y.card(long); c.Number != 1 || c.Open {
		t.Errorf("not kept: %+v", c)
	}
	y.must(y.store.Undrawn(t.Context(), "hour", c, time.Hour, false))
	y.noCard()
}

func testCardsVotes(t *testing.T, y *yard) {
	y.DoSession(session.Pause, func(c *session.SessionChange) { c.Cards = &desk })
	y.askCard()
	y.askCard()
	y.press(1, session.Moderator)
	y.draw()
	for _, voter := range []session.Hash{"a", "b", "b", "c"} {
		if _, err := y.store.Vote(t.Context(), session.QuestionRef{Session: "hour", Number: 1}, voter, true); err != nil {
			t.Fatal(err)
		}
	}
	y.press(2, session.Moderator)
	if order := y.draw(); !slices.Equal(order, []int{2, 0, 1}) {
		t.Errorf("order %v", order)
	}
}
