package wording

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"experthour/internal/session"
)

// Date writes a day with its weekday: "svētdiena, 2026. gada 22. novembris",
// "Sunday, 22 November 2026". t is already in the zone of the reader.
func (w Words) Date(t time.Time) string {
	return w.Text("date.full",
		"weekday", w.Text("weekday."+strings.ToLower(t.Weekday().String())),
		"day", t.Day(),
		"month", w.Text("month."+strings.ToLower(t.Month().String())),
		"year", t.Year())
}

// Clock writes the time of day: "14:00", in Latvian "14.00" as public bodies there do.
func (w Words) Clock(t time.Time) string { return t.Format(w.Text("date.clock")) }

// ClockSeconds is Clock with the seconds after it.
func (w Words) ClockSeconds(t time.Time) string {
	layout := w.Text("date.clock")
	return t.Format(layout + layout[2:3] + "05")
}

// DateTime writes day and time in one line, without the zone.
func (w Words) DateTime(t time.Time) string {
	return w.Text("date.time", "date", w.Date(t), "time", w.Clock(t))
}

// Since writes a day and a time after "from", without the weekday and the zone.
func (w Words) Since(t time.Time) string {
	return w.Text("date.since", "day", t.Day(), "month", w.Text("month_of."+strings.ToLower(t.Month().String())), "year", t.Year(),
		"time", w.Clock(t))
}

// Span writes from when to when in one line, without the zone; the day is said
// once when both ends fall on it.
func (w Words) Span(start, end time.Time) string {
	if w.Date(start) == w.Date(end) {
		return w.Text("date.span", "date", w.Date(start), "from", w.Clock(start), "to", w.Clock(end))
	}
	return w.Text("date.days", "from", w.DateTime(start), "to", w.DateTime(end))
}

// CalledOff is why an hour is cancelled, and its new date: a sentence each, as far as there is one.
func (w Words) CalledOff(c *session.CalledOff) []string {
	var lines []string
	if c != nil && c.Reason != "" {
		lines = append(lines, w.Text("called_off.why", "reason", c.Reason))
	}
	if c != nil && c.NewDate != "" {
		lines = append(lines, w.Text("called_off.new_date", "date", w.Date(c.Day())))
	}
	return lines
}

// Askings says how often the same was asked, and on how many platforms if it is not one; nil is "".
func (w Words) Askings(a *session.Askings) string {
	if a == nil {
		return ""
	}
	times := w.Count("askings.times", a.Times)
	if a.Platforms < 2 {
		return times
	}
	return times + " " + w.Count("askings.platforms", a.Platforms)
}

// Lasting writes a duration as coarsely as a person needs it, rounded down:
// "12 min", "1 h 5 min", from a day on "30 h", from two days on "3 days". Under a
// minute, and below zero, it is "less than a minute".
func (w Words) Lasting(d time.Duration) string {
	h, m := int(d.Hours()), int(d.Minutes())%60
	switch {
	case d < time.Minute:
		return w.Text("lasting.moment")
	case h == 0:
		return w.Text("lasting.minutes", "minutes", m)
	case h < 24 && m > 0:
		return w.Text("lasting.hours_minutes", "hours", h, "minutes", m)
	case h < 48:
		return w.Text("lasting.hours", "hours", h)
	}
	return w.Count("lasting.days", h/24)
}

// Grouping of thousands as in CLDR 48: the sign, and the least number of digits
// from which a number is grouped at all.
var grouping = map[session.Language]struct {
	sign  string
	least int
}{
	session.Latvian: {"\u00a0", 5},
	session.English: {",", 4},
}

// Dollars writes an amount that is given in thousandths, with as many digits as it needs.
func (w Words) Dollars(thousandths int) string {
	s := fmt.Sprintf("%d.%03d", thousandths/1000, thousandths%1000)
	s = strings.TrimSuffix(s, "0")
	if w.Language() == session.Latvian {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// number writes a whole number.
func (w Words) number(n int) string {
	s, g := strconv.Itoa(n), grouping[w.Language()]
	digits := strings.TrimPrefix(s, "-")
	if g.least == 0 || len(digits) < g.least {
		return s
	}
	sign := s[:len(s)-len(digits)]
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + g.sign + digits[i:]
	}
	return sign + digits
}
