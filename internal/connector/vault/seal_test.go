package vault_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/vault"
	"experthour/internal/keyring"
	"experthour/internal/session"
)

func unavailable() error { return session.Fail(session.Unavailable, "unavailable") }

// shelf is a vault of one value.
type shelf struct {
	value   []byte
	version int64
}

func (s *shelf) Load(context.Context) ([]byte, int64, error) { return s.value, s.version, nil }

func (s *shelf) Swap(_ context.Context, version int64, value []byte) (bool, error) {
	if version != s.version {
		return false, nil
	}
	s.value, s.version = value, version+1
	return true, nil
}

func seal(v connector.Vault, secret string, name session.ConnectorID) connector.Vault {
	return vault.Seal(v, keyring.Ring{secret}.For(keyring.Vault), name)
}

// TestSeal: nothing of the value can be read, the same value looks otherwise each time,
// and it opens only with the same secret, for the same connector, and whole.
func TestSeal(t *testing.T) {
	t.Parallel()
	inner := &shelf{}
	v := seal(inner, secret, "x")
	if value, version, err := v.Load(t.Context()); value != nil || version != 0 || err != nil {
		t.Errorf("empty: %q, %d, %v", value, version, err)
	}
	var seen [][]byte
	for i := range int64(2) {
		if done, err := v.Swap(t.Context(), i, []byte("the token")); !done || err != nil {
			t.Fatalf("%v, %v", done, err)
		}
		seen = append(seen, inner.value)
	}
	if bytes.Contains(seen[0], []byte("token")) || bytes.Equal(seen[0], seen[1]) {
		t.Errorf("sealed as %q and %q", seen[0], seen[1])
	}
	if value, version, err := v.Load(t.Context()); string(value) != "the token" || version != 2 || err != nil {
		t.Errorf("%q, %d, %v", value, version, err)
	}
	locked := func(what string, v connector.Vault) {
		t.Helper()
		if value, version, err := v.Load(t.Context()); value != nil || version != 2 || !errors.Is(err, vault.ErrLocked) {
			t.Errorf("%s: %q, %d, %v", what, value, version, err)
		}
	}
	locked("another secret", seal(inner, secret+".", "x"))
	locked("another connector", seal(inner, secret, "y"))
	for i := range seen[1] {
		damaged := bytes.Clone(seen[1])
		damaged[i] ^= 1
		locked("damaged", seal(&shelf{damaged, 2}, secret, "x"))
		locked("cut", seal(&shelf{seen[1][:i], 2}, secret, "x"))
	}
}

// TestSealWithANewSecret: what the former one sealed is read, and sealed with the new one
// when it is written again.
func TestSealWithANewSecret(t *testing.T) {
	t.Parallel()
	inner := &shelf{}
	before, after := seal(inner, "former", "x"), seal(inner, secret, "x")
	both := vault.Seal(inner, keyring.Ring{secret, "former"}.For(keyring.Vault), "x")
	for i, v := range []connector.Vault{before, both} {
		if done, err := v.Swap(t.Context(), int64(i), []byte("the token")); !done || err != nil {
			t.Fatalf("%v, %v", done, err)
		}
		if value, _, err := both.Load(t.Context()); string(value) != "the token" || err != nil {
			t.Errorf("%d: %q, %v", i, value, err)
		}
	}
	if value, _, err := after.Load(t.Context()); string(value) != "the token" || err != nil {
		t.Errorf("without the former one: %q, %v", value, err)
	}
	if _, _, err := before.Load(t.Context()); !errors.Is(err, vault.ErrLocked) {
		t.Errorf("the former one still opens it: %v", err)
	}
}
