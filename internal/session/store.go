package session

import (
	"context"
	"errors"
	"time"
)

// ErrConflict says that somebody else changed the session or a question since it
// was read. Nothing was written; read again and decide again.
var ErrConflict = errors.New("changed meanwhile")

// ErrFenced says that a lease was lost while its work was under way. Nothing was
// written; whoever holds the lease now finds out what happened.
var ErrFenced = errors.New("lease lost")

// Store keeps sessions and questions. Every method either does all it says or
// nothing. Its errors are ErrConflict, ErrFenced, or *Error of kind NotFound, Already,
// Refused, TooMany or Unavailable; Unavailable means that nothing was accepted, or,
// when a reply was lost, that it is not known: repeating the same value is safe.
type Store interface {
	SessionStore
	QuestionStore
	Lookup
	Views
	Votes
	// Networks gives the network of each question that came with one, by number. It is
	// forgotten when the question is withdrawn, and all of them when the session closes.
	Networks(ctx context.Context, id ID) (map[int]Hash, error)
}

// SessionStore keeps the sessions.
type SessionStore interface {
	// Reserve takes the session's places from its start to its end for it, in place
	// of what it held before, or fails with Refused "overlap", naming the other one.
	// A new session (version 0) whose id is taken is Already.
	Reserve(ctx context.Context, s Session) error
	// CreateSession stores a new session, or fails with Already when the id is taken.
	CreateSession(ctx context.Context, c SessionChange) error
	Session(ctx context.Context, id ID) (Session, error)
	// Sessions lists all sessions, the latest start first.
	Sessions(ctx context.Context) ([]Session, error)
	CommitSession(ctx context.Context, c SessionChange) error
}

// QuestionStore keeps the questions of each session.
type QuestionStore interface {
	// Add stores a question once per key and gives it the next number. For a key
	// that was seen before it returns the question of then, and added is false.
	Add(ctx context.Context, n NewQuestion) (q Question, added bool, err error)
	// Questions reads documents, in the order asked for; NotFound if one is missing. One whose
	// document is damaged is Internal "question_damaged" if it is the only one that is asked for,
	// and is left out of several.
	Questions(ctx context.Context, id ID, numbers ...int) ([]Question, error)
	// Family reads a question, then what it is merged into, its followers and also;
	// numbers in also that do not exist are left out.
	Family(ctx context.Context, ref QuestionRef, also ...int) ([]Question, error)
	// Commit writes questions, record entries and deliveries in one step.
	Commit(ctx context.Context, c Change) error
}

// Lookup finds questions by where they were asked and by whom. It answers from what Add
// and Commit wrote, so a session that does not exist has none.
type Lookup interface {
	// ByOriginal finds the question whose original, or a further part of it, is at o, which
	// is named by connector, place and message alone. What was parted from a question and
	// asked by itself is that question.
	ByOriginal(ctx context.Context, id ID, o Origin) (number int, ok bool, err error)
	// ByAsker lists what somebody asked in a session, by number: the last MostAsked.
	// Questions that were withdrawn stay in it until they are forgotten (see Stored.Unlink),
	// so that their asker still sees that they are.
	ByAsker(ctx context.Context, id ID, c ConnectorID, u UserRef) ([]int, error)
}

// MostAsked bounds how many questions of one asker and session are found.
const MostAsked = 50

// NewQuestion is a question on its way in.
type NewQuestion struct {
	Session Session // as it was read: its version is checked
	Key     string  // names the public message; the same key is the same question
	Question
	Entry      Entry
	Sealed     Sealed
	Network    Hash // of its asker, if it is known; see Store.Networks
	Op         string
	Deliveries []Delivery
	Cards      *Lane // where a new card is due and the board goes out of date
}

// SessionChange is a session as it should become.
type SessionChange struct {
	Session Session // Version and Head are those that were read; 0 for a new one
	Entry   Entry
	Sealed  Sealed
	Op      string // names this attempt, so that a repeated request gets its first answer
	// Quiet makes the change depend on there being nothing unfinished, checked in the
	// same step.
	Quiet bool
	// Forget drops who voted for what, and from which networks people asked.
	Forget bool
	// Unlink drops by which messages and accounts its questions are found.
	Unlink     bool
	Deliveries []Delivery
	Finish     *Finish // ends a lease in the same step
	Cards      *Lane   // where the board goes out of date
}

