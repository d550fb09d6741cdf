package redisstore

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

// Networks is session.Store's.
func (s *Store) Networks(ctx context.Context, id session.ID) (map[int]session.Hash, error) {
	of, err := s.client.HGetAll(ctx, s.keys.of(id).networks()).Result()
	if err != nil {
		return nil, outcome(err)
	}
	ns := make(map[int]session.Hash, len(of))
	for n, h := range of {
		number, _ := strconv.Atoi(n) // the scripts wrote it
		ns[number] = session.Hash(h)
	}
	return ns, nil
}

// Drafts is session.Views'.
func (s *Store) Drafts(ctx context.Context, id session.ID, now time.Time) (drafts, leaving []int, err error) {
	var due, left *redis.StringSliceCmd
	key := s.keys.of(id).drafts()
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		due = p.ZRangeByScore(ctx, key, &redis.ZRangeBy{Min: "0", Max: strconv.FormatInt(now.UnixMilli(), 10), Count: session.MostDrafts})
		left = p.ZRangeByScore(ctx, key, &redis.ZRangeBy{Min: "-inf", Max: "(0", Count: session.MostDrafts})
		return nil
	})
	if err != nil {
		return nil, nil, outcome(err)
	}
	return numbersOf(due.Val()), numbersOf(left.Val()), nil
}
