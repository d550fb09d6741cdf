package redisstore

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"experthour/internal/session"
)

var _ session.TypingStore = (*Store)(nil)

// Typing is session.TypingStore's.
func (s *Store) Typing(ctx context.Context, id session.ID, numbers ...int) (map[int]session.Typing, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	fields := make([]string, 0, len(numbers))
	for _, n := range numbers {
		fields = append(fields, strconv.Itoa(n))
	}
	values, err := s.client.HMGet(ctx, s.keys.of(id).typing(), fields...).Result()
	if err != nil {
		return nil, outcome(err)
	}
	all := map[int]session.Typing{}
	for i, v := range values {
		if v == nil {
			continue
		}
		var t session.Typing
		if err := json.Unmarshal([]byte(word(v)), &t); err != nil {
			return nil, fmt.Errorf("typing about %s/%d: %w", id, numbers[i], err)
		}
		all[numbers[i]] = t
	}
	return all, nil
}

// SwapTyping is session.TypingStore's.
func (s *Store) SwapTyping(ctx context.Context, q session.Question, was, now session.Typing) error {
	args := []any{q.Ref.Number, q.Version}
	for _, t := range []session.Typing{was, now} {
		text, err := typingText(t)
		if err != nil {
			return err
		}
		args = append(args, text)
	}
	r := s.keys.of(q.Ref.Session)
	reply, err := s.commit(ctx, typingScript, []string{r.questions(), r.typing()}, append(args, session.TypedFor.Milliseconds())...)
	switch {
	case err != nil || reply == "ok":
		return err
	case reply == "conflict":
		return session.ErrConflict
	case reply == "unknown":
		return noQuestion(q.Ref.Number)
	}
	return fmt.Errorf("typing about %s: %w: %v", q.Ref, errReply, reply)
}

// typingText is how typing is stored: people in the order of their names, "" for nothing.
func typingText(t session.Typing) (string, error) {
	if len(t) == 0 {
		return "", nil
	}
	b, err := json.Marshal(t)
	return string(b), err
}
