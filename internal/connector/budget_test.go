package connector_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"experthour/internal/connector"
)

// TestRateEnds: a day is one of the platform's calendar, also where it has 23 or 25 hours.
func TestRateEnds(t *testing.T) {
	t.Parallel()
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-11-29T07:59:59Z": "2026-11-29T08:00:00Z",
		"2026-11-29T08:00:00Z": "2026-11-30T08:00:00Z",
		"2026-03-08T08:00:00Z": "2026-03-09T07:00:00Z", // the clocks go forward
		"2026-11-01T07:00:00Z": "2026-11-02T08:00:00Z", // and back
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := (connector.Rate{Most: 1, Day: pacific}).Ends(at).UTC().Format(time.RFC3339); got != want {
			t.Errorf("the day of %s ends at %s, want %s", now, got, want)
		}
	}
	if !(connector.Rate{Most: 1, Per: time.Hour}).Ends(time.Now()).IsZero() {
		t.Error("a window has a day")
	}
}

func TestCost(t *testing.T) {
	t.Parallel()
	b := connector.Budget{Rate: connector.Rate{Most: 60}, Costs: map[connector.Request]int{connector.RequestPost: 50,
		connector.RequestRetract: 100, connector.RequestEdit: 0}}
	for r, want := range map[connector.Request]int{connector.RequestPost: 50, connector.RequestRetract: 60, connector.RequestEdit: 0,
		connector.RequestFind: 1, connector.RequestAlone: 50} {
		if got := b.Cost(r); got != want {
			t.Errorf("%s costs %d, want %d", r, got, want)
		}
	}
}
