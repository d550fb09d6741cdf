package redisstore

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

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
	r = session.Record{Heads: map[int]session.Head{}, Documents: map[int]session.Document{}}
	last, err := s.readSession(ctx, id, &r)
	if err != nil {
		return r, false, err
	}
	if r.Entries, err = s.entries(ctx, id, "-", end); err != nil {
		return r, false, err
	}
	if err = s.readQuestions(ctx, id, last, &r); err != nil {
		return r, false, err
	}
	if err = s.readPayloads(ctx, id, &r); err != nil {
		return r, false, err
	}
	since, err := s.entries(ctx, id, "("+end, "+")
	return r, rewind(&r, since), err
}

// readSession reads the session and the last number that was given. One whose document
// cannot be read has its id and no more.
func (s *Store) readSession(ctx context.Context, id session.ID, r *session.Record) (last int, err error) {
	keys := s.keys.of(id)
	var ses *redis.SliceCmd
	var n *redis.StringCmd
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		ses = p.HMGet(ctx, keys.session(), "v", "doc", "h")
		n = p.Get(ctx, keys.last())
		return nil
	})
	if err := outcome(err); err != nil {
		return 0, err
	}
	v := ses.Val()
	if v[0] == nil && v[1] == nil {
		return 0, noSession(id)
	}
	r.Documents[0] = document(v[1])
	if r.Session, err = parseSession(id, v); err != nil {
		r.Session, r.Documents[0] = session.Session{ID: id, Version: number(v[0])}, session.Document{}
	}
	r.Heads[0] = session.Head{Version: number(v[0]), Hash: session.Hash(word(v[2]))}
	last, _ = strconv.Atoi(n.Val()) // "" is none
	return last, nil
}

// readQuestions reads what is stored and shown of the questions 1 to last.
func (s *Store) readQuestions(ctx context.Context, id session.ID, last int, r *session.Record) error {
	keys := s.keys.of(id)
	err := s.upTo(ctx, keys, last, []string{".v", ".h", ".doc"}, func(n int, v []any) {
		if v[0] != nil {
			r.Heads[n] = session.Head{Version: number(v[0]), Hash: session.Hash(word(v[1]))}
			r.Documents[n] = document(v[2])
		}
	})
	if err != nil {
		return err
	}
	if err := s.readLists(ctx, keys, r); err != nil {
		return err
	}
	r.Votes, err = s.Tally(ctx, id, slices.Sorted(maps.Keys(r.Heads))...)
	return err
}

// readLists reads by which state lists find each question.
func (s *Store) readLists(ctx context.Context, keys sessionKeys, r *session.Record) error {
	found, err := s.client.ZRangeWithScores(ctx, keys.in(), 0, -1).Result()
	if err != nil {
		return outcome(err)
	}
	states := map[int64]session.State{}
	for st, code := range stateCodes {
		states[code] = st
	}
	for _, z := range found {
		n, _ := strconv.Atoi(word(z.Member)) // the scripts wrote it
		if d, ok := r.Documents[n]; ok {
			d.Listed = states[int64(z.Score)/span]
			r.Documents[n] = d
		}
	}
	return nil
}

// document takes apart what is stored. What lists find by a state is read with the rest.
func document(doc any) session.Document {
	text := []byte(word(doc))
	var says struct{ State session.State }
	fields, err := session.FieldsOf(text)
	if err != nil || json.Unmarshal(text, &says) != nil {
		return session.Document{}
	}
	return session.Document{Fields: fields, State: says.State}
}

// rewind takes a record back to before some entries; moved says that the session's
// own document is among what they changed.
func rewind(r *session.Record, since []session.Entry) (moved bool) {
	seen := map[int]bool{}
	for _, e := range since {
		switch {
		case e.Number == 0:
			return true
		case seen[e.Number]:
		case e.Version == 1:
			delete(r.Heads, e.Number)
		default:
			r.Heads[e.Number] = session.Head{Version: e.Version - 1, Hash: e.Prev}
		}
		seen[e.Number] = true
		r.Documents[e.Number] = session.Document{Moving: true}
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
