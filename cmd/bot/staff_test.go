package main

import (
	"testing"

	"experthour/internal/config"
	"experthour/internal/session"
	"experthour/internal/setting"
)

// TestStaffAreKnownWhereThePublicAsks: wherever the desk is, an account of Telegram is
// known at every public place there.
func TestStaffAreKnownWhereThePublicAsks(t *testing.T) {
	t.Parallel()
	cfg := config.Config{People: []config.Person{{Name: "Anna", Role: "observer", Accounts: map[string]setting.ID{"telegram": "11"}},
		{Name: "Bob", Role: "moderator"}},
		Public: []config.Public{{Kind: "telegram", ID: "tg"}, {Kind: "sandbox", ID: "pretend"}}}
	for id, want := range map[session.ConnectorID]bool{"tg": true, "telegram-desk": true, "pretend": false, "slack": false} {
		if p, ok := cfg.Staff(kinds).Account(id, "11"); ok != want || ok && p.Name != "Anna" {
			t.Errorf("%s: %+v, %v", id, p, ok)
		}
	}
	if p, ok := cfg.Staff(kinds).Account("tg", ""); ok {
		t.Errorf("nobody is %+v", p)
	}
}
