package redisstore

import (
	"context"
	"encoding/json"
	"fmt"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

// Heralds is delivery.Heralds'.
func (s *Store) Heralds(ctx context.Context, id session.ID) (map[string]delivery.Herald, error) {
	stored, err := s.client.HGetAll(ctx, s.keys.of(id).heralds()).Result()
	if err != nil {
		return nil, outcome(err)
	}
	all := make(map[string]delivery.Herald, len(stored))
	for key, text := range stored {
		var h delivery.Herald
		if err := json.Unmarshal([]byte(text), &h); err != nil {
			return nil, fmt.Errorf("announcement %s of %s: %w", key, id, err)
		}
		all[key] = h
	}
	return all, nil
}

// Herald is delivery.Heralds'. A repeat of it after a lost reply gives the same answer.
func (s *Store) Herald(ctx context.Context, id session.ID, key string, h delivery.Herald) (bool, error) {
	reply, err := s.herald(ctx, id, key, h.Fence, h, true)
	return reply == "ok", err
}

// Heralded is delivery.Heralds'.
func (s *Store) Heralded(ctx context.Context, id session.ID, key, fence string, h delivery.Herald) error {
	h.Fence = fence
	reply, err := s.herald(ctx, id, key, fence, h, false)
	if err == nil && reply == "fenced" {
		err = fmt.Errorf("announcement %s of %s: %w", key, id, session.ErrFenced)
	}
	return err
}

func (s *Store) herald(ctx context.Context, id session.ID, key, fence string, h delivery.Herald, intent bool) (any, error) {
	value := []byte{}
	if h.State != "" {
		var err error
		if value, err = json.Marshal(h); err != nil {
			return nil, err
		}
	}
	return s.commit(ctx, heraldedScript, []string{s.keys.of(id).heralds()}, key, fence, string(value), string(bit(intent)))
}
