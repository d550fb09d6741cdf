package deliverytest

import (
	"maps"
	"slices"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// at checks where the cards up to 9 stand.
func (y *yard) at(want map[int]session.MessageID) {
	y.T.Helper()
	got, err := y.store.At(y.T.Context(), "hour", desk, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8)
	y.must(err)
	if !maps.Equal(got, want) {
		y.T.Errorf("cards stand at %v, want %v", got, want)
	}
}

// of checks whose card a message is; -1 is nobody's.
func (y *yard) of(at session.MessageID, want int) {
	y.T.Helper()
	n, ok, err := y.store.Of(y.T.Context(), "hour", desk, at)
	y.must(err)
	if ok != (want >= 0) || ok && n != want {
		y.T.Errorf("%q is of %d, %v; want %d", at, n, ok, want)
	}
}

func (y *yard) lost(want ...int) {
	y.T.Helper()
	if got := y.look(delivery.Take{Board: true}).Board.Lost; !slices.Equal(got, want) {
		y.T.Errorf("lost are %v, want %v", got, want)
	}
}

func (y *yard) adopt(n int, at session.MessageID) {
	y.T.Helper()
	y.must(y.store.Adopt(y.T.Context(), "hour", desk, n, at))
}

func (y *yard) repost(n int) {
	y.T.Helper()
	y.must(y.store.Repost(y.T.Context(), "hour", desk, n))
}

func testCardsAt(t *testing.T, y *yard) {
	y.at(map[int]session.MessageID{})
	y.of("m1", -1)
	y.posted(2)
	y.at(map[int]session.MessageID{0: "m0", 1: "m1", 2: "m2"})
	y.of("m2", 2)
	y.of("m0", 0)
	for _, strange := range []session.MessageID{"m3", "1", "1.s", "seq", "", "@m1"} {
		y.of(strange, -1)
	}
	if got, err := y.store.At(t.Context(), "hour", desk); len(got) != 0 || err != nil {
		t.Errorf("none: %v, %v", got, err)
	}
	elsewhere := session.Lane{Connector: desk.Connector, Place: "elsewhere"}
	if got, err := y.store.At(t.Context(), "hour", elsewhere, 1); len(got) != 0 || err != nil {
		t.Errorf("elsewhere: %v, %v", got, err)
	}
}

// testCardsTouch: the clock makes the board old, and a card that somebody removed is
// drawn again.
func testCardsTouch(t *testing.T, y *yard) {
	y.posted(1)
	y.outdated(0, 0, 0, 0)
	for _, n := range []int{0, 1, 1} {
		y.must(y.store.Touch(t.Context(), "hour", desk, n))
	}
	y.outdated(0, 1, 0, 1)
	if err := y.store.Touch(t.Context(), "hour", desk, 9); session.KindOf(err) != session.NotFound {
		t.Errorf("touch of no card: %v", err)
	}
}

// testCardsLost: what may have been posted and cannot be looked up waits for a person,
// whatever touches it.
func testCardsLost(t *testing.T, y *yard) {
	for range 3 {
		y.askCard()
	}
	y.draw(connector.CardBoard)
	y.lost()
	for range 2 {
		y.undrawn(y.card(connector.CardNew, long), delivery.CardLost, 0)
	}
	y.lost(1, 2)
	y.outdated(0, 0, 1, 0)
	y.press(2, session.Moderator)
	y.press(1, session.System)
	y.ordered(connector.CardNew, 3)
	y.outdated(0, 1, 0, 0)
	y.lost(1, 2)

	for range 2 { // the second is a repeat after a lost reply
		y.repost(2)
	}
	y.lost(1)
	c := y.card(connector.CardNew, long)
	y.cardIs(c, 2, "", false)
	y.repost(2) // it is being posted
	y.drawn(c, "m2")
	y.repost(2) // it stands
	y.outdated(0, 1, 0, 0)
	y.at(map[int]session.MessageID{0: "m0", 2: "m2", 3: "m3"})
	for what, err := range map[string]error{"repost": y.store.Repost(t.Context(), "hour", desk, 9),
		"adopt": y.store.Adopt(t.Context(), "hour", desk, 9, "x")} {
		if session.KindOf(err) != session.NotFound {
			t.Errorf("%s of no card: %v", what, err)
		}
	}
	y.of("x", -1)
}

// testCardsAdopt: an orphan was pressed, so everybody knows where the card is.
func testCardsAdopt(_ *testing.T, y *yard) {
	y.askCard()
	y.askCard()
	y.draw(connector.CardBoard)
	y.undrawn(y.card(connector.CardNew, long), delivery.CardLost, 0)
	for range 2 {
		y.adopt(1, "orphan")
	}
	y.lost()
	y.at(map[int]session.MessageID{0: "m0", 1: "orphan"})
	y.of("orphan", 1)
	c := y.card(connector.CardOther, long)
	y.cardIs(c, 1, "orphan", false)
	y.drawn(c, "")

	c = y.card(connector.CardNew, brief)
	y.adopt(2, "m2") // it was posted, and the process that did it died
	y.outdated(0, 0, 0, 1)
	y.drawn(c, "m2")
	c = y.card(connector.CardOther, long)
	y.cardIs(c, 2, "m2", false)
	y.drawn(c, "")
	y.adopt(2, "second") // the card stands: this is one more
	y.outdated(0, 0, 0, 0)
	y.at(map[int]session.MessageID{0: "m0", 1: "orphan", 2: "m2"})
	y.of("second", 2)
	y.adopt(1, "m2")
	y.of("m2", 2)
}
