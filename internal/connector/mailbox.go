package connector

import (
	"context"
	"time"
)

// Mailbox keeps what a platform handed over, from before it is acknowledged until it
// was handled. Replicas share it. A letter that was taken and neither handled nor
// buried within LetterFor is given out again: it may be handled twice.
type Mailbox interface {
	// Put stores raw under the key by which the platform's repeats of it are recognised,
	// once; fresh is false for one that is there or was handled. It is durable when err is nil.
	// More than LongestLetter is Invalid.
	Put(ctx context.Context, key string, raw []byte) (fresh bool, err error)
	// Take waits up to wait for letters and gives out at most most: those that somebody
	// had for too long before new ones, and the oldest first.
	Take(ctx context.Context, most int, wait time.Duration) ([]Letter, error)
	// Handled forgets a letter, whoever has it in hand now; its key stays known for KeysFor.
	Handled(ctx context.Context, l Letter) error
	// Bury puts a letter aside as one that cannot be handled, with the reason for the log.
	// The dead are kept for DeadFor, the newest MostDead of them.
	Bury(ctx context.Context, l Letter, reason string) error
	// Dead counts the letters that were buried and are still kept.
	Dead(ctx context.Context) (int, error)
}

// Letter is one stored event.
type Letter struct {
	ID    string // the mailbox's own
	Key   string
	Raw   []byte
	Tries int // how often it was given out, this time included
}

const (
	// LetterFor is how long a letter may be in hand. A handler must end before.
	LetterFor = 8 * time.Second
	// KeysFor is how long repeats are recognised: longer than any platform repeats, and
	// less than the week after which a platform's ids may begin again.
	KeysFor = 72 * time.Hour
	// DeadFor is how long a letter that could not be handled is kept to be looked at.
	DeadFor = 14 * 24 * time.Hour
	// MostDead bounds how many of them are kept.
	MostDead = 10_000
	// LongestLetter bounds Raw, in bytes.
	LongestLetter = 256 << 10
)

// Memory keeps small things of a connector for a while: what a person is in the
// middle of. Replicas share it, and it survives a restart.
type Memory interface {
	// Keep stores value under key for as long as ttl, but at most MemoFor, in place of
	// what was there. More than LongestMemo is Invalid.
	Keep(ctx context.Context, key string, value []byte, ttl time.Duration) error
	// Recall gives what was kept; ok is false when there is nothing.
	Recall(ctx context.Context, key string) (value []byte, ok bool, err error)
	Forget(ctx context.Context, key string) error
}

const (
	// MemoFor bounds how long anything is remembered.
	MemoFor = 7 * 24 * time.Hour
	// LongestMemo bounds a value, in bytes.
	LongestMemo = 64 << 10
)

// Leases let one replica alone do something.
type Leases interface {
	// Hold takes or renews the lease of that name for ttl; held is false while somebody
	// else has it. owner is a random name of the replica.
	Hold(ctx context.Context, name, owner string, ttl time.Duration) (held bool, err error)
	// Yield gives it back, if owner has it.
	Yield(ctx context.Context, name, owner string) error
}
