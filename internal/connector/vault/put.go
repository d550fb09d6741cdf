package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"experthour/internal/connector"
)

// ErrNone says that a vault holds no token: a person has to get one.
var ErrNone = errors.New("no token in the vault")

// Get reads the token that Put left, for platforms whose tokens do not end.
func Get(ctx context.Context, v connector.Vault) (Token, error) {
	raw, version, err := v.Load(ctx)
	if err != nil {
		return Token{}, err
	}
	var s state
	if version > 0 {
		if err := json.Unmarshal(raw, &s); err != nil {
			return Token{}, fmt.Errorf("vault: %w", err)
		}
	}
	if s.Token.Access == "" {
		return Token{}, ErrNone
	}
	return s.Token, nil
}

// Put keeps a token that a person got, in place of whatever is there: one that cannot be
// opened any more as well.
func Put(ctx context.Context, v connector.Vault, t Token, now time.Time) error {
	raw, err := json.Marshal(state{Token: t, Since: now})
	if err != nil {
		return err
	}
	for done := false; !done && err == nil; {
		var version int64
		if _, version, err = v.Load(ctx); errors.Is(err, ErrLocked) {
			err = nil
		}
		if err == nil {
			done, err = v.Swap(ctx, version, raw)
		}
	}
	return err
}
