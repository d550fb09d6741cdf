package view

import (
	"context"
	"slices"
	"strings"
	"sync"

	"experthour/internal/routing"
	"experthour/internal/session"
)

// An index holds what can be searched for in an hour, so that nobody waits for thousands of
// documents. It lives in the memory of one process and is brought up to date before it is
// read, by the record: what was withdrawn is not found any more.
type index struct {
	mu    sync.Mutex
	since session.Update
	rows  map[int]row
}

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

// mostIndexed is of how many hours a process keeps an index; others make it anew.
const mostIndexed = 4

// indexes are those of the hours that were searched last, the latest first.
type indexes struct {
	mu   sync.Mutex
	last []*index
	ids  []session.ID
}

// of finds the index of an hour, or begins one.
func (x *indexes) of(id session.ID) *index {
	x.mu.Lock()
	defer x.mu.Unlock()
	found := &index{}
	if i := slices.Index(x.ids, id); i >= 0 {
		found = x.last[i]
		x.last, x.ids = slices.Delete(x.last, i, i+1), slices.Delete(x.ids, i, i+1)
	}
	x.last, x.ids = append([]*index{found}, x.last...), append([]session.ID{id}, x.ids...)
	x.last, x.ids = x.last[:min(len(x.last), mostIndexed)], x.ids[:min(len(x.ids), mostIndexed)]
	return found
}

// rows are the questions of the hour as they are now, in no order.
func (r Reader) rows(ctx context.Context) ([]row, error) {
	x := r.Desk.indexes.of(r.Session.ID)
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := r.refresh(ctx, x); err != nil {
		return nil, err
	}
	rows := make([]row, 0, len(x.rows))
	for _, w := range x.rows {
		rows = append(rows, w)
	}
	return rows, nil
}

// refresh reads what happened since the index was read last; the first time, everything.
func (r Reader) refresh(ctx context.Context, x *index) error {
	for {
		us, err := r.Store.Updates(ctx, map[session.ID]session.Update{r.Session.ID: x.since})
		if err != nil {
			return err
		}
		u := us[r.Session.ID]
		if x.rows == nil {
			err = r.readAll(ctx, x)
		} else {
			err = r.reread(ctx, x, u.Entries)
		}
		if err != nil {
			return err
		}
		if x.since = u; len(u.Entries) < session.MostEntries {
			return nil
		}
	}
}

func (r Reader) readAll(ctx context.Context, x *index) error {
	qs, err := r.Store.List(ctx, r.Session.ID, session.Listing{States: session.States})
	if err != nil {
		return err
	}
	x.rows = make(map[int]row, len(qs))
	for _, q := range qs {
		x.rows[q.Ref.Number] = rowOf(q)
	}
	return nil
}

// readAtOnce is how many documents are read in one step.
const readAtOnce = 200

// reread takes over the questions about which there are entries.
func (r Reader) reread(ctx context.Context, x *index, entries []session.Entry) error {
	changed := map[int]bool{}
	var numbers []int
	for _, e := range entries {
		if e.Number > 0 && !changed[e.Number] {
			changed[e.Number] = true
			numbers = append(numbers, e.Number)
		}
	}
	for part := range slices.Chunk(numbers, readAtOnce) {
		qs, err := r.questions(ctx, part)
		if err != nil {
			return err
		}
		for _, n := range part { // one that is damaged is found no more
			delete(x.rows, n)
		}
		for _, q := range qs {
			x.rows[q.Ref.Number] = rowOf(q)
		}
	}
	return nil
}

// questions reads documents; one that is damaged is left out.
func (r Reader) questions(ctx context.Context, numbers []int) ([]session.Question, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	qs, err := r.Store.Questions(ctx, r.Session.ID, numbers...)
	if err != nil && session.KindOf(err) == session.Internal && len(numbers) == 1 {
		return nil, nil
	}
	return qs, err
}
