package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"

	"experthour/internal/connector"
	"experthour/internal/keyring"
	"experthour/internal/session"
)

// ErrLocked says that a value cannot be opened: it was sealed with another secret, or
// for another connector, or was tampered with. It stays as it is.
var ErrLocked = errors.New("sealed with another secret")

// form is what a sealed value begins with; there is one form so far.
const form = 1

// sealed is a vault in which nothing can be read without a key.
type sealed struct {
	connector.Vault
	locks []cipher.AEAD // one for each key
	name  []byte
}

// Seal gives a vault whose values are sealed before v gets them, with AES-256-GCM: with
// the first of the keys. Each has 32 bytes and serves for nothing else, and any of them
// opens. A value opens for the connector of that name only.
func Seal(v connector.Vault, keys keyring.Keys, name session.ConnectorID) connector.Vault {
	s := &sealed{Vault: v, name: append([]byte{form}, name...)}
	for _, key := range keys {
		block, err := aes.NewCipher(key)
		if err != nil {
			panic(err) // as below: the length is right
		}
		lock, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			panic(err)
		}
		s.locks = append(s.locks, lock)
	}
	return s
}

// Load is connector.Vault's. With ErrLocked it gives the version, and no value.
func (s *sealed) Load(ctx context.Context) ([]byte, int64, error) {
	raw, version, err := s.Vault.Load(ctx)
	if err != nil || version == 0 {
		return nil, version, err
	}
	if len(raw) > 0 && raw[0] == form {
		for _, lock := range s.locks {
			if value, err := lock.Open(nil, nil, raw[1:], s.name); err == nil {
				return value, version, nil
			}
		}
	}
	return nil, version, fmt.Errorf("vault %s: %w", s.name[1:], ErrLocked)
}

// Swap is connector.Vault's.
func (s *sealed) Swap(ctx context.Context, version int64, value []byte) (bool, error) {
	return s.Vault.Swap(ctx, version, s.locks[0].Seal([]byte{form}, nil, value, s.name))
}
