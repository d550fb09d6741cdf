package deliverytest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

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

// waiting checks how many cards were never posted.
func (y *yard) waiting(want int) {
	y.T.Helper()
	got, err := y.store.Waiting(y.T.Context(), "hour", desk)
	y.must(err)
	if got != want {
		y.T.Errorf("%d cards wait, want %d", got, want)
	}
}

// batch takes more cards under a lease and checks which.
func (y *yard) batch(c delivery.CardLease, most int, want ...int) delivery.CardLease {
	y.T.Helper()
	for range 2 { // the second is a repeat after a lost reply
		got, err := y.store.Batch(y.T.Context(), "hour", c, most)
		y.must(err)
		if !slices.Equal(got, want) {
			y.T.Errorf("the batch is %v, want %v", got, want)
		}
	}
	return c
}

// batched ends a lease: its cards stand on message b.
func (y *yard) batched(c delivery.CardLease, calls map[int]int, numbers ...int) {
	y.T.Helper()
	at := map[int]session.MessageID{}
	for _, n := range numbers {
		at[n] = member(n)
	}
	for range 2 { // the second is a repeat after a lost reply
		y.must(y.store.Batched(y.T.Context(), "hour", c, at, calls))
	}
}

func member(n int) session.MessageID { return session.MessageID(fmt.Sprintf("b#%d", n)) }

