package httpapi

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rate is what an answer says about the calls to come. Times are from now on, at most
// LongestWait.
type Rate struct {
	// Known says that Remaining is: how many calls the tightest of the platform's
	// limits leaves until Reset is over.
	Known     bool
	Remaining int
	Reset     time.Duration
	// Wait is how long no call should be made; 0 is not said.
	Wait time.Duration
}

// later is how long to wait after a call that was put off; 0 is not said.
func (r Rate) later() time.Duration {
	if r.Wait == 0 && !r.Known {
		return r.Reset // of limits that do not say what they leave: they leave nothing, as it seems
	}
	return r.Wait
}

// LongestWait bounds what a header can ask for: a limit of a day is the longest that
// platforms have.
const LongestWait = 24 * time.Hour

// shortestWait is for who says "later" and names no time that is to come.
const shortestWait = time.Second

// RateOf reads every form in which platforms say it: Retry-After in seconds or as a
// date; pairs of …-Remaining and …-Reset (X-RateLimit, X-Rate-Limit, RateLimit,
// X-App-Limit-24hour), the reset in seconds, in seconds or milliseconds since 1970, or
// as a date or ISO time; and RateLimit of the drafts of the IETF. Times of day are
// compared with the answer's own Date, and with now where there is none.
func RateOf(h http.Header, now time.Time) Rate {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	var r Rate
	if limits := append(pairs(h, now), drafts(strings.Join(h.Values("RateLimit"), ","), now)...); len(limits) > 0 {
		r = slices.MinFunc(limits, tighter)
	}
	if d, ok := span(h.Get("Retry-After"), now); ok {
		r.Wait = max(d, shortestWait)
	} else if r.Known && r.Remaining == 0 && r.Reset > 0 {
		r.Wait = max(r.Reset, shortestWait)
	}
	return r
}

// tighter puts limits first that say what they leave, then those that leave least, for
// the longest time.
func tighter(a, b Rate) int {
	switch {
	case a.Known && !b.Known:
		return -1
	case b.Known && !a.Known:
		return 1
	}
	return cmp.Or(cmp.Compare(a.Remaining, b.Remaining), cmp.Compare(b.Reset, a.Reset))
}

// pairs finds the headers whose names differ in their ends only.
func pairs(h http.Header, now time.Time) []Rate {
	var found []Rate
	for name := range h {
		low := strings.ToLower(name)
		stem, isReset := strings.CutSuffix(low, "-reset")
		if !isReset {
			stem, _ = strings.CutSuffix(low, "-remaining")
		}
		if stem == low || !strings.Contains(stem, "limit") || isReset && h.Get(stem+"-remaining") != "" {
			continue
		}
		if l, ok := limitOf(h.Get(stem+"-remaining"), h.Get(stem+"-reset"), now); ok {
			found = append(found, l)
		}
	}
	return found
}

// drafts reads `limit=100, remaining=50, reset=30`, which is one limit, and
// `"minute";r=50;t=30, "day";r=7;t=3600`.
func drafts(value string, now time.Time) []Rate {
	var found []Rate
	one := map[string]string{}
	for _, item := range split(value, ',') {
		params, named := one, strings.HasPrefix(strings.TrimSpace(item), `"`)
		if named {
			params = map[string]string{}
		}
		for _, p := range split(item, ';') {
			k, v, _ := strings.Cut(strings.TrimSpace(p), "=")
			params[strings.ToLower(k)] = v
		}
		if l, ok := limitOf(params["r"], params["t"], now); ok && named {
			found = append(found, l)
		}
	}
	if l, ok := limitOf(one["remaining"], one["reset"], now); ok {
		found = append(found, l)
	}
	return found
}

// split parts a value at a separator that is not in a name in quotes.
func split(value string, at rune) []string {
	var parts []string
	begin, quoted := 0, false
	for i, r := range value {
		if r == '"' {
			quoted = !quoted
		}
		if r == at && !quoted {
			parts, begin = append(parts, value[begin:i]), i+1
		}
	}
	return append(parts, value[begin:])
}

func limitOf(remaining, reset string, now time.Time) (l Rate, ok bool) {
	if n, err := strconv.ParseFloat(strings.TrimSpace(remaining), 64); err == nil && !math.IsNaN(n) {
		l.Known, l.Remaining = true, int(min(max(n, 0), math.MaxInt32))
	}
	l.Reset, ok = span(reset, now)
	return l, ok || l.Known
}

// Numbers from here on are a time of day, in seconds and in milliseconds since 1970:
// nobody asks to wait 30 years.
const (
	leastEpoch       = 1_000_000_000
	leastEpochMillis = 1_000_000_000_000
)

// span is how long it is until what a header names, whatever its form.
func span(value string, now time.Time) (time.Duration, bool) {
	value = strings.Trim(value, " \t\"")
	n, err := strconv.ParseFloat(value, 64)
	switch {
	case err == nil && (math.IsNaN(n) || math.IsInf(n, 0)):
		return 0, false
	case err == nil && n >= leastEpochMillis:
		return bounded(n/1000 - seconds(now)), true
	case err == nil && n >= leastEpoch:
		return bounded(n - seconds(now)), true
	case err == nil:
		return bounded(n), true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		at, err = time.Parse(time.RFC3339, value)
	}
	return bounded(seconds(at) - seconds(now)), err == nil
}

// seconds since 1970.
func seconds(t time.Time) float64 { return float64(t.Unix()) + float64(t.Nanosecond())/1e9 }

func bounded(seconds float64) time.Duration {
	return time.Duration(min(max(seconds, 0), LongestWait.Seconds()) * float64(time.Second))
}
