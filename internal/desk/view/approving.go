package view

import (
	"cmp"
	"context"
	"slices"

	"experthour/internal/session"
)

// Approving is the next answer that a person may approve, of those that wait.
type Approving struct {
	Question session.Question // number 0: there is none
	Left     int              // all that this person may approve
	Skipped  int              // of those, how many they have skipped
}

// NextApproval hands out the first answer with a number above after, the last that the person
// skipped. People who approve at the same time get different ones, as in Triage.
func (r Reader) NextApproval(ctx context.Context, after int) (a Approving, err error) {
	if after > 0 {
		if err := r.Leases.Yield(ctx, r.handed(after), string(r.By.Name)); err != nil {
			return a, err
		}
	}
	qs, err := r.Store.List(ctx, r.Session.ID, session.Listing{States: []session.State{session.Review}})
	if err != nil {
		return a, err
	}
	qs = slices.DeleteFunc(qs, func(q session.Question) bool { return !r.approves(q) })
	slices.SortFunc(qs, func(x, y session.Question) int { return cmp.Compare(x.Ref.Number, y.Ref.Number) })
	a.Left = len(qs)
	qs = slices.DeleteFunc(qs, func(q session.Question) bool { return q.Ref.Number <= after })
	if a.Skipped = a.Left - len(qs); len(qs) == 0 {
		return a, nil
	}
	a.Question, err = r.handOut(ctx, qs[:min(len(qs), mostHanded)])
	return a, err
}

// approves reports whether the answer waits for this very person, or for somebody like them.
func (r Reader) approves(q session.Question) bool {
	own := q.Latest().Author == r.By.Name && (r.By.Role != session.Moderator || r.Session.SelfApproval == nil)
	return q.State == session.Review && !own && slices.Contains(session.Allowed(r.Session, q, r.By), session.Approve)
}
