package redisstore_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/redisstore"
	"experthour/internal/session"
)

// replicas are two stores on connections of their own, and the server behind them.
type replicas struct {
	a, b *redisstore.Store
	c    redis.UniversalClient
	p    string
}

// pass makes everything that waits for its time that much older.
func (r replicas) pass(t *testing.T, d time.Duration) {
	t.Helper()
	for _, k := range allKeys(t, r.c, r.p) {
		if strings.HasSuffix(k, ":hand") || strings.HasSuffix(k, ":dead") {
			all, err := r.c.ZRangeWithScores(t.Context(), k, 0, -1).Result()
			check(t, err)
			for _, z := range all {
				check(t, r.c.ZIncrBy(t.Context(), k, -float64(d.Milliseconds()), z.Member.(string)).Err())
			}
		}
		ttl, err := r.c.PTTL(t.Context(), k).Result()
		check(t, err)
		if ttl > 0 {
			check(t, r.c.PExpire(t.Context(), k, ttl-d).Err())
		}
	}
}

// allKeys are those with a prefix, on all servers of a cluster.
func allKeys(t *testing.T, c redis.UniversalClient, prefix string) []string {
	t.Helper()
	cluster, ok := c.(*redis.ClusterClient)
	if !ok {
		keys, err := c.Keys(t.Context(), prefix+":*").Result()
		check(t, err)
		return keys
	}
	var mu sync.Mutex
	var all []string
	check(t, cluster.ForEachMaster(t.Context(), func(ctx context.Context, c *redis.Client) error {
		keys, err := c.Keys(ctx, prefix+":*").Result()
		mu.Lock()
		defer mu.Unlock()
		all = append(all, keys...)
		return err
	}))
	return all
}

// seen is what two replicas see of one thing.
func seen[T any](t *testing.T, r replicas, of func(*redisstore.Store) T) connectortest.Shared[T] {
	return connectortest.Shared[T]{A: of(r.a), B: of(r.b), Pass: func(d time.Duration) { r.pass(t, d) }}
}

// onReal are two replicas on the shared server.
func onReal(t *testing.T) replicas {
	t.Helper()
	s, err := shared()
	needed(t, err)
	return onAddress(t, s.address())
}

func onAddress(t *testing.T, address string) replicas {
	t.Helper()
	r := replicas{c: patient(t, address), p: prefix(t)}
	r.a = redisstore.New(patient(t, address), redisstore.Options{Prefix: r.p})
	r.b = redisstore.New(patient(t, address), redisstore.Options{Prefix: r.p})
	return r
}

// onEmbedded are two replicas on a server inside the process.
func onEmbedded(t *testing.T) replicas {
	t.Helper()
	c, stop, err := redisstore.Embedded(t.Context())
	check(t, err)
	t.Cleanup(func() {
		c.Close()
		stop()
	})
	r := replicas{c: c, p: prefix(t)}
	r.a = redisstore.New(c, redisstore.Options{Prefix: r.p, Embedded: true})
	r.b = redisstore.New(c, redisstore.Options{Prefix: r.p, Embedded: true})
	return r
}

// everySuite runs the suites of what connectors keep.
func everySuite(t *testing.T, open func(*testing.T) replicas) {
	t.Run("mailbox", func(t *testing.T) {
		t.Parallel()
		connectortest.RunMailbox(t, func(t *testing.T) connectortest.Shared[connector.Mailbox] {
			return seen(t, open(t), func(s *redisstore.Store) connector.Mailbox { return s.Mailbox(oddName) })
		})
	})
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		connectortest.RunMemory(t, func(t *testing.T) connectortest.Shared[connector.Memory] {
			return seen(t, open(t), func(s *redisstore.Store) connector.Memory { return s.Memory(oddName) })
		})
	})
	t.Run("vault", func(t *testing.T) {
		t.Parallel()
		connectortest.RunVault(t, func(t *testing.T) connectortest.Shared[connector.Vault] {
			return seen(t, open(t), func(s *redisstore.Store) connector.Vault { return s.Vault(oddName, "token") })
		})
	})
	t.Run("leases", func(t *testing.T) {
		t.Parallel()
		connectortest.RunLeases(t, func(t *testing.T) connectortest.Shared[connector.Leases] {
			return seen(t, open(t), (*redisstore.Store).Leases)
		})
	})
}

// oddName is a connector whose name looks like a part of a key.
const oddName session.ConnectorID = "tele{gram}: 1"

func TestEmbeddedReplicas(t *testing.T) {
	t.Parallel()
	everySuite(t, onEmbedded)
}

func TestRealReplicas(t *testing.T) {
	t.Parallel()
	everySuite(t, onReal)
}
