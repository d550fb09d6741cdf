package deliverytest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// drawnWith draws a card that wants a call.
func (y *yard) drawnWith(n, call int) {
	y.T.Helper()
	y.press(n, session.Moderator)
	for range 2 {
		c := y.card(connector.CardPressed, long)
		if c.Cards[0].Number == n {
			for range 2 { // the second is a repeat after a lost reply
				y.wantCall(c, "", call)
			}
			return
		}
		y.drawn(c, "")
	}
}

// wantCall ends a lease whose card was drawn with a call.
func (y *yard) wantCall(c delivery.CardLease, at session.MessageID, call int) {
	y.T.Helper()
	_, err := y.store.Drawn(y.T.Context(), "hour", c, map[int]delivery.Drawing{c.Cards[0].Number: {At: at, Call: call}})
	y.must(err)
}

func (y *yard) tryCall(ttl time.Duration) *delivery.CallLease {
	y.T.Helper()
	c := y.look(delivery.Take{TTL: ttl, Calls: true}).Call
	if c != nil && (c.Lane != desk || c.Question.Ref.Number != c.Number) {
		y.T.Errorf("call %+v", c)
	}
	return c
}

// call takes the next call, which must be there.
func (y *yard) call(ttl time.Duration) delivery.CallLease {
	y.T.Helper()
	c := y.tryCall(ttl)
	if c == nil {
		y.T.Fatal("no call waits")
	}
	return *c
}

func (y *yard) noCall() {
	y.T.Helper()
	if c := y.tryCall(long); c != nil {
		y.T.Fatalf("leased call %+v", c)
	}
}

func (y *yard) called(c delivery.CallLease, posted bool) {
	y.T.Helper()
	y.must(y.store.Called(y.T.Context(), "hour", c, delivery.CallEnd{Posted: posted}))
}

func (y *yard) uncalled(c delivery.CallLease, wait time.Duration, how delivery.Back) {
	y.T.Helper()
	y.must(y.store.Uncalled(y.T.Context(), "hour", c, wait, how))
}

// callIs checks a lease: its question, the call's number, whether somebody may have
// posted it.
func (y *yard) callIs(c delivery.CallLease, n, wanted int, open bool) {
	y.T.Helper()
	if c.Number != n || c.Wanted != wanted || c.Open != open || c.Message == "" {
		y.T.Errorf("lease %+v, want call %d of %d, open %v", c, wanted, n, open)
	}
}

func testCalls(t *testing.T, y *yard) {
	y.posted(3)
	y.noCall()
	y.drawnWith(1, 0)
	y.noCall()
	y.drawnWith(2, 3)
	y.drawnWith(1, 1)
	c := y.call(long)
	y.callIs(c, 2, 3, false)
	y.noCall() // one at a time
	for range 2 {
		y.called(c, true)
	}
	y.drawnWith(2, 3)
	y.drawnWith(2, 2)
	if n := y.dirty()[connector.CardClasses]; n != 1 {
		t.Errorf("%d calls wait: one was repeated", n)
	}
	c = y.call(long)
	y.callIs(c, 1, 1, false)
	y.drawnWith(3, 1)
	y.uncalled(c, 0, delivery.Unused)
	c = y.call(long)
	y.callIs(c, 1, 1, false) // it kept its place
	y.uncalled(c, 0, delivery.Known)
	c = y.call(long)
	y.callIs(c, 3, 1, false) // the other went to the end
	y.called(c, true)
	y.uncalled(y.call(long), time.Hour, delivery.Known)
	y.noCall()
	if n := y.dirty()[connector.CardClasses]; n != 0 {
		t.Errorf("%d calls wait, and are offered", n)
	}
}

// testCallsOutdated: the newest call is the one that counts.
func testCallsOutdated(_ *testing.T, y *yard) {
	y.posted(1)
	y.drawnWith(1, 1)
	y.drawnWith(1, 2)
	c := y.call(long)
	y.callIs(c, 1, 2, false)
	y.drawnWith(1, 5) // while it is posted
	y.called(c, true)
	c = y.call(long)
	y.callIs(c, 1, 5, false)
	y.called(c, false) // not wanted any more
	y.noCall()
	y.drawnWith(1, 5) // it is again
	c = y.call(long)
	y.callIs(c, 1, 5, false)
	y.drawnWith(1, 6)
	y.called(c, false) // that was decided without the newest
	c = y.call(long)
	y.callIs(c, 1, 6, false)
	y.uncalled(c, 0, delivery.Unknown)
	y.drawnWith(1, 7)
	c = y.call(long)
	y.callIs(c, 1, 7, false) // the one of unknown fate is outdated
	y.called(c, true)
	y.noCall()
	y.drawnWith(1, 7)
	y.noCall()
}

func testCallsCrash(_ *testing.T, y *yard) {
	y.posted(1)
	y.drawnWith(1, 4)
	y.call(brief)
	c := y.callLater()
	y.callIs(c, 1, 4, true)
	for _, how := range []delivery.Back{delivery.Unknown, delivery.Unused} {
		y.uncalled(c, 0, how)
		c = y.call(long)
		y.callIs(c, 1, 4, true)
	}
	for _, how := range []delivery.Back{delivery.Known, delivery.Unused} {
		y.uncalled(c, 0, how)
		c = y.call(long)
		y.callIs(c, 1, 4, false)
	}
	y.called(c, true)
	y.drawnWith(1, 5)
	y.callIs(y.call(long), 1, 5, false)
}

