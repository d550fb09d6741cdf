package routing

import (
	"context"
	"slices"
	"sync"

	"experthour/internal/session"
)

// Followed is what an Index reads of the store.
type Followed interface {
	List(ctx context.Context, id session.ID, l session.Listing) ([]session.Question, error)
	Questions(ctx context.Context, id session.ID, numbers ...int) ([]session.Question, error)
	Updates(ctx context.Context, since map[session.ID]session.Update) (map[session.ID]session.Update, error)
}

// Indexes hold what is looked for in the hours that were searched last, a Row of each question,
// so that nobody waits for thousands of documents. They live in the memory of one process and
// are brought up to date before they are read, by the record: what was withdrawn is not found
// any more. The zero value is ready; it must not be copied.
type Indexes[Row any] struct {
	mu   sync.Mutex
	last []*index[Row] // the latest first
}

type index[Row any] struct {
	id    session.ID
	mu    sync.Mutex
	since session.Update
	rows  map[int]Row
}

// MostIndexed is of how many hours a process keeps an index; others make it anew.
const MostIndexed = 4

// Rows are those of the questions of an hour as they are now, in no order.
func (x *Indexes[Row]) Rows(ctx context.Context, store Followed, id session.ID, rowOf func(session.Question) Row) ([]Row, error) {
	i := x.of(id)
	i.mu.Lock()
	defer i.mu.Unlock()
	if err := i.refresh(ctx, store, rowOf); err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(i.rows))
	for _, row := range i.rows {
		rows = append(rows, row)
	}
	return rows, nil
}

// of finds the index of an hour, or begins one.
func (x *Indexes[Row]) of(id session.ID) *index[Row] {
	x.mu.Lock()
	defer x.mu.Unlock()
	found := &index[Row]{id: id}
	if i := slices.IndexFunc(x.last, func(i *index[Row]) bool { return i.id == id }); i >= 0 {
		found = x.last[i]
		x.last = slices.Delete(x.last, i, i+1)
	}
	x.last = append([]*index[Row]{found}, x.last[:min(len(x.last), MostIndexed-1)]...)
	return found
}

// refresh reads what happened since the index was read last; the first time, everything.
func (i *index[Row]) refresh(ctx context.Context, store Followed, rowOf func(session.Question) Row) error {
	for {
		us, err := store.Updates(ctx, map[session.ID]session.Update{i.id: i.since})
		if err != nil {
			return err
		}
		u := us[i.id]
		if i.rows == nil {
			err = i.readAll(ctx, store, rowOf)
		} else {
			err = i.reread(ctx, store, rowOf, u.Entries)
		}
		if err != nil {
			return err
		}
		if i.since = u; len(u.Entries) < session.MostEntries {
			return nil
		}
	}
}

func (i *index[Row]) readAll(ctx context.Context, store Followed, rowOf func(session.Question) Row) error {
	qs, err := store.List(ctx, i.id, session.Listing{States: session.States})
	if err != nil {
		return err
	}
	i.rows = make(map[int]Row, len(qs))
	for _, q := range qs {
		i.rows[q.Ref.Number] = rowOf(q)
	}
	return nil
}

// readAtOnce is how many documents are read in one step.
const readAtOnce = 200

// reread takes over the questions about which there are entries.
func (i *index[Row]) reread(ctx context.Context, store Followed, rowOf func(session.Question) Row, entries []session.Entry) error {
	changed := map[int]bool{}
	var numbers []int
	for _, e := range entries {
		if e.Number > 0 && !changed[e.Number] {
			changed[e.Number] = true
			numbers = append(numbers, e.Number)
		}
	}
	for part := range slices.Chunk(numbers, readAtOnce) {
		qs, err := Undamaged(ctx, store, i.id, part)
		if err != nil {
			return err
		}
		for _, n := range part { // one that is damaged is found no more
			delete(i.rows, n)
		}
		for _, q := range qs {
			i.rows[q.Ref.Number] = rowOf(q)
		}
	}
	return nil
}

// Undamaged reads documents; one that is damaged is left out.
func Undamaged(ctx context.Context, store Followed, id session.ID, numbers []int) ([]session.Question, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	qs, err := store.Questions(ctx, id, numbers...)
	if err != nil && session.KindOf(err) == session.Internal && len(numbers) == 1 {
		return nil, nil
	}
	return qs, err
}
