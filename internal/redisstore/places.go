package redisstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"experthour/internal/session"
)

// At is delivery.Cards'. Up to 500 cards are one round trip.
func (s *Store) At(ctx context.Context, id session.ID, lane session.Lane, numbers ...int) (map[int]session.MessageID, error) {
	key, at := s.keys.of(id).cards(laneName(lane)), map[int]session.MessageID{}
	for part := range slices.Chunk(numbers, batch) {
		names := make([]string, len(part))
		for i, n := range part {
			names[i] = strconv.Itoa(n)
		}
		v, err := s.client.HMGet(ctx, key, names...).Result()
		if err != nil {
			return nil, outcome(err)
		}
		for i, n := range part {
			if m := word(v[i]); m != "" {
				at[n] = session.MessageID(m)
			}
		}
	}
	return at, nil
}

// Of is delivery.Cards'.
func (s *Store) Of(ctx context.Context, id session.ID, lane session.Lane, at session.MessageID) (int, bool, error) {
	n, err := s.client.HGet(ctx, s.keys.of(id).cards(laneName(lane)), "@"+string(at)).Result()
	if err != nil {
		return 0, false, outcome(err)
	}
	return int(number(n)), true, nil
}

// Adopt is delivery.Cards'.
func (s *Store) Adopt(ctx context.Context, id session.ID, lane session.Lane, number int, at session.MessageID) error {
	return s.touch(ctx, id, lane, number, at, false)
}

// Repost is delivery.Cards'.
func (s *Store) Repost(ctx context.Context, id session.ID, lane session.Lane, number int) error {
	return s.touch(ctx, id, lane, number, "", true)
}

// Touch is delivery.Cards'.
func (s *Store) Touch(ctx context.Context, id session.ID, lane session.Lane, number int) error {
	return s.touch(ctx, id, lane, number, "", false)
}

func (s *Store) touch(ctx context.Context, id session.ID, lane session.Lane, number int, at session.MessageID, anew bool) error {
	reply, err := s.commit(ctx, touchScript, s.deskKeys(id, lane)[:2], number, string(at), string(bit(anew)))
	switch {
	case err != nil:
		return err
	case reply == "ok":
		return nil
	case reply == "question":
		return noQuestion(number)
	}
	return fmt.Errorf("card %s/%d: %w: %v", id, number, errReply, reply)
}
