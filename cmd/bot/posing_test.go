package main

import (
	"testing"

	"experthour/internal/config"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// TestWhoIsPosedAs: names are kept for the people who work here now and for the institution.
func TestWhoIsPosedAs(t *testing.T) {
	t.Parallel()
	c := &core{cfg: config.Config{Institution: config.Institution{Name: "Ministry of Examples"}},
		roll: routing.NewRoll(session.Directory{{Name: "Anna Bērziņa"}})}
	c.roll.Replace(session.Directory{{Name: "Edgars Ozols"}})
	for name, want := range map[string]bool{"EDGARS OZOLS": true, "ministry of examples": true, "Anna Bērziņa": false} {
		if got := c.poses(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}
