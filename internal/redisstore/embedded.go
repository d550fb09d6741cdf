package redisstore

import (
	"context"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Embedded starts a Redis inside the process, for the demo, rehearsals and tests. Its
// content ends with the process. Close the client, then call stop; ctx ends the clock
// by which its keys expire.
func Embedded(ctx context.Context) (client redis.UniversalClient, stop func(), err error) {
	server := miniredis.NewMiniRedis()
	if err := server.Start(); err != nil {
		return nil, nil, fmt.Errorf("embedded store: %w", err)
	}
	o := &redis.UniversalOptions{Addrs: []string{server.Addr()}, Protocol: 2}
	limits(o)
	// It shares the processor with whoever waits for it: ending a wait would make nothing sooner.
	o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = time.Minute, time.Minute, time.Minute
	go expire(ctx, server)
	return redis.NewUniversalClient(o), server.Close, nil
}

// expire lets keys expire: the embedded server does so only when it is told.
func expire(ctx context.Context, server *miniredis.Miniredis) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			server.FastForward(time.Second)
		}
	}
}
