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
	// Longest bounds the text of a post.
	Longest Longest
	// PerPlace and Overall bound all requests, in one place and altogether.
	PerPlace, Overall Rate
	// Budgets bound all requests besides, by what each kind costs: units of a day, money, or
	// one kind alone.
	Budgets []Budget
	// Cards are the budgets of a desk's cards, on top of the two above; a class that is
	// left out has none of its own.
	Cards map[CardClass]Budget
	// BoardPressed is the budget of the board's card after somebody pressed on it, in place of
	// that of its class, so that it never waits for drawings that nobody waits for. Without a
	// name the class's holds.
	BoardPressed Budget
	// Timeout bounds one call.
	Timeout time.Duration
	// LookAfter is how long after an answer that was lost the platform may still be at the
	// call: nobody looks for the post or repeats it before. 0 is a moment.
	LookAfter time.Duration
	// Replaces says that a post of a copy takes the place of any former one, so that it may
	// be repeated whatever became of that.
	Replaces bool
	// Notices says that askers are told outcomes by a post of the bot; false where
	// they look at a page of their own, or where nothing can be said but the answer.
	Notices bool
	// Pictures is how many a post has at most; 0 is that none can be posted.
	Pictures int
	// Captions bound the text of a post with pictures where a picture has no words of its own: what
	// each of them shows, and who made it, is then a part of the text. An answer that is too long for
	// that goes without. Nil is that pictures bring their words along.
	Captions Longest
	// PicturesStay says that an edit never leaves a post without pictures that has some: it is
	// taken back, and posted anew.
	PicturesStay bool
	// Votes says that likes of a question count as votes.
	Votes bool
	// Announces says that an hour is announced by posts of the bot at its places.
	Announces bool
	// ToldOnce says that what was posted about an hour can be neither changed nor taken back: it is
	// announced by one post, and another one follows only where the hour is moved or cancelled.
	ToldOnce bool
	// Posters says that an announcement needs a picture, which the program draws; see Post.Poster.
	Posters bool
	// Transcripts says that a post has room for the transcript of an hour; see Post.Document.
	Transcripts bool
	// Pins says that an announcement can be pinned; the connector is a Pinner.
	Pins bool
	// EditsQuietly says that nobody is notified of an edit: what readers must not miss
	// needs a post of its own.
	EditsQuietly bool
	// Address gives what a reply begins with so that whoever asked hears of it. It is a part of
	// the text that is approved, and no I/O. Nil is that a reply tells them by itself.
	Address func(o session.Origin) string
	// Price is what posting a text with so many pictures costs, in thousandths of a US dollar, and what it would
	// cost without a link; reply says that it goes under a post. Staff see it before they approve, and it is counted in
	// budgets of money. No I/O; nil is that posts cost nothing.
	Price func(text string, pictures int, reply bool) (price, plain int)
	// Linkless says that copies have no addresses of the public page: words say where it is.
	Linkless bool
	// Ceiling is what all posts of one hour may cost together, in thousandths of a US dollar, before the
	// next one waits for a moderator to lift it; 0 is no bound.
	Ceiling int
	// Slots says that an answer is edited into the receipt that stands under the question
	// already: an edit can be repeated, a post cannot.
	Slots bool
	// Letters says that a post goes to the address that an asker left on the page, and to
	// nobody else: it can be neither changed nor taken back, and what is new follows it.
	Letters bool
	// Mailed says that who writes there has an address as well, to which everything about
	// their question goes. Such a connector has Letters.
	Mailed bool
}

// Reposts reports whether a post with so many pictures is taken back and posted anew to have as many
// as are wanted.
func (l Limits) Reposts(shows, wanted int) bool { return l.PicturesStay && shows > 0 && wanted == 0 }

// As asks whether c has capability T. It is the only place where capabilities are
// asserted; connectors are never wrapped, for a wrapper would hide them.
func As[T any](c Connector) (T, bool) {
	t, ok := c.(T)
	return t, ok
}

