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
)

// arrived asks count questions and posts the board.
func (y *yard) arrived(count int) {
	y.T.Helper()
	for range count {
		y.askCard()
	}
	y.draw(connector.CardBoard)
}

// waiting checks how many cards were never posted, as the board tells.
func (y *yard) waiting(want int) {
	y.T.Helper()
	if got := y.look(delivery.Take{Board: true}).Board.Unposted; got != want {
		y.T.Errorf("%d cards wait, want %d", got, want)
	}
}

// batch takes new cards, of which so many share a message, and checks which.
func (y *yard) batch(most int, want ...int) delivery.CardLease {
	y.T.Helper()
	return y.batchFor(long, most, want...)
}

func (y *yard) batchFor(ttl time.Duration, most int, want ...int) delivery.CardLease {
	y.T.Helper()
	c, ok := y.tryCard(connector.CardNew, ttl, most)
	if !ok {
		y.T.Fatal("no new card is out of date")
	}
	var got []int
	for _, one := range c.Cards {
		got = append(got, one.Number)
	}
	if !slices.Equal(got, want) {
		y.T.Errorf("the batch is %v, want %v", got, want)
	}
	return c
}

// batched ends a lease: its cards stand on message b.
func (y *yard) batched(c delivery.CardLease, calls map[int]int, numbers ...int) {
	y.T.Helper()
	drawn := map[int]delivery.Drawing{}
	for _, n := range numbers {
		drawn[n] = delivery.Drawing{At: member(n), Call: calls[n]}
	}
	for range 2 { // the second is a repeat after a lost reply
		_, err := y.store.Drawn(y.T.Context(), "hour", c, drawn)
		y.must(err)
	}
}

func member(n int) session.MessageID { return session.MessageID(fmt.Sprintf("b#%d", n)) }

// gone presses a card of a batch, which is not there to be drawn again.
func (y *yard) gone(n int) {
	y.T.Helper()
	y.press(n, session.Moderator)
	c := y.card(connector.CardPressed, long)
	y.cardIs(c, n, member(n), false)
	y.undrawn(c, delivery.CardGone, 0)
}

func testCardsWaiting(_ *testing.T, y *yard) {
	y.waiting(0)
	y.askCard()
	y.askCard()
	y.waiting(2) // for the board, too
	y.draw(connector.CardBoard)
	c := y.card(connector.CardNew, long)
	y.waiting(2) // it is in hand
	y.undrawn(c, delivery.CardRefused, 0)
	y.waiting(2)
	y.undrawn(y.card(connector.CardNew, long), delivery.CardLost, 0)
	y.waiting(1)
	y.ordered(connector.CardNew, 1)
	y.waiting(0)
	y.press(1, session.Moderator)
	y.undrawn(y.card(connector.CardPressed, long), delivery.CardGone, 0)
	y.waiting(0) // it was there once
	y.ordered(connector.CardNew, 1)
	y.repost(2)
	y.waiting(1)
}

func testBatch(_ *testing.T, y *yard) {
	y.arrived(7)
	c := y.batch(4, 1, 2, 3, 4)
	y.noCard(connector.CardNew)
	y.waiting(7)
	y.batched(c, map[int]int{3: 2, 1: 1, 2: 0}, 1, 2, 3, 4)
	y.waiting(3)
	y.outdated(0, 0, 3, 0)
	y.at(map[int]session.MessageID{0: "m0", 1: "b#1", 2: "b#2", 3: "b#3", 4: "b#4"})
	y.of("b#3", 3)
	y.of("b", -1)
	first := y.call(long)
	y.callIs(first, 1, 1, false)
	y.called(first, true)
	y.callIs(y.call(long), 3, 2, false)

	y.gone(2) // it gets a message of its own, before the others
	y.gone(4)
	y.noted(2)
	y.noted(4)
	y.of("b#2", 2)
	y.batched(y.batch(2, 5, 6), nil, 5, 6)
	y.noted(7) // where one waits, it stands alone
	y.outdated(0, 1, 0, 0)
	y.press(5, session.System)
	y.cardIs(y.card(connector.CardOther, long), 5, "b#5", false)
}

// noted posts a card that takes no others with it.
func (y *yard) noted(n int) {
	y.T.Helper()
	y.drawn(y.batch(1, n), session.MessageID(fmt.Sprint("m", n)))
	y.stands(n, session.MessageID(fmt.Sprint("m", n)))
}

// stands checks where one card stands.
func (y *yard) stands(n int, want session.MessageID) {
	y.T.Helper()
	got, err := y.store.At(y.T.Context(), "hour", desk, n)
	y.must(err)
	if got[n] != want {
		y.T.Errorf("card %d stands at %q, want %q", n, got[n], want)
	}
}

// testBatchFew: where no more wait than fit into one message, each gets its own.
func testBatchFew(_ *testing.T, y *yard) {
	y.arrived(3)
	y.drawn(y.batch(3, 1), "m1")
	y.askCard()
	y.askCard()
	y.batch(3, 2, 3, 4)
}

// testBatchAlone: what was refused or may have been posted takes nobody with it, and is
// taken by nobody.
func testBatchAlone(_ *testing.T, y *yard) {
	y.arrived(6)
	y.undrawn(y.card(connector.CardNew, long), delivery.CardRefused, 0) // 1 goes to the end
	y.undrawn(y.card(connector.CardNew, long), delivery.CardUnsure, 0)
	y.undrawn(y.batch(2, 2), delivery.CardLost, 0)
	y.undrawn(y.batch(3, 3, 4, 5), delivery.CardLater, 0)
	y.ordered(connector.CardNew, 3, 4, 5, 6, 1)
	for range 3 {
		y.askCard()
	}
	for n := 7; n <= 9; n++ {
		y.undrawn(y.card(connector.CardNew, long), delivery.CardRefused, 0)
	}
	y.askCard()
	y.askCard()
	y.batched(y.batch(1, 10), nil, 10)
	y.noted(11)
	y.batch(1, 7) // it was refused, and so were the others
}

