// Package sessiontest holds the conformance suite that every implementation of
// session.Store must pass, and scenes for writing tests of stores briefly.
//
// It knows the ports of package session and nothing else. It must not know Redis, a
// platform or the rules of the domain: what it stores is made by hand.
package sessiontest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"experthour/internal/session"
)

// Scene is one open session in a store, for writing tests of stores briefly. It makes
// documents and record entries by hand: no rule of the domain stands in between.
type Scene struct {
	T       *testing.T
	Store   session.Store
	Session session.Session
	steps   int
}

// Noon is when every scene begins.
var Noon = time.Date(2026, 10, 14, 12, 0, 0, 0, time.UTC)

// CardLane is where the cards of a scene's session are.
var CardLane = session.Lane{Connector: "slack", Place: "C1: desk/{x}|"}

// NewScene creates the open session "hour" in store.
func NewScene(t *testing.T, store session.Store) *Scene {
	t.Helper()
	s := &Scene{T: t, Store: store, Session: Hour("hour", Noon)}
	s.must(store.Reserve(t.Context(), s.Session))
	s.DoSession(session.Schedule, func(*session.SessionChange) {})
	return s
}

// Hour is an open session of two hours from start, at a place of its own.
func Hour(id session.ID, start time.Time) session.Session {
	return session.Session{Schema: session.Schema, ID: id, State: session.Open, Title: "An hour", Language: session.Latvian,
		Zone: "Europe/Riga", Desk: session.Desk{Connector: CardLane.Connector, Place: CardLane.Place + session.PlaceID(id)},
		AskFrom: start, Start: start, End: start.Add(2 * time.Hour), Reasons: []string{"off_topic"},
		Experts: []session.Expert{{Name: "Anna"}}}
}

func (s *Scene) must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

// Op names the next operation.
func (s *Scene) Op() string {
	s.steps++
	return fmt.Sprintf("%s-%d", s.T.Name(), s.steps)
}

// now rises by a second with every step.
func (s *Scene) now() time.Time { return Noon.Add(time.Duration(s.steps) * time.Second) }

func (s *Scene) sealed(what string) (session.Sealed, session.Hash) {
	sealed, commitment, err := session.Payload{By: "Anna", Command: what}.Commit()
	s.must(err)
	return sealed, commitment
}

// SessionChange is what a command with verb would commit, before it is changed.
func (s *Scene) SessionChange(v session.Verb) session.SessionChange {
	op := s.Op()
	sealed, commitment := s.sealed(string(v))
	return session.SessionChange{Session: s.Session, Sealed: sealed, Op: op, Entry: session.Entry{Version: s.Session.Version + 1,
		Verb: v, Role: session.Moderator, At: s.now(), Prev: s.Session.Head, Commitment: commitment}}
}

// DoSession changes (or first creates) the scene's session.
func (s *Scene) DoSession(v session.Verb, change func(*session.SessionChange)) {
	s.T.Helper()
	c := s.SessionChange(v)
	change(&c)
	if c.Session.Version == 0 {
		s.must(s.Store.CreateSession(s.T.Context(), c))
	} else {
		s.must(s.Store.CommitSession(s.T.Context(), c))
	}
	s.Session = c.Session
	s.Session.Version, s.Session.Head = c.Entry.Version, c.Entry.Hash()
}

// New is a received question on its way in, under a key.
func (s *Scene) New(key string) session.NewQuestion {
	op := s.Op()
	sealed, commitment := s.sealed(key)
	return session.NewQuestion{Session: s.Session, Key: key, Op: op, Sealed: sealed,
		Question: session.Question{Schema: session.Schema, Ref: session.QuestionRef{Session: s.Session.ID}, State: session.Received,
			Since: s.now(), Asked: s.now(), Text: "Kāpēc? " + key, Wording: 1, Language: session.Latvian},
		Entry: session.Entry{Version: 1, Verb: session.Ask, Role: session.Asker, At: s.now(), Commitment: commitment}}
}

