package redisstore

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

// ByOriginal is session.Lookup's.
func (s *Store) ByOriginal(ctx context.Context, id session.ID, o session.Origin) (int, bool, error) {
	ref, err := s.ref(ctx, id, originalRef(o))
	return int(number(ref)), ref != "", err
}

// ByAsker is session.Lookup's.
func (s *Store) ByAsker(ctx context.Context, id session.ID, c session.ConnectorID, u session.UserRef) ([]int, error) {
	ref, err := s.ref(ctx, id, askerRef(c, u))
	return numbersOf(strings.Fields(ref)), err
}

// ref reads one field of refs; "" is that it is not there.
func (s *Store) ref(ctx context.Context, id session.ID, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	v, err := s.client.HGet(ctx, s.keys.of(id).refs(), name).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return v, outcome(err)
}

func numbersOf(texts []string) []int {
	ns := make([]int, 0, len(texts))
	for _, t := range texts {
		n, _ := strconv.Atoi(t) // the scripts wrote it
		ns = append(ns, n)
	}
	return ns
}

// Drafts is session.Views'.
func (s *Store) Drafts(ctx context.Context, id session.ID, now time.Time) ([]int, error) {
	due, err := s.client.ZRangeByScore(ctx, s.keys.of(id).drafts(), &redis.ZRangeBy{Min: "-inf",
		Max: strconv.FormatInt(now.UnixMilli(), 10), Count: session.MostDrafts}).Result()
	if err != nil {
		return nil, outcome(err)
	}
	return numbersOf(due), nil
}
