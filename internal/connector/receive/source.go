package receive

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Source is a platform as a Runner sees it. How what people do there gets here is told by
// further small interfaces, any number of which it may have: Fetcher, Streamer and Hooker.
type Source interface {
	// Handle does what one letter says, as Mailroom.Handle.
	Handle(ctx context.Context, raw []byte) error
}

// Put stores what came, all or nothing: see connector.Mailbox. Only it knows what is new.
type Put func(ctx context.Context, events ...connector.Event) (fresh int, err error)

// Fetcher is asked what there is: by polling, to catch up after a break, to read again
// what may have changed. Any error, from Put too, means that it is asked the same again.
// Fetches of one Runner follow one another.
type Fetcher interface {
	Fetch(ctx context.Context, l Look, put Put) (Next, error)
}

// Look is what to ask for.
type Look struct {
	// Cursor is the one of the last Next; empty is to begin at Since.
	Cursor []byte
	connector.Hours
	// Asked are originals to read again, where Runner.Rereads: at most MostAsked, those that
	// were read the longest ago, or never.
	Asked []session.Origin
}

// MostAsked is how many originals a Look asks for at most.
const MostAsked = 50

// Next is where a fetch got to.
type Next struct {
	// Cursor is kept when all before it was put, for as long as connector.MemoFor. Nil
	// leaves the one that is there, and a platform that never gives one gets none.
	Cursor []byte
	// Wait is until the next fetch, unless a stream begins or ends before. 0 is at once, for
	// platforms that hold a question until there is something.
	Wait time.Duration
}

// Streamer listens to what the platform sends. It returns when that ended, and is called
// again. Where it is a Fetcher as well, it fetches when the stream is up, for what happened
// before is in no stream, and when one does not come up.
type Streamer interface {
	// Stream calls up when everything from now on will come; also once more, where it mends a
	// broken connection by itself.
	Stream(ctx context.Context, up func(), put Put) error
}

// Preparer has something to do before anything comes, such as telling the platform where
// to. It is repeated until it is done.
type Preparer interface {
	Prepare(ctx context.Context) error
}

// Trouble is an error of a Source that says by itself what people are told. Other errors
// are told in general words, with the Detail of a *connector.SendError.
type Trouble struct {
	ID    string // of a connector.Finding; empty is nothing that people need to know
	Args  []any
	Wait  time.Duration // at least, before the next attempt
	Cause error         // for the log
}

// Error is that of the cause.
func (t *Trouble) Error() string { return t.Cause.Error() }

// Unwrap gives the cause.
func (t *Trouble) Unwrap() error { return t.Cause }

// Told is a Trouble that people were told of already, or need not be.
func Told(err error) error {
	if err == nil {
		return nil
	}
	return &Trouble{Wait: connector.OutcomeOf(err).Wait, Cause: err}
}

// RawKey is the key of an event that has no id of its own.
func RawKey(raw []byte) string {
	sum := sha256.Sum256(raw)
	return "raw:" + base64.RawURLEncoding.EncodeToString(sum[:18])
}

// Passed keeps an error of an inbox only if its letter should come again. What the domain
// refuses stays refused, and whoever asked in public gets no word of it there.
func Passed(err error) error {
	if err == nil || session.KindOf(err) == session.Unavailable || session.KindOf(err) == session.Internal {
		return err
	}
	return nil
}
