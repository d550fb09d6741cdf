package session

import (
	"testing"
	"time"
)

// declined is a world whose question was declined long enough ago.
func declined(t *testing.T) *world {
	t.Helper()
	w := opened(t)
	w.undo = 10 * time.Second
	w.must(anna, DeclineQuestion{On: w.on(1), Reason: "off_topic"})
	w.at = w.at.Add(time.Minute)
	return w
}

// TestHiding: what was declined is hidden for a reason, once the decision stands, and shown again
// when the question is restored.
func TestHiding(t *testing.T) {
	t.Parallel()
	w := declined(t)
	_, err := w.do(anna, HideQuestion{On: w.on(1), Reason: "off_topic"})
	kind(t, err, Refused)
	w.must(Program, ConcludeDecision{On: w.on(1)})
	_, err = w.do(anna, HideQuestion{On: w.on(1), Reason: "because"})
	kind(t, err, Invalid)
	w.must(anna, HideQuestion{On: w.on(1), Reason: "off_topic"})
	h, _ := w.q(1).hidden()
	if !h.Due() || h.Text != "off_topic" || !w.q(1).Covered() || w.q(1).Acts[HideAsked].Note != "off_topic" {
		t.Fatalf("%+v", h)
	}
	if d, err := w.do(boris, HideQuestion{On: w.on(1), Reason: "off_topic"}); err != nil || !d.Already {
		t.Errorf("the second time: %+v, %v", d, err)
	}
	w.must(Program, RecordSent{On: w.on(1), Copy: h.Key(), Brought: h.Wanted})
	w.must(anna, RestoreQuestion{On: w.on(1)})
	if h, _ = w.q(1).hidden(); h.Wanted != 0 || !h.Due() || !w.q(1).Covered() || w.q(1).State != Received {
		t.Errorf("%+v", h)
	}
	w.must(Program, RecordSent{On: w.on(1), Copy: h.Key(), Brought: 0})
	if w.q(1).Covered() {
		t.Error("it is still hidden")
	}
}

// TestWhatIsHiddenStaysSo: when its asker withdraws, and whatever the asker is told.
func TestWhatIsHiddenStaysSo(t *testing.T) {
	t.Parallel()
	w := declined(t)
	w.must(Program, ConcludeDecision{On: w.on(1)})
	w.must(anna, HideQuestion{On: w.on(1), Reason: "off_topic"})
	w.must(asker, WithdrawQuestion{On: w.on(1)})
	if h, _ := w.q(1).hidden(); h.Wanted == 0 {
		t.Errorf("%+v", h)
	}
}

// TestHidingElsewhere: where nothing can be hidden, and where nothing was declined.
func TestHidingElsewhere(t *testing.T) {
	t.Parallel()
	w := declined(t)
	w.must(Program, ConcludeDecision{On: w.on(1)})
	q := w.q(1)
	q.Origin.Connector = Page
	w.put(q)
	_, err := w.do(anna, HideQuestion{On: w.on(1), Reason: "off_topic"})
	kind(t, err, Refused)
	w = opened(t)
	_, err = w.do(anna, HideQuestion{On: w.on(1), Reason: "off_topic"})
	kind(t, err, Refused)
}

// TestHidingWhatIsPrivate: what was asked in private is read by nobody, and nothing is hidden there.
func TestHidingWhatIsPrivate(t *testing.T) {
	t.Parallel()
	w := declined(t)
	w.must(Program, ConcludeDecision{On: w.on(1)})
	q := w.q(1)
	q.Origin.Private = true
	w.put(q)
	_, err := w.do(anna, HideQuestion{On: w.on(1), Reason: "off_topic"})
	kind(t, err, Refused)
}

// TestOneOfTwoHides: of two moderators at the same moment one decides, and the other is told.
func TestOneOfTwoHides(t *testing.T) {
	t.Parallel()
	w := declined(t)
	w.must(Program, ConcludeDecision{On: w.on(1)})
	w.ses.Reasons = append(w.ses.Reasons, "other")
	w.must(anna, HideQuestion{On: w.on(1), Reason: "off_topic"})
	d, err := w.do(boris, HideQuestion{On: w.on(1), Reason: "other"})
	if h, _ := w.q(1).hidden(); h.Text != "off_topic" {
		t.Errorf("already %t, %v: it is hidden for %q, and the first reason is gone without a word", d.Already, err, h.Text)
	}
}
