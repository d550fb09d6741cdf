package deliverytest

import (
	"testing"
	"time"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

func (y *yard) run(paused bool, state session.SessionState) {
	y.T.Helper()
	y.DoSession(session.Pause, func(c *session.SessionChange) { c.Session.Paused, c.Session.State = paused, state })
}

func testPaused(t *testing.T, y *yard) {
	y.ask(3)
	for _, stop := range []func(){func() { y.run(true, session.Open) }, func() { y.run(false, session.Scheduled) }} {
		stop()
		y.plan(want(1, 1, session.ClassAnswer), want(2, 1, session.ClassAnswer))
		if wait := y.none(); wait != 0 {
			t.Errorf("wait %v", wait)
		}
		y.plan(want(3, 0, session.ClassTakeBack))
		l := y.lease(long)
		if l.Question != 3 || l.Wanted != 0 {
			t.Errorf("lease %+v", l)
		}
		y.sent(l)
		y.none()
		y.run(false, session.Open)
		y.sent(y.lease(long))
		y.sent(y.lease(long))
		y.empty()
	}
}

func testCrash(t *testing.T, y *yard) {
	y.ask(2)
	y.plan(want(1, 1, session.ClassAnswer), want(2, 1, session.ClassAnswer))
	before := y.lease(brief)
	l := y.later()
	if !l.Open || l.Intent != 1 || l.Wanted != 1 || l.Question != 1 || l.Tries != 2 || !l.Since.Equal(before.Since) {
		t.Errorf("lease after a crash %+v, was %+v", l, before)
	}
	if age := time.Since(l.Since); age < 0 || age > time.Minute {
		t.Errorf("intent is %v old", age)
	}
	y.sent(l)
	if l = y.lease(long); l.Open || l.Question != 2 || l.Tries != 1 {
		t.Errorf("the next one %+v", l)
	}
}

func testCrashOutdated(t *testing.T, y *yard) {
	y.ask(1)
	y.plan(want(1, 1, session.ClassAnswer))
	y.lease(brief)
	y.plan(want(1, 2, session.ClassAnswer))
	l := y.later()
	if !l.Open || l.Intent != 1 || l.Wanted != 2 {
		t.Errorf("lease %+v", l)
	}
	y.must(y.store.Defer(t.Context(), "hour", l.Finish, 0, delivery.Known)) // it had not arrived
	if l = y.lease(long); l.Open || l.Wanted != 2 {
		t.Errorf("lease %+v", l)
	}
}

// testInFlightRevoked takes back the wish for a copy that is on its way: the lane
// keeps it until somebody knows what became of it.
func testInFlightRevoked(t *testing.T, y *yard) {
	y.ask(1)
	no := want(1, 0, session.ClassTakeBack)
	no.Due = false
	y.plan(want(1, 1, session.ClassAnswer))
	l := y.lease(brief)
	y.plan(no)
	if u := y.Counts().Unfinished; u.Copies != 1 {
		t.Errorf("unsettled %+v", u)
	}
	c := y.SessionChange(session.Close)
	for _, n := range y.List(session.Listing{Unfinished: true}) {
		y.To(y.Read(n), session.Declined)
	}
	c.Quiet = true
	if err := y.store.CommitSession(t.Context(), c); session.KindOf(err) != session.Refused {
		t.Errorf("closed with a copy in flight: %v", err)
	}
	y.run(true, session.Open)
	l2 := y.later()
	if !l2.Open || l2.Intent != 1 || l2.Wanted != 0 || l2.Fence == l.Fence {
		t.Errorf("lease %+v", l2)
	}
	y.must(y.store.Defer(t.Context(), "hour", l2.Finish, 0, delivery.Known))
	y.empty()
	if u := y.Counts().Unfinished; u.Copies != 0 {
		t.Errorf("unsettled %+v", u)
	}
	y.run(false, session.Open)

	y.plan(want(1, 3, session.ClassAnswer))
	l = y.lease(long)
	y.plan(no)
	y.commit(session.Sent, &l.Finish, want(1, 0, session.ClassTakeBack)) // it arrived: now it is due to go
	if l = y.lease(long); l.Wanted != 0 || l.Open {
		t.Errorf("lease %+v", l)
	}
	y.sent(l)

	y.plan(want(1, 5, session.ClassAnswer))
	l = y.lease(long)
	y.plan(no)
	y.commit(session.Parked, &l.Finish) // refused, and nobody wants it any more
	y.empty()
}

func testDefer(t *testing.T, y *yard) {
	y.ask(1)
	y.plan(want(1, 1, session.ClassAnswer))
	l := y.lease(long)
	for range 2 { // the second is a repeat after a lost reply
		y.must(y.store.Defer(t.Context(), "hour", l.Finish, 0, delivery.Known))
	}
	l = y.lease(long)
	if l.Open || l.Tries != 2 {
		t.Errorf("deferred: %+v", l)
	}
	y.must(y.store.Defer(t.Context(), "hour", l.Finish, 0, delivery.Unknown))
	l = y.lease(long)
	if !l.Open || l.Intent != 1 || l.Tries != 3 {
		t.Errorf("kept: %+v", l)
	}
	y.sent(l)
	y.plan(want(1, 2, session.ClassAnswer))
	if l = y.lease(long); l.Tries != 1 {
		t.Errorf("tries after an outcome: %d", l.Tries)
	}
}

// testDeferUnused: a lease that was not used changes nothing, in whatever state it found
// the delivery.
func testDeferUnused(t *testing.T, y *yard) {
	y.ask(1)
	y.plan(want(1, 1, session.ClassAnswer))
	unused := func() delivery.Lease {
		t.Helper()
		before := y.lease(long)
		for range 2 { // the second is a repeat after a lost reply
			y.must(y.store.Defer(t.Context(), "hour", before.Finish, 0, delivery.Unused))
		}
		l := y.lease(long)
		if l.Open != before.Open || l.Tries != before.Tries || l.Intent != before.Intent || l.Open && !l.Since.Equal(before.Since) {
			t.Errorf("after a lease that was not used %+v, was %+v", l, before)
		}
		return l
	}
	l := unused()
	y.must(y.store.Defer(t.Context(), "hour", l.Finish, 0, delivery.Unknown))
	if l = unused(); !l.Open || l.Tries != 2 {
		t.Errorf("lease %+v", l)
	}
	y.must(y.store.Defer(t.Context(), "hour", l.Finish, 0, delivery.Known))
	l = unused()
	no := want(1, 0, session.ClassTakeBack)
	no.Due = false
	y.plan(no) // nobody wants it any more, and nobody has tried
	y.must(y.store.Defer(t.Context(), "hour", l.Finish, 0, delivery.Unused))
	y.empty()
}

func testDeferWait(t *testing.T, y *yard) {
	y.ask(2)
	y.plan(want(1, 1, session.ClassAnswer), want(2, 1, session.ClassAnswer))
	l := y.lease(long)
	y.must(y.store.Defer(t.Context(), "hour", l.Finish, time.Hour, delivery.Known))
	y.plan(want(2, 0, session.ClassTakeBack))
	if wait := y.none(); wait < 59*time.Minute || wait > time.Hour {
		t.Errorf("wait %v", wait)
	}
	other := want(1, 1, session.ClassAnswer)
	other.Place, other.Copy = "elsewhere", "answer:telegram:elsewhere:1"
	y.plan(other)
	o, _, ok, err := y.store.Lease(t.Context(), "hour", other.Lane(), long)
	if err != nil || !ok {
		t.Fatalf("another lane waits too: %v, %v", ok, err)
	}
	start := time.Now()
	y.must(y.store.Defer(t.Context(), "hour", o.Finish, brief, delivery.Known))
	for ok = false; !ok; {
		var wait time.Duration
		_, wait, ok, err = y.store.Lease(t.Context(), "hour", other.Lane(), long)
		y.must(err)
		<-time.After(wait)
	}
	if d := time.Since(start); d < brief-2*time.Millisecond {
		t.Errorf("came back after %v", d)
	}
}

func testLeftLane(t *testing.T, y *yard) {
	y.ask(2)
	y.plan(want(1, 1, session.ClassAnswer), want(2, 1, session.ClassAnswer))
	gone := want(1, 1, session.ClassAnswer)
	gone.Due = false
	y.plan(gone)
	l := y.lease(long)
	if l.Question != 2 {
		t.Errorf("lease %+v", l)
	}
	y.sent(l)
	y.empty()
}

func testAddDelivers(t *testing.T, y *yard) {
	n := y.New("receipt")
	d := want(0, 1, session.ClassNotice)
	n.Deliveries = []session.Delivery{d}
	_, _, err := y.store.Add(t.Context(), n)
	y.must(err)
	if l := y.lease(long); l.Question != 1 || l.Copy != d.Copy {
		t.Errorf("lease %+v", l)
	}
}