// Change is one commit: questions that become something, with their record.
type Change struct {
	Session    ID
	Version    int64 // of the session, as it was read
	Head       Hash  // the same
	Op         string
	Questions  []Stored
	Deliveries []Delivery
	Finish     *Finish // ends a lease in the same step
	Cards      *Lane   // where the cards of these questions and the board go out of date
}

// Stored is one question of a commit. Question.Version and Head are those that
// were read; the store writes Version+1 and Entry's hash.
type Stored struct {
	Question
	Entry  Entry
	Sealed Sealed
	Erase  bool // drop the payloads of all earlier versions
	Along  bool // decided along with another question: nobody pressed on this one
	// Unlink drops by which messages and accounts it is found. It is Refused while somebody
	// may be sending one of its copies. Its key stays, so that a repeat is no new question.
	Unlink bool
	// Dropped are the pictures of its asker that are forgotten. With Erase all are that it has not.
	Dropped []Hash
	// Part is where a message stands that makes the question longer: ByOriginal finds the
	// question by it from now on. Its Message is empty when there is none.
	Part Origin
}

// Class orders deliveries of one lane; the lower goes first.
type Class int

// The classes of deliveries.
const (
	ClassTakeBack Class = iota
	ClassAnnouncement
	ClassAnswer
	ClassNotice
)

// Delivery tells the outbox what a copy wants now. The worker reads the text from
// the question or the session when it has the lease; nothing is rendered again.
type Delivery struct {
	Question  int    // 0 is the session itself
	Copy      string // the slot's key
	Connector ConnectorID
	Place     PlaceID
	Class     Class
	Wanted    int
	Due       bool // false takes it out of the lane
}

// Lane is the place whose deliveries go out one at a time.
func (d Delivery) Lane() Lane { return Lane{d.Connector, d.Place} }

// Lane names a place with its own order of deliveries.
type Lane struct {
	Connector ConnectorID
	Place     PlaceID
}

// Finish names the lease that a commit ends.
type Finish struct {
	Lane     Lane
	Question int // 0 is the session itself
	Copy     string
	Fence    int64
}

// deliveries compares the copies of question n, or of the session for 0, with those
// before a change. A copy that is forgotten is not due.
func (cs Copies) deliveries(n int, before Copies) []Delivery {
	var ds []Delivery
	for _, c := range cs {
		old, _ := before.Get(c.Key())
		if old.Wanted == c.Wanted && old.Due() == c.Due() {
			continue
		}
		ds = append(ds, Delivery{Question: n, Copy: c.Key(), Connector: c.Connector, Place: c.Place,
			Class: c.class(), Wanted: c.Wanted, Due: c.Due()})
	}
	for _, c := range before {
		if _, ok := cs.Get(c.Key()); !ok {
			ds = append(ds, Delivery{Question: n, Copy: c.Key(), Connector: c.Connector, Place: c.Place})
		}
	}
	return ds
}

func (c Copy) class() Class {
	switch {
	case c.Wanted == 0:
		return ClassTakeBack
	case c.News == NewsTranscript && c.Out != 0: // which makes nothing public that is not on the page
		return ClassNotice
	case c.Kind == KindAnnouncement, c.Kind == KindPinned:
		return ClassAnnouncement
	case c.Kind == KindAnswer:
		return ClassAnswer
	}
	return ClassNotice
}

// Counts is the state of a session in numbers, for the board and the metrics.
type Counts struct {
	Last       int // the last number given: questions received
	ByState    map[State]int
	Oldest     map[State]time.Time // since when the one that waits longest is in its state
	Unfinished Unfinished
	Parked     int // questions with a copy that waits for a person
}

// Planner renders the public copies of answers, the notices to askers and the
// announcements of a session. It is pure: the same arguments always give the same copies.
type Planner interface {
	// Copies renders every public copy of revision rev, the page's included.
	Copies(s Session, q Question, rev Revision) []Rendered
	// Notices lists every notice that the asker of q should see now. A notice that
	// is not listed any more is taken back.
	Notices(s Session, q Question) []Rendered
	// Announcements lists every announcement that may stand as of now, at each place.
	// What is not to be told now, but may stay where it stands, has no text.
	Announcements(s Session, now time.Time) []Rendered
}
