package session

import (
	"context"
	"time"
)

// Views reads many questions at once, for pages, the board and the transcript.
type Views interface {
	// List reads one page of questions.
	List(ctx context.Context, id ID, l Listing) ([]Question, error)
	Counts(ctx context.Context, id ID) (Counts, error)
	// Drafts lists the questions whose draft is due at now (see Question.SettleAt), the
	// one that is due longest first, at most MostDrafts.
	Drafts(ctx context.Context, id ID, now time.Time) ([]int, error)
	// Heads reads the head of every question's record, and of the session's under 0.
	Heads(ctx context.Context, id ID) (map[int]Head, error)
	// Record reads everything for Verify.
	Record(ctx context.Context, id ID) (Record, error)
	// Follow calls fn for every record entry after the one named by its id ("" is
	// from now on), until ctx ends or fn fails. It survives a store that goes away
	// for a while: nothing is left out.
	Follow(ctx context.Context, id ID, after string, fn func(Entry) error) error
}

// MostDrafts bounds what Drafts gives at once; the rest is there when it is asked again.
const MostDrafts = 50

// Listing selects and orders questions. Selections are joined in the order given,
// a question once.
type Listing struct {
	// Waiting selects questions with a copy that waits for a person.
	Waiting bool
	// Unsettled selects questions without an outcome of their own, by number.
	Unsettled bool
	// States selects questions by state, state after state, the longest in its state first.
	States []State
	// Newest turns the order within each state round.
	Newest bool
	// Offset and Limit page through the result; Limit 0 is all.
	Offset, Limit int
}

// Votes counts who else would like to know. A voter is a keyed hash, kept until
// the session closes.
type Votes interface {
	// Vote counts a vote, or takes it back, and returns how many there are. It is Refused
	// when the hour is over, and unless it is early when the question is not accepted.
	Vote(ctx context.Context, v Vote) (votes int, err error)
	// Tally returns the votes of some questions; those without any are left out.
	Tally(ctx context.Context, id ID, numbers ...int) (map[int]int, error)
}

// Vote is somebody who would like to know as well, or with Up false does no more.
type Vote struct {
	Question QuestionRef
	By       Hash
	Up       bool
	// Early counts it before the question is accepted too: of people who read the question
	// where it was asked. See Question.Votes for when it shows.
	Early bool
}

// Votes is what may be shown of so many votes: none before a moderator has seen the
// question.
func (q Question) Votes(n int) int {
	if q.State == Received {
		return 0
	}
	return n
}

// Voting reports whether votes are counted now. Without it the hour is over.
func (s Session) Voting() bool {
	switch s.State {
	case Scheduled, Open, Closing:
		return true
	}
	return false
}
