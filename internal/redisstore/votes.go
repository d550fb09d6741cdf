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
	for range laneGuesses {
		reply, err := s.vote(ctx, v)
		if err != nil {
			return 0, err
		}
		lane, ok := reply.([]any)
		if !ok {
			return voteReply(v.Question, reply)
		}
		s.lanes.set(v.Question.Session, word(lane[0]))
	}
	return 0, unavailable(fmt.Errorf("vote on %s: cards keep moving", v.Question))
}

func (s *Store) vote(ctx context.Context, v session.Vote) (any, error) {
	r := s.keys.of(v.Question.Session)
	keys := []string{r.session(), r.questions(), r.votes(), r.voters()}
	lane := s.lanes.get(v.Question.Session)
	if lane != "" {
		keys = append(keys, r.dirty(lane), r.cards(lane))
	}
	return s.run(ctx, voteScript, keys, v.Question.Number, string(v.By), string(bit(v.Up)), lane, string(bit(v.Early)))
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
