package transcript

import (
	"slices"
	"time"

	"experthour/internal/session"
)

// outcomes lists what can become of a question, in the order of the documents.
var outcomes = []session.State{session.Published, session.Merged, session.Redirected, session.Declined,
	session.Expired, session.Retracted, session.Withdrawn}

// count accounts for every number up to the highest one in qs, which are sorted.
func count(s session.Session, qs []session.Question) Numbers {
	n := Numbers{Outcomes: map[session.State]int{}}
	for _, o := range outcomes {
		n.Outcomes[o] = 0
	}
	var waits []time.Duration
	for _, q := range qs {
		n.Received = q.Ref.Number
		o := Outcome(q)
		if !slices.Contains(outcomes, o) {
			n.Waiting++
			continue
		}
		n.Outcomes[o]++
		if o == session.Published {
			waits = append(waits, wait(s, q))
		}
	}
	n.Missing = n.Received - len(qs)
	n.MedianWait, n.LongestWait = median(waits), longest(waits)
	return n
}

// Settled is the number of questions with an outcome.
func (n Numbers) Settled() int {
	sum := 0
	for _, o := range n.Outcomes {
		sum += o
	}
	return sum
}

// wait is how long a question waited for its first answer. After a correction the
// document knows only when the first answer was approved, not when it went out.
func wait(s session.Session, q session.Question) time.Duration {
	first := q.PublishedAt
	for _, a := range q.Approvals {
		if q.Corrected && a.At.Before(first) {
			first = a.At
		}
	}
	return max(0, first.Sub(later(q.Asked, s.Start)))
}

// median is in whole seconds; the lower of the two in the middle.
func median(ds []time.Duration) int {
	if len(ds) == 0 {
		return 0
	}
	slices.Sort(ds)
	return seconds(ds[(len(ds)-1)/2])
}

func longest(ds []time.Duration) int {
	if len(ds) == 0 {
		return 0
	}
	return seconds(slices.Max(ds))
}

func seconds(d time.Duration) int { return int(d / time.Second) }
