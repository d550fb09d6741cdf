package session

import (
	"slices"
	"time"
)

// GreetAsker sends the receipt of a question that was asked in private: its number is
// known only once it is stored.
type GreetAsker struct {
	On
}

// Verb is Greet.
func (GreetAsker) Verb() Verb { return Greet }

func (GreetAsker) already(q Question, _ Actor) bool {
	return q.State != Received || slices.ContainsFunc(q.Copies, func(c Copy) bool { return c.Kind == KindReceipt })
}

func (GreetAsker) apply(*Question, Context) error { return nil }

// WithdrawQuestion is the asker's way out, at any time, also through a moderator.
// The texts are erased from the document and from the record, every public copy is
// taken back, and what followed the question stands on its own again. Whoever withdraws it
// for the asker says why, for the record; the asker need not.
type WithdrawQuestion struct {
	On
	Remark string `json:"reason"`
}

// Verb is Withdraw.
func (WithdrawQuestion) Verb() Verb { return Withdraw }

func (c WithdrawQuestion) note() string { return CleanLine(c.Remark) }

func (WithdrawQuestion) others() []int { return nil }

func (WithdrawQuestion) already(q Question, _ Actor) bool { return q.State == Withdrawn }

func (c WithdrawQuestion) apply(q *Question, x Context) error {
	if x.By.Role != Asker {
		if err := said(c.Remark); err != nil {
			return err
		}
	}
	if q.Into != 0 {
		if root, ok := x.kin.touch(q.Into, Withdraw); ok {
			root.unfollow(q.Ref.Number)
			root.leave(q.Ref.Number)
		}
	}
	for _, f := range q.Followers {
		if o, ok := x.kin.touch(f.Number, Restore); ok {
			o.orphan(x.Session, x.At)
		}
	}
	q.erase()
	return nil
}

// orphan frees a follower whose target is gone; after closing nobody could answer
// it any more, so it ends as not reached. One that no moderator ever accepted waits
// for that again: the withdrawal of another question must not make its text public.
func (q *Question) orphan(s Session, at time.Time) {
	q.free()
	q.Undo = nil
	if working.in(s.State, false, Moderator) {
		q.enter(q.again(), at)
		return
	}
	q.Reason = NotReached
	q.enter(Expired, at)
}

// erase keeps what the platforms need for taking copies back, and the fact that
// there was a question; nothing that anybody wrote stays.
func (q *Question) erase() {
	q.Counter++
	for i := range q.Copies {
		c := &q.Copies[i]
		switch {
		case c.Kind != KindHidden:
			c.want(Wish{})
		case c.Wanted == 0 && c.Out != 0: // what was hidden must not show again
			c.want(Wish{Wanted: q.Counter})
		}
		c.Before, c.Detail = nil, ""
	}
	q.Text, q.Pending, q.Name, q.Email, q.Origin.User, q.Posing = "", "", "", "", "", false
	q.Parts, q.Revisions, q.Notes, q.Approvals, q.Followers, q.Said, q.With = nil, nil, nil, nil, nil, nil, ""
	q.Enclosed = nil
	q.Wanted, q.Prior, q.Holder = 0, 0, ""
	q.outcomeless()
	for v, a := range q.Acts {
		a.Note = ""
		q.Acts[v] = a
	}
}
