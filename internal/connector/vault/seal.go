package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// ErrLocked says that a value cannot be opened: it was sealed with another secret, or
// for another connector, or was tampered with. It stays as it is.
var ErrLocked = errors.New("sealed with another secret")

// form is what a sealed value begins with; there is one form so far.
const form = 1

// sealed is a vault in which nothing can be read without the secret.
type sealed struct {
	connector.Vault
	aead cipher.AEAD
	name []byte
}

// Seal gives a vault whose values are sealed before v gets them, with AES-256-GCM,
// under a key that is made of the secret for nothing else. A value opens for the
// connector of that name only.
func Seal(v connector.Vault, secret []byte, name session.ConnectorID) connector.Vault {
	key, err := hkdf.Key(sha256.New, secret, nil, "experthour vault 1", 32)
	if err != nil {
		panic(err) // as below: the lengths are right whatever the secret is
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return &sealed{v, aead, append([]byte{form}, name...)}
}

// Load is connector.Vault's. With ErrLocked it gives the version, and no value.
func (s *sealed) Load(ctx context.Context) ([]byte, int64, error) {
	raw, version, err := s.Vault.Load(ctx)
	if err != nil || version == 0 {
		return nil, version, err
	}
	if len(raw) == 0 || raw[0] != form {
		return nil, version, fmt.Errorf("vault %s: %w", s.name[1:], ErrLocked)
	}
	value, err := s.aead.Open(nil, nil, raw[1:], s.name)
	if err != nil {
		return nil, version, fmt.Errorf("vault %s: %w", s.name[1:], ErrLocked)
	}
	return value, version, nil
}

// Swap is connector.Vault's.
func (s *sealed) Swap(ctx context.Context, version int64, value []byte) (bool, error) {
	return s.Vault.Swap(ctx, version, s.aead.Seal([]byte{form}, nil, value, s.name))
}
