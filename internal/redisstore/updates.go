package redisstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

// logPage is how much of a log is read at a time.
const logPage = session.MostEntries

// Updates is session.Views'.
func (s *Store) Updates(ctx context.Context, since map[session.ID]session.Update) (map[session.ID]session.Update, error) {
	asked := map[session.ID]reading{}
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for id, last := range since {
			asked[id] = read(ctx, p, s.keys.of(id), last.Last)
		}
		return nil
	})
	if err := outcome(err); err != nil {
		return nil, err
	}
	updates := map[session.ID]session.Update{}
	for id, r := range asked {
		if r.counts.Val()[0] == nil {
			continue
		}
		if updates[id], err = r.update(since[id].Last); err != nil {
			return nil, fmt.Errorf("updates of %s: %w", id, err)
		}
	}
	return updates, nil
}

// A reading is what was asked about one session.
type reading struct {
	log    *redis.XMessageSliceCmd
	counts *redis.SliceCmd
}

func read(ctx context.Context, p redis.Pipeliner, r sessionKeys, last string) reading {
	counts := p.HMGet(ctx, r.session(), "v", "ballots")
	if last == "" {
		return reading{p.XRevRangeN(ctx, r.log(), "+", "-", 1), counts}
	}
	return reading{p.XRangeN(ctx, r.log(), "("+last, "+", logPage), counts}
}

func (r reading) update(last string) (session.Update, error) {
	u, messages := session.Update{Last: cmp.Or(last, "0-0"), Ballots: number(r.counts.Val()[1])}, r.log.Val()
	if len(messages) > 0 {
		u.Last = messages[len(messages)-1].ID
	}
	if last == "" {
		return u, nil
	}
	var err error
	u.Entries, err = parseEntries(nil, messages)
	return u, err
}

// lastEntry is the id of the newest entry, "0-0" when there is none.
func (s *Store) lastEntry(ctx context.Context, id session.ID) (string, error) {
	m, err := s.client.XRevRangeN(ctx, s.keys.of(id).log(), "+", "-", 1).Result()
	if err != nil {
		return "", outcome(err)
	}
	if len(m) == 0 {
		return "0-0", nil
	}
	return m[0].ID, nil
}

// entries reads a part of the log, page by page.
func (s *Store) entries(ctx context.Context, id session.ID, from, to string) ([]session.Entry, error) {
	var all []session.Entry
	for {
		m, err := s.client.XRangeN(ctx, s.keys.of(id).log(), from, to, logPage).Result()
		if err != nil {
			return nil, outcome(err)
		}
		if all, err = parseEntries(all, m); err != nil {
			return nil, fmt.Errorf("log of %s: %w", id, err)
		}
		if len(m) < logPage {
			return all, nil
		}
		from = "(" + m[len(m)-1].ID
	}
}

var errEntry = errors.New("entry without a number or version")

func parseEntries(es []session.Entry, messages []redis.XMessage) ([]session.Entry, error) {
	for _, m := range messages {
		v := m.Values
		if v["n"] == nil || v["v"] == nil {
			return nil, fmt.Errorf("%s: %w", m.ID, errEntry)
		}
		es = append(es, session.Entry{ID: m.ID, Number: int(number(v["n"])), Version: number(v["v"]),
			Verb: session.Verb(word(v["verb"])), Role: session.Role(word(v["role"])), At: millis(v["t"]),
			Prev: session.Hash(word(v["prev"])), Commitment: session.Hash(word(v["c"])), Sign: word(v["s"])})
	}
	return es, nil
}
