package session

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"
)

// TestReadings: a time that a change of the clocks skips, or brings twice.
func TestReadings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, wall string
		want       []string
	}{
		{"Europe/Riga", "2026-06-01 14:00:00", []string{"2026-06-01T11:00:00Z"}},
		{"Europe/Riga", "2026-03-29 03:00:00", nil},
		{"Europe/Riga", "2026-03-29 03:59:00", nil},
		{"Europe/Riga", "2026-03-29 02:59:00", []string{"2026-03-29T00:59:00Z"}},
		{"Europe/Riga", "2026-03-29 04:00:00", []string{"2026-03-29T01:00:00Z"}},
		{"Europe/Riga", "2026-10-25 03:30:00", []string{"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"}},
		{"Europe/Riga", "2026-10-25 02:59:00", []string{"2026-10-24T23:59:00Z"}},
		{"Europe/Riga", "2026-10-25 04:00:00", []string{"2026-10-25T02:00:00Z"}},
		{"Asia/Kolkata", "2026-06-01 14:00:00", []string{"2026-06-01T08:30:00Z"}},
		{"Australia/Lord_Howe", "2026-04-05 01:45:00", []string{"2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"}},
		{"Australia/Lord_Howe", "2026-10-04 02:15:00", nil},
		{"UTC", "2026-10-25 03:30:00", []string{"2026-10-25T03:30:00Z"}},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		wall, err := time.Parse(time.DateTime, c.wall)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, at := range Readings(wall, zone) {
			got = append(got, at.UTC().Format(time.RFC3339))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s in %s: %v, want %v", c.wall, c.zone, got, c.want)
		}
	}
}
