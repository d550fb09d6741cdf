package redisstore

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// chamber is one connector's, for one token of the configuration.
type chamber struct {
	store *Store
	key   string
}

var _ connector.Vault = chamber{}

// Vault is where a connector keeps a token that changes. It keeps bytes as they are: who
// puts secrets in seals them. of is what the configuration says, such as the first token:
// when it changes the vault is another one, and empty. Little of its digest is stored.
func (s *Store) Vault(c session.ConnectorID, of string) connector.Vault {
	return chamber{s, s.keys.vault(c, of)}
}

// Load is connector.Vault's.
func (c chamber) Load(ctx context.Context) ([]byte, int64, error) {
	pipe := c.store.client.Pipeline()
	had := pipe.HMGet(ctx, c.key, "v", "value")
	pipe.PExpire(ctx, c.key, connector.VaultFor)
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, 0, outcome(err)
	}
	v := had.Val()
	if v[0] == nil {
		return nil, 0, nil
	}
	return []byte(word(v[1])), number(v[0]), nil
}

// Swap is connector.Vault's. It waits for the replicas: a failover must not lose the only
// token that there is.
func (c chamber) Swap(ctx context.Context, version int64, value []byte) (bool, error) {
	if len(value) > connector.LongestSecret {
		return false, tooLong(connector.LongestSecret)
	}
	reply, err := c.store.commit(ctx, swapScript, []string{c.key}, version, value, connector.VaultFor.Milliseconds())
	return number(reply) == 1, err
}
