package deliverytest

import (
	"slices"
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

// testCardsOver: the card of a question for which nobody waits comes after all for which somebody does, but for the press
// that ended it; and it comes forward again with its question.
func testCardsOver(t *testing.T, y *yard) {
	y.posted(6)
	over := func(n int, r session.Role, along bool) { y.becomes(n, r, session.Declined, along) }
	y.press(1, session.System) // in line before it is over
	over(1, session.System, false)
	over(2, session.Asker, false)
	y.press(3, session.System)
	over(4, session.Moderator, true) // along with 5, which somebody pressed
	over(5, session.Moderator, false)
	y.press(6, session.Moderator)
	y.must(y.store.Touch(t.Context(), "hour", desk, 1)) // keeps its place
	y.ordered(connector.CardPressed, 5, 6)
	y.ordered(connector.CardOther, 3, 1, 2, 4)

	over(1, session.System, false)
	over(2, session.System, false)
	y.press(2, session.System) // restored
	y.ordered(connector.CardOther, 2, 1)

	for range 4 {
		y.askCard()
	}
	over(7, session.Moderator, false)
	over(8, session.System, false)
	y.draw(connector.CardBoard)
	y.undrawn(y.batch(3, 9, 10, 7), delivery.CardUnused, 0)
	y.ordered(connector.CardNew, 9, 10, 7, 8)
}

// testCardsMore: who drew the last card of a class hears whether something else at the desk
// waits for somebody, which nobody has in hand.
func testCardsMore(t *testing.T, y *yard) {
	y.askCard()
	if !y.drawn(y.card(connector.CardBoard, long), "board") {
		t.Error("the new card waited for the board, and nobody is told that it may be drawn")
	}
	y.press(1, session.Moderator)
	one := y.card(connector.CardNew, long)
	if y.drawn(y.card(connector.CardBoard, long), "") {
		t.Error("the only other card is in hand, and somebody is told to look for it")
	}
	more, err := y.store.Drawn(t.Context(), "hour", one, map[int]delivery.Drawing{1: {At: "one", Call: 1}})
	if y.must(err); !more {
		t.Error("a call waits, and nobody is told")
	}
	if y.called(y.call(long), true); y.dirty()[connector.CardClasses] != 0 {
		t.Error("the call was posted")
	}
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
	w := y.look(delivery.Take{TTL: long, Cards: [connector.CardClasses]bool{true, true, true, true}}) // all at once
	if len(w.Cards) != 4 || !slices.Equal(w.Lanes, []session.Lane{desk}) {
		t.Fatalf("leased %+v", w)
	}
	for class, n := range []int{2, 0, 3, 1} {
		if c := w.Cards[class]; c.Class != connector.CardClass(class) || c.Cards[0].Number != n {
			t.Errorf("class %d: %+v", class, c)
		}
	}
	for _, c := range w.Cards {
		at := session.MessageID("")
		if c.Class == connector.CardNew {
			at = "m3"
		}
		y.drawn(c, at)
	}
	y.outdated(0, 0, 0, 0)
}

// testCardsGate: of two classes that share a budget the lower one gets nothing while the
// other has something to draw.
func testCardsGate(t *testing.T, y *yard) {
	y.posted(2)
	y.press(1, session.System)
	y.press(2, session.Moderator)
	y.askCard()
	take := delivery.Take{TTL: long, Cards: [connector.CardClasses]bool{true, true, true, true},
		Budgets: [connector.CardClasses]string{"edit", "board", "", "edit"}}
	classes := func(want ...connector.CardClass) []delivery.CardLease {
		t.Helper()
		cs := y.look(take).Cards
		var got []connector.CardClass
		for _, c := range cs {
			got = append(got, c.Class)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("leased of classes %v, want %v", got, want)
		}
		return cs
	}
	take.Cards[connector.CardPressed] = false // another runner is at it
	classes(connector.CardBoard, connector.CardNew)
	take.Cards[connector.CardPressed] = true
	pressed := classes(connector.CardPressed)[0]
	classes() // and while it is drawn
	y.undrawn(pressed, delivery.CardUnused, 0)
	y.drawn(classes(connector.CardPressed)[0], "")
	classes(connector.CardOther)
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
		if c.Cards[0].Number != 1 || c.Cards[0].Message != "m1" {
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
func testCardsAbandoned(_ *testing.T, y *yard) {
	y.posted(1)
	y.press(1, session.System)
	y.card(connector.CardOther, brief)
	y.press(1, session.Moderator)
	y.drawn(y.card(connector.CardPressed, long), "")
	y.cardIs(y.cardLater(connector.CardOther), 1, "m1", false)
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
	if d := y.dirty(); d[connector.CardPressed]+d[connector.CardOther] != 1 {
		t.Errorf("out of date are %v", d)
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
func testCardsGone(_ *testing.T, y *yard) {
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
	y.cardIs(again, 1, "", false)
	y.undrawn(again, delivery.CardUnsure, 0)
	again = y.card(connector.CardNew, long)
	y.cardIs(again, 1, "", true) // its post has an intent
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
	y.cardIs(y.card(connector.CardNew, long), 2, "", true)
}

// testCardsGoneLate: that an old message is gone says nothing about the new one.
func testCardsGoneLate(_ *testing.T, y *yard) {
	y.posted(1)
	y.press(1, session.System)
	late := y.card(connector.CardOther, long) // at m1
	y.press(1, session.Moderator)
	y.undrawn(y.card(connector.CardPressed, long), delivery.CardGone, 0)
	y.drawn(y.card(connector.CardNew, long), "n1")
	y.undrawn(late, delivery.CardGone, 0)
	y.at(map[int]session.MessageID{0: "m0", 1: "n1"})
}
