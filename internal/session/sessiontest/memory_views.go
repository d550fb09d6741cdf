package sessiontest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// List is session.Views'.
func (m *Memory) List(ctx context.Context, id session.ID, l session.Listing) ([]session.Question, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	numbers := r.list(l)
	numbers = numbers[min(l.Offset, len(numbers)):]
	if l.Limit > 0 {
		numbers = numbers[:min(l.Limit, len(numbers))]
	}
	return r.read(numbers)
}

func (r *room) list(l session.Listing) []int {
	var numbers []int
	add := func(ns []int) {
		for _, n := range ns {
			if !slices.Contains(numbers, n) {
				numbers = append(numbers, n)
			}
		}
	}
	if l.Waiting {
		add(r.where(session.Question.Waits))
	}
	if l.Unsettled {
		add(r.where(session.Question.Open))
	}
	for _, s := range l.States {
		ns := r.in(s)
		if l.Newest {
			slices.Reverse(ns)
		}
		add(ns)
	}
	return numbers
}

// where lists questions by number.
func (r *room) where(pick func(session.Question) bool) []int {
	var ns []int
	for n, q := range r.questions {
		if pick(q.Question) {
			ns = append(ns, n)
		}
	}
	slices.Sort(ns)
	return ns
}

// in lists the questions of a state, the longest in it first.
func (r *room) in(s session.State) []int {
	ns := r.where(func(q session.Question) bool { return q.State == s })
	slices.SortStableFunc(ns, func(a, b int) int {
		return cmp.Compare(r.questions[a].Since.UnixMilli(), r.questions[b].Since.UnixMilli())
	})
	return ns
}

// Counts is session.Views'.
func (m *Memory) Counts(ctx context.Context, id session.ID) (session.Counts, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return session.Counts{}, err
	}
	defer m.mu.Unlock()
	c := session.Counts{Last: r.last, ByState: map[session.State]int{}, Oldest: map[session.State]time.Time{}}
	for _, s := range session.States {
		if ns := r.in(s); len(ns) > 0 {
			c.ByState[s], c.Oldest[s] = len(ns), r.questions[ns[0]].Since
		}
	}
	c.Unsettled = r.unsettled()
	c.Parked = len(r.where(session.Question.Waits))
	return c, nil
}

func (r *room) unsettled() session.Unsettled {
	copies := r.where(func(q session.Question) bool {
		return q.Waits() || q.Moving() || r.outbox.settling(q.Ref.Number)
	})
	return session.Unsettled{Questions: len(r.where(session.Question.Open)), Copies: len(copies)}
}

// Drafts is session.Views'.
func (m *Memory) Drafts(ctx context.Context, id session.ID, now time.Time) (ns []int, err error) {
	err = m.look(ctx, id, func(r *room) {
		ns = r.where(func(q session.Question) bool { return !q.SettleAt().IsZero() && !q.SettleAt().After(now) })
		slices.SortStableFunc(ns, func(a, b int) int {
			return r.questions[a].SettleAt().Compare(r.questions[b].SettleAt())
		})
		ns = ns[:min(len(ns), session.MostDrafts)]
	})
	return ns, err
}

// Heads is session.Views'.
func (m *Memory) Heads(ctx context.Context, id session.ID) (map[int]session.Head, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	return r.heads(), nil
}

func (r *room) heads() map[int]session.Head {
	heads := map[int]session.Head{0: {Version: r.session.Version, Hash: r.session.Head}}
	for n, q := range r.questions {
		heads[n] = session.Head{Version: q.Version, Hash: q.Head}
	}
	return heads
}

// Record is session.Views'.
func (m *Memory) Record(ctx context.Context, id session.ID) (session.Record, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return session.Record{}, err
	}
	defer m.mu.Unlock()
	return session.Record{Session: copySession(r.session), Entries: slices.Clone(r.log), Heads: r.heads(),
		Payloads: maps.Clone(r.payloads), Erased: maps.Clone(r.erased)}, nil
}

// Follow is session.Views'.
func (m *Memory) Follow(ctx context.Context, id session.ID, after string, fn func(session.Entry) error) error {
	next, err := m.position(ctx, id, after)
	if err != nil {
		return err
	}
	for {
		entries, changed, err := m.since(ctx, id, next)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil { // away for a while: the clients of a real store try again
			entries = nil
		}
		for _, e := range entries {
			if err := fn(e); err != nil {
				return err
			}
		}
		next += len(entries)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// position is how many entries come before what a follower wants to see.
func (m *Memory) position(ctx context.Context, id session.ID, after string) (int, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	if after == "" {
		return len(r.log), nil
	}
	head, _, _ := strings.Cut(after, "-")
	n, err := strconv.Atoi(head)
	if err != nil || n < 0 || n > len(r.log) {
		return 0, session.Fail(session.NotFound, "event_unknown")
	}
	return n, nil
}

// since returns the entries from next on, and what to wait for after them.
func (m *Memory) since(ctx context.Context, id session.ID, next int) ([]session.Entry, <-chan struct{}, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		return nil, m.changed, err
	}
	defer m.mu.Unlock()
	return slices.Clone(r.log[next:]), m.changed, nil
}

func streamID(n int) string { return fmt.Sprintf("%d-0", n) }

// Vote is session.Votes'.
func (m *Memory) Vote(ctx context.Context, ref session.QuestionRef, voter session.Hash, up bool) (int, error) {
	r, err := m.enter(ctx, ref.Session)
	if err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	q, ok := r.questions[ref.Number]
	switch {
	case !ok:
		return 0, session.Fail(session.NotFound, "question_unknown", "number", ref.Number)
	case !r.session.Voting():
		return 0, session.Fail(session.Refused, "vote_over")
	case !q.Accepted():
		return 0, session.Fail(session.Refused, "vote_unaccepted")
	}
	r.vote(vote{ref.Number, voter}, up)
	return r.votes[ref.Number], nil
}

func (r *room) vote(v vote, up bool) {
	if r.voters[v] == up {
		return
	}
	if up {
		r.voters[v] = true
		r.votes[v.number]++
	} else {
		delete(r.voters, v)
		r.votes[v.number]--
	}
	r.dirty(r.cards, v.number, connector.CardOther)
}

// Tally is session.Votes'.
func (m *Memory) Tally(ctx context.Context, id session.ID, numbers ...int) (map[int]int, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	tally := map[int]int{}
	for _, n := range numbers {
		if v := r.votes[n]; v > 0 {
			tally[n] = v
		}
	}
	return tally, nil
}