// Ask stores a question.
func (s *Scene) Ask(key string) session.Question {
	s.T.Helper()
	q, added, err := s.Store.Add(s.T.Context(), s.New(key))
	s.must(err)
	if !added {
		s.T.Fatalf("%s was not added", key)
	}
	return q
}

// Stored is q after change, with its record entry.
func (s *Scene) Stored(q session.Question, v session.Verb, change func(*session.Question)) session.Stored {
	sealed, commitment := s.sealed(fmt.Sprintf("%s %d", v, q.Version))
	st := session.Stored{Question: q, Sealed: sealed, Entry: session.Entry{Number: q.Ref.Number, Version: q.Version + 1,
		Verb: v, Role: session.Moderator, At: s.now(), Prev: q.Head, Commitment: commitment}}
	change(&st.Question)
	return st
}

// Change is a commit of questions, complete with session, version and operation.
func (s *Scene) Change(qs ...session.Stored) session.Change {
	return session.Change{Session: s.Session.ID, Version: s.Session.Version, Head: s.Session.Head, Op: s.Op(), Questions: qs}
}

// Commit stores a change and returns its first question as it is afterwards.
func (s *Scene) Commit(c session.Change) session.Question {
	s.T.Helper()
	s.must(s.Store.Commit(s.T.Context(), c))
	if len(c.Questions) == 0 {
		return session.Question{}
	}
	q := c.Questions[0].Question
	q.Version, q.Head = c.Questions[0].Entry.Version, c.Questions[0].Entry.Hash()
	return q
}

// To moves q into a state.
func (s *Scene) To(q session.Question, st session.State) session.Question {
	s.T.Helper()
	s.steps++
	return s.Commit(s.Change(s.Stored(q, session.Accept, func(q *session.Question) {
		q.State, q.Since = st, s.now()
	})))
}

// Read reads one question.
func (s *Scene) Read(n int) session.Question {
	s.T.Helper()
	qs, err := s.Store.Questions(s.T.Context(), s.Session.ID, n)
	s.must(err)
	return qs[0]
}

// Counts reads the counts.
func (s *Scene) Counts() session.Counts {
	s.T.Helper()
	c, err := s.Store.Counts(s.T.Context(), s.Session.ID)
	s.must(err)
	return c
}

// List reads a list and returns its numbers.
func (s *Scene) List(l session.Listing) []int {
	s.T.Helper()
	qs, err := s.Store.List(s.T.Context(), s.Session.ID, l)
	s.must(err)
	ns := make([]int, len(qs))
	for i, q := range qs {
		ns[i] = q.Ref.Number
	}
	return ns
}

// Verify checks the whole record and fails the test unless it is whole.
func (s *Scene) Verify() session.Record {
	s.T.Helper()
	r, err := s.Store.Record(s.T.Context(), s.Session.ID)
	s.must(err)
	if fs := session.Verify(r, nil); len(fs) > 0 {
		s.T.Errorf("record: %v", fs)
	}
	return r
}

// Snapshot is everything a reader can see, for "nothing was written".
func (s *Scene) Snapshot() string {
	s.T.Helper()
	r, err := s.Store.Record(s.T.Context(), s.Session.ID)
	s.must(err)
	qs, err := s.Store.List(s.T.Context(), s.Session.ID, session.Listing{States: session.States})
	s.must(err)
	return fmt.Sprintf("%+v\n%+v\n%+v", r, qs, s.Counts())
}

// Unchanged runs f and fails the test when it changed anything.
func (s *Scene) Unchanged(f func()) {
	s.T.Helper()
	before := s.Snapshot()
	f()
	if after := s.Snapshot(); after != before {
		s.T.Errorf("changed:\n%s\nwas:\n%s", after, before)
	}
}

// cancelled is a context that has ended.
func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
