package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/redis/go-redis/v9"

	"experthour/internal/config"
	"experthour/internal/redisstore"
)

// openStore connects to the store that the configuration names. stop ends what was
// started for it.
func openStore(ctx context.Context, cfg config.Config, log *slog.Logger) (store *redisstore.Store, stop func(), err error) {
	client, stop, err := openClient(ctx, cfg, log)
	if err != nil {
		return nil, nil, err
	}
	o := redisstore.Options{WaitReplicas: cfg.Redis.WaitReplicas, Durability: cfg.Redis.Durability,
		Embedded: cfg.Redis.Embedded()}
	return redisstore.New(client, o), func() {
		client.Close()
		stop()
	}, nil
}

func openClient(ctx context.Context, cfg config.Config, log *slog.Logger) (redis.UniversalClient, func(), error) {
	switch {
	case cfg.Redis.Embedded():
		log.Warn("the store is inside this process: everything in it ends with it")
		return redisstore.Embedded(ctx)
	case cfg.Redis.Managed():
		return redisstore.Managed(ctx, cfg.Redis.Dir, log)
	}
	client, err := redisstore.Dial(cfg.Redis.URL.Reveal())
	if err != nil {
		return nil, nil, fmt.Errorf("[redis] url: %w", err)
	}
	return client, func() {}, nil
}
