package redisstore

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

// Logins say since when the links, cookies and tokens of a person hold, for all replicas.
type Logins struct{ store *Store }

// Logins are those of all staff.
func (s *Store) Logins() Logins { return Logins{s} }

// Since is before when nothing holds that was made for a person; the zero time is never.
func (l Logins) Since(ctx context.Context, name session.PersonName) (time.Time, error) {
	ms, err := l.store.client.Get(ctx, l.store.keys.login(name)).Int64()
	if errors.Is(err, redis.Nil) {
		return time.Time{}, nil
	}
	return time.UnixMilli(ms).UTC(), outcome(err)
}

// Revoke ends what was made for a person until now, by the server's clock, or until at
// where that is later. It returns from when on what is made holds. That is remembered for
// life, which nothing that was made may outlast. It waits for the replicas: a failover
// must not let anybody in again.
func (l Logins) Revoke(ctx context.Context, name session.PersonName, at time.Time, life time.Duration) (time.Time, error) {
	least := max(0, at.UnixMilli()+1)
	reply, err := l.store.commit(ctx, revokeScript, []string{l.store.keys.login(name)}, least, life.Milliseconds())
	if err != nil {
		return time.Time{}, err
	}
	return time.UnixMilli(number(reply)).UTC(), nil
}
