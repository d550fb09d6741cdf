package view

import (
	"context"
	"strings"

	"experthour/internal/routing"
	"experthour/internal/session"
)

// row is a question as the index knows it.
type row struct {
	number int
	state  session.State
	asked  string // its wordings, folded
	rest   string // the newest answer, and who asked, holds and wrote, folded
	// reading is the question, to be compared with others.
	reading routing.Reading
}

func rowOf(q session.Question) row {
	rev := q.Latest()
	return row{number: q.Ref.Number, state: q.State, reading: routing.ReadingOf(q.Text), asked: routing.Fold(q.Text + "\n" + q.Pending),
		rest: routing.Fold(strings.Join([]string{rev.Text, q.Name, string(q.Holder), string(rev.Author)}, "\n"))}
}

// rows are the questions of the hour as they are now, in no order.
func (r Reader) rows(ctx context.Context) ([]row, error) {
	return r.Desk.indexes.Rows(ctx, r.Store, r.Session.ID, rowOf)
}

// questions reads documents; one that is damaged is left out.
func (r Reader) questions(ctx context.Context, numbers []int) ([]session.Question, error) {
	return routing.Undamaged(ctx, r.Store, r.Session.ID, numbers)
}
