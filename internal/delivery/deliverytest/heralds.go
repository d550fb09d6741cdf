package deliverytest

import (
	"errors"
	"testing"

	"experthour/internal/delivery"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

func (y *yard) herald(key, fence string) bool {
	y.T.Helper()
	ok, err := y.store.Herald(y.T.Context(), "hour", key, delivery.Herald{State: delivery.HeraldTrying, Fence: fence, Since: sessiontest.Noon})
	y.must(err)
	return ok
}

func (y *yard) heralds(key string, want delivery.HeraldState) delivery.Herald {
	y.T.Helper()
	all, err := y.store.Heralds(y.T.Context(), "hour")
	y.must(err)
	if all[key].State != want {
		y.T.Errorf("%s is %q, want %q", key, all[key].State, want)
	}
	return all[key]
}

// testHeralds: an announcement is tried once, whoever tries it and whatever came of it.
func testHeralds(t *testing.T, y *yard) {
	y.heralds("open|tg", "")
	for range 2 { // the second is a repeat after a lost reply
		if !y.herald("open|tg", "a") {
			t.Error("the first attempt is refused")
		}
	}
	if y.herald("open|tg", "b") {
		t.Error("two attempts at once")
	}
	err := y.store.Heralded(t.Context(), "hour", "open|tg", "b", delivery.Herald{State: delivery.HeraldOut})
	if !errors.Is(err, session.ErrFenced) {
		t.Errorf("somebody else's outcome: %v", err)
	}
	y.must(y.store.Heralded(t.Context(), "hour", "open|tg", "a", delivery.Herald{State: delivery.HeraldOut, Message: "m1", Since: sessiontest.Noon}))
	if h := y.heralds("open|tg", delivery.HeraldOut); h.Message != "m1" || !h.Since.Equal(sessiontest.Noon) {
		t.Errorf("stored %+v", h)
	}
	if y.herald("open|tg", "c") {
		t.Error("it is sent twice")
	}
	if !y.herald("open|x", "d") {
		t.Error("another place is refused")
	}
	y.must(y.store.Heralded(t.Context(), "hour", "open|x", "d", delivery.Herald{}))
	if !y.herald("open|x", "e") {
		t.Error("what was deferred is not tried again")
	}
	y.must(y.store.Heralded(t.Context(), "hour", "open|x", "", delivery.Herald{State: delivery.HeraldOut}))
	err = y.store.Heralded(t.Context(), "hour", "open|x", "e", delivery.Herald{State: delivery.HeraldUnsure})
	if !errors.Is(err, session.ErrFenced) {
		t.Errorf("a person decided meanwhile: %v", err)
	}
}
