package redisstore

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"experthour/internal/session"
)

// damage remembers which questions could not be read when they were last read, so that one of
// them costs nobody another question, and desks can say which.
type damage struct {
	mu  sync.Mutex
	all map[session.ID]map[int]bool
}

// is writes down whether a question is damaged.
func (d *damage) is(id session.ID, n int, damaged bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !damaged {
		delete(d.all[id], n)
		return
	}
	if d.all == nil {
		d.all = map[session.ID]map[int]bool{}
	}
	if d.all[id] == nil {
		d.all[id] = map[int]bool{}
	}
	d.all[id][n] = true
}

// Damaged is session.Views'.
func (s *Store) Damaged(id session.ID) []int {
	s.damage.mu.Lock()
	defer s.damage.mu.Unlock()
	return slices.Sorted(maps.Keys(s.damage.all[id]))
}

func damaged(n int, cause error) error {
	return session.Fail(session.Internal, "question_damaged", "number", n).Because(cause)
}

func isDamaged(err error) bool {
	e, ok := errors.AsType[*session.Error](err)
	return ok && e.ID == "question_damaged"
}

// readable reads a question for a list of several, from which one that is damaged is left out.
func (s *Store) readable(qs []session.Question, id session.ID, n int, v, doc, h any) ([]session.Question, error) {
	q, err := question(id, n, v, doc, h)
	s.damage.is(id, n, isDamaged(err))
	switch {
	case isDamaged(err):
		return qs, nil
	case err != nil:
		return nil, err
	}
	return append(qs, q), nil
}

// given reports whether a number was given, so that a question without a document is damaged.
func (s *Store) given(ctx context.Context, id session.ID, n int) bool {
	last, err := s.client.Get(ctx, s.keys.of(id).last()).Int()
	return err == nil && 1 <= n && n <= last
}
