package redisstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"experthour/internal/session"
)

// Commit is session.QuestionStore's. It is one round trip.
func (s *Store) Commit(ctx context.Context, c session.Change) error {
	keys, args, err := s.commitArgs(c)
	if err != nil {
		return err
	}
	if erases(c) {
		defer s.erased.Store(true)
	}
	reply, err := s.commit(ctx, commitScript, keys, args...)
	if err != nil {
		return err
	}
	return commitReply(c, reply)
}

func erases(c session.Change) bool {
	return slices.ContainsFunc(c.Questions, func(q session.Stored) bool { return q.Erase })
}

func commitReply(c session.Change, reply any) error {
	switch r := reply.(type) {
	case []any:
		n, _ := strconv.Atoi(word(r[0])) // the number that was sent
		return noQuestion(n)
	case string:
		switch r {
		case "ok":
			return nil
		case "conflict":
			return session.ErrConflict
		case "fenced":
			return fmt.Errorf("commit %s/%d %s: %w", c.Session, c.Finish.Question, c.Finish.Copy, session.ErrFenced)
		case "sending":
			return session.Fail(session.Refused, "busy")
		case "unknown":
			return noSession(c.Session)
		}
	}
	return fmt.Errorf("commit %s: %w: %v", c.Session, errReply, reply)
}

func (s *Store) commitArgs(c session.Change) ([]string, []any, error) {
	r := s.keys.of(c.Session)
	keys := make([]string, 0, 22)
	keys = append(keys, r.session(), r.questions(), r.in(), r.open(), r.moving(), r.parked(), r.drafts(), r.log(),
		r.payloads(), r.deliveries(), r.lanes(), r.unresolved(), r.refs(), r.networks(), r.pictures(), r.enclosed(),
		r.typing())
	keys = cardKeys(keys, r, c.Cards)
	keys, ending := leaseKeys(keys, r, c.Finish)
	args := make([]any, 0, 11+22*len(c.Questions)+6*len(c.Deliveries))
	args = append(args, moment(c.Version, c.Head), c.Op, s.keys.wake(), s.wake(c.Session), string(bit(c.Cards != nil)))
	args = append(append(args, ending...), len(c.Questions), len(c.Deliveries))
	for _, q := range c.Questions {
		var err error
		if args, err = s.questionArgs(args, q); err != nil {
			return nil, nil, err
		}
	}
	lanes := laneKeys{of: r}
	args = lanes.deliveryArgs(args, c.Deliveries, true)
	keys, swept := lanes.keys(keys), 0
	if erases(c) {
		swept, keys = len(lanes.names), lanes.leases(keys)
	}
	return keys, append(args, swept), nil
}

// leaseKeys adds the keys of the lease that a commit ends, and gives its fence, member and
// lane: three arguments, which are empty when it ends none.
func leaseKeys(keys []string, r sessionKeys, f *session.Finish) ([]string, []any) {
	if f == nil {
		return keys, []any{"", "", ""}
	}
	name := laneName(f.Lane)
	return append(keys, r.leases(name), r.lane(name)), []any{f.Fence, member(f.Question, f.Copy), name}
}

// questionArgs are the twenty-two arguments of each question; see commit.lua.
func (s *Store) questionArgs(args []any, q session.Stored) ([]any, error) {
	doc, err := json.Marshal(q.Question)
	if err != nil {
		return nil, fmt.Errorf("commit %s: %w", q.Ref, err)
	}
	erase := ""
	if q.Erase {
		erase = strconv.FormatInt(q.Entry.Version-1, 10)
	}
	args = append(args, q.Ref.Number, moment(q.Question.Version, q.Question.Head), doc, score(q.Question), flags(q.Question),
		string(q.Entry.Hash()), family(q.Question), questionClass(q), erase)
	return append(entryArgs(args, q.Entry, q.Sealed), s.newest(q.Ref.Session, originalRef(q.Part)), seen(q.Question),
		string(bit(q.Unlink)), hashes(q.Question.Sent()), words(q.Dropped)), nil
}
