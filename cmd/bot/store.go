package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"

	"github.com/redis/go-redis/v9"

	"experthour/internal/config"
	"experthour/internal/keyring"
	"experthour/internal/redisstore"
)

// openStore connects to the store that the configuration names. stop ends what was
// started for it.
func openStore(ctx context.Context, cfg config.Config, log *slog.Logger, open opener) (*redisstore.Store, func(), error) {
	redisstore.LogTo(log)
	client, end, err := open(ctx, cfg, log)
	if err != nil {
		return nil, nil, err
	}
	o := redisstore.Options{WaitReplicas: cfg.Redis.WaitReplicas, Durability: cfg.Redis.Durability, Embedded: cfg.Redis.Embedded()}
	for _, key := range keysOf(cfg).For(keyring.Names) {
		o.Names = append(o.Names, func(parts ...string) []byte { return keyring.Sum(key, parts...) })
	}
	return redisstore.New(client, o), func() {
		_ = client.Close()
		end()
	}, nil
}

// opener connects to Redis; end stops what it started.
type opener func(ctx context.Context, cfg config.Config, log *slog.Logger) (client redis.UniversalClient, end func(), err error)

// own is for a program that runs: a managed server is its child.
func own(ctx context.Context, cfg config.Config, log *slog.Logger) (redis.UniversalClient, func(), error) {
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

// visit is for a command that ends: where a managed server runs already, it is used
// and left running.
func visit(ctx context.Context, cfg config.Config, log *slog.Logger) (redis.UniversalClient, func(), error) {
	client, end, err := own(ctx, cfg, log)
	if !errors.Is(err, redisstore.ErrDirInUse) {
		return client, end, err
	}
	dir, err := filepath.Abs(cfg.Redis.Dir)
	if err != nil {
		return nil, nil, fmt.Errorf("[redis] dir: %w", err)
	}
	client, err = redisstore.Dial((&url.URL{Scheme: "unix", Path: filepath.Join(dir, "redis.sock")}).String())
	return client, func() {}, err
}
