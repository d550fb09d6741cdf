package redisstore

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

// parseLanes reads the names of lanes.
func parseLanes(id session.ID, names []any) ([]session.Lane, error) {
	lanes := make([]session.Lane, 0, len(names))
	for _, name := range names {
		l, err := parseLane(word(name))
		if err != nil {
			return nil, fmt.Errorf("lane %q of %s: %w", name, id, err)
		}
		lanes = append(lanes, l)
	}
	slices.SortFunc(lanes, func(a, b session.Lane) int {
		return cmp.Or(cmp.Compare(a.Connector, b.Connector), cmp.Compare(a.Place, b.Place))
	})
	return lanes, nil
}

// Lease is delivery.Outbox's. It is one round trip; a repeat of it after a lost reply
// gives the same lease.
func (s *Store) Lease(ctx context.Context, id session.ID, lane session.Lane,
	ttl time.Duration) (delivery.Lease, time.Duration, bool, error) {
	r, name := s.keys.of(id), laneName(lane)
	keys := []string{r.session(), r.deliveries(), r.lanes(), r.unresolved(), r.lane(name), r.leases(name), r.questions()}
	reply, err := s.commit(ctx, leaseScript, keys, rand.Text(), ttl.Milliseconds(), name, s.opts.WaitReplicas)
	v, ok := reply.([]any)
	switch {
	case err != nil && ok: // the intent may be lost, so nothing is sent, and nobody shall wonder whether it was
		l, parsed := parseLease(id, lane, v)
		return delivery.Lease{}, 0, false, errors.Join(err, parsed, s.Defer(ctx, id, l.Finish, 0, delivery.Unused))
	case err != nil:
		return delivery.Lease{}, 0, false, err
	case !ok:
		return delivery.Lease{}, time.Duration(number(reply)) * time.Millisecond, false, nil
	}
	if len(v) != 11 {
		return delivery.Lease{}, 0, false, fmt.Errorf("lease %s %s: %w: %v", id, name, errReply, reply)
	}
	l, err := parseLease(id, lane, v)
	if isDamaged(err) {
		s.damage.is(id, l.Question, true)
		return delivery.Lease{}, damagedRest, false, s.Defer(ctx, id, l.Finish, damagedRest, behind)
	}
	return l, 0, err == nil, err
}

// parseLease reads member, fence, wanted, open, intent, since, tries, v, doc and h of
// the question, or of the session whose copy it is, and a note.
func parseLease(id session.ID, lane session.Lane, v []any) (delivery.Lease, error) {
	n, copyKey := parseMember(word(v[0]))
	l := delivery.Lease{Finish: session.Finish{Lane: lane, Question: n, Copy: copyKey, Fence: number(v[1])},
		Wanted: int(number(strings.TrimPrefix(word(v[2]), "-"))), Open: word(v[3]) == "1",
		Since: millis(v[5]), Tries: int(number(v[6]))}
	if l.Open {
		l.Intent, l.Lost = int(number(v[4])), number(v[5]) == 0
	}
	counter, note, _ := strings.Cut(word(v[10]), " ")
	l.Noted, l.Note = int(number(counter)), note
	if n == 0 {
		ses, err := parseSession(id, v[7:10])
		l.Copies = ses.Copies
		return l, err
	}
	var err error
	l.Read, err = question(id, n, v[7], v[8], v[9])
	l.Copies = l.Read.Copies
	return l, err
}

// Tried is routing.Store's: an intent that is open, of a text.
func (s *Store) Tried(ctx context.Context, id session.ID, copies ...string) (bool, error) {
	fields := make([]string, 0, len(copies))
	for _, c := range copies {
		fields = append(fields, member(0, c)+"|i")
	}
	intents, err := s.client.HMGet(ctx, s.keys.of(id).deliveries(), fields...).Result()
	if err != nil {
		return false, outcome(err)
	}
	return slices.ContainsFunc(intents, func(v any) bool {
		parts := append(strings.Fields(word(v)), "", "", "")
		what, _ := strconv.Atoi(parts[2]) // "-" where nothing is open
		return what > 0
	}), nil
}

// Note is delivery.Outbox's.
func (s *Store) Note(ctx context.Context, id session.ID, f session.Finish, counter int, note string) error {
	r, name := s.keys.of(id), laneName(f.Lane)
	reply, err := s.commit(ctx, noteScript, []string{r.deliveries(), r.leases(name)}, f.Fence, member(f.Question, f.Copy), counter, note)
	if err != nil {
		return err
	}
	return fenced(reply, "note", session.QuestionRef{Session: id, Number: f.Question})
}

