// Package connector holds the ports between the core and the platforms: what a
// platform must do, what it may do besides, and what it may call.
//
// It knows the words of the domain and nothing of any platform. A connector
// decides nothing: who a person is, whether they may and what happens is the
// business of the packages session and routing.
package connector

import (
	"context"
	"time"

	"experthour/internal/session"
)

// Connector is one configured platform. Everything else it can do is a capability:
// a further small interface, asked for with As.
type Connector interface {
	ID() session.ConnectorID
	// Limits are facts about the platform; no I/O.
	Limits() Limits
	// Run receives events until ctx ends, and acknowledges each one only after the
	// inbox returned nil.
	Run(ctx context.Context) error
}

// Limits are what a platform allows.
type Limits struct {
	// Text is the longest text of a post in the units of Length; 0 is none.
	Text int
	// Length counts a text as the platform does; nil counts characters.
	Length func(text string) int
	// Link is what a web address costs whatever its length, in the same units; 0 is
	// its length, or Length knows better. See Measure.
	Link int
	// PerPlace and Overall bound all calls, in one place and altogether.
	PerPlace, Overall Rate
	// Cards are the budgets of a desk's cards, on top of the two above; a class that is
	// left out has none of its own.
	Cards map[CardClass]Budget
	// Timeout bounds one call.
	Timeout time.Duration
	// LookAfter is how long after an answer that was lost the platform may still be at the
	// call: nobody looks for the post or repeats it before. 0 is a moment.
	LookAfter time.Duration
	// Replaces says that a post of a copy takes the place of any former one, so that it may
	// be repeated whatever became of that.
	Replaces bool
	// Notices says that askers are told outcomes by a post of the bot; false where
	// they look at a page of their own.
	Notices bool
	// Announces says that an hour is announced by posts of the bot at its places.
	Announces bool
	// EditsQuietly says that nobody is notified of an edit: what readers must not miss
	// needs a post of its own.
	EditsQuietly bool
	// Slots says that an answer is edited into the receipt that stands under the question
	// already: an edit can be repeated, a post cannot.
	Slots bool
}

// Rate is at most Most calls in any span of Per; the zero Rate is no limit.
type Rate struct {
	Most int
	Per  time.Duration
}

// Budget is a Rate that everything with the same name shares: all replicas, sessions
// and classes of cards.
type Budget struct {
	Name string
	Rate Rate
}

// As asks whether c has capability T. It is the only place where capabilities are
// asserted; connectors are never wrapped, for a wrapper would hide them.
func As[T any](c Connector) (T, bool) {
	t, ok := c.(T)
	return t, ok
}

// Post is one public message to bring out: plain text, which the connector
// escapes for its own markup and never cuts.
type Post struct {
	// Key names this attempt's content for platforms that can recognise it again.
	Key      string
	Place    session.PlaceID
	Original session.Origin // zero when it stands on its own
	Language session.Language
	Text     string
	// Kind tells an answer from what the asker is told besides, and from what all are told
	// about the session; Number is the question's.
	Kind   session.CopyKind
	Number int
}

// Sent is where a post stands.
type Sent struct {
	Message session.MessageID
	URL     string // public address, if it has one
}

// Replier posts under an original, or at a place when there is none.
type Replier interface {
	Reply(ctx context.Context, p Post) (Sent, error)
}

// Editor replaces the text of a post. Doing it twice is harmless.
type Editor interface {
	Edit(ctx context.Context, at session.MessageID, p Post) (Sent, error)
}

// Retractor removes a post. A post that is not there is a success.
type Retractor interface {
	Retract(ctx context.Context, at session.MessageID, p Post) error
}

// Locator reads the address of a post, as people copy it from the platform.
type Locator interface {
	// Locate gives the post at an address in one of the connector's places; ok is false for
	// what is no address of a post there. No I/O.
	Locate(at session.PlaceID, address string) (m session.MessageID, ok bool)
}

// Finder looks a sent post up by its key.
type Finder interface {
	// Find reports ok false only when the platform was asked and has no such post.
	Find(ctx context.Context, p Post) (sent Sent, ok bool, err error)
}

// Keyed is a connector whose platform refuses a second post with the same key.
type Keyed interface {
	// KeyWindow is how long after the first attempt the platform keeps keys.
	KeyWindow() time.Duration
}
