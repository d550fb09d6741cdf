package wording

import (
	"testing"
	"time"
	_ "time/tzdata"

	"experthour/internal/session"
)

func riga(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestDates(t *testing.T) {
	zone := riga(t)
	start := time.Date(2026, 11, 22, 14, 0, 0, 0, zone)
	lv, en := In(session.Latvian), In(session.English)
	for _, c := range []struct{ got, want string }{
		{lv.Date(start), "svētdiena, 2026. gada 22. novembris"},
		{en.Date(start), "Sunday, 22 November 2026"},
		{lv.Clock(start), "14.00"},
		{en.Clock(start.Add(-5*time.Hour + 7*time.Minute)), "09:07"},
		{lv.DateTime(start), "svētdiena, 2026. gada 22. novembris, plkst. 14.00"},
		{en.DateTime(start), "Sunday, 22 November 2026, 14:00"},
		{lv.Span(start, start.Add(2*time.Hour)), "svētdiena, 2026. gada 22. novembris, plkst. 14.00–16.00"},
		{en.Span(start, start.Add(2*time.Hour)), "Sunday, 22 November 2026, 14:00–16:00"},
		{en.Span(start, start.Add(11*time.Hour)), "Sunday, 22 November 2026, 14:00 – Monday, 23 November 2026, 01:00"},
		{lv.Span(start, start.Add(11*time.Hour)),
			"svētdiena, 2026. gada 22. novembris, plkst. 14.00 – pirmdiena, 2026. gada 23. novembris, plkst. 01.00"},
		{lv.Since(start), "2026. gada 22. novembra plkst. 14.00"},
		{en.Since(start), "22 November 2026, 14:00"},
		{lv.Text("error.ask_early", "from", session.Since(start)),
			"Jautājumus pieņems no 2026. gada 22. novembra plkst. 14.00; lūdzu, atgriezieties tad."},
		{lv.Date(time.Date(2024, 2, 29, 0, 0, 0, 0, zone)), "ceturtdiena, 2024. gada 29. februāris"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// The reader's zone decides the day; nothing is converted here.
func TestDateKeepsTheZoneItIsGiven(t *testing.T) {
	late := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	if got := In(session.English).DateTime(late.In(riga(t))); got != "Monday, 23 November 2026, 01:30" {
		t.Error(got)
	}
	if got := In(session.English).DateTime(late); got != "Sunday, 22 November 2026, 23:30" {
		t.Error(got)
	}
}

func TestLasting(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		-time.Hour:                      {"mazāk par minūti", "less than a minute"},
		59 * time.Second:                {"mazāk par minūti", "less than a minute"},
		time.Minute:                     {"1 min", "1 min"},
		12*time.Minute + 59*time.Second: {"12 min", "12 min"},
		time.Hour:                       {"1 h", "1 h"},
		65 * time.Minute:                {"1 h 5 min", "1 h 5 min"},
		24 * time.Hour:                  {"24 h", "24 h"},
		30*time.Hour + 20*time.Minute:   {"30 h", "30 h"},
		48 * time.Hour:                  {"2 dienas", "2 days"},
		21 * 24 * time.Hour:             {"21 diena", "21 days"},
	} {
		if got := In(session.Latvian).Lasting(d); got != want[0] {
			t.Errorf("lv %v: got %q, want %q", d, got, want[0])
		}
		if got := In(session.English).Lasting(d); got != want[1] {
			t.Errorf("en %v: got %q, want %q", d, got, want[1])
		}
	}
}

// TestDollars: cents always, and tenths of them only where there are some.
func TestDollars(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][2]string{200: {"0.20", "0,20"}, 15: {"0.015", "0,015"}, 10: {"0.01", "0,01"}, 12000: {"12.00", "12,00"}} {
		if got := [2]string{In(session.English).Dollars(n), In(session.Latvian).Dollars(n)}; got != want {
			t.Errorf("%d thousandths are %q, want %q", n, got, want)
		}
	}
}
