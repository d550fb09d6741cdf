package redisstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/backoff"
	"experthour/internal/session"
)

const (
	logPage = 1000
	// followBlock is how long a follower waits in the server at a time, and so how
	// long it may take to notice that ctx ended.
	followBlock = 500 * time.Millisecond
	followPause = 250 * time.Millisecond // before it asks again a server that is away
)

// entryID is the form of a stream id. Browsers send one back, so it is checked.
var entryID = regexp.MustCompile(`^[0-9]{1,19}-[0-9]{1,19}$`)

// Follow is session.Views'. It holds one connection while it waits.
func (s *Store) Follow(ctx context.Context, id session.ID, after string, fn func(session.Entry) error) error {
	after, err := s.followFrom(ctx, id, after)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		entries, err := s.next(ctx, id, after)
		if session.KindOf(err) == session.Unavailable && backoff.Pause(ctx, followPause) {
			continue
		}
		if err != nil {
			return cmp.Or(ctx.Err(), err)
		}
		for _, e := range entries {
			if err := fn(e); err != nil {
				return err
			}
			after = e.ID
		}
	}
	return ctx.Err()
}

// followFrom checks the id that somebody sent; "from now on" becomes an id at once, so
// that nothing is left out while the first read is under way.
func (s *Store) followFrom(ctx context.Context, id session.ID, after string) (string, error) {
	if after == "" {
		if _, err := s.Session(ctx, id); err != nil {
			return "", err
		}
		return s.lastEntry(ctx, id)
	}
	if !entryID.MatchString(after) {
		return "", session.Fail(session.NotFound, "event_unknown")
	}
	return after, s.happened(ctx, id, after)
}

// happened refuses an id that is still to come. Whoever waits after one hears of
// nothing, and neither does anybody who shares that follower.
func (s *Store) happened(ctx context.Context, id session.ID, after string) error {
	for {
		last, err := s.lastEntry(ctx, id)
		switch {
		case session.KindOf(err) == session.Unavailable:
			if !backoff.Pause(ctx, followPause) {
				return ctx.Err()
			}
		case err != nil:
			return err
		case compareIDs(after, last) > 0:
			return session.Fail(session.NotFound, "event_unknown")
		default:
			return nil
		}
	}
}

// compareIDs orders stream ids: two numbers, the first one first.
func compareIDs(a, b string) int {
	am, as, _ := strings.Cut(a, "-")
	bm, bs, _ := strings.Cut(b, "-")
	return cmp.Or(compareDigits(am, bm), compareDigits(as, bs))
}

func compareDigits(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
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

func (s *Store) next(ctx context.Context, id session.ID, after string) ([]session.Entry, error) {
	streams, err := s.client.XRead(ctx, &redis.XReadArgs{Streams: []string{s.keys.of(id).log(), after},
		Count: logPage, Block: followBlock}).Result()
	if err := outcome(err); err != nil || len(streams) == 0 {
		return nil, err
	}
	return parseEntries(nil, streams[0].Messages)
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
			Prev: session.Hash(word(v["prev"])), Commitment: session.Hash(word(v["c"]))})
	}
	return es, nil
}
