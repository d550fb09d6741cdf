package redisstore

import (
	"context"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

// Waiting is delivery.Cards'. It is one round trip.
func (s *Store) Waiting(ctx context.Context, id session.ID, lane session.Lane) (int, error) {
	reply, err := s.run(ctx, unseenScript, s.deskKeys(id, lane)[:2])
	return int(number(reply)), err
}

// Batch is delivery.Cards'.
func (s *Store) Batch(ctx context.Context, id session.ID, c delivery.CardLease, most int) ([]int, error) {
	reply, err := s.commit(ctx, batchScript, s.deskKeys(id, c.Lane)[:3], int(c.Class), c.Fence, c.Number, most)
	if err != nil {
		return nil, err
	}
	v, ok := reply.([]any)
	if !ok {
		return nil, fenced(reply, "batch of card", session.QuestionRef{Session: id, Number: c.Number})
	}
	numbers := make([]int, len(v))
	for i := range v {
		numbers[i] = int(number(v[i]))
	}
	return numbers, nil
}

// Batched is delivery.Cards'.
func (s *Store) Batched(ctx context.Context, id session.ID, c delivery.CardLease, at map[int]session.MessageID, calls map[int]int) error {
	args := []any{int(c.Class), c.Fence, c.Number, c.Stamp}
	for n, spot := range at {
		if spot != "" {
			args = append(args, n, string(spot), calls[n])
		}
	}
	reply, err := s.commit(ctx, batchedScript, s.deskKeys(id, c.Lane), args...)
	if err != nil {
		return err
	}
	return fenced(reply, "batch of card", session.QuestionRef{Session: id, Number: c.Number})
}
