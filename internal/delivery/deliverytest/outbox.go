// Package deliverytest holds the conformance suites of the ports delivery.Outbox and
// delivery.Cards.
//
// It knows the ports and the scenes of package sessiontest. It must not know a store.
package deliverytest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"experthour/internal/delivery"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

// Store is what the suites need: the outbox lives with the questions.
type Store interface {
	session.Store
	delivery.Outbox
	delivery.Cards
	// Tried is of routing.Store, and about the intents of the outbox.
	Tried(ctx context.Context, id session.ID, copies ...string) (bool, error)
}

// Run checks everything that the comments of the ports promise. open returns an empty
// store of its own for each test; its clock runs. All tests run side by side.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := open(t)
			test(t, &yard{Scene: sessiontest.NewScene(t, store), store: store})
		})
	}
}

var tests = map[string]func(*testing.T, *yard){
	"Order":           testOrder,
	"OneLease":        testOneLease,
	"Finish":          testFinish,
	"Fence":           testFence,
	"Current":         testCurrent,
	"Paused":          testPaused,
	"Crash":           testCrash,
	"CrashOutdated":   testCrashOutdated,
	"InFlightRevoked": testInFlightRevoked,
	"Defer":           testDefer,
	"DeferUnused":     testDeferUnused,
	"DeferWait":       testDeferWait,
	"LeftLane":        testLeftLane,
	"AddDelivers":     testAddDelivers,
	"Gates":           testGates,
	"Announcement":    testAnnouncement,
	"Tried":           testTried,
	"NewHour":         testNewHourAnnounces,
	"QuietToClose":    testAnnouncementKeepsNothingOpen,
	"Token":           testToken,
	"CardsTouch":      testCardsTouch,
	"Tokens":          testTokens,
	"TokenWindow":     testTokenWindow,
	"TokenCost":       testTokenCost,
	"TokenOnce":       testTokenOnce,
	"Hold":            testHold,
	"Cards":           testCards,
	"CardsAgain":      testCardsAgain,
	"CardsFence":      testCardsFence,
	"CardsCrash":      testCardsCrash,
	"CardsUndrawn":    testCardsUndrawn,
	"CardsUnused":     testCardsUnused,
	"CardsClasses":    testCardsClasses,
	"CardsOver":       testCardsOver,
	"CardsMore":       testCardsMore,
	"Note":            testNote,
	"CardsSide":       testCardsSide,
	"CardsGate":       testCardsGate,
	"CardsBoardFirst": testCardsBoardFirst,
	"CardsNewStay":    testCardsNewStay,
	"CardsOverlap":    testCardsOverlap,
	"CardsAbandoned":  testCardsAbandoned,
	"CardsEndFirst":   testCardsEndFirst,
	"CardsRefused":    testCardsRefused,
	"CardsGone":       testCardsGone,
	"CardsGoneLate":   testCardsGoneLate,
	"CardsLost":       testCardsLost,
	"CardsAdopt":      testCardsAdopt,
	"CardsAt":         testCardsAt,
	"CardsWaiting":    testCardsWaiting,
	"Batch":           testBatch,
	"BatchFew":        testBatchFew,
	"BatchAlone":      testBatchAlone,
	"BatchPasses":     testBatchPasses,
	"BatchChanged":    testBatchChanged,
	"BatchFence":      testBatchFence,
	"BatchCrash":      testBatchCrash,
	"BatchUndrawn":    testBatchUndrawn,
	"BatchLeftOut":    testBatchLeftOut,
	"BatchAdopted":    testBatchAdopted,
	"Calls":           testCalls,
	"CallsTries":      testCallsTries,
	"CallsOutdated":   testCallsOutdated,
	"CallsCrash":      testCallsCrash,
	"CallsFence":      testCallsFence,
	"CallsGone":       testCallsGone,
	"CallsTaken":      testCallsTaken, "CallsTakenInFlight": testCallsTakenInFlight,
}

const (
	long  = time.Hour              // a lease that does not end during a test
	brief = 300 * time.Millisecond // one that does, but not between two calls of a busy machine
)

// telegram is the lane of most tests; its place needs escaping.
var telegram = session.Lane{Connector: "telegram", Place: "-100:7|{a}/ā"}

