package connector

import (
	"context"
	"time"
)

// MailLine is where a letter waits. Nobody in one line waits for those in the other.
type MailLine string

// The lines.
const (
	StaffLine  MailLine = "staff"
	PublicLine MailLine = "public" // also for whoever cannot be told
)

// MailLines are all of them.
var MailLines = []MailLine{StaffLine, PublicLine}

// Event is something that a platform handed over.
type Event struct {
	// Key is that by which the platform's repeats are recognised.
	Key string
	// From is the sender: a function of Raw alone, for any Raw. Letters of one sender are
	// handled one after another, as they were put; "" has nobody before or behind it.
	From string
	// Line is where the letter waits. A sender who has letters in the other line stays there
	// until they are handled: their order is the same when somebody joins the staff.
	Line MailLine
	Raw  []byte
}

// Mailbox keeps what a platform handed over, from before it is acknowledged until it
// was handled. Replicas share it. A letter that was taken and neither handled nor
// buried within LetterFor is given out again: it may be handled twice.
type Mailbox interface {
	// Put stores events in one step, each once; fresh is how many of them were not there and
	// had not been handled. All are durable when err is nil, and none is stored by half. More
	// than LongestLetter in one of them is Invalid.
	Put(ctx context.Context, events ...Event) (fresh int, err error)
	// Take waits up to wait for letters of a line and gives out at most most: those that
	// somebody had for too long before new ones, and the oldest first. Of one sender it gives
	// out one, and the next when that is handled or buried.
	Take(ctx context.Context, line MailLine, most int, wait time.Duration) ([]Letter, error)
	// Handled forgets a letter, whoever has it in hand now; its key stays known for KeysFor.
	Handled(ctx context.Context, l Letter) error
	// Bury puts a letter aside as one that cannot be handled, with the reason for the log.
	// The dead are kept for DeadFor, the newest MostDead of them.
	Bury(ctx context.Context, l Letter, reason string) error
	// Dead counts the letters of both lines that were buried and are still kept.
	Dead(ctx context.Context) (int, error)
}

// Letter is one stored event.
type Letter struct {
	ID    string // the mailbox's own; its sender can be guessed from it, so no log has it
	Key   string
	Line  MailLine
	Raw   []byte
	At    time.Time // when it was put
	Tries int       // how often it was given out, this time included
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
