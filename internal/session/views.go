package session

import (
	"cmp"
	"context"
	"time"
)

// Views reads many questions at once, for pages, the board and the transcript.
type Views interface {
	// List reads one page of questions. Those whose document is damaged are left out.
	List(ctx context.Context, id ID, l Listing) ([]Question, error)
	Counts(ctx context.Context, id ID) (Counts, error)
	// Drafts lists the questions whose draft is due at now (see Question.SettleAt), the
	// one that is due longest first, and those that are Leaving: at most MostDrafts of each.
	Drafts(ctx context.Context, id ID, now time.Time) (drafts, leaving []int, err error)
	// Heads reads the head of every question's record, and of the session's under 0.
	Heads(ctx context.Context, id ID) (map[int]Head, error)
	// Damaged lists the questions whose documents this process could not read when it last
	// read them, by number. It asks nobody.
	Damaged(id ID) []int
	// Record reads everything for Verify.
	Record(ctx context.Context, id ID) (Record, error)
	// Updates reads what happened to each session since the update that is given of it, in one
	// round trip for all of them. A session that does not exist is left out.
	Updates(ctx context.Context, since map[ID]Update) (map[ID]Update, error)
}

// Update is what happened to a session since an earlier one. Since the zero value there are no
// entries: it asks where the record ends now.
type Update struct {
	Last    string  // id of the newest entry that is known, "0-0" where there is none
	Entries []Entry // since then, the oldest first, at most MostEntries
	Ballots int64   // rises with every vote that is given or taken back
}

// MostEntries bounds an Update; the rest is there when it is asked again.
const MostEntries = 1000

// MostDrafts bounds what Drafts gives at once; the rest is there when it is asked again.
const MostDrafts = 50

// Listing selects and orders questions. Selections are joined in the order given,
// a question once.
type Listing struct {
	// Waiting selects questions with a copy that waits for a person.
	Waiting bool
	// Unfinished selects questions without an outcome of their own, by number.
	Unfinished bool
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
	// Like takes over how many likes a platform counts, in place of what it counted before, and
	// returns how many votes there are. What is older than that is passed over. It is Refused
	// when the hour is over.
	Like(ctx context.Context, l Likes) (votes int, err error)
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
	// From is the platform on which they liked the original; empty is the page, where nobody
	// counts them besides.
	From ConnectorID
}

// Likes are how many people like the original of a question, as its platform counts them
// without saying who. They are the same people as those of Vote.From there: of the two numbers
// the larger one counts, so nobody is counted twice and no vote falls twice.
type Likes struct {
	Question QuestionRef
	From     ConnectorID
	Count    int       // from 0
	At       time.Time // when the platform counted
}

// Votes is what may be shown of so many votes: none before a moderator has seen the
// question.
func (q Question) Votes(n int) int {
	if q.State == Received {
		return 0
	}
	return n
}

// Askings is how often the same was asked, and on how many platforms.
type Askings struct {
	Times     int `json:"times"`
	Platforms int `json:"platforms"`
}

// Askings counts a question and those that were merged into it; nil when there are none of these.
// It does not count people: who asks on two platforms cannot be known.
func (q Question) Askings() *Askings {
	if len(q.Followers) == 0 {
		return nil
	}
	on := map[ConnectorID]bool{q.Origin.Connector: true}
	for _, f := range q.Followers {
		on[f.Origin.Connector] = true
	}
	return &Askings{Times: 1 + len(q.Followers), Platforms: len(on)}
}

// A Demand is how much a question that waits is wanted.
type Demand struct{ Number, Votes int }

// Compare orders questions that wait, for the public as for staff: more votes first, and of those
// that are wanted alike the older one.
func (w Demand) Compare(o Demand) int {
	return cmp.Or(cmp.Compare(o.Votes, w.Votes), cmp.Compare(w.Number, o.Number))
}

// Voting reports whether votes are counted now. Without it the hour is over.
func (s Session) Voting() bool {
	switch s.State {
	case Scheduled, Open, Closing:
		return true
	}
	return false
}
