package vault_test

import (
	"errors"
	"testing"
	"time"

	"experthour/internal/connector/vault"
)

// TestPut: what a person put is there for everybody, under the secret with which it was put
// and whatever was there before; a Keeper takes it too.
func TestPut(t *testing.T) {
	inWorld(t, func(w *world) {
		ctx := w.t.Context()
		v := w.sealed(secret, "x")
		if _, err := vault.Get(ctx, v); !errors.Is(err, vault.ErrNone) {
			w.t.Errorf("an empty one: %v", err)
		}
		for _, access := range []string{"one", "two"} {
			if err := vault.Put(ctx, v, vault.Token{Access: access}, time.Now()); err != nil {
				w.t.Fatal(err)
			}
			if got, err := vault.Get(ctx, w.sealed(secret, "x")); got.Access != access || err != nil {
				w.t.Errorf("got %q, %v, want %q", got.Access, err, access)
			}
		}
		other := w.sealed("another secret, long enough as well", "x")
		if _, err := vault.Get(ctx, other); !errors.Is(err, vault.ErrLocked) {
			w.t.Errorf("with another secret: %v", err)
		}
		if err := vault.Put(ctx, other, vault.Token{Access: "three"}, time.Now()); err != nil {
			w.t.Error(err)
		}
		if got, err := vault.Get(ctx, other); got.Access != "three" || err != nil {
			w.t.Errorf("got %q, %v", got.Access, err)
		}
		w.wants(w.replica(func(o *vault.Options) { o.Vault = other }), "three")
	})
}
