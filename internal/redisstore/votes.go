package redisstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"experthour/internal/session"
)

// laneCache remembers where the cards of each session are, so that a vote knows the
// keys it will touch. The script checks it; a wrong one costs another round trip.
type laneCache struct{ names sync.Map } // session.ID -> string

func (c *laneCache) get(id session.ID) string {
	v, _ := c.names.Load(id)
	name, _ := v.(string)
	return name
}

func (c *laneCache) set(id session.ID, name string) { c.names.Store(id, name) }

// laneGuesses bounds how often the cards of a session may move during one vote.
const laneGuesses = 3

// Vote is session.Votes'.
func (s *Store) Vote(ctx context.Context, v session.Vote) (int, error) {
	return s.vote(ctx, v.Question, string(v.By), bit(v.Up), bit(v.Early), string(v.From), 0, 0)
}

// Like is session.Votes'.
func (s *Store) Like(ctx context.Context, l session.Likes) (int, error) {
	return s.vote(ctx, l.Question, "", bit(false), bit(true), string(l.From), l.Count, l.At.UnixMilli())
}

// vote runs the script, whose further arguments are voter, up, early, platform, likes and time.
func (s *Store) vote(ctx context.Context, ref session.QuestionRef, voter string, up, early byte, from string, likes int,
	at int64) (int, error) {
	r := s.keys.of(ref.Session)
	for range laneGuesses {
		keys := []string{r.session(), r.questions(), r.votes(), r.voters()}
		lane := s.lanes.get(ref.Session)
		if lane != "" {
			keys = append(keys, r.dirty(lane), r.cards(lane))
		}
		reply, err := s.run(ctx, voteScript, keys, ref.Number, voter, string(up), lane, string(early), from, likes, at)
		if err != nil {
			return 0, err
		}
		moved, ok := reply.([]any)
		if !ok {
			return voteReply(ref, reply)
		}
		s.lanes.set(ref.Session, word(moved[0]))
	}
	return 0, unavailable(fmt.Errorf("vote on %s: cards keep moving", ref))
}

func voteReply(ref session.QuestionRef, reply any) (int, error) {
	switch reply {
	case "unknown":
		return 0, noSession(ref.Session)
	case "question":
		return 0, noQuestion(ref.Number)
	case "over":
		return 0, session.Fail(session.Refused, "vote_over")
	case "unaccepted":
		return 0, session.Fail(session.Refused, "vote_unaccepted")
	}
	return int(number(reply)), nil
}

// Tally is session.Votes'.
func (s *Store) Tally(ctx context.Context, id session.ID, numbers ...int) (map[int]int, error) {
	tally := map[int]int{}
	for part := range slices.Chunk(numbers, batch) {
		names := make([]string, len(part))
		for i, n := range part {
			names[i] = strconv.Itoa(n)
		}
		v, err := s.client.HMGet(ctx, s.keys.of(id).votes(), names...).Result()
		if err != nil {
			return nil, outcome(err)
		}
		for i, n := range part {
			if votes := int(number(v[i])); votes > 0 {
				tally[n] = votes
			}
		}
	}
	return tally, nil
}
