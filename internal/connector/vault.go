package connector

import (
	"context"
	"time"
)

// Vault keeps one small thing of a connector that changes while the program runs and must not
// be lost, most often a secret: the token of a platform. Replicas share it, and it survives a
// restart.
type Vault interface {
	// Load gives the value that is there and its version; version 0 is that there is
	// none.
	Load(ctx context.Context) (value []byte, version int64, err error)
	// Swap puts value in place of the version that Load gave, and it has the next one
	// then; done is false when something else is there by now. After an error it may
	// have been put all the same: Load tells. More than LongestSecret is Invalid.
	Swap(ctx context.Context, version int64, value []byte) (done bool, err error)
}

const (
	// LongestSecret bounds a value of a Vault, in bytes.
	LongestSecret = 64 << 10
	// VaultFor is how long a value is kept that nobody loads: an hour a year must not
	// cost its token, and one of a file that says something else by now must not stay
	// for ever.
	VaultFor = 400 * 24 * time.Hour
)
