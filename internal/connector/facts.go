package connector

import (
	"context"
	"slices"
	"time"
)

// Learner is a connector whose platform says how long a text may be there. Which copies
// exist is never learnt: that a server is away must take nothing back.
type Learner interface {
	// Learn asks the platform; Version and At are left to the caller. After an error what
	// was known stays.
	Learn(ctx context.Context) (Facts, error)
}

// Facts are the numbers that a platform said of itself. There is one document of them for
// each connector, which all replicas share: they render the same bytes.
type Facts struct {
	Version int       `json:"version"` // rises with every change; 0 is that nothing was learnt
	Most    int       `json:"most"`    // of the Limits that are Assumed, in their unit; at least 1
	Link    int       `json:"link"`    // of the same; 0 is the address's own length
	At      time.Time `json:"at"`      // when the platform said so
}

// Same reports whether the platform said the same numbers.
func (f Facts) Same(g Facts) bool { return f.Most == g.Most && f.Link == g.Link }

// learnt puts facts in place of what is assumed.
func (ls Longest) learnt(f Facts) Longest {
	ls = slices.Clone(ls)
	for i := range ls {
		if ls[i].Assumed && f.Version > 0 {
			ls[i].Most, ls[i].Link, ls[i].Assumed = f.Most, f.Link, false
		}
	}
	return ls
}