// testCallsTries counts how often one call was found open.
func testCallsTries(t *testing.T, y *yard) {
	y.posted(1)
	y.drawnWith(1, 4)
	tries := func(c delivery.CallLease, want int) delivery.CallLease {
		t.Helper()
		if c.Tries != want {
			t.Errorf("lease %+v, want %d tries", c, want)
		}
		return c
	}
	tries(y.call(brief), 0) // nothing is open
	for n := range 3 {
		y.uncalled(tries(y.callLater(), n+1), 0, delivery.Unknown)
	}
	y.uncalled(tries(y.call(long), 4), 0, delivery.Unused) // it does not count
	y.uncalled(tries(y.call(long), 4), 0, delivery.Unknown)
	y.drawnWith(1, 5) // another one
	y.uncalled(tries(y.call(long), 0), 0, delivery.Unknown)
	y.uncalled(tries(y.call(long), 1), 0, delivery.Known)
	y.uncalled(tries(y.call(long), 0), 0, delivery.Unknown)
	y.called(tries(y.call(long), 1), true)
	y.drawnWith(1, 6)
	tries(y.call(long), 0)
}

// callLater takes the next call once the lease of somebody else is over.
func (y *yard) callLater() delivery.CallLease {
	y.T.Helper()
	var c *delivery.CallLease
	testenv.Until(y.T, "the lease of somebody else ends, and leaves something", func() bool {
		c = y.tryCall(long)
		return c != nil
	})
	return *c
}

func testCallsFence(t *testing.T, y *yard) {
	y.posted(1)
	y.drawnWith(1, 4)
	lost := y.call(brief)
	c := y.callLater()
	for what, err := range map[string]error{
		"called":   y.store.Called(t.Context(), "hour", lost, delivery.CallEnd{Posted: true}),
		"uncalled": y.store.Uncalled(t.Context(), "hour", lost, 0, delivery.Known),
	} {
		if !errors.Is(err, session.ErrFenced) {
			t.Errorf("%s with a lost lease: %v", what, err)
		}
	}
	y.called(c, true)
	y.noCall()
}

// testCallsGone: a card that is posted anew does not repeat its call, and takes with
// it one that was not posted yet.
func testCallsGone(_ *testing.T, y *yard) {
	y.posted(1)
	y.drawnWith(1, 4)
	y.called(y.call(long), true)
	again := func(call int) {
		y.T.Helper()
		y.press(1, session.Moderator)
		y.undrawn(y.card(connector.CardPressed, long), delivery.CardGone, 0)
		y.noCall()
		y.wantCall(y.card(connector.CardNew, long), "m1", call)
	}
	again(4)
	y.noCall()
	y.drawnWith(1, 5)
	again(5)
	y.callIs(y.call(long), 1, 5, false)
}

// stand checks a lease that takes calls back: those that stand, and whether one more may.
func (y *yard) stand(c delivery.CallLease, open bool, want ...session.MessageID) delivery.CallLease {
	y.T.Helper()
	if c.Open != open || !slices.Equal(c.Stand, want) {
		y.T.Errorf("lease %+v, want %q to be taken back, open %v", c, want, open)
	}
	return c
}

func (y *yard) callEnds(c delivery.CallLease, e delivery.CallEnd) {
	y.T.Helper()
	for range 2 { // the second is a repeat after a lost reply
		y.must(y.store.Called(y.T.Context(), "hour", c, e))
	}
}

// testCallsTaken: once a card says so, all its calls are taken back, the oldest first.
func testCallsTaken(_ *testing.T, y *yard) {
	y.posted(2)
	y.drawnWith(2, delivery.TakeCalls) // there is none
	y.noCall()
	for n, at := range []session.MessageID{"a/1", "b c%20"} {
		y.drawnWith(1, n+1)
		y.callEnds(y.call(long), delivery.CallEnd{Posted: true, At: at})
	}
	y.noCall()
	y.drawnWith(1, 3)
	y.drawnWith(1, delivery.TakeCalls) // and the one that waits is not posted
	c := y.stand(y.call(long), false, "a/1", "b c%20")
	y.uncalled(c, 0, delivery.Known)
	c = y.stand(y.call(long), false, "a/1", "b c%20")
	y.drawnWith(1, delivery.TakeCalls)
	y.callEnds(c, delivery.CallEnd{Taken: "a/1"})
	y.callEnds(y.stand(y.call(long), false, "b c%20"), delivery.CallEnd{Taken: "b c%20"})
	y.noCall()
	y.drawnWith(1, delivery.TakeCalls)
	y.noCall()
	y.drawnWith(1, 4) // its question waits again
	y.callEnds(y.stand(y.call(long), false), delivery.CallEnd{Posted: true, At: "c"})
	y.drawnWith(1, delivery.TakeCalls)
	y.drawnWith(1, 4) // and before that was taken back it waits again
	y.noCall()
	y.drawnWith(1, delivery.TakeCalls)
	y.callEnds(y.stand(y.call(long), false, "c"), delivery.CallEnd{Taken: "c"})
	y.noCall()
}

// testCallsTakenInFlight: a call that somebody is posting is taken back as well.
func testCallsTakenInFlight(_ *testing.T, y *yard) {
	y.posted(2)
	y.drawnWith(1, 1)
	c := y.call(long)
	y.drawnWith(1, delivery.TakeCalls)
	y.callEnds(c, delivery.CallEnd{Posted: true, At: "late"})
	y.callEnds(y.stand(y.call(long), false, "late"), delivery.CallEnd{Taken: "late"})
	y.noCall()
	y.drawnWith(2, 4)
	y.call(brief) // and never comes back
	y.drawnWith(2, delivery.TakeCalls)
	c = y.stand(y.callLater(), true)
	y.callIs(c, 2, 4, true)
	y.uncalled(c, 0, delivery.Unknown)
	y.callEnds(y.stand(y.call(long), true), delivery.CallEnd{Posted: true, At: "found"})
	y.callEnds(y.stand(y.call(long), false, "found"), delivery.CallEnd{Taken: "found"})
	y.noCall()
}
