package main

import (
	"testing"
	"time"

	"experthour/internal/session"
)

// TestDamage: a line says what was changed, and when it was last right.
func TestDamage(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 12, 8, 16, 0, time.UTC)
	for want, d := range map[string]damage{
		"question 4, version 7: what is stored is not what was written (the answer, revisions); last right on 2026-11-22 12:08:16 UTC": {
			Number: 4, Version: 7, What: session.DocumentDiffers, Field: "revisions", Right: at},
		"question 4, version 7: what is stored is not what was written (public copy 2 in the list of its copies); it stands as in version 3": {
			Number: 4, Version: 7, What: session.DocumentDiffers, Field: "copies.2", As: 3},
		"the hour, version 9: what is stored is not what was written (it is not known which part)": {
			Version: 9, What: session.DocumentDiffers},
		"question 4, version 7: the votes are not those that were sealed; last right on 2026-11-22 12:08:16 UTC": {
			Number: 4, Version: 7, What: session.VotesDiffer, Right: at},
		"question 4, version 7: of a later version": {Number: 4, Version: 7, What: "of a later version"},
	} {
		if got := d.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
