package redisstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"experthour/internal/session"
)

// Add is session.QuestionStore's. It is one round trip.
func (s *Store) Add(ctx context.Context, n session.NewQuestion) (session.Question, bool, error) {
	id := n.Session.ID
	doc, err := json.Marshal(n.Question)
	if err != nil {
		return session.Question{}, false, fmt.Errorf("add to %s: %w", id, err)
	}
	head := n.Entry.Hash()
	keys, args := s.addArgs(n, doc, head)
	reply, err := s.commit(ctx, addScript, keys, args...)
	if err != nil {
		return session.Question{}, false, err
	}
	r, ok := reply.([]any)
	switch {
	case !ok:
		return session.Question{}, false, addRefused(n, reply)
	case len(r) > 2:
		q, err := question(id, int(number(r[1])), r[2], r[3], r[4])
		return q, number(r[0]) == 1, err
	}
	q := n.Question
	q.Ref, q.Version, q.Head = session.QuestionRef{Session: id, Number: int(number(r[1]))}, n.Entry.Version, head
	return q, true, nil
}

func (s *Store) addArgs(n session.NewQuestion, doc []byte, head session.Hash) ([]string, []any) {
	r := s.keys.of(n.Session.ID)
	keys := make([]string, 0, 20)
	keys = append(keys, r.session(), r.questions(), r.last(), r.refs(), r.in(), r.open(), r.moving(), r.parked(),
		r.drafts(), r.log(), r.payloads(), r.deliveries(), r.lanes(), r.unresolved(), r.networks())
	args := make([]any, 0, 20+6*len(n.Deliveries))
	args = append(args, moment(n.Session.Version, n.Session.Head), s.newest(n.Session.ID, "key:"+n.Key), n.Op, n.Session.QuestionCount,
		s.keys.wake(), s.wake(n.Session.ID), doc, score(n.Question), flags(n.Question), string(head), family(n.Question))
	args = entryArgs(args, n.Entry, n.Sealed)
	keys = cardKeys(keys, r, n.Cards)
	lanes := laneKeys{of: r}
	args = append(args, string(bit(n.Cards != nil)), len(n.Deliveries))
	args = lanes.deliveryArgs(args, n.Deliveries, false)
	args = append(args, s.newest(n.Session.ID, originalRef(n.Origin)), s.newest(n.Session.ID, askerRef(n.Origin.Connector, n.Origin.User)),
		string(n.Network))
	for _, former := range s.named(n.Session.ID, "key:"+n.Key)[1:] {
		args = append(args, former)
	}
	return lanes.keys(keys), args
}

func cardKeys(keys []string, r sessionKeys, l *session.Lane) []string {
	if l == nil {
		return keys
	}
	name := laneName(*l)
	return append(keys, r.dirty(name), r.cards(name))
}

func addRefused(n session.NewQuestion, reply any) error {
	switch reply {
	case "conflict":
		return session.ErrConflict
	case "unknown":
		return noSession(n.Session.ID)
	case "full":
		return session.Fail(session.TooMany, "questions_full", "limit", n.Session.QuestionCount)
	}
	return fmt.Errorf("add to %s: %w: %v", n.Session.ID, errReply, reply)
}

// batch is how many documents one command reads.
const batch = 500

// Questions is session.QuestionStore's. Up to 500 questions are one round trip.
func (s *Store) Questions(ctx context.Context, id session.ID, numbers ...int) ([]session.Question, error) {
	key := s.keys.of(id).questions()
	qs := make([]session.Question, 0, len(numbers))
	for part := range slices.Chunk(numbers, batch) {
		v, err := s.client.HMGet(ctx, key, fields(part)...).Result()
		if err != nil {
			return nil, outcome(err)
		}
		for i, n := range part {
			all, err := s.readable(qs, id, n, v[3*i], v[3*i+1], v[3*i+2])
			switch {
			case session.KindOf(err) == session.NotFound && s.given(ctx, id, n):
				s.damage.is(id, n, true)
			case err != nil:
				return nil, err
			default:
				qs = all
			}
		}
	}
	if len(numbers) == 1 && len(qs) == 0 {
		return nil, damaged(numbers[0], nil)
	}
	return qs, nil
}

func fields(numbers []int) []string {
	fs := make([]string, 0, 3*len(numbers))
	for _, n := range numbers {
		t := strconv.Itoa(n)
		fs = append(fs, t+".v", t+".doc", t+".h")
	}
	return fs
}

// readList reads v, doc and h of each of the first numbers of a list.
func (s *Store) readList(qs []session.Question, id session.ID, numbers []int, v []any) ([]session.Question, error) {
	for i := 0; i+2 < len(v); i += 3 {
		all, err := s.readable(qs, id, numbers[i/3], v[i], v[i+1], v[i+2])
		switch {
		case session.KindOf(err) == session.NotFound: // a list has its number
			s.damage.is(id, numbers[i/3], true)
		case err != nil:
			return nil, err
		default:
			qs = all
		}
	}
	return qs, nil
}

// Family is session.QuestionStore's. It is one round trip.
func (s *Store) Family(ctx context.Context, ref session.QuestionRef, also ...int) ([]session.Question, error) {
	args := []any{strconv.Itoa(ref.Number)}
	for _, n := range also {
		args = append(args, strconv.Itoa(n))
	}
	reply, err := s.run(ctx, familyScript, []string{s.keys.of(ref.Session).questions()}, args...)
	if err != nil {
		return nil, err
	}
	v, _ := reply.([]any)
	if len(v) == 0 {
		return nil, noQuestion(ref.Number)
	}
	var qs []session.Question
	for i := 0; i+3 < len(v); i += 4 {
		var err error
		if qs, err = s.readable(qs, ref.Session, int(number(v[i])), v[i+1], v[i+2], v[i+3]); err != nil {
			return nil, err
		}
	}
	if len(qs) == 0 || qs[0].Ref != ref {
		return nil, damaged(ref.Number, nil)
	}
	return qs, nil
}
