package session

import (
	"slices"
	"time"
)

// outcomeChanged reports whether the asker may have something else to be told.
func outcomeChanged(before, after Question) bool {
	return before.State != after.State || before.Reason != after.Reason || before.Into != after.Into ||
		before.forward() != after.forward()
}

func (q Question) forward() Forward {
	if q.Forward == nil {
		return Forward{}
	}
	return *q.Forward
}

// wantNotices makes rs the notices that stand: a new or changed one goes out, and
// one that is not among them any more is taken back. No answer is touched, and a receipt
// keeps its text: the answer may have been edited into its message.
func (q *Question) wantNotices(rs []Rendered, at time.Time) {
	next := q.Counter + 1
	for i := range q.Copies {
		c := &q.Copies[i]
		if c.Kind != KindAnswer && !slices.ContainsFunc(rs, func(r Rendered) bool { return r.Slot == c.Slot }) {
			c.want(Wish{})
		}
	}
	for _, r := range rs {
		c := q.Copies.slot(r.Slot)
		if c.Wanted == 0 || c.Text != r.Text && c.Kind != KindReceipt {
			c.Language, q.Counter = r.Language, next
			c.want(Wish{Wanted: next, Text: r.Text, Approved: at})
		}
	}
}
