package redisstore

import (
	"time"

	"github.com/redis/go-redis/v9"
)

// DialPatiently is Dial for tests of what is decided and not of how soon: other work may
// share the machine.
func DialPatiently(address string, patience time.Duration) (redis.UniversalClient, error) {
	o, err := options(address)
	if err != nil {
		return nil, err
	}
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = patience, patience, patience, patience
	return redis.NewUniversalClient(o), nil
}
