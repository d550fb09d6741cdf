package session

import (
	"slices"
	"time"
)

// Readings are the moments at which the clocks of a zone show a day and a time of the day, which
// wall gives in UTC: none where a change of the clocks skips it, two in their order where one
// brings it twice.
func Readings(wall time.Time, zone *time.Location) []time.Time {
	var at []time.Time
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} { // of a change one of them is before, one after
		_, offset := wall.Add(near).In(zone).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		known := slices.ContainsFunc(at, t.Equal)
		if shows := t.Format(time.DateTime) == wall.Format(time.DateTime); shows && !known {
			at = append(at, t)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}