// behind is one more delivery.Back: the copy of a question that is damaged goes behind all
// others of its lane, with the intent that it has.
const behind = delivery.Unknown + 1

// damagedRest is how long a lane rests after such a copy.
const damagedRest = time.Second

// backs are the names of delivery.Back in the scripts.
var backs = [...]string{delivery.Unused: "unused", delivery.Known: "known", delivery.Unknown: "unknown", behind: "behind"}

// Defer is delivery.Outbox's.
func (s *Store) Defer(ctx context.Context, id session.ID, f session.Finish, wait time.Duration, how delivery.Back) error {
	r, name := s.keys.of(id), laneName(f.Lane)
	keys := []string{r.deliveries(), r.lanes(), r.unresolved(), r.lane(name), r.leases(name)}
	reply, err := s.run(ctx, deferScript, keys, f.Fence, member(f.Question, f.Copy), millisUp(wait), backs[how], name)
	if err != nil {
		return err
	}
	return fenced(reply, "defer", session.QuestionRef{Session: id, Number: f.Question})
}

// millisUp rounds up, so that nobody looks too early.
func millisUp(d time.Duration) int64 {
	return int64((d + time.Millisecond - 1) / time.Millisecond)
}

func fenced(reply any, op string, ref session.QuestionRef) error {
	switch reply {
	case "ok":
		return nil
	case "fenced":
		return fmt.Errorf("%s %s: %w", op, ref, session.ErrFenced)
	}
	return fmt.Errorf("%s %s: %w: %v", op, ref, errReply, reply)
}

// Token is delivery.Outbox's.
func (s *Store) Token(ctx context.Context, c session.ConnectorID, of ...delivery.Spend) (time.Duration, error) {
	if len(of) == 0 {
		return 0, nil
	}
	var keys []string
	var args []any
	for _, b := range of {
		per, ends, cost := b.Per, int64(0), min(max(b.Cost, 1), max(b.Most, 1))
		switch {
		case b.Once:
			per, ends, cost = onceKept, -1, b.Cost
		case !b.Until.IsZero():
			ends, cost = b.Until.UnixMicro(), min(b.Cost, b.Most)
		}
		keys = append(keys, s.spentOf(c, b), s.keys.hold(c, b.Budget))
		args = append(args, max(b.Most, 1), microsUp(per), cost, ends, b.Spare)
	}
	reply, err := s.run(ctx, tokenScript, keys, args...)
	if number(reply) < 0 {
		return 0, delivery.ErrSpent
	}
	return time.Duration(number(reply)) * time.Microsecond, err
}

// onceKept is for how long after the last request it is counted what was taken of a budget that is
// there once: longer than anybody corrects an hour.
const onceKept = 180 * 24 * time.Hour

// Refund is delivery.Outbox's.
func (s *Store) Refund(ctx context.Context, c session.ConnectorID, of ...delivery.Spend) error {
	var keys []string
	var args []any
	for _, b := range of {
		if b.Once || !b.Until.IsZero() {
			keys, args = append(keys, s.spentOf(c, b)), append(args, b.Cost)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	_, err := s.run(ctx, refundScript, keys, args...)
	return err
}

// spentOf is where it is counted what was taken of a budget: for each calendar day anew.
func (s *Store) spentOf(c session.ConnectorID, b delivery.Spend) string {
	if b.Until.IsZero() {
		return s.keys.spent(c, b.Budget)
	}
	return s.keys.spent(c, b.Until.UTC().Format(time.DateOnly)+" "+b.Budget)
}

// Left is delivery.Outbox's.
func (s *Store) Left(ctx context.Context, c session.ConnectorID, of delivery.Spend) (int, error) {
	reply, err := s.run(ctx, leftScript, []string{s.spentOf(c, of)}, of.Most)
	return int(number(reply)), err
}

// Hold is delivery.Outbox's.
func (s *Store) Hold(ctx context.Context, c session.ConnectorID, budget string, wait time.Duration) error {
	_, err := s.run(ctx, holdScript, []string{s.keys.hold(c, budget)}, microsUp(wait))
	return err
}

// microsUp rounds up, so that no span is shorter than it was meant to be.
func microsUp(d time.Duration) int64 {
	return int64((d + time.Microsecond - 1) / time.Microsecond)
}
