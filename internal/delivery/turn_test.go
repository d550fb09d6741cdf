package delivery_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// TestTurn: what a desk shows besides its cards takes of the same budgets, and nothing
// when nobody waits for it any more.
func TestTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := redistest.New(t, time.Now)
		w := &delivery.Worker{Outbox: o, Now: time.Now}
		limits := connector.Limits{PerPlace: connector.Rate{Most: 1, Per: time.Second},
			Cards: map[connector.CardClass]connector.Budget{connector.CardPressed: {Name: "pressed",
				Rate: connector.Rate{Most: 2, Per: time.Minute}}}}
		turn := func(ctx context.Context, place session.PlaceID) time.Duration {
			began := time.Now()
			if err := w.Turn(ctx, limits, session.Lane{Connector: "desk", Place: place}, connector.CardPressed); err != nil &&
				!errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			return time.Since(began)
		}
		for i, want := range []time.Duration{0, time.Second, 59 * time.Second} {
			if got := turn(t.Context(), "here"); got != want {
				t.Errorf("turn %d came after %v, want %v", i, got, want)
			}
		}
		pressed := delivery.Spend{Budget: "desk/here#pressed", Cost: 1, Most: 2, Per: time.Minute}
		if wait, err := o.Token(t.Context(), "desk", pressed); err != nil || wait <= 0 {
			t.Errorf("cards there wait %v, %v: they have a budget of their own", wait, err)
		}
		if got := turn(t.Context(), "there"); got != 0 {
			t.Errorf("elsewhere it came after %v", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := w.Turn(ctx, limits, session.Lane{Connector: "desk", Place: "here"},
			connector.CardPressed); !errors.Is(err, context.Canceled) {
			t.Errorf("it was given up with %v", err)
		}
	})
}
