package sessiontest

import (
	"context"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Add is session.QuestionStore's.
func (m *Memory) Add(ctx context.Context, n session.NewQuestion) (session.Question, bool, error) {
	r, err := m.enter(ctx, n.Session.ID)
	if err != nil {
		return session.Question{}, false, err
	}
	defer m.mu.Unlock()
	if number, ok := r.keys[n.Key]; ok {
		q := r.questions[number]
		return copyQuestion(q.Question), q.ops.has(n.Op), nil
	}
	if r.session.Version != n.Session.Version {
		return session.Question{}, false, session.ErrConflict
	}
	if limit := n.Session.QuestionCount; limit > 0 && r.last >= limit {
		return session.Question{}, false, session.Fail(session.TooMany, "questions_full", "limit", limit)
	}
	return m.add(r, n), true, nil
}

func (m *Memory) add(r *room, n session.NewQuestion) session.Question {
	r.last++
	q := n.Question
	q.Ref, q.Version, q.Head = session.QuestionRef{Session: n.Session.ID, Number: r.last}, n.Entry.Version, n.Entry.Hash()
	n.Entry.Number = r.last
	r.keys[n.Key] = r.last
	r.index(n.Origin, r.last)
	r.questions[r.last] = &question{Question: copyQuestion(q), ops: ops{n.Op}}
	for _, d := range n.Deliveries {
		d.Question = r.last
		r.outbox.deliver(d)
	}
	r.dirty(n.Cards, r.last, connector.CardNew)
	r.dirty(n.Cards, 0, connector.CardBoard)
	m.append(r, n.Entry, n.Sealed)
	return copyQuestion(q)
}

// index remembers where and by whom question n was asked.
func (r *room) index(o session.Origin, n int) {
	if o.Message != "" {
		r.originals[original(o)] = n
	}
	if o.User != "" {
		a := asker{o.Connector, o.User}
		all := append(r.askers[a], n)
		r.askers[a] = all[max(len(all)-session.MostAsked, 0):]
	}
}

// original is what names a public message.
func original(o session.Origin) session.Origin {
	return session.Origin{Connector: o.Connector, Place: o.Place, Message: o.Message}
}

// ByOriginal is session.Lookup's.
func (m *Memory) ByOriginal(ctx context.Context, id session.ID, o session.Origin) (n int, ok bool, err error) {
	err = m.look(ctx, id, func(r *room) { n, ok = r.originals[original(o)] })
	return n, ok, err
}

// ByAsker is session.Lookup's.
func (m *Memory) ByAsker(ctx context.Context, id session.ID, c session.ConnectorID, u session.UserRef) (ns []int, err error) {
	err = m.look(ctx, id, func(r *room) { ns = slices.Clone(r.askers[asker{c, u}]) })
	return ns, err
}

// look calls fn with a session; one that does not exist has nothing.
func (m *Memory) look(ctx context.Context, id session.ID, fn func(*room)) error {
	r, err := m.enter(ctx, id)
	if session.KindOf(err) == session.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	fn(r)
	return nil
}

// Questions is session.QuestionStore's.
func (m *Memory) Questions(ctx context.Context, id session.ID, numbers ...int) ([]session.Question, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	return r.read(numbers)
}

func (r *room) read(numbers []int) ([]session.Question, error) {
	qs := make([]session.Question, 0, len(numbers))
	for _, n := range numbers {
		q, ok := r.questions[n]
		if !ok {
			return nil, session.Fail(session.NotFound, "question_unknown", "number", n)
		}
		qs = append(qs, copyQuestion(q.Question))
	}
	return qs, nil
}

// Family is session.QuestionStore's.
func (m *Memory) Family(ctx context.Context, ref session.QuestionRef, also ...int) ([]session.Question, error) {
	r, err := m.enter(ctx, ref.Session)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	q, ok := r.questions[ref.Number]
	if !ok {
		return nil, session.Fail(session.NotFound, "question_unknown", "number", ref.Number)
	}
	numbers := []int{ref.Number}
	for _, n := range slices.Concat(kin(q.Question), also) {
		if _, ok := r.questions[n]; ok && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return r.read(numbers)
}

// kin lists what q is merged into and its followers.
func kin(q session.Question) []int {
	var ns []int
	if q.Into != 0 {
		ns = append(ns, q.Into)
	}
	for _, f := range q.Followers {
		ns = append(ns, f.Number)
	}
	return ns
}

// Commit is session.QuestionStore's.
func (m *Memory) Commit(ctx context.Context, c session.Change) error {
	r, err := m.enter(ctx, c.Session)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	if done, err := r.check(c); done || err != nil {
		return err
	}
	if c.Finish != nil {
		r.outbox.finish(*c.Finish)
	}
	for _, s := range c.Questions {
		m.store(r, c, s)
	}
	for _, d := range c.Deliveries {
		r.outbox.deliver(d)
	}
	if c.Finish != nil {
		r.outbox.tidy(memberOf(*c.Finish))
	}
	r.dirty(c.Cards, 0, connector.CardBoard)
	return nil
}

// check makes all the checks of a commit. done means that it was applied before.
func (r *room) check(c session.Change) (done bool, err error) {
	for _, s := range c.Questions {
		q, ok := r.questions[s.Ref.Number]
		if !ok {
			return false, session.Fail(session.NotFound, "question_unknown", "number", s.Ref.Number)
		}
		if q.ops.has(c.Op) {
			return true, nil
		}
	}
	if r.session.Version != c.Version {
		return false, session.ErrConflict
	}
	for _, s := range c.Questions {
		if r.questions[s.Ref.Number].Version != s.Question.Version {
			return false, session.ErrConflict
		}
	}
	if c.Finish != nil && !r.outbox.holds(*c.Finish) {
		return false, session.ErrFenced
	}
	return false, nil
}

func (m *Memory) store(r *room, c session.Change, s session.Stored) {
	q := r.questions[s.Ref.Number]
	ref := q.Ref
	q.Question = copyQuestion(s.Question)
	q.Ref, q.Question.Version, q.Head = ref, s.Entry.Version, s.Entry.Hash()
	q.ops = q.ops.with(c.Op)
	if s.Erase {
		r.erase(ref.Number, s.Entry.Version-1)
	}
	r.dirty(c.Cards, ref.Number, classOf(s.Entry.Role))
	m.append(r, s.Entry, s.Sealed)
}

// erase drops the payloads of question n up to version v.
func (r *room) erase(n int, v int64) {
	for i := r.erased[n] + 1; i <= v; i++ {
		delete(r.payloads, session.PayloadKey(n, i))
	}
	r.erased[n] = v
}
