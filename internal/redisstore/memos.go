package redisstore

import (
	"context"
	"errors"
	"strings"
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
	names := m.names(key)
	_, err := m.store.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.Set(ctx, names[0], value, ttl)
		for _, former := range names[1:] {
			p.Del(ctx, former)
		}
		return nil
	})
	return outcome(err)
}

// names are the keys under which something may be, the one in force first: what connectors keep
// about people is named by their accounts, and stored under a keyed hash of that.
func (m memos) names(key string) []string {
	var all []string
	for _, name := range m.store.named(session.ID(m.connector), "memo:"+key) {
		all = append(all, m.store.keys.memo(m.connector, strings.TrimPrefix(name, "memo:")))
	}
	return all
}

// Recall is connector.Memory's.
func (m memos) Recall(ctx context.Context, key string) ([]byte, bool, error) {
	replies, err := m.store.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, name := range m.names(key) {
			p.Get(ctx, name)
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, false, outcome(err)
	}
	for _, r := range replies {
		v, err := r.(*redis.StringCmd).Bytes()
		if !errors.Is(err, redis.Nil) {
			return v, err == nil, outcome(err)
		}
	}
	return nil, false, nil
}

// Forget is connector.Memory's.
func (m memos) Forget(ctx context.Context, key string) error {
	_, err := m.store.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, name := range m.names(key) {
			p.Del(ctx, name)
		}
		return nil
	})
	return outcome(err)
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
