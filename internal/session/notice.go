package session

import (
	"maps"
	"slices"
	"time"
)

// notify plans what those who asked are told, where a change of the question may have
// brought something new for them.
func (q *Question) notify(before Question, v Verb, list func(Question) []Rendered, at time.Time) {
	if told := q.AsTold(); v == Greet || outcomeChanged(before.AsTold(), told) {
		q.wantNotices(list(told), at)
	}
}

// outcomeChanged reports whether somebody who asked may have something else to be told.
func outcomeChanged(before, after Question) bool {
	return before.State != after.State || before.Reason != after.Reason || before.Into != after.Into ||
		before.forward() != after.forward() || !slices.Equal(before.Followers, after.Followers) ||
		!maps.Equal(before.stand(), after.stand()) || len(after.Lacking()) > len(before.Lacking())
}

// stand are the answers that stand somewhere and are to, each as of its counter.
func (q Question) stand() map[string]int {
	stand := map[string]int{}
	for _, c := range q.Copies {
		if _, _, ok := c.Shown(); ok && c.Kind == KindAnswer {
			stand[c.Key()] = c.Out
		}
	}
	return stand
}

func (q Question) forward() Forward {
	if q.Forward == nil {
		return Forward{}
	}
	return *q.Forward
}

// wantNotices makes rs the notices that stand: a new or changed one goes out, and
// one that is not among them any more is taken back. No answer is touched.
func (q *Question) wantNotices(rs []Rendered, at time.Time) {
	q.Copies = slices.DeleteFunc(q.Copies, Copy.rung)
	next := q.Counter + 1
	for i := range q.Copies {
		c := &q.Copies[i]
		if c.Kind.Notice() && !slices.ContainsFunc(rs, func(r Rendered) bool { return r.Slot == c.Slot }) {
			c.want(Wish{})
		}
	}
	q.settleReceipts()
	for _, r := range rs {
		c := q.Copies.slot(r.Slot)
		if c.Wanted == 0 || c.Text != r.Text && !q.fills(*c) {
			c.Language, c.Silent, q.Counter = r.Language, r.Silent, next
			c.want(Wish{Wanted: next, Text: r.Text, Approved: at})
		}
	}
}

// rung reports whether a ring has been taken back: a newer one has another slot.
func (c Copy) rung() bool {
	return c.Kind == KindRing && c.Wanted == 0 && c.Out == 0 && !c.At.IsZero() && c.rests()
}

// fills reports whether an answer may have been edited into a receipt, which keeps its text
// then: the question's own, or that of the question which it was merged into.
func (q Question) fills(receipt Copy) bool {
	if receipt.Kind != KindReceipt {
		return false
	}
	_, merged := q.Acts[Merge]
	return merged || slices.ContainsFunc(q.Copies, func(c Copy) bool {
		return c.Kind == KindAnswer && c.Connector == receipt.Connector && c.Place == receipt.Place
	})
}

// settleReceipts wants no new text of a receipt in which an answer may stand.
func (q *Question) settleReceipts() {
	for i := range q.Copies {
		if c := &q.Copies[i]; c.Out != 0 && c.Wanted != 0 && q.fills(*c) {
			c.Wanted = c.Out
		}
	}
}

// dropReceipt forgets the receipt in which an answer stood that was taken back: they were one
// message.
func (q *Question) dropReceipt(answer Copy) {
	for i := range q.Copies {
		c := &q.Copies[i]
		if c.Kind == KindReceipt && c.Connector == answer.Connector && c.Message == answer.Message && c.Message != "" {
			c.want(Wish{})
			c.Out, c.Message, c.URL = 0, "", ""
		}
	}
}
