package chaos

import (
	"fmt"
	"slices"
	"sync"
)

// Invariant is something that must be so whatever breaks.
type Invariant string

// The invariants, in the order of the tables.
const (
	Kept     Invariant = "what was acknowledged is there once"
	Approved Invariant = "nothing is public that was not approved with exactly that text"
	Once     Invariant = "nothing goes out twice"
	Told     Invariant = "every asker is told one outcome"
	OneWins  Invariant = "of two who press at once one is told that they were first"
	Verified Invariant = "session verify passes"
	Closes   Invariant = "the hour closes in the ordinary way"
	Parked   Invariant = "what waits for a person could not be known"
	Paced    Invariant = "the platform is not asked for too much"
	Alive    Invariant = "no replica ends by itself"
)

// Invariants lists them.
var Invariants = []Invariant{Kept, Approved, Once, Told, OneWins, Verified, Closes, Parked, Paced, Alive}

// Violation is an invariant that did not hold.
type Violation struct {
	Invariant Invariant
	What      string
}

// evidence is what people were told and did, written down as they were told it.
type evidence struct {
	mu        sync.Mutex
	asked     map[string]*asked // by the mark in the question
	holders   map[string]string // who was told first that a question is theirs, by mark
	found     []Violation
	questions int
	presses   int             // that were acknowledged
	parked    map[string]bool // each time that a person was asked about a copy
}

// asked is a question as the person who asked it knows it, and what was done about it.
type asked struct {
	mark     string
	chat     int64          // of the asker in Telegram; 0 is the page
	number   int            // as acknowledged; 0 is not yet
	revs     map[int]string // answers that were acknowledged, by revision
	approved []string       // texts that somebody read and approved, or tried to
}

func newEvidence() *evidence {
	return &evidence{asked: map[string]*asked{}, holders: map[string]string{}, parked: map[string]bool{}}
}

// broken notes a violation. Each is listed once.
func (e *evidence) broken(i Invariant, format string, args ...any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	v := Violation{i, fmt.Sprintf(format, args...)}
	if !slices.Contains(e.found, v) {
		e.found = append(e.found, v)
	}
}

// asks notes that somebody is about to ask.
func (e *evidence) asks(mark string, chat int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.questions++
	e.asked[mark] = &asked{mark: mark, chat: chat, revs: map[int]string{}}
}

// acknowledged notes the number that an asker was given.
func (e *evidence) acknowledged(mark string, n int) {
	e.mu.Lock()
	a := e.asked[mark]
	before := a.number
	a.number = n
	e.mu.Unlock()
	if before != 0 && before != n {
		e.broken(Kept, "%s was acknowledged as #%d and as #%d", mark, before, n)
	}
}

// claimed notes that somebody was told to be the first holder.
func (e *evidence) claimed(mark, who string) {
	e.mu.Lock()
	before := e.holders[mark]
	e.holders[mark] = who
	e.presses++
	e.mu.Unlock()
	if before != "" && before != who {
		e.broken(OneWins, "%s and %s were both told that %s is theirs", before, who, mark)
	}
}

// submitted notes that somebody was told that their answer is revision rev.
func (e *evidence) submitted(mark string, rev int, text string) {
	e.mu.Lock()
	a := e.asked[mark]
	before := a.revs[rev]
	a.revs[rev] = text
	e.presses++
	e.mu.Unlock()
	if before != "" && before != text {
		e.broken(OneWins, "%q and %q were both acknowledged as revision %d of %s", before, text, rev, mark)
	}
}

// approves notes what somebody has read and is about to approve.
func (e *evidence) approves(mark string, texts ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.asked[mark]
	a.approved = append(a.approved, texts...)
}

func (e *evidence) mayBePublic(mark, text string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.asked[mark]
	return a != nil && slices.Contains(a.approved, text)
}

// pressed counts an acknowledged press of which nothing else is noted.
func (e *evidence) pressed() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.presses++
}

// asksPerson notes that a person is asked what became of a copy.
func (e *evidence) asksPerson(key string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.parked[key] = true
}

// of is what is known of a question; nil is nothing. Chat does not change.
func (e *evidence) of(mark string) *asked {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.asked[mark]
}
