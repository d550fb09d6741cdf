package connectortest

import (
	"context"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

func (h public) edit(t *testing.T) {
	e := claimed[connector.Editor](t, h.Connector)
	sent := h.must(t, h.post("k1", "Before."))
	for range 2 { // the second time is harmless
		again, err := e.Edit(t.Context(), sent.Message, h.post("k2", "After."))
		if err != nil || again.Message != sent.Message {
			t.Fatalf("edited as %q, %v; want %q", again.Message, err, sent.Message)
		}
		h.see(t, "After.")
	}
}

// claimed skips the test of a capability that the connector does not have.
func claimed[T any](t *testing.T, c connector.Connector) T {
	t.Helper()
	v, ok := connector.As[T](c)
	if !ok {
		t.Skip("it does not claim this")
	}
	return v
}

func (h public) editUnknown(t *testing.T) {
	e := claimed[connector.Editor](t, h.Connector)
	if h.Unknown == "" {
		t.Skip("it has no unknown messages")
	}
	_, err := e.Edit(t.Context(), h.Unknown, h.post("k1", "After."))
	wantOutcome(t, "an edit of nothing", err, connector.Refused)
	h.see(t)
}

func (h public) retract(t *testing.T) {
	r := claimed[connector.Retractor](t, h.Connector)
	sent := h.must(t, h.post("k1", "Gone soon."))
	h.must(t, h.post("k2", "Stays."))
	for range 2 {
		if err := r.Retract(t.Context(), sent.Message, h.post("k1", "Gone soon.")); err != nil {
			t.Fatalf("retract: %v", err)
		}
		h.see(t, "Stays.")
	}
}

func (h public) retractUnknown(t *testing.T) {
	r := claimed[connector.Retractor](t, h.Connector)
	if h.Unknown == "" {
		t.Skip("it has no unknown messages")
	}
	if err := r.Retract(t.Context(), h.Unknown, h.post("k1", "Gone.")); err != nil {
		t.Errorf("a post that is not there: %v", err)
	}
}

func (h public) find(t *testing.T) {
	f := claimed[connector.Finder](t, h.Connector)
	if _, ok, err := f.Find(t.Context(), h.post("k1", "Here.")); ok || err != nil {
		t.Errorf("before it was sent: %v, %v", ok, err)
	}
	sent := h.must(t, h.post("k1", "Here."))
	h.must(t, h.post("k2", "There."))
	got, ok, err := f.Find(t.Context(), h.post("k1", "Here."))
	if !ok || err != nil || got.Message != sent.Message {
		t.Errorf("found %q, %v, %v; want %q", got.Message, ok, err, sent.Message)
	}
}

func (h public) key(t *testing.T) {
	k := claimed[connector.Keyed](t, h.Connector)
	if k.KeyWindow() <= 0 {
		t.Errorf("it keeps keys for %v", k.KeyWindow())
	}
	first, again := h.must(t, h.post("k1", "Once.")), h.must(t, h.post("k1", "Once."))
	if first.Message != again.Message {
		t.Errorf("the same key made %q and %q", first.Message, again.Message)
	}
	h.see(t, "Once.")
}

func (h public) refused(t *testing.T) {
	if h.Refuse == nil {
		t.Skip("it refuses nothing")
	}
	r := claimed[connector.Replier](t, h.Connector)
	h.Refuse()
	_, err := r.Reply(t.Context(), h.post("k1", "No."))
	wantOutcome(t, "a refusal", err, connector.Refused)
	h.see(t)
}

// A platform that does what it is asked and does not answer is the case in which a
// post would go out twice, if its connector said anything but "unsure".
func (h public) silent(t *testing.T) {
	if h.Silence == nil {
		t.Skip("it always answers")
	}
	r := claimed[connector.Replier](t, h.Connector)
	h.Silence()
	err := unanswered(t, func() bool { return len(h.Posts()) > 0 }, func(ctx context.Context) error {
		_, err := r.Reply(ctx, h.post("k1", "Perhaps."))
		return err
	})
	wantOutcome(t, "silence", err, connector.Unsure)
	h.see(t, "Perhaps.")
}

// unanswered makes a call to a platform that says nothing, and gives it up as soon as
// what it asked for is done.
func unanswered(t *testing.T, done func() bool, call func(context.Context) error) error {
	t.Helper()
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	ended := make(chan error, 1)
	go func() { ended <- call(ctx) }()
	testenv.Until(t, "what was asked for is done", done)
	giveUp()
	return <-ended
}

// A call whose context has ended already may be made or not, but it comes back, and
// it never says that the platform refused what it was not asked.
func (h public) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	inTime(t, func() { h.checkCancelled(t, ctx) })
}

func (h public) checkCancelled(t *testing.T, ctx context.Context) {
	if r, ok := connector.As[connector.Replier](h.Connector); ok {
		_, err := r.Reply(ctx, h.post("k1", "Late."))
		notRefused(t, "reply", err)
	}
	if e, ok := connector.As[connector.Editor](h.Connector); ok {
		_, err := e.Edit(ctx, session.MessageID("x"), h.post("k1", "Late."))
		notRefused(t, "edit", err)
	}
	if r, ok := connector.As[connector.Retractor](h.Connector); ok {
		notRefused(t, "retract", r.Retract(ctx, session.MessageID("x"), h.post("k1", "Late.")))
	}
	if f, ok := connector.As[connector.Finder](h.Connector); ok {
		if _, found, err := f.Find(ctx, h.post("k1", "Late.")); err == nil && !found {
			t.Error("find: it says that there is no such post, and could not look")
		}
	}
}

func notRefused(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil && connector.OutcomeOf(err).Outcome == connector.Refused {
		t.Errorf("%s with an ended context: %v", what, err)
	}
}

func inTime(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(testenv.Patience):
		t.Fatal("it does not come back when its context has ended")
	}
}
