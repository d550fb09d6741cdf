package main

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/config"
	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// TestDeskSaysThatABudgetIsEmpty, and until when, in the institution's time.
func TestDeskSaysThatABudgetIsEmpty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &core{cfg: config.Config{Institution: config.Institution{Zone: time.FixedZone("Riga", 2*60*60)}},
			worker: &delivery.Worker{Outbox: redistest.New(t, time.Now), Now: time.Now}}
		limits := connector.Limits{Budgets: []connector.Budget{{Name: "units", Rate: connector.Rate{Most: 1, Day: time.UTC}}}}
		turn := func() error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return c.worker.Turn(ctx, limits, session.Lane{Connector: "tube"}, connector.CardNew)
		}
		if err := turn(); err != nil || len(c.spent(session.English)) > 0 {
			t.Fatalf("the first is free: %v, %q", err, c.spent(session.English))
		}
		if turn() == nil {
			t.Fatal("there was only one")
		}
		for l, want := range map[session.Language]string{session.English: "2 January 2000, 02:00", session.Latvian: "2. janvār"} {
			if got := c.spent(l); len(got) != 1 || !strings.HasPrefix(got[0], "tube") || !strings.Contains(got[0], want) {
				t.Errorf("%s: %q, want %q in it", l, got, want)
			}
		}
	})
}