// gone presses a card of a batch, which is not there to be drawn again.
func (y *yard) gone(n int) {
	y.T.Helper()
	y.press(n, session.Moderator)
	c := y.card(connector.CardPressed, long)
	if c.Number != n || c.Message != member(n) {
		y.T.Errorf("lease %+v", c)
	}
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

func testBatch(t *testing.T, y *yard) {
	y.arrived(7)
	c := y.batch(y.card(connector.CardNew, long), 4, 1, 2, 3, 4)
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
	y.noted(y.card(connector.CardNew, long), 2)
	y.noted(y.card(connector.CardNew, long), 4)
	y.of("b#2", 2)
	c = y.batch(y.card(connector.CardNew, long), 10, 5, 6, 7)
	y.batched(c, nil, 5, 6, 7)
	y.outdated(0, 1, 0, 0)
	y.press(5, session.System)
	if c = y.card(connector.CardOther, long); c.Message != "b#5" || c.Open {
		t.Errorf("lease %+v", c)
	}
}

// noted posts a card that takes no others with it.
func (y *yard) noted(c delivery.CardLease, n int) {
	y.T.Helper()
	y.batch(c, 10, n)
	y.drawn(c, session.MessageID(fmt.Sprint("m", n)))
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

// testBatchAlone: what was refused or may have been posted takes nobody with it, and is
// taken by nobody.
func testBatchAlone(_ *testing.T, y *yard) {
	y.arrived(6)
	y.undrawn(y.card(connector.CardNew, long), delivery.CardRefused, 0) // 1 goes to the end
	y.undrawn(y.card(connector.CardNew, long), delivery.CardUnsure, 0)
	open := y.batch(y.card(connector.CardNew, long), 10, 2)
	y.undrawn(open, delivery.CardLost, 0)
	c := y.batch(y.card(connector.CardNew, long), 10, 3, 4, 5, 6)
	y.undrawn(c, delivery.CardLater, 0)
	y.ordered(connector.CardNew, 3, 4, 5, 6, 1)
	y.askCard()
	y.askCard()
	y.undrawn(y.batch(y.card(connector.CardNew, long), 1, 7), delivery.CardRefused, 0)
	y.undrawn(y.batch(y.card(connector.CardNew, long), 10, 8), delivery.CardRefused, 0)
	late := y.card(connector.CardNew, long)
	y.askCard()
	y.batch(late, 10, 7)
}

// testBatchPasses: a card that may not be in a batch stays where it is in line.
func testBatchPasses(_ *testing.T, y *yard) {
	y.arrived(4)
	lose := func() { y.undrawn(y.card(connector.CardNew, long), delivery.CardLost, 0) }
	lose()
	y.undrawn(y.batch(y.card(connector.CardNew, long), 2, 2, 3), delivery.CardUnsure, 0)
	y.repost(1)
	y.undrawn(y.batch(y.card(connector.CardNew, long), 10, 1, 4), delivery.CardLater, 0) // 2 and 3 may stand there
	lose()
	y.drawn(y.card(connector.CardNew, long), member(2))
	y.drawn(y.card(connector.CardNew, long), "m3")
	y.gone(2)
	y.repost(1)
	y.batched(y.batch(y.card(connector.CardNew, long), 10, 1, 4), nil, 1, 4) // 2 was there once
	y.noted(y.card(connector.CardNew, long), 2)
}

// testBatchChanged: what changes while the message is on its way is out of date.
func testBatchChanged(_ *testing.T, y *yard) {
	y.arrived(4)
	c := y.batch(y.card(connector.CardNew, long), 10, 1, 2, 3, 4)
	y.press(1, session.System)
	y.press(3, session.Moderator)
	y.askCard()
	y.batch(c, 10, 1, 2, 3, 4) // still the same
	y.batched(c, nil, 1, 2, 3, 4)
	y.outdated(1, 1, 1, 1)
	y.ordered(connector.CardPressed, 3)
	y.ordered(connector.CardOther, 1)
	y.ordered(connector.CardNew, 5)
}

func testBatchFence(t *testing.T, y *yard) {
	y.arrived(3)
	lost := y.batch(y.card(connector.CardNew, brief), 2, 1, 2)
	c := y.cardLater(connector.CardNew)
	at := map[int]session.MessageID{1: "x1", 2: "x2"}
	for what, lease := range map[string]delivery.CardLease{"lost": lost, "of another class": {Lane: desk, Class: connector.CardPressed, Number: 1, Fence: c.Fence}} {
		if got, err := y.store.Batch(t.Context(), "hour", lease, 2); !errors.Is(err, session.ErrFenced) {
			t.Errorf("a lease that is %s took %v, %v", what, got, err)
		}
		if err := y.store.Batched(t.Context(), "hour", lease, at, nil); !errors.Is(err, session.ErrFenced) {
			t.Errorf("batched with a lease that is %s: %v", what, err)
		}
	}
	y.at(map[int]session.MessageID{0: "m0"})
	y.drawn(c, "m1")
	if got, err := y.store.Batch(t.Context(), "hour", c, 2); !errors.Is(err, session.ErrFenced) {
		t.Errorf("a lease that is over took %v, %v", got, err)
	}
	if c = y.card(connector.CardNew, long); c.Number != 2 || !c.Open {
		t.Errorf("the end of one let another go: %+v", c)
	}
}

// testBatchCrash leaves an intent for each; all are looked at one by one.
func testBatchCrash(t *testing.T, y *yard) {
	y.arrived(4)
	y.batch(y.card(connector.CardNew, brief), 3, 1, 2, 3)
	c := y.cardLater(connector.CardNew)
	for n := 1; n <= 3; n++ {
		if c.Number != n || !c.Open {
			t.Errorf("lease %+v", c)
		}
		y.undrawn(c, delivery.CardLost, 0)
		c = y.card(connector.CardNew, long)
	}
	if c.Number != 4 || c.Open {
		t.Errorf("lease %+v", c)
	}
	y.lost(1, 2, 3)
	y.waiting(1)
	y.drawn(c, "m4")
	y.adopt(2, member(2)) // somebody pressed it
	y.repost(3)
	y.lost(1)
	c = y.card(connector.CardOther, long)
	if c.Message != member(2) {
		t.Errorf("lease %+v", c)
	}
	y.undrawn(c, delivery.CardGone, 0)
	y.noted(y.card(connector.CardNew, long), 2)
	y.batch(y.card(connector.CardNew, long), 10, 3)
}

// testBatchUndrawn: all of a batch end alike.
func testBatchUndrawn(t *testing.T, y *yard) {
	y.arrived(4)
	end := func(why delivery.CardEnd) {
		t.Helper()
		c := y.card(connector.CardNew, long)
		if c.Open {
			t.Errorf("lease %+v", c)
		}
		y.batch(c, 3, 1, 2, 3)
		for range 2 {
			y.undrawn(c, why, 0)
		}
	}
	end(delivery.CardLater)
	y.outdated(0, 0, 4, 0)
	end(delivery.CardUnsure)
	y.waiting(4)
	for n := 1; n <= 3; n++ {
		c := y.batch(y.card(connector.CardNew, long), 3, n)
		if c.Number != n || !c.Open {
			t.Errorf("lease %+v", c)
		}
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
	c := y.batch(y.card(connector.CardNew, long), 3, 1, 2, 3)
	y.batched(c, map[int]int{1: 1}, 2)
	y.at(map[int]session.MessageID{0: "m0", 2: "b#2"})
	y.noCall()
	y.outdated(0, 0, 3, 0)
	y.noted(y.card(connector.CardNew, long), 4)
	y.noted(y.card(connector.CardNew, long), 1)
	y.noted(y.card(connector.CardNew, long), 3)
}

// testBatchAdopted: a card that got a message of its own meanwhile stays there.
func testBatchAdopted(t *testing.T, y *yard) {
	y.arrived(3)
	c := y.batch(y.card(connector.CardNew, long), 10, 1, 2, 3)
	y.adopt(2, "orphan")
	other := y.card(connector.CardOther, long)
	y.batched(c, map[int]int{2: 1}, 1, 2, 3)
	y.at(map[int]session.MessageID{0: "m0", 1: "b#1", 2: "orphan", 3: "b#3"})
	y.of("b#2", 2)
	y.noCall()
	if other.Message != "orphan" || other.Open {
		t.Errorf("lease %+v", other)
	}
	y.drawn(other, "")
	y.outdated(0, 0, 0, 0)
	y.press(2, session.System)
	if other = y.card(connector.CardOther, long); other.Message != "orphan" || other.Open {
		t.Errorf("lease %+v", other)
	}
}
