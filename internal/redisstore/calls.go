package redisstore

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

func (s *Store) callKeys(id session.ID, lane session.Lane) []string {
	r, name := s.keys.of(id), laneName(lane)
	return []string{r.waiting(name), r.cards(name), r.cardLeases(name)}
}

// Call is delivery.Cards'. A repeat of it after a lost reply gives the same lease.
func (s *Store) Call(ctx context.Context, id session.ID, lane session.Lane, ttl time.Duration) (delivery.CallLease, bool, error) {
	reply, err := s.commit(ctx, callScript, s.callKeys(id, lane), rand.Text(), ttl.Milliseconds())
	v, ok := reply.([]any)
	if err != nil || !ok {
		return delivery.CallLease{}, false, err
	}
	return delivery.CallLease{Lane: lane, Number: int(number(v[0])), Fence: number(v[1]), Message: session.MessageID(word(v[2])),
		Wanted: int(number(v[3])), Open: word(v[4]) == "1", Tries: int(number(v[5]))}, true, nil
}

// Called is delivery.Cards'.
func (s *Store) Called(ctx context.Context, id session.ID, c delivery.CallLease, posted bool) error {
	return s.endCall(ctx, id, c, "called", posted, 0)
}

// Uncalled is delivery.Cards'.
func (s *Store) Uncalled(ctx context.Context, id session.ID, c delivery.CallLease, wait time.Duration, how delivery.Back) error {
	return s.endCall(ctx, id, c, backs[how], false, wait)
}

func (s *Store) endCall(ctx context.Context, id session.ID, c delivery.CallLease, how string, posted bool, wait time.Duration) error {
	reply, err := s.commit(ctx, calledScript, s.callKeys(id, c.Lane), c.Fence, c.Number, how, c.Wanted, string(bit(posted)), millisUp(wait))
	if err != nil {
		return err
	}
	return fenced(reply, "call", session.QuestionRef{Session: id, Number: c.Number})
}

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

// lostCards are the scores of cards that are held for a person; see common.lua.
const lostCards = 4 * span

// Lost is delivery.Cards'.
func (s *Store) Lost(ctx context.Context, id session.ID, lane session.Lane) ([]int, error) {
	names, err := s.client.ZRangeByScore(ctx, s.keys.of(id).dirty(laneName(lane)),
		&redis.ZRangeBy{Min: strconv.Itoa(lostCards), Max: "+inf"}).Result()
	if err != nil {
		return nil, outcome(err)
	}
	var ns []int
	for _, name := range names {
		ns = append(ns, int(number(name)))
	}
	return ns, nil
}

// Adopt is delivery.Cards'.
func (s *Store) Adopt(ctx context.Context, id session.ID, lane session.Lane, number int, at session.MessageID) error {
	return s.settleCard(ctx, adoptScript, id, lane, number, string(at))
}

// Repost is delivery.Cards'.
func (s *Store) Repost(ctx context.Context, id session.ID, lane session.Lane, number int) error {
	return s.settleCard(ctx, repostScript, id, lane, number)
}

// Touch is delivery.Cards'.
func (s *Store) Touch(ctx context.Context, id session.ID, lane session.Lane, number int) error {
	return s.settleCard(ctx, touchScript, id, lane, number)
}

func (s *Store) settleCard(ctx context.Context, sc *redis.Script, id session.ID, lane session.Lane, number int, args ...any) error {
	reply, err := s.commit(ctx, sc, s.deskKeys(id, lane)[:2], append([]any{number}, args...)...)
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
