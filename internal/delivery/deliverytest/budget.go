package deliverytest

import (
	"errors"
	"testing"
	"time"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

func bounded(budget string, most int, per time.Duration) delivery.Spend {
	return delivery.Spend{Budget: budget, Cost: 1, Most: most, Per: per}
}

// token asks for one, and fails the test unless the wait is between from and to.
func (y *yard) token(budget string, most int, per, from, to time.Duration) {
	y.T.Helper()
	wait, err := y.store.Token(y.T.Context(), "c", bounded(budget, most, per))
	y.must(err)
	if wait < from || wait > to {
		y.T.Errorf("budget %q says %v, want %v to %v", budget, wait, from, to)
	}
}

// tokenLater takes one as soon as the store gives it, and returns when.
func (y *yard) tokenLater(budget string, most int, per time.Duration) time.Time {
	y.T.Helper()
	for {
		wait, err := y.store.Token(y.T.Context(), "c", bounded(budget, most, per))
		y.must(err)
		if wait <= 0 {
			return time.Now()
		}
		<-time.After(wait)
	}
}

func testToken(_ *testing.T, y *yard) {
	for range 3 {
		y.token("telegram", 3, time.Hour, 0, 0)
	}
	for range 2 { // a refused one takes nothing
		y.token("telegram", 3, time.Hour, 59*time.Minute, time.Hour)
	}
	y.token("slack {1}", 3, time.Hour, 0, 0)
	y.token("telegram", 4, time.Hour, 0, 0) // another replica is allowed one more
}

// testTokens takes one of each budget, or none.
func testTokens(t *testing.T, y *yard) {
	both := []delivery.Spend{bounded("place", 2, time.Hour), bounded("all", 3, time.Minute)}
	take := func(from, to time.Duration, c session.ConnectorID, bs ...delivery.Spend) {
		t.Helper()
		if wait, err := y.store.Token(t.Context(), c, bs...); err != nil || wait < from || wait > to {
			t.Errorf("%v says %v, %v; want %v to %v", bs, wait, err, from, to)
		}
	}
	take(0, 0, "c")
	take(0, 0, "c", both...)
	take(0, 0, "c", both...)
	for range 3 {
		take(59*time.Minute, time.Hour, "c", both...) // and takes none of "all"
	}
	take(0, 0, "c", both[1])
	take(59*time.Second, time.Minute, "c", both[1])
	take(59*time.Minute, time.Hour, "c", both[1], both[0]) // the longest
	take(0, 0, "another", both...)
	y.must(y.store.Hold(t.Context(), "another", "all", 2*time.Hour))
	take(119*time.Minute, 2*time.Hour, "another", both...)
	take(0, 0, "another", both[0])
}

// testTokenWindow takes as many as it gets: no span has more than its share.
func testTokenWindow(t *testing.T, y *yard) {
	const most, per, slack = 3, 120 * time.Millisecond, 2 * time.Millisecond
	var before, after []time.Time // each token was taken in between
	for range 4 * most {
		before = append(before, time.Now())
		after = append(after, y.tokenLater("fast", most, per))
		if len(after) == 1 {
			<-time.After(per / 2)
		}
	}
	for i := most; i < len(after); i++ {
		if span := after[i].Sub(before[i-most]); span < per-slack {
			t.Errorf("tokens %d to %d within %v, want %v", i-most, i, span, per)
		}
	}
}

func testHold(t *testing.T, y *yard) {
	hold := func(budget string, wait time.Duration) { y.must(y.store.Hold(t.Context(), "c", budget, wait)) }
	hold("slack {1}", time.Hour)
	hold("slack {1}", time.Millisecond) // does not shorten it
	y.token("slack {1}", 3, time.Second, 59*time.Minute, time.Hour)
	y.token("slack", 3, time.Second, 0, 0)
	start := time.Now()
	hold("brief", brief)
	if d := y.tokenLater("brief", 3, time.Second).Sub(start); d < brief {
		t.Errorf("held for %v, want %v", d, brief)
	}
	for range 2 {
		y.token("brief", 3, time.Hour, 0, 0)
	}
	hold("brief", time.Millisecond) // the window is longer
	y.token("brief", 3, time.Hour, 59*time.Minute, time.Hour)
}

// testTokenCost: what costs several takes as many, in a window and in a calendar day.
func testTokenCost(t *testing.T, y *yard) {
	tomorrow := time.Now().Add(time.Hour)
	for name, of := range map[string]delivery.Spend{"window": {Most: 10, Per: time.Hour}, "day": {Most: 10, Until: tomorrow}} {
		of.Budget = name
		left := of.Most
		for _, c := range []struct {
			cost int
			ok   bool
		}{{4, true}, {4, true}, {4, false}, {2, true}, {1, false}} {
			of.Cost = c.cost
			wait, err := y.store.Token(t.Context(), "c", of)
			y.must(err)
			if c.ok {
				left -= c.cost
			}
			if n, err := y.store.Left(t.Context(), "c", of); name == "day" && (n != left || err != nil) {
				t.Errorf("%d are left, %v; want %d", n, err, left)
			}
			if (wait == 0) != c.ok || wait > time.Hour || !c.ok && wait < 59*time.Minute {
				t.Errorf("%s: %d units after a wait of %v", name, c.cost, wait)
			}
		}
	}
	next := delivery.Spend{Budget: "day", Cost: 10, Most: 10, Until: tomorrow.Add(24 * time.Hour)}
	if n, err := y.store.Left(t.Context(), "c", next); err != nil || n != 10 {
		t.Errorf("%d are left of the next day, %v", n, err)
	}
	if wait, err := y.store.Token(t.Context(), "c", next); err != nil || wait != 0 {
		t.Errorf("the next day: %v, %v", wait, err)
	}
}

// testTokenOnce: what is there once never comes back, keeps something for what follows, and is given back
// where nothing came of it.
func testTokenOnce(t *testing.T, y *yard) {
	of := delivery.Spend{Budget: "hour", Most: 10, Once: true}
	take := func(cost, spare, most, left int, want error) {
		t.Helper()
		of.Cost, of.Spare, of.Most = cost, spare, most
		wait, err := y.store.Token(t.Context(), "c", bounded("window", 100, time.Hour), of)
		if wait != 0 || !errors.Is(err, want) {
			t.Errorf("%+v: %v, %v", of, wait, err)
		}
		if n, err := y.store.Left(t.Context(), "c", of); n != left || err != nil {
			t.Errorf("%+v: %d are left, %v", of, n, err)
		}
	}
	take(11, 0, 10, 10, delivery.ErrSpent)
	take(6, 0, 10, 4, nil)
	take(5, 0, 10, 4, delivery.ErrSpent)
	take(1, 4, 10, 4, delivery.ErrSpent)
	take(0, 5, 10, 4, delivery.ErrSpent)
	take(1, 3, 10, 3, nil)
	take(5, 0, 13, 1, nil) // there is more now
	of.Cost = 5
	y.must(y.store.Refund(t.Context(), "c", of, bounded("window", 100, time.Hour)))
	take(6, 0, 13, 0, nil)
	of.Cost = 50
	y.must(y.store.Refund(t.Context(), "c", of))
	take(0, 10, 10, 10, nil)
	day := delivery.Spend{Budget: "day", Cost: 4, Spare: 7, Most: 10, Until: time.Now().Add(time.Hour)}
	if wait, err := y.store.Token(t.Context(), "c", day); err != nil || wait < 59*time.Minute {
		t.Errorf("a day: %v, %v", wait, err)
	}
}
