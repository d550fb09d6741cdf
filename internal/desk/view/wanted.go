package view

import (
	"context"
	"slices"

	"experthour/internal/routing"
	"experthour/internal/session"
)

// Sort puts questions into the order in which they need this reader.
func (r Reader) Sort(ctx context.Context, qs []session.Question) error {
	numbers := make([]int, len(qs))
	for i, q := range qs {
		numbers[i] = q.Ref.Number
	}
	votes, err := r.Store.Tally(ctx, r.Session.ID, numbers...)
	routing.Sort(r.By, qs, votes)
	return err
}

// mostForMe is of how many questions those are chosen that need somebody most.
const mostForMe = 50

// ForMe lists what waits for this very reader in an hour, what needs them most first, and how much
// there is altogether.
func (r Reader) ForMe(ctx context.Context, most int) (qs []session.Question, total int, err error) {
	if total, err = r.Waits(ctx); err != nil || total == 0 {
		return nil, 0, err
	}
	l := session.Listing{Waiting: true, States: []session.State{session.Review, session.Received}, Limit: mostForMe}
	if r.By.Role == session.ExpertRole {
		l = session.Listing{States: []session.State{session.Claimed, session.Queued}, Limit: mostForMe}
	}
	if qs, err = r.Store.List(ctx, r.Session.ID, l); err != nil {
		return nil, 0, err
	}
	all := len(qs) < mostForMe
	qs = slices.DeleteFunc(qs, func(q session.Question) bool { return !r.concerns(q) })
	if all { // what is counted twice, to approve and to check, is one question
		total = len(qs)
	}
	err = r.Sort(ctx, qs)
	return qs[:min(len(qs), most)], max(total, len(qs)), err
}

// Wanted is a page of the questions that nobody works on yet, the most wanted first.
func (r Reader) Wanted(ctx context.Context, offset, limit int) ([]session.Question, error) {
	rows, err := r.rows(ctx)
	if err != nil {
		return nil, err
	}
	var numbers []int
	for _, w := range rows {
		if w.state == session.Queued {
			numbers = append(numbers, w.number)
		}
	}
	votes, err := r.Store.Tally(ctx, r.Session.ID, numbers...)
	if err != nil {
		return nil, err
	}
	wish := func(n int) session.Demand { return session.Demand{Number: n, Votes: votes[n]} }
	slices.SortFunc(numbers, func(a, b int) int { return wish(a).Compare(wish(b)) })
	first := min(len(numbers), offset)
	numbers = numbers[first:min(len(numbers), first+limit)]
	qs, err := r.questions(ctx, numbers)
	slices.SortFunc(qs, func(a, b session.Question) int {
		return slices.Index(numbers, a.Ref.Number) - slices.Index(numbers, b.Ref.Number)
	})
	return qs, err
}