// yard is a scene with an outbox.
type yard struct {
	*sessiontest.Scene
	store Store
}

func (y *yard) must(err error) {
	y.T.Helper()
	if err != nil {
		y.T.Fatal(err)
	}
}

// copyOf is the only copy of a question in lane telegram.
func copyOf(n int) string {
	return session.Slot{Kind: session.KindAnswer, Connector: telegram.Connector, Place: telegram.Place, Original: n}.Key()
}

// want is the delivery that brings copy n to wanted.
func want(n, wanted int, class session.Class) session.Delivery {
	return session.Delivery{Question: n, Copy: copyOf(n), Connector: telegram.Connector, Place: telegram.Place,
		Class: class, Wanted: wanted, Due: true}
}

// plan commits deliveries, each with its question as it is.
func (y *yard) plan(ds ...session.Delivery) {
	y.T.Helper()
	y.commit(session.Approve, nil, ds...)
}

func (y *yard) commit(v session.Verb, f *session.Finish, ds ...session.Delivery) {
	y.T.Helper()
	y.must(y.try(v, f, ds...))
}

func (y *yard) try(v session.Verb, f *session.Finish, ds ...session.Delivery) error {
	y.T.Helper()
	numbers := []int{}
	if f != nil {
		numbers = append(numbers, f.Question)
	}
	for _, d := range ds {
		numbers = append(numbers, d.Question)
	}
	slices.Sort(numbers)
	var qs []session.Stored
	for _, n := range slices.Compact(numbers) {
		qs = append(qs, y.Stored(y.Read(n), v, func(*session.Question) {}))
	}
	c := y.Change(qs...)
	c.Deliveries, c.Finish = ds, f
	return y.store.Commit(y.T.Context(), c)
}

// lease takes the next delivery, which must be there.
func (y *yard) lease(ttl time.Duration) delivery.Lease {
	y.T.Helper()
	l, wait, ok, err := y.store.Lease(y.T.Context(), "hour", telegram, ttl)
	y.must(err)
	if !ok {
		y.T.Fatalf("nothing to lease, wait %v", wait)
	}
	return l
}

// later takes the next delivery once the store says that it is time.
func (y *yard) later() delivery.Lease {
	y.T.Helper()
	for {
		l, wait, ok, err := y.store.Lease(y.T.Context(), "hour", telegram, long)
		y.must(err)
		if ok {
			return l
		}
		if wait <= 0 {
			y.T.Fatal("nothing to wait for")
		}
		<-time.After(wait)
	}
}

// none fails the test when there is a delivery, and returns the wait.
func (y *yard) none() time.Duration {
	y.T.Helper()
	l, wait, ok, err := y.store.Lease(y.T.Context(), "hour", telegram, long)
	y.must(err)
	if ok {
		y.T.Fatalf("leased %+v", l)
	}
	return wait
}

// sent ends a lease as a worker does that brought out what was wanted.
func (y *yard) sent(l delivery.Lease) {
	y.T.Helper()
	d := want(l.Question, l.Wanted, session.ClassAnswer)
	d.Due = false
	y.commit(session.Sent, &l.Finish, d)
}

func (y *yard) lanes() []session.Lane {
	y.T.Helper()
	w, err := y.store.Look(y.T.Context(), "hour", delivery.Take{})
	y.must(err)
	if w.Session.ID != "hour" || w.Session.Version != y.Session.Version {
		y.T.Errorf("session %+v", w.Session)
	}
	return w.Lanes
}

func (y *yard) empty() {
	y.T.Helper()
	if wait := y.none(); wait != 0 {
		y.T.Errorf("empty lane says wait %v", wait)
	}
	if ls := y.lanes(); len(ls) != 0 {
		y.T.Errorf("lanes %v", ls)
	}
}

func (y *yard) ask(count int) {
	for range count {
		y.Ask(y.Op())
	}
}

