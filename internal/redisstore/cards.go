package redisstore

import (
	"context"
	"crypto/rand"
	"time"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

func (s *Store) cardKeys(id session.ID, lane session.Lane) []string {
	r, name := s.keys.of(id), laneName(lane)
	return []string{r.dirty(name), r.cards(name), r.leases(name)}
}

// Outdated is delivery.Cards'.
func (s *Store) Outdated(ctx context.Context, id session.ID, lane session.Lane) (int, error) {
	n, err := s.client.ZCard(ctx, s.keys.of(id).dirty(laneName(lane))).Result()
	return int(n), outcome(err)
}

// Dirty is delivery.Cards'. A repeat of it after a lost reply gives the same lease.
func (s *Store) Dirty(ctx context.Context, id session.ID, lane session.Lane, ttl time.Duration) (delivery.CardLease, bool, error) {
	reply, err := s.commit(ctx, dirtyScript, s.cardKeys(id, lane), rand.Text(), ttl.Milliseconds())
	v, ok := reply.([]any)
	if err != nil || !ok {
		return delivery.CardLease{}, false, err
	}
	return delivery.CardLease{Lane: lane, Number: int(number(v[0])), Fence: number(v[1]),
		Message: session.MessageID(word(v[2])), Open: word(v[3]) == "1", Stamp: number(v[4])}, true, nil
}

// Drawn is delivery.Cards'.
func (s *Store) Drawn(ctx context.Context, id session.ID, c delivery.CardLease, at session.MessageID) error {
	return s.endCard(ctx, id, c, "1", string(at), 0, false)
}

// Undrawn is delivery.Cards'.
func (s *Store) Undrawn(ctx context.Context, id session.ID, c delivery.CardLease, wait time.Duration, keep bool) error {
	return s.endCard(ctx, id, c, "0", "", wait, keep)
}

func (s *Store) endCard(ctx context.Context, id session.ID, c delivery.CardLease, drawn, message string, wait time.Duration, keep bool) error {
	reply, err := s.commit(ctx, drawnScript, s.cardKeys(id, c.Lane), c.Fence, c.Number, drawn, message, c.Stamp,
		millisUp(wait), string(bit(keep)))
	if err != nil {
		return err
	}
	return fenced(reply, "card", session.QuestionRef{Session: id, Number: c.Number})
}
