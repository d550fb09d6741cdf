package redisstore

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// memos are one connector's.
type memos struct {
	store     *Store
	connector session.ConnectorID
}

var _ connector.Memory = memos{}

// Memory is where a connector keeps small things for a while. It does not wait for
// replicas: a failover may lose what was kept in its last moment.
func (s *Store) Memory(c session.ConnectorID) connector.Memory { return memos{s, c} }

// Keep is connector.Memory's.
func (m memos) Keep(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if len(value) > connector.LongestMemo {
		return tooLong(connector.LongestMemo)
	}
	ttl = min(ttl, connector.MemoFor)
	if ttl < time.Millisecond { // the server's shortest
		return m.Forget(ctx, key)
	}
	return outcome(m.store.client.Set(ctx, m.store.keys.memo(m.connector, key), value, ttl).Err())
}

// Recall is connector.Memory's.
func (m memos) Recall(ctx context.Context, key string) ([]byte, bool, error) {
	v, err := m.store.client.Get(ctx, m.store.keys.memo(m.connector, key)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	return v, err == nil, outcome(err)
}

// Forget is connector.Memory's.
func (m memos) Forget(ctx context.Context, key string) error {
	return outcome(m.store.client.Del(ctx, m.store.keys.memo(m.connector, key)).Err())
}

type leases struct{ store *Store }

var _ connector.Leases = leases{}

// Leases let one replica alone do something, for all connectors.
func (s *Store) Leases() connector.Leases { return leases{s} }

// Hold is connector.Leases'. It waits for the replicas, so that a failover does not
// give the lease to a second one.
func (l leases) Hold(ctx context.Context, name, owner string, ttl time.Duration) (bool, error) {
	return l.set(ctx, name, owner, max(ttl.Milliseconds(), 1))
}

// Yield is connector.Leases'.
func (l leases) Yield(ctx context.Context, name, owner string) error {
	_, err := l.set(ctx, name, owner, 0)
	return err
}

func (l leases) set(ctx context.Context, name, owner string, ms int64) (bool, error) {
	reply, err := l.store.commit(ctx, ownerScript, []string{l.store.keys.lease(name)}, owner, ms)
	return number(reply) == 1, err
}
