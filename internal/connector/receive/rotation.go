package receive

import (
	"cmp"
	"slices"

	"experthour/internal/session"
)

// rotation gives out a few of many originals at a time, so that each is read as often as the
// others. It lives in one replica: another one begins anew, which costs a turn.
type rotation struct {
	reads int                    // altogether
	read  map[session.Origin]int // of which each was the last read of one original
}

// next are those of all that were read the longest ago. What is not listed is forgotten.
func (r *rotation) next(all []session.Origin) []session.Origin {
	kept := make(map[session.Origin]int, len(all))
	for _, o := range all {
		kept[o] = r.read[o]
	}
	r.read = kept
	oldest := slices.SortedStableFunc(slices.Values(all), func(a, b session.Origin) int { return cmp.Compare(kept[a], kept[b]) })
	return oldest[:min(len(oldest), MostAsked)]
}

// were notes that some were read.
func (r *rotation) were(read []session.Origin) {
	for _, o := range read {
		r.reads++
		r.read[o] = r.reads
	}
}
