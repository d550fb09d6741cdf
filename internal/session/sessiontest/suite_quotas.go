package sessiontest

import (
	"testing"
	"time"

	"experthour/internal/session"
)

// quotas is a store that counts for the tests of them; each uses names of its own.
func quotas(t *testing.T, store session.Store) session.Quotas {
	t.Helper()
	q, ok := store.(session.Quotas)
	if !ok {
		t.Fatalf("%T has no quotas", store)
	}
	return q
}

// testSpend spends all there is at once, and then waits.
func testSpend(t *testing.T, store session.Store) {
	q := quotas(t, store)
	spend := func(group string, qs ...session.Quota) time.Duration {
		t.Helper()
		wait, err := q.Spend(t.Context(), group, qs...)
		is(t, err, nil)
		return wait
	}
	seven := session.Quota{Name: "seven", Most: 7, Per: time.Hour}
	for range 7 {
		equal(t, "within", spend("g", seven), 0)
	}
	if wait := spend("g", seven); wait <= 0 || wait > time.Hour/7+time.Second {
		t.Errorf("the next one waits %v", wait)
	}
	equal(t, "another group", spend("other", seven), 0)
	equal(t, "another name", spend("g", session.Quota{Name: "two", Most: 1, Per: time.Hour}), 0)
}

// testSpendAllOrNone: what one quota refuses is counted under no other.
func testSpendAllOrNone(t *testing.T, store session.Store) {
	q := quotas(t, store)
	narrow, wide := session.Quota{Name: "narrow", Most: 1, Per: time.Hour}, session.Quota{Name: "wide", Most: 2, Per: 100 * time.Hour}
	for i, want := range []bool{true, false, false} {
		wait, err := q.Spend(t.Context(), "g", narrow, wide)
		is(t, err, nil)
		equal(t, "spent", wait == 0, want)
		if i > 0 && wait > time.Hour {
			t.Errorf("it waits for the wide one: %v", wait)
		}
	}
	wait, err := q.Spend(t.Context(), "g", wide)
	is(t, err, nil)
	equal(t, "one is left of the wide", wait, 0)
	wait, err = q.Spend(t.Context(), "g", session.Quota{Name: "fresh", Most: 9, Per: time.Hour}, wide)
	is(t, err, nil)
	if wait < 40*time.Hour {
		t.Errorf("the longest wait counts: %v", wait)
	}
}
