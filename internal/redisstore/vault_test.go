package redisstore_test

import (
	"strings"
	"testing"

	"experthour/internal/session"
)

// TestVaultsApart: another connector, and another token in the file, have other vaults,
// and no key tells what the file says.
func TestVaultsApart(t *testing.T) {
	t.Parallel()
	r := onEmbedded(t)
	for _, v := range []struct {
		c  session.ConnectorID
		of string
	}{{"bluesky", "first-token"}, {"bluesky", "second-token"}, {"x", "first-token"}} {
		vault := r.a.Vault(v.c, v.of)
		if _, version, err := vault.Load(t.Context()); version != 0 || err != nil {
			t.Errorf("%v: version %d, %v", v, version, err)
		}
		if done, err := vault.Swap(t.Context(), 0, []byte("sealed")); !done || err != nil {
			t.Errorf("%v: %v, %v", v, done, err)
		}
	}
	keys := allKeys(t, r.c, r.p)
	if all := strings.Join(keys, " "); len(keys) != 3 || strings.Contains(all, "first-token") {
		t.Errorf("keys: %s", all)
	}
}

// TestVaultRepeat: a swap that comes twice, because its reply was lost on the way to the
// client, is done.
func TestVaultRepeat(t *testing.T) {
	t.Parallel()
	r := onReal(t)
	for range 2 {
		if done, err := r.a.Vault("x", "").Swap(t.Context(), 0, []byte("same")); !done || err != nil {
			t.Errorf("done %v, %v", done, err)
		}
	}
}