// testBatchPasses: a card that may not be in a batch stays where it is in line.
func testBatchPasses(_ *testing.T, y *yard) {
	y.arrived(5)
	lose := func() { y.undrawn(y.card(connector.CardNew, long), delivery.CardLost, 0) }
	lose()
	y.undrawn(y.batch(2, 2, 3), delivery.CardUnsure, 0)
	y.repost(1)
	y.undrawn(y.batch(2, 1, 4), delivery.CardLater, 0) // 2 and 3 may stand there
	lose()
	y.drawn(y.card(connector.CardNew, long), member(2))
	y.drawn(y.card(connector.CardNew, long), "m3")
	y.gone(2)
	y.repost(1)
	y.batched(y.batch(2, 1, 4), nil, 1, 4) // 2 was there once
	y.noted(2)
	y.noted(5)
}

// testBatchChanged: what changes while the message is on its way is out of date.
func testBatchChanged(_ *testing.T, y *yard) {
	y.arrived(5)
	c := y.batch(4, 1, 2, 3, 4)
	y.press(1, session.System)
	y.press(3, session.Moderator)
	y.batched(c, nil, 1, 2, 3, 4)
	y.outdated(1, 1, 1, 1)
	y.ordered(connector.CardPressed, 3)
	y.ordered(connector.CardOther, 1)
	y.ordered(connector.CardNew, 5)
}

func testBatchFence(t *testing.T, y *yard) {
	y.arrived(3)
	lost := y.batchFor(brief, 2, 1, 2)
	c := y.cardLater(connector.CardNew)
	drawn := map[int]delivery.Drawing{1: {At: "x1"}, 2: {At: "x2"}}
	other := c
	other.Class = connector.CardPressed
	for what, lease := range map[string]delivery.CardLease{"lost": lost, "of another class": other} {
		if _, err := y.store.Drawn(t.Context(), "hour", lease, drawn); !errors.Is(err, session.ErrFenced) {
			t.Errorf("drawn with a lease that is %s: %v", what, err)
		}
	}
	y.at(map[int]session.MessageID{0: "m0"})
	y.drawn(c, "m1")
	y.cardIs(y.card(connector.CardNew, long), 2, "", true) // the end of one lets no other go
}

// testBatchCrash leaves an intent for each; all are looked at one by one.
func testBatchCrash(_ *testing.T, y *yard) {
	y.arrived(4)
	y.batchFor(brief, 3, 1, 2, 3)
	c := y.cardLater(connector.CardNew)
	for n := 1; n <= 3; n++ {
		y.cardIs(c, n, "", true)
		y.undrawn(c, delivery.CardLost, 0)
		c = y.card(connector.CardNew, long)
	}
	y.cardIs(c, 4, "", false)
	y.lost(1, 2, 3)
	y.waiting(1)
	y.drawn(c, "m4")
	y.adopt(2, member(2)) // somebody pressed it
	y.repost(3)
	y.lost(1)
	c = y.card(connector.CardOther, long)
	y.cardIs(c, 2, member(2), false)
	y.undrawn(c, delivery.CardGone, 0)
	y.noted(2)
	y.batch(1, 3)
}

// testBatchUndrawn: all of a batch end alike.
func testBatchUndrawn(_ *testing.T, y *yard) {
	y.arrived(4)
	end := func(why delivery.CardEnd) {
		y.T.Helper()
		c := y.batch(3, 1, 2, 3)
		for range 2 {
			y.undrawn(c, why, 0)
		}
	}
	end(delivery.CardLater)
	y.outdated(0, 0, 4, 0)
	end(delivery.CardUnused)
	y.outdated(0, 0, 4, 0)
	end(delivery.CardUnsure)
	y.waiting(4)
	for n := 1; n <= 3; n++ {
		c := y.batch(3, n)
		y.cardIs(c, n, "", true)
		y.undrawn(c, delivery.CardLost, 0)
	}
	for n := 1; n <= 3; n++ {
		y.repost(n)
	}
	end(delivery.CardLost)
	y.lost(1, 2, 3)
	for n := 1; n <= 3; n++ {
		y.repost(n)
	}
	end(delivery.CardRefused)
	y.lost()
	y.ordered(connector.CardNew, 4, 1, 2, 3)
}

// testBatchLeftOut: what the message has no room for was refused.
func testBatchLeftOut(_ *testing.T, y *yard) {
	y.arrived(4)
	c := y.batch(3, 1, 2, 3)
	y.batched(c, map[int]int{1: 1}, 2)
	y.at(map[int]session.MessageID{0: "m0", 2: "b#2"})
	y.noCall()
	y.outdated(0, 0, 3, 0)
	y.noted(4)
	y.noted(1)
	y.noted(3)
}

// testBatchAdopted: a card that got a message of its own meanwhile stays there.
func testBatchAdopted(_ *testing.T, y *yard) {
	y.arrived(4)
	c := y.batch(3, 1, 2, 3)
	y.adopt(2, "orphan")
	other := y.card(connector.CardOther, long)
	y.batched(c, map[int]int{2: 1}, 1, 2, 3)
	y.at(map[int]session.MessageID{0: "m0", 1: "b#1", 2: "orphan", 3: "b#3"})
	y.of("b#2", 2)
	y.noCall()
	y.cardIs(other, 2, "orphan", false)
	y.drawn(other, "")
	y.outdated(0, 0, 1, 0)
	y.press(2, session.System)
	y.cardIs(y.card(connector.CardOther, long), 2, "orphan", false)
}