func testOrder(t *testing.T, y *yard) {
	y.ask(5)
	y.empty()
	y.plan(want(1, 1, session.ClassNotice))
	y.plan(want(2, 1, session.ClassAnswer))
	y.plan(want(3, 1, session.ClassAnswer))
	y.plan(want(4, 0, session.ClassTakeBack), want(5, 1, session.ClassAnnouncement))
	if ls := y.lanes(); !slices.Equal(ls, []session.Lane{telegram}) {
		t.Errorf("lanes %v", ls)
	}
	var order []int
	for range 5 {
		l := y.lease(long)
		order = append(order, l.Question)
		y.sent(l)
	}
	if !slices.Equal(order, []int{4, 5, 2, 3, 1}) {
		t.Errorf("order %v", order)
	}
	y.empty()
}

func testOneLease(t *testing.T, y *yard) {
	y.ask(2)
	y.plan(want(1, 1, session.ClassAnswer), want(2, 1, session.ClassAnswer))
	other := want(2, 3, session.ClassAnswer)
	other.Place, other.Copy = "elsewhere", "answer:telegram:elsewhere:2"
	y.plan(other)
	l := y.lease(long)
	if wait := y.none(); wait <= 0 || wait > long {
		t.Errorf("held lane says wait %v", wait)
	}
	o, _, ok, err := y.store.Lease(t.Context(), "hour", other.Lane(), long)
	if err != nil || !ok || o.Copy != other.Copy || o.Wanted != 3 {
		t.Errorf("another lane: %+v, %v, %v", o, ok, err)
	}
	y.sent(l)
	y.lease(long)
}

func testFinish(t *testing.T, y *yard) {
	y.ask(1)
	y.plan(want(1, 4, session.ClassAnswer))
	l := y.lease(long)
	if l.Question != 1 || l.Copy != copyOf(1) || l.Lane != telegram || l.Wanted != 4 || l.Open || l.Tries != 1 {
		t.Errorf("lease %+v", l)
	}
	if q := y.Read(1); l.Read.Ref != q.Ref || l.Read.Version != q.Version || l.Read.Head != q.Head || l.Read.Text != q.Text {
		t.Errorf("the lease has %+v, stored is %+v", l.Read, q)
	}
	c := y.Change(y.Stored(y.Read(1), session.Sent, func(*session.Question) {}))
	d := want(1, 4, session.ClassAnswer)
	d.Due = false
	c.Deliveries, c.Finish = []session.Delivery{d}, &l.Finish
	for range 2 { // the second is a repeat after a lost reply
		y.must(y.store.Commit(t.Context(), c))
	}
	y.empty()
	if v := y.Read(1).Version; v != 3 {
		t.Errorf("version %d", v)
	}
}

func testFence(t *testing.T, y *yard) {
	y.ask(1)
	y.plan(want(1, 1, session.ClassAnswer))
	lost := y.lease(brief)
	l := y.later()
	if l.Fence <= lost.Fence {
		t.Errorf("fence %d after %d", l.Fence, lost.Fence)
	}
	y.Unchanged(func() {
		if err := y.try(session.Sent, &lost.Finish); !errors.Is(err, session.ErrFenced) {
			t.Errorf("finish of a lost lease: %v", err)
		}
		other := l.Finish
		other.Copy = copyOf(2)
		if err := y.try(session.Sent, &other, want(1, 9, session.ClassAnswer)); !errors.Is(err, session.ErrFenced) {
			t.Errorf("finish of another copy: %v", err)
		}
	})
	if err := y.store.Defer(t.Context(), "hour", lost.Finish, 0, delivery.Known); !errors.Is(err, session.ErrFenced) {
		t.Errorf("defer of a lost lease: %v", err)
	}
	y.sent(l)
	if err := y.try(session.Sent, &l.Finish); !errors.Is(err, session.ErrFenced) {
		t.Errorf("second finish: %v", err)
	}
	y.empty()
}

func testCurrent(t *testing.T, y *yard) {
	y.ask(1)
	y.plan(want(1, 1, session.ClassAnswer))
	y.plan(want(1, 2, session.ClassAnswer))
	l := y.lease(long)
	if l.Wanted != 2 {
		t.Errorf("wanted %d", l.Wanted)
	}
	y.plan(want(1, 3, session.ClassAnswer)) // while 2 is on its way
	y.commit(session.Sent, &l.Finish)       // 2 arrived; 3 is still wanted
	if l = y.lease(long); l.Wanted != 3 || l.Open || l.Tries != 1 {
		t.Errorf("lease %+v", l)
	}
	y.sent(l)
	y.empty()
}
