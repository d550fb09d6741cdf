package redisstore

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

// List is session.Views'. A page of up to 500 questions is one round trip; a longer
// list reads the rest of its documents after it.
func (s *Store) List(ctx context.Context, id session.ID, l session.Listing) ([]session.Question, error) {
	r := s.keys.of(id)
	args := []any{l.Offset, l.Limit, batch, string(bit(l.Waiting)), string(bit(l.Unfinished)), string(bit(l.Newest))}
	for _, st := range l.States {
		args = append(args, stateCodes[st])
	}
	reply, err := s.run(ctx, listScript, []string{r.questions(), r.in(), r.open(), r.parked(), r.session()}, args...)
	if err != nil {
		return nil, err
	}
	v, ok := reply.([]any)
	if !ok {
		return nil, noSession(id)
	}
	return s.listed(ctx, id, v)
}

// listed reads the reply: all numbers, and the documents of the first of them.
func (s *Store) listed(ctx context.Context, id session.ID, v []any) ([]session.Question, error) {
	found, _ := v[0].([]any)
	docs, _ := v[1].([]any)
	numbers := make([]int, len(found))
	for i, n := range found {
		numbers[i] = int(number(n))
	}
	qs, err := s.readList(make([]session.Question, 0, len(numbers)), id, numbers, docs)
	read := len(docs) / 3
	if err != nil || read == len(numbers) {
		return qs, err
	}
	rest, err := s.Questions(ctx, id, numbers[read:]...)
	if isDamaged(err) {
		return qs, nil
	}
	return append(qs, rest...), err
}

// Counts is session.Views'. It is one round trip, whatever the size of the session.
func (s *Store) Counts(ctx context.Context, id session.ID) (session.Counts, error) {
	r := s.keys.of(id)
	reply, err := s.run(ctx, countsScript, append([]string{r.session()}, r.counted()...), codes()...)
	if err != nil {
		return session.Counts{}, err
	}
	v, ok := reply.([]any)
	if !ok {
		return session.Counts{}, noSession(id)
	}
	return parseCounts(v), nil
}

func parseCounts(v []any) session.Counts {
	c := session.Counts{Last: int(number(v[0])), ByState: map[session.State]int{}, Oldest: map[session.State]time.Time{},
		Unfinished: session.Unfinished{Questions: int(number(v[1])), Copies: int(number(v[2]))}, Parked: int(number(v[3]))}
	for i, st := range session.States {
		if n := int(number(v[4+2*i])); n > 0 {
			c.ByState[st] = n
			c.Oldest[st] = time.UnixMilli(number(v[5+2*i]) - stateCodes[st]*span).UTC()
		}
	}
	return c
}

// Heads is session.Views'.
func (s *Store) Heads(ctx context.Context, id session.ID) (map[int]session.Head, error) {
	r := s.keys.of(id)
	var ses *redis.SliceCmd
	var last *redis.StringCmd
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		ses = p.HMGet(ctx, r.session(), "v", "h")
		last = p.Get(ctx, r.last())
		return nil
	})
	if err := outcome(err); err != nil {
		return nil, err
	}
	v := ses.Val()
	if len(v) != 2 || v[0] == nil {
		return nil, noSession(id)
	}
	heads := map[int]session.Head{0: {Version: number(v[0]), Hash: session.Hash(word(v[1]))}}
	n, _ := strconv.Atoi(last.Val()) // "" is none
	return heads, s.upTo(ctx, r, n, []string{".v", ".h"}, func(n int, v []any) {
		if v[0] != nil {
			heads[n] = session.Head{Version: number(v[0]), Hash: session.Hash(word(v[1]))}
		}
	})
}

// upTo reads some fields of questions 1 to last, a few hundred questions at a time.
func (s *Store) upTo(ctx context.Context, r sessionKeys, last int, names []string, each func(n int, v []any)) error {
	for from := 1; from <= last; from += batch {
		var fs []string
		for n := from; n < from+batch && n <= last; n++ {
			for _, name := range names {
				fs = append(fs, strconv.Itoa(n)+name)
			}
		}
		v, err := s.client.HMGet(ctx, r.questions(), fs...).Result()
		if err != nil {
			return outcome(err)
		}
		n := from
		for part := range slices.Chunk(v, len(names)) {
			each(n, part)
			n++
		}
	}
	return nil
}