// Post is one public message to bring out: plain text, which the connector
// escapes for its own markup and never cuts.
type Post struct {
	// Key names this attempt's content for platforms that can recognise it again. Copy names what is
	// posted: it is the same for all its texts, and for no other post.
	Key, Copy string
	Place     session.PlaceID
	Original  session.Origin // zero when it stands on its own
	Language  session.Language
	Text      string
	// Kind tells an answer from what the asker is told besides, and from what all are told
	// about the session; Number is the question's.
	Kind   session.CopyKind
	Number int
	// Silent asks for no sound where the platform makes one.
	Silent bool
	// Approved is when the text was approved, and never changes for the same Key: a platform
	// whose posts carry a time gets the same bytes with every attempt. A take-back may have none.
	Approved time.Time
	// Recipient is to whom it goes where a platform has Letters; nil everywhere else.
	Recipient *Recipient
	// Pictures stand with the text, in this order, each with its Alt and its Author: a text for
	// whoever cannot see it, and who is to be named. Where there are Limits().Captions, Text says both.
	Pictures []session.Picture
	// Open reads the bytes of one of Pictures, JPEG or PNG without anything but what is seen, of
	// at most session.MostPicture; see Bytes. It is asked only where Limits().Pictures is not 0.
	Open func(ctx context.Context, p session.Picture) ([]byte, error)
	// Document makes what such a post says, from what is public at this moment, where
	// Limits().Transcripts; Text is for a place that has no room for it after all. Nil for every
	// other post.
	Document func(ctx context.Context) (Document, error)
	// Poster gives the picture of an announcement where Limits().Posters; nil for every other post.
	Poster func(ctx context.Context) (Poster, error)
	// Note is what a former attempt with this Key kept; empty when none did.
	Note string
	// KeepNote keeps up to MostNote bytes, and nothing that is secret, for the attempts after
	// this one and for Find: a platform where a post is made in steps gives an id before the
	// last one, by which its fate can be found out. After an error nothing more must be done.
	// Nil, which Keep allows for, keeps nothing.
	KeepNote func(ctx context.Context, note string) error
}

// Poster is a picture that says what an announcement is about: a JPEG of 1080×1350 pixels.
type Poster struct {
	URL string // where everybody can fetch it, as long as the hour says the same
	Alt string // what it says, for whoever cannot see it
}

// Recipient is to whom a post goes that is for one person.
type Recipient struct {
	To    string // an e-mail address; empty when it was withdrawn or forgotten
	Leave string // a web address, which ends all that goes there about this question
	// About is the question that they asked, also where the post is of one that it was
	// merged into.
	About session.QuestionRef
}

// MostNote is how long the note of a post may be.
const MostNote = 1 << 10

// Bytes reads a picture. Its error is that of a send that did not happen.
func (p Post) Bytes(ctx context.Context, of session.Picture) ([]byte, error) {
	if p.Open == nil {
		return nil, &SendError{Outcome: Refused, Detail: "the picture is not there any more"}
	}
	b, err := p.Open(ctx, of)
	switch {
	case session.KindOf(err) == session.NotFound:
		return nil, &SendError{Outcome: Refused, Detail: "the picture is not there any more", Cause: err}
	case err != nil:
		return nil, &SendError{Outcome: Deferred, Cause: err}
	}
	return b, nil
}

// Keep keeps a note, see KeepNote. Its error is that of a send that did not happen.
func (p Post) Keep(ctx context.Context, note string) error {
	if p.KeepNote == nil {
		return nil
	}
	if len(note) > MostNote {
		return &SendError{Outcome: Refused, Detail: "the note of a post is too long"}
	}
	if err := p.KeepNote(ctx, note); err != nil {
		return &SendError{Outcome: Deferred, Cause: err}
	}
	return nil
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

// Editor replaces the text of a post. Doing it twice is harmless. Where a platform gives
// what was edited another id, Sent has it.
type Editor interface {
	Edit(ctx context.Context, at session.MessageID, p Post) (Sent, error)
}

// Retractor removes a post. A post that is not there is a success; see Reader.
type Retractor interface {
	Retract(ctx context.Context, at session.MessageID, p Post) error
}

// Reader looks whether a post stands, after a take-back: "not found" is what some platforms
// also say to who may not.
type Reader interface {
	// Stands reports false only when the platform was asked and does not show the post.
	Stands(ctx context.Context, at session.MessageID, p Post) (bool, error)
}

// Hider hides what somebody else wrote at a place of the institution, or shows it again. Doing it
// twice is harmless, and so it is with what is not there any more.
type Hider interface {
	Hide(ctx context.Context, of session.Origin, hidden bool) error
}

// Pinner pins a post of the bot where all see it, without telling anybody, or lets it go. Doing it
// twice is harmless, and so it is to let go what is not there any more.
type Pinner interface {
	Pin(ctx context.Context, at session.MessageID, pinned bool) error
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
