package session

import "slices"

// What leads to somebody who has withdrawn serves only to take back what stands where they
// asked. Once nothing does, it is forgotten, without waiting for the hour to be over.

// Leaving reports whether there is something to forget of people who have withdrawn.
func (q Question) Leaving() bool {
	if q.State != Withdrawn {
		return slices.ContainsFunc(q.Copies, Copy.left)
	}
	busy := slices.ContainsFunc(q.Copies, func(c Copy) bool { return !c.rests() })
	return !busy && !slices.Contains(q.Forgot, Originals)
}

func (c Copy) left() bool { return c.Leaving && c.rests() }

// leave says that follower n has withdrawn.
func (q *Question) leave(n int) {
	for i := range q.Copies {
		if c := &q.Copies[i]; c.Original == n {
			c.Leaving = true
		}
	}
}

// ForgetLeaving drops what leads to people who have withdrawn: of a withdrawn question
// where it was asked, and of one that others followed their copies.
type ForgetLeaving struct {
	On
}

// Verb is Forget.
func (ForgetLeaving) Verb() Verb { return Forget }

func (ForgetLeaving) already(q Question, _ Actor) bool { return !q.Leaving() }

func (ForgetLeaving) apply(q *Question, _ Context) error {
	if q.State == Withdrawn {
		q.depart()
		q.Forgot = append(q.Forgot, Originals)
	}
	q.Copies = slices.DeleteFunc(q.Copies, Copy.left)
	return nil
}

// depart forgets where a withdrawn question was asked. What a person gave up taking back in a
// public place stays known, so that it can still be tried again.
func (q *Question) depart() {
	q.unlink()
	q.Copies = slices.DeleteFunc(q.Copies, func(c Copy) bool { return c.Out == 0 || c.Original != q.Ref.Number })
	if len(q.Copies) == 0 {
		q.Origin = Origin{Connector: q.Origin.Connector, Private: q.Origin.Private}
	}
}
