package deliverytest

import (
	"errors"
	"slices"
	"testing"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

// announcement is the delivery that brings an announcement in lane telegram to wanted.
func announcement(wanted int) session.Delivery {
	d := want(0, wanted, session.ClassAnnouncement)
	d.Copy = session.Slot{Kind: session.KindAnnouncement, Connector: telegram.Connector, Place: telegram.Place, News: session.NewsOpen}.Key()
	if wanted == 0 {
		d.Class = session.ClassTakeBack
	}
	return d
}

// announce commits deliveries with the session, in a state.
func (y *yard) announce(st session.SessionState, paused bool, ds ...session.Delivery) {
	y.T.Helper()
	y.DoSession(session.Reschedule, func(c *session.SessionChange) {
		c.Session.State, c.Session.Paused, c.Deliveries = st, paused, ds
	})
}

// told ends the lease of an announcement as a worker does that brought it out.
func (y *yard) told(l delivery.Lease) {
	y.T.Helper()
	d := announcement(l.Wanted)
	d.Due = false
	y.DoSession(session.Sent, func(c *session.SessionChange) { c.Deliveries, c.Finish = []session.Delivery{d}, &l.Finish })
}

// testGates: what leaves in each state, in its order.
func testGates(t *testing.T, y *yard) {
	y.ask(3)
	for _, c := range []struct {
		state  session.SessionState
		paused bool
		want   []int // 1 is an answer, 2 a take-back, 3 a notice, 0 the announcement
	}{
		{session.Scheduled, false, []int{2, 0, 3}},
		{session.Scheduled, true, []int{2, 3}},
		{session.Cancelled, false, []int{2, 0, 3}},
		{session.Open, true, []int{2, 3}},
		{session.Closed, false, []int{2, 0, 1, 3}},
	} {
		y.announce(c.state, c.paused, announcement(1))
		y.plan(want(1, 1, session.ClassAnswer), want(2, 0, session.ClassTakeBack), want(3, 1, session.ClassNotice))
		var got []int
		for {
			l, _, ok, err := y.store.Lease(t.Context(), "hour", telegram, long)
			y.must(err)
			if !ok {
				break
			}
			got = append(got, l.Question)
			if l.Question == 0 {
				y.told(l)
			} else {
				y.sent(l)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s, paused %t: %v left, want %v", c.state, c.paused, got, c.want)
		}
	}
}

// testAnnouncement: a copy of the session has the lease, the intent and the outcome of
// any other, in the session's commit.
func testAnnouncement(t *testing.T, y *yard) {
	y.announce(session.Scheduled, false, announcement(1))
	lost := y.lease(brief)
	if lost.Question != 0 || lost.Copy != announcement(1).Copy || lost.Wanted != 1 || lost.Open {
		t.Errorf("lease %+v", lost)
	}
	l := y.later()
	if !l.Open || l.Intent != 1 || l.Tries != 2 {
		t.Errorf("after a crash: %+v", l)
	}
	y.Unchanged(func() {
		c := y.SessionChange(session.Sent)
		c.Finish = &lost.Finish
		if err := y.store.CommitSession(t.Context(), c); !errors.Is(err, session.ErrFenced) {
			t.Errorf("outcome of a lost lease: %v", err)
		}
	})
	y.must(y.store.Defer(t.Context(), "hour", l.Finish, 0, delivery.Known))
	l = y.lease(long)
	c := y.SessionChange(session.Sent)
	d := announcement(1)
	d.Due = false
	c.Deliveries, c.Finish = []session.Delivery{d}, &l.Finish
	for range 2 { // the second is a repeat after a lost reply
		y.must(y.store.CommitSession(t.Context(), c))
	}
	y.Session.Version, y.Session.Head = c.Entry.Version, c.Entry.Hash()
	y.empty()
	y.Verify()
}

// tried wants to hear whether the announcement may have been posted without that being stored.
func (y *yard) tried(want bool, when string) {
	y.T.Helper()
	ok, err := y.store.Tried(y.T.Context(), "hour", "no such copy", announcement(1).Copy)
	if err != nil || ok != want {
		y.T.Errorf("%s: tried is %t, %v", when, ok, err)
	}
}

// testTried: an attempt at an announcement is known from the lease to the outcome.
func testTried(_ *testing.T, y *yard) {
	y.announce(session.Scheduled, false, announcement(1))
	y.tried(false, "in line")
	l := y.lease(brief)
	y.tried(true, "leased")
	l = y.later()
	y.tried(true, "after a crash")
	y.must(y.store.Defer(y.T.Context(), "hour", l.Finish, 0, delivery.Known))
	y.tried(false, "given back, and not posted")
	l = y.lease(long)
	y.must(y.store.Defer(y.T.Context(), "hour", l.Finish, 0, delivery.Unknown))
	y.tried(true, "given back, and nobody knows")
	y.told(y.lease(long))
	y.tried(false, "posted")
	y.announce(session.Scheduled, false, announcement(0))
	y.lease(long)
	y.tried(false, "being taken back")
}

// testNewHourAnnounces: what is told about an hour is stored with it.
func testNewHourAnnounces(t *testing.T, y *yard) {
	ses := y.Session
	ses.ID, ses.Version, ses.Head, ses.State = "next", 0, "", session.Scheduled
	c := y.SessionChange(session.Schedule)
	c.Session, c.Entry.Version, c.Entry.Prev, c.Deliveries = ses, 1, "", []session.Delivery{announcement(1)}
	y.must(y.store.CreateSession(t.Context(), c))
	if l, _, ok, err := y.store.Lease(t.Context(), "next", telegram, long); err != nil || !ok || l.Wanted != 1 {
		t.Errorf("lease %+v, %t, %v", l, ok, err)
	}
}

// testAnnouncementKeepsNothingOpen: an hour closes while something is told about it.
func testAnnouncementKeepsNothingOpen(t *testing.T, y *yard) {
	y.announce(session.Closing, false, announcement(1))
	y.lease(long)
	given := announcement(1)
	given.Due = false
	y.announce(session.Closing, false, given) // while it is on its way
	if u := y.Counts().Unfinished; u != (session.Unfinished{}) {
		t.Errorf("unsettled: %+v", u)
	}
	y.DoSession(session.Close, func(c *session.SessionChange) { c.Quiet = true })
}
