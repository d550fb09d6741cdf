package redisstore

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Rewrite has the append-only file written anew if something was erased since the last time,
// or since the program started: until then the file still holds it. It returns when the server
// has begun. A failure, such as a rewrite that is under way already, leaves it to the next call.
func (s *Store) Rewrite(ctx context.Context) error {
	if !s.erased.Swap(false) {
		return nil
	}
	err := s.eachMaster(ctx, func(ctx context.Context, c redis.Cmdable) error { return c.BgRewriteAOF(ctx).Err() })
	if err != nil {
		s.erased.Store(true)
	}
	return outcome(err)
}
