package sessiontest

import (
	"context"
	"fmt"
	"maps"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

var _ delivery.Heralds = (*Memory)(nil)

// Heralds is delivery.Heralds'.
func (m *Memory) Heralds(ctx context.Context, id session.ID) (map[string]delivery.Herald, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	return maps.Clone(r.heralds), nil
}

// Herald is delivery.Heralds'.
func (m *Memory) Herald(ctx context.Context, id session.ID, key string, h delivery.Herald) (bool, error) {
	r, err := m.enter(ctx, id)
	if err != nil {
		return false, err
	}
	defer m.mu.Unlock()
	if known, ok := r.heralds[key]; ok {
		return known.Fence == h.Fence && known.State == delivery.HeraldTrying, nil
	}
	if r.heralds == nil {
		r.heralds = map[string]delivery.Herald{}
	}
	r.heralds[key] = h
	return true, nil
}

// Heralded is delivery.Heralds'.
func (m *Memory) Heralded(ctx context.Context, id session.ID, key, fence string, h delivery.Herald) error {
	r, err := m.enter(ctx, id)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	if known := r.heralds[key]; fence != "" && known.Fence != fence {
		return fmt.Errorf("announcement %s of %s: %w", key, id, session.ErrFenced)
	}
	if h.State == "" {
		delete(r.heralds, key)
		return nil
	}
	h.Fence = fence
	r.heralds[key] = h
	return nil
}
