package deskpage

import (
	"net/url"
	"strings"
	"testing"

	"experthour/internal/session"
)

// deliver sends whatever is due, as the worker would.
func (k *kit) deliver(n int) {
	k.t.Helper()
	for _, c := range k.question(n).Copies {
		if c.Due() {
			k.record(session.RecordSent{On: k.on(n), Copy: c.Key(), Brought: c.Wanted, Message: "m"})
		}
	}
}

func TestClosingInThreeClicks(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("First?")
	k.ask("Second?")
	k.do(anna, session.AcceptQuestion{On: k.on(2)})
	k.session(session.StopSession{})
	a := k.as(anna)
	a.get(a.at()).want(t, 200, a.at()+"/close", "2 questions have no outcome yet.")
	p := a.get(a.at()+"/close").want(t, 200, `name="q" value="1" checked`, `name="q" value="2" checked`, "There was not enough time.") // 1
	if strings.Index(p.body, session.NotReached) > strings.Index(p.body, `"off_topic"`) {
		t.Error("“not reached” is not the first reason")
	}
	// 2
	a.post(a.at()+"/settle", url.Values{"q": {"1", "2"}, "outcome": {session.NotReached}}).want(t, 200, "2 questions have been settled",
		"Every question has an outcome")
	k.deliver(1)
	k.deliver(2)
	a.get(a.at()).want(t, 200, "Every question has an outcome.").without(t, "0 questions")
	a.get(a.at()+"/close").want(t, 200, "Every question has").without(t, "Close in spite of what is open")
	a.post(a.at()+"/settle", nil).want(t, 200, "The expert hour is closed.", "Closed") // 3
	for n := 1; n <= 2; n++ {
		if q := k.question(n); q.State != session.Expired || q.Reason != session.NotReached {
			t.Errorf("Q%d is %s %s", n, q.State, q.Reason)
		}
	}
}

func TestClosingWithAnotherReasonAndWithoutOne(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("First?")
	k.ask("Second?")
	k.session(session.StopSession{})
	a := k.as(anna)
	a.post(a.at()+"/settle", url.Values{"outcome": {"off_topic"}}).want(t, 409, "cannot be closed yet", `name="q" value="1">`)
	a.post(a.at()+"/settle", url.Values{"q": {"2"}, "outcome": {"off_topic"}}).want(t, 200, "1 question has no outcome yet")
	if q := k.question(2); q.State != session.Declined || q.Reason != "off_topic" {
		t.Errorf("Q2 is %s %s", q.State, q.Reason)
	}
	a.post(a.at()+"/settle", url.Values{"q": {"1"}, "outcome": {"unknown"}}).want(t, 422, "Please choose one of the reasons")
	a.post(a.at()+"/settle", url.Values{"q": {"x"}}).want(t, 422, "whole number")
}

func TestForcedCloseNeedsAReasonAndListsParkedCopies(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.reviewed("Who pays?", "The buyer.")
	k.approve(n)
	k.park(n, session.Unsure)
	k.session(session.StopSession{})
	a := k.as(anna)
	a.get(a.at()+"/close").want(t, 200, "1 question has a copy that waits for a decision", "on its way")
	a.post(a.at()+"/close", url.Values{"force": {"1"}, "then": {"close"}}).want(t, 422, "Please give a reason.")
	a.post(a.at()+"/close", url.Values{"force": {"1"}, "then": {"close"}, "reason": {"fire alarm"}}).want(t, 200, "Closed", "“fire alarm”")
}

func TestNothingClosesWhileTheHourIsOpen(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("First?")
	a := k.as(anna)
	a.get(a.at()+"/close").want(t, 200, "It has to be stopped first").without(t, "/settle")
	j := k.as(janis)
	j.post(j.at()+"/settle", url.Values{"q": {"1"}}).want(t, 403)
	if k.question(1).State != session.Received {
		t.Error("settled by an expert")
	}
}

// TestClosingOverAPlatformThatIsDown gives up every refused copy at once; one that may
// be out still needs a person to look.
func TestClosingOverAPlatformThatIsDown(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	for _, text := range []string{"Who pays?", "And when?"} {
		n := k.reviewed(text, "The buyer.")
		k.approve(n)
		k.park(n, session.RefusedIt)
	}
	unsure := k.reviewed("Where?", "Here.")
	k.approve(unsure)
	key := k.park(unsure, session.Unsure)
	k.session(session.StopSession{})
	a := k.as(anna)
	a.get(a.at()+"/close").want(t, 200, "Give up the 2 copies that platforms refused")
	a.post(a.at()+"/settle", url.Values{"drop": {"1"}})
	for n := 1; n <= 2; n++ {
		if q := k.question(n); q.Waits() {
			t.Errorf("Q%d still waits: %+v", n, q.Copies)
		}
	}
	if c, _ := k.question(unsure).Copy(key); c.Problem != session.Unsure {
		t.Errorf("the copy that may be out was given up: %+v", c)
	}
}

// TestNothingClosesWhilePublishingIsPaused: what is approved would never get out, so that the
// page offers to resume, and no question gets an outcome before.
func TestNothingClosesWhilePublishingIsPaused(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("First?")
	k.session(session.StopSession{})
	k.session(session.PauseSession{})
	a := k.as(anna)
	a.get(a.at()+"/close").want(t, 200, "Publishing is paused, so the hour cannot be closed", a.at()+"/resume")
	a.post(a.at()+"/settle", url.Values{"q": {"1"}, "outcome": {session.NotReached}}).want(t, 409, "Resume publishing first")
	a.post(a.at()+"/close", url.Values{"force": {"1"}, "reason": {"fire alarm"}}).want(t, 409, "Resume publishing first")
	if q := k.question(1); q.State != session.Received {
		t.Errorf("Q1 is %s", q.State)
	}
	a.post(a.at()+"/resume", nil).want(t, 200, "Publishing goes on.")
	a.get(a.at()+"/close").without(t, "Publishing is paused")
}
