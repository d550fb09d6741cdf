package session

import "slices"

// LeaveAddress is an e-mail address that an asker leaves after asking, for what becomes of this
// question. A later one takes the place of an earlier one. It is no part of a command that is
// stored or shown.
type LeaveAddress struct {
	On
	Email string `json:"-"`
}

// Verb is LeaveEmail.
func (LeaveAddress) Verb() Verb { return LeaveEmail }

// others are none: what the question was merged into is its kin.
func (LeaveAddress) others() []int { return nil }

func (c LeaveAddress) already(q Question, _ Actor) bool {
	return q.Email != "" && q.Email == CleanLine(c.Email)
}

func (c LeaveAddress) apply(q *Question, x Context) error {
	email := CleanLine(c.Email)
	var into Question
	if root := x.kin[q.Into]; root != nil {
		into = root.Question
	}
	if !q.writable(x.Session, into) {
		return Fail(Refused, "not_now", "verb", LeaveEmail, "state", q.AsTold().State)
	}
	if email == "" {
		return Fail(Invalid, "email_form").At("email")
	}
	if err := checkEmail(email); err != nil {
		return err
	}
	q.Email = email
	q.Forgot = slices.DeleteFunc(slices.Clone(q.Forgot), func(e Expiry) bool { return e == Emails })
	if into.writesNot(q.Ref.Number) {
		root, _ := x.kin.touch(q.Into, LeaveEmail)
		root.write(q.Ref.Number)
	}
	return nil
}

// MayLeaveEmail reports whether the asker of q may leave an address now. Both are as told; into is
// what q was merged into, or nothing.
func MayLeaveEmail(s Session, q, into Question) bool {
	return slices.Contains(Allowed(s, q, Actor{Role: Asker}), LeaveEmail) && q.writable(s, into)
}

// writable reports whether something is still to be told by letter to who asked q on the page: an
// outcome, or the answer of what it was merged into. A decision that can be undone is not told yet.
func (q Question) writable(s Session, into Question) bool {
	if q.Origin.Connector != Page || slices.Contains(s.Forgot, Emails) {
		return false
	}
	answered := q.Into != 0 && into.Wanted == 0 && slices.Contains(undecided, into.AsTold().State)
	return answered || slices.Contains(undecided, q.AsTold().State)
}

// writesNot reports whether question n follows q and its asker left no address.
func (q Question) writesNot(n int) bool {
	return slices.ContainsFunc(q.Followers, func(f Follow) bool { return f.Number == n && !f.Letters })
}

// write lets the answer of q go by letter to who asked question n, which follows it.
func (q *Question) write(n int) {
	for i := range q.Followers {
		if q.Followers[i].Number == n {
			q.Followers[i].Letters = true
		}
	}
}
