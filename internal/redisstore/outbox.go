package redisstore

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
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
	keys := []string{r.session(), r.deliveries(), r.lanes(), r.settling(), r.lane(name), r.leases(name), r.questions()}
	reply, err := s.commit(ctx, leaseScript, keys, rand.Text(), ttl.Milliseconds(), name)
	if err != nil {
		return delivery.Lease{}, 0, false, err
	}
	v, ok := reply.([]any)
	if !ok {
		return delivery.Lease{}, time.Duration(number(reply)) * time.Millisecond, false, nil
	}
	if len(v) != 10 {
		return delivery.Lease{}, 0, false, fmt.Errorf("lease %s %s: %w: %v", id, name, errReply, reply)
	}
	l, err := parseLease(id, lane, v)
	return l, 0, err == nil, err
}

// parseLease reads member, fence, wanted, open, intent, since, tries, and v, doc and h of
// the question, or of the session whose copy it is.
func parseLease(id session.ID, lane session.Lane, v []any) (delivery.Lease, error) {
	n, copyKey := parseMember(word(v[0]))
	l := delivery.Lease{Finish: session.Finish{Lane: lane, Question: n, Copy: copyKey, Fence: number(v[1])},
		Wanted: int(number(strings.TrimPrefix(word(v[2]), "-"))), Open: word(v[3]) == "1",
		Since: millis(v[5]), Tries: int(number(v[6]))}
	if l.Open {
		l.Intent = int(number(v[4]))
	}
	if n == 0 {
		ses, err := parseSession(id, v[7:])
		l.Copies = ses.Copies
		return l, err
	}
	var err error
	l.Read, err = question(id, n, v[7], v[8], v[9])
	l.Copies = l.Read.Copies
	return l, err
}

// backs are the names of delivery.Back in the scripts.
var backs = [...]string{delivery.Unused: "unused", delivery.Known: "known", delivery.Unknown: "unknown"}

// Defer is delivery.Outbox's.
func (s *Store) Defer(ctx context.Context, id session.ID, f session.Finish, wait time.Duration, how delivery.Back) error {
	r, name := s.keys.of(id), laneName(f.Lane)
	keys := []string{r.deliveries(), r.lanes(), r.settling(), r.lane(name), r.leases(name)}
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
func (s *Store) Token(ctx context.Context, c session.ConnectorID, bs ...connector.Budget) (time.Duration, error) {
	if len(bs) == 0 {
		return 0, nil
	}
	var keys []string
	var args []any
	for _, b := range bs {
		keys = append(keys, s.keys.calls(c, b.Name), s.keys.hold(c, b.Name))
		args = append(args, max(b.Rate.Most, 1), microsUp(b.Rate.Per))
	}
	reply, err := s.run(ctx, tokenScript, keys, args...)
	return time.Duration(number(reply)) * time.Microsecond, err
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
