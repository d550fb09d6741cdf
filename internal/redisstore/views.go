package redisstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

// List is session.Views'. A page of up to 500 questions is one round trip; a longer
// list reads the rest of its documents after it.
func (s *Store) List(ctx context.Context, id session.ID, l session.Listing) ([]session.Question, error) {
	r := s.keys.of(id)
	args := []any{l.Offset, l.Limit, batch, string(bit(l.Waiting)), string(bit(l.Unsettled)), string(bit(l.Newest))}
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
	qs, err := parseQuestions(make([]session.Question, 0, len(numbers)), id, numbers, docs)
	if err != nil || len(qs) == len(numbers) {
		return qs, err
	}
	rest, err := s.Questions(ctx, id, numbers[len(qs):]...)
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
		Unsettled: session.Unsettled{Questions: int(number(v[1])), Copies: int(number(v[2]))}, Parked: int(number(v[3]))}
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
	return heads, s.headsUpTo(ctx, r, n, heads)
}

// headsUpTo reads the heads of questions 1 to last in a few commands at a time.
func (s *Store) headsUpTo(ctx context.Context, r room, last int, heads map[int]session.Head) error {
	for from := 1; from <= last; from += batch {
		var fs []string
		for n := from; n < from+batch && n <= last; n++ {
			t := strconv.Itoa(n)
			fs = append(fs, t+".v", t+".h")
		}
		v, err := s.client.HMGet(ctx, r.questions(), fs...).Result()
		if err != nil {
			return outcome(err)
		}
		for i := 0; i+1 < len(v); i += 2 {
			if v[i] != nil {
				heads[from+i/2] = session.Head{Version: number(v[i]), Hash: session.Hash(word(v[i+1]))}
			}
		}
	}
	return nil
}

// snapshots bounds how often a record is read again because the session changed.
const snapshots = 5

// Record is session.Views'. It reads in many steps and makes one moment of them: the
// end of the log when it began. What was written since is left out, and the heads of
// what it changed are those that its first entries name as the ones before.
func (s *Store) Record(ctx context.Context, id session.ID) (session.Record, error) {
	for range snapshots {
		r, moved, err := s.snapshot(ctx, id)
		if err != nil || !moved {
			return r, err
		}
	}
	return session.Record{}, unavailable(fmt.Errorf("record %s: session keeps changing", id))
}

func (s *Store) snapshot(ctx context.Context, id session.ID) (r session.Record, moved bool, err error) {
	end, err := s.lastEntry(ctx, id)
	if err != nil {
		return r, false, err
	}
	if r.Session, err = s.Session(ctx, id); err != nil {
		return r, false, err
	}
	if r.Entries, err = s.entries(ctx, id, "-", end); err != nil {
		return r, false, err
	}
	if r.Heads, err = s.Heads(ctx, id); err != nil {
		return r, false, err
	}
	if err = s.readPayloads(ctx, id, &r); err != nil {
		return r, false, err
	}
	since, err := s.entries(ctx, id, "("+end, "+")
	return r, rewind(r.Heads, since), err
}

// rewind takes the heads back to before some entries; moved says that the session's
// own document is among what they changed.
func rewind(heads map[int]session.Head, since []session.Entry) (moved bool) {
	seen := map[int]bool{}
	for _, e := range since {
		switch {
		case e.Number == 0:
			return true
		case seen[e.Number]:
		case e.Version == 1:
			delete(heads, e.Number)
		default:
			heads[e.Number] = session.Head{Version: e.Version - 1, Hash: e.Prev}
		}
		seen[e.Number] = true
	}
	return false
}

func (s *Store) readPayloads(ctx context.Context, id session.ID, r *session.Record) error {
	r.Payloads, r.Erased = map[string]session.Sealed{}, map[int]int64{}
	names := make([]string, 0, len(r.Entries)+len(r.Heads))
	for _, e := range r.Entries {
		names = append(names, session.PayloadKey(e.Number, e.Version))
	}
	for n := range r.Heads {
		names = append(names, strconv.Itoa(n)+":erased")
	}
	for part := range slices.Chunk(names, batch) {
		v, err := s.client.HMGet(ctx, s.keys.of(id).payloads(), part...).Result()
		if err != nil {
			return outcome(err)
		}
		for i, name := range part {
			keepPayload(r, name, v[i])
		}
	}
	return nil
}

func keepPayload(r *session.Record, name string, v any) {
	text, ok := v.(string)
	if !ok {
		return
	}
	if n, erased := strings.CutSuffix(name, ":erased"); erased {
		q, _ := strconv.Atoi(n) // made from a number
		r.Erased[q] = number(text)
		return
	}
	r.Payloads[name] = parseSealed(text)
}
