package httpapi

import (
	"maps"
	"net/http"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

func headers(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

// TestRateOf: every form, as platforms really send it. The clock says noon.
func TestRateOf(t *testing.T) {
	t.Parallel()
	const epoch, millis = "1793707230", "1793707230000" // half a minute past noon
	left := func(n int, reset, wait time.Duration) Rate {
		return Rate{Known: true, Remaining: n, Reset: reset, Wait: wait}
	}
	for name, c := range map[string]struct {
		h    http.Header
		want Rate
	}{
		"nothing":        {headers("Content-Type", "text/html"), Rate{}},
		"seconds":        {headers("Retry-After", "30"), Rate{Wait: 30 * time.Second}},
		"a fraction":     {headers("Retry-After", "1.5"), Rate{Wait: 1500 * time.Millisecond}},
		"at once":        {headers("Retry-After", "0"), Rate{Wait: time.Second}},
		"below zero":     {headers("Retry-After", "-5"), Rate{Wait: time.Second}},
		"a date":         {headers("Retry-After", "Tue, 03 Nov 2026 12:00:45 GMT"), Rate{Wait: 45 * time.Second}},
		"an older date":  {headers("Retry-After", "Tuesday, 03-Nov-26 12:00:45 GMT"), Rate{Wait: 45 * time.Second}},
		"a date gone by": {headers("Retry-After", "Tue, 03 Nov 2026 11:00:00 GMT"), Rate{Wait: time.Second}},
		"words":          {headers("Retry-After", "soon"), Rate{}},
		"for ever":       {headers("Retry-After", "1e300"), Rate{Wait: LongestWait}},
		"infinity":       {headers("Retry-After", "Inf"), Rate{}},
		"no number":      {headers("Retry-After", "NaN", "X-RateLimit-Remaining", "NaN"), Rate{}},
		"X": {headers("x-rate-limit-remaining", "0", "x-rate-limit-reset", epoch),
			left(0, 30*time.Second, 30*time.Second)},
		"X, two limits": {headers("x-rate-limit-remaining", "70",
			"x-rate-limit-reset", epoch, "x-app-limit-24hour-remaining", "3", "x-app-limit-24hour-reset", "1793710800"),
			left(3, time.Hour, 0)},
		"Mastodon": {headers("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "2026-11-03T12:04:00.500000Z"),
			left(0, 240500*time.Millisecond, 240500*time.Millisecond)},
		"Bluesky": {headers("RateLimit-Limit", "3000",
			"RateLimit-Remaining", "2999", "RateLimit-Reset", epoch, "RateLimit-Policy", "3000;w=300"),
			left(2999, 30*time.Second, 0)},
		"seconds left":       {headers("X-RateLimit-Remaining", "1", "X-RateLimit-Reset", "17"), left(1, 17*time.Second, 0)},
		"milliseconds":       {headers("X-RateLimit-Remaining", "1", "X-RateLimit-Reset", millis), left(1, 30*time.Second, 0)},
		"a fraction is left": {headers("X-RateLimit-Remaining", "98.0", "X-RateLimit-Reset", "17"), left(98, 17*time.Second, 0)},
		"only a reset":       {headers("X-RateLimit-Reset", "17"), Rate{Reset: 17 * time.Second}},
		"only what remains":  {headers("X-RateLimit-Remaining", "4"), left(4, 0, 0)},
		"both": {headers("Retry-After", "5", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "900"),
			left(0, 900*time.Second, 5*time.Second)},
		"not ours": {headers("X-Quota-Remaining", "0", "X-Quota-Reset", "5"), Rate{}},
		"draft 3": {headers("RateLimit-Remaining", "0", "RateLimit-Reset", "50"),
			left(0, 50*time.Second, 50*time.Second)},
		"draft 7": {headers("RateLimit", "limit=100, remaining=50, reset=30"), left(50, 30*time.Second, 0)},
		"draft 9": {headers("RateLimit", `"default";r=50;t=30`), left(50, 30*time.Second, 0)},
		"draft 9, two limits": {headers("RateLimit", `"min,;ute";r=50;t=30`, "RateLimit", `"day";r=0;t=3600`),
			left(0, time.Hour, time.Hour)},
		"the server's clock": {headers("Date", "Tue, 03 Nov 2026 14:00:00 GMT", "Retry-After", "Tue, 03 Nov 2026 14:00:20 GMT"),
			Rate{Wait: 20 * time.Second}},
	} {
		if got := RateOf(c.h, noon); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// FuzzRateOf: whatever strangers write, times are bounded, and what is left is not
// below zero.
func FuzzRateOf(f *testing.F) {
	for _, v := range []string{"30", "1793707230", "1793707230000", "2026-11-03T12:00:00Z", "Tue, 03 Nov 2026 12:00:45 GMT",
		`"a";r=1;t=2, "b`, "limit=1, remaining=0", "-1", "1e308", "0x1p-2"} {
		f.Add(v, v, v, v)
	}
	f.Fuzz(func(t *testing.T, after, remaining, reset, draft string) {
		h := headers("Retry-After", after, "X-RateLimit-Remaining", remaining, "X-RateLimit-Reset", reset, "RateLimit", draft)
		r := RateOf(h, noon)
		for _, d := range []time.Duration{r.Wait, r.Reset, r.later()} {
			if d < 0 || d > LongestWait {
				t.Errorf("%v: %+v", h, r)
			}
		}
		if r.Remaining < 0 || !r.Known && r.Remaining != 0 {
			t.Errorf("%v: %+v", h, r)
		}
		if again := RateOf(maps.Clone(h), noon); again != r {
			t.Errorf("%v: %+v and %+v", h, r, again)
		}
	})
}
