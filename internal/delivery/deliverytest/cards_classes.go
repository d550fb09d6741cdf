package deliverytest

import (
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// testCardsClasses: who changes a card says how urgent it is, and a card keeps its
// place unless it gets a better one.
func testCardsClasses(t *testing.T, y *yard) {
	y.pause()
	y.posted(5)
	vote := func(n int, voter session.Hash) {
		_, err := y.store.Vote(t.Context(), session.Vote{Question: session.QuestionRef{Session: "hour", Number: n}, By: voter, Up: true})
		y.must(err)
	}
	y.press(4, session.Moderator)
	y.draw(connector.CardPressed)
	y.draw(connector.CardBoard)
	for _, voter := range []session.Hash{"a", "b", "b", "c"} {
		vote(4, voter)
	}
	y.outdated(0, 0, 0, 1) // a vote leaves the board alone
	y.press(2, session.System)
	y.press(3, session.Moderator)
	y.press(1, session.ExpertRole)
	y.press(5, session.Asker)
	y.press(3, session.System)
	y.press(3, session.Moderator)
	y.press(2, session.Moderator) // now somebody pressed it
	y.pause()                     // the board is the board, whoever presses
	y.outdated(3, 1, 0, 2)
	y.ordered(connector.CardPressed, 3, 1, 2)
	y.ordered(connector.CardBoard, 0)
	y.ordered(connector.CardOther, 4, 5)
}

// testCardsSide: each class has a lease of its own, and none is the deliveries'.
func testCardsSide(t *testing.T, y *yard) {
	y.posted(2)
	y.press(1, session.System)
	y.press(2, session.Moderator)
	y.askCard()
	d := want(1, 1, session.ClassAnswer)
	d.Connector, d.Place = desk.Connector, desk.Place
	y.plan(d)
	if _, _, ok, err := y.store.Lease(t.Context(), "hour", desk, long); !ok || err != nil {
		t.Errorf("a delivery at the same place: %v, %v", ok, err)
	}
	leases := []delivery.CardLease{}
	for class, n := range []int{2, 0, 3, 1} {
		c := y.card(connector.CardClass(class), long)
		if c.Number != n {
			t.Errorf("class %d: %+v", class, c)
		}
		leases = append(leases, c)
	}
	for _, c := range leases {
		y.drawn(c, session.MessageID(rune('a'+c.Number)))
	}
	y.outdated(0, 0, 0, 0)
}

// testCardsBoardFirst: no card is posted before the board was tried.
func testCardsBoardFirst(_ *testing.T, y *yard) {
	y.askCard()
	y.askCard()
	y.outdated(0, 1, 0, 0)
	y.noCard(connector.CardNew)
	c := y.card(connector.CardBoard, long)
	y.noCard(connector.CardNew)
	y.undrawn(c, delivery.CardRefused, brief)
	y.outdated(0, 0, 2, 0) // the board fails, and holds up nobody
	c = y.card(connector.CardNew, long)
	<-time.After(brief)
	y.drawn(c, "m1")
	y.outdated(0, 1, 0, 0)
	y.undrawn(y.card(connector.CardBoard, long), delivery.CardLost, 0)
	y.ordered(connector.CardNew, 2)
}

// testCardsNewStay: what was never posted is new whatever touches it, in the order of
// arrival.
func testCardsNewStay(_ *testing.T, y *yard) {
	for range 12 {
		y.askCard()
	}
	y.draw(connector.CardBoard)
	y.press(12, session.Moderator)
	y.press(3, session.ExpertRole)
	y.press(11, session.System)
	y.outdated(0, 1, 12, 0)
	y.ordered(connector.CardNew, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
}

// testCardsOverlap: two draw the same card at once, and nobody knows which drawing
// landed last. It must be drawn once more, in whatever order they end.
func testCardsOverlap(t *testing.T, y *yard) {
	y.posted(1)
	two := func() (old, young delivery.CardLease) {
		y.press(1, session.System)
		old = y.card(connector.CardOther, long)
		y.press(1, session.Moderator)
		return old, y.card(connector.CardPressed, long)
	}
	check := func(what string) {
		t.Helper()
		y.draw(connector.CardBoard)
		c := y.card(connector.CardOther, long)
		if c.Number != 1 || c.Message != "m1" {
			t.Errorf("%s: %+v", what, c)
		}
		y.drawn(c, "")
		y.outdated(0, 0, 0, 0)
	}
	old, young := two()
	y.drawn(young, "")
	y.drawn(old, "")
	check("the old one ends last")
	old, young = two()
	y.drawn(old, "")
	y.drawn(young, "")
	y.draw(connector.CardPressed)
	y.draw(connector.CardOther)
	y.draw(connector.CardBoard)
	y.outdated(0, 0, 0, 0)
	for _, why := range []delivery.CardEnd{delivery.CardLater, delivery.CardUnsure, delivery.CardRefused} {
		old, young = two()
		y.drawn(young, "")
		y.undrawn(old, why, 0)
		check("the old one is not known to have landed")
	}
}

// testCardsAbandoned: the process dies that makes the old one of two drawings.
func testCardsAbandoned(t *testing.T, y *yard) {
	y.posted(1)
	y.press(1, session.System)
	y.card(connector.CardOther, brief)
	y.press(1, session.Moderator)
	y.drawn(y.card(connector.CardPressed, long), "")
	if c := y.cardLater(connector.CardOther); c.Number != 1 || c.Message != "m1" {
		t.Errorf("lease %+v", c)
	}
}

// testCardsEndFirst checks that a drawing that is recorded first does not hide that it
// landed last.
func testCardsEndFirst(t *testing.T, y *yard) {
	y.posted(1)
	y.press(1, session.System)
	old := y.card(connector.CardOther, long)
	y.press(1, session.Moderator)
	young := y.card(connector.CardPressed, long)
	y.drawn(old, "")
	y.drawn(young, "")
	if b := y.backlog(); b.Cards[connector.CardPressed].Dirty+b.Cards[connector.CardOther].Dirty != 1 {
		t.Errorf("out of date are %+v", b)
	}
}

// testCardsRefused: a card that the platform does not want holds up nobody.
func testCardsRefused(_ *testing.T, y *yard) {
	y.posted(3)
	for n := range 3 {
		y.press(n+1, session.Moderator)
	}
	for range 3 {
		y.askCard()
	}
	y.draw(connector.CardBoard)
	y.undrawn(y.card(connector.CardNew, long), delivery.CardRefused, 0)
	y.ordered(connector.CardNew, 5, 6, 4)
	y.undrawn(y.card(connector.CardPressed, long), delivery.CardRefused, 0)
	y.ordered(connector.CardPressed, 2, 3)
	y.ordered(connector.CardOther, 1)
	y.press(1, session.Moderator)
	c := y.card(connector.CardPressed, long)
	y.press(1, session.Moderator) // it is another one now, which may be wanted
	y.undrawn(c, delivery.CardRefused, 0)
	y.ordered(connector.CardPressed, 1)
}

// testCardsGone: a card that somebody removed is new again, with an intent for its post.
func testCardsGone(t *testing.T, y *yard) {
	y.posted(2)
	y.press(1, session.Moderator)
	y.press(1, session.System)
	c := y.card(connector.CardPressed, long)
	y.press(1, session.Moderator)
	for range 2 {
		y.undrawn(c, delivery.CardGone, 0)
	}
	y.at(map[int]session.MessageID{0: "m0", 2: "m2"})
	again := y.card(connector.CardNew, long)
	if again.Number != 1 || again.Message != "" || again.Open {
		t.Errorf("lease %+v", again)
	}
	y.undrawn(again, delivery.CardUnsure, 0)
	if again = y.card(connector.CardNew, long); !again.Open {
		t.Errorf("its post has no intent: %+v", again)
	}
	y.drawn(again, "n1")
	y.at(map[int]session.MessageID{0: "m0", 1: "n1", 2: "m2"})
	y.of("m1", 1)
	y.of("n1", 1)

	y.press(2, session.System)
	late := y.card(connector.CardOther, long)
	y.press(2, session.Moderator)
	y.undrawn(y.card(connector.CardPressed, long), delivery.CardGone, 0)
	posting := y.card(connector.CardNew, long)
	y.undrawn(late, delivery.CardLater, 0) // the intent is not its own
	y.undrawn(posting, delivery.CardUnsure, 0)
	if posting = y.card(connector.CardNew, long); !posting.Open {
		t.Errorf("somebody else's end took the intent away: %+v", posting)
	}
	y.drawn(posting, "n2")
	y.press(2, session.System)
	late = y.card(connector.CardOther, long)
	late.Message = "m2" // as it was when it began
	y.undrawn(late, delivery.CardGone, 0)
	y.at(map[int]session.MessageID{0: "m0", 1: "n1", 2: "n2"})
}
