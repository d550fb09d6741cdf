package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// realRedis starts a redis-server of the test's own and returns its address.
func realRedis(t testing.TB) string {
	t.Helper()
	need(t, "redis-server")
	dir, err := os.MkdirTemp("", "eh") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "s")
	c := exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--appendonly", "yes", "--appendfsync", "always", "--save", "")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
		os.RemoveAll(dir)
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: socket})
	defer client.Close()
	for client.Ping(ctx).Err() != nil {
		select {
		case <-ctx.Done():
			t.Fatal("redis-server does not answer")
		case <-time.After(20 * time.Millisecond):
		}
	}
	return "unix://" + socket
}
