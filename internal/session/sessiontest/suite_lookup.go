package sessiontest

import (
	"fmt"
	"testing"
	"time"

	"experthour/internal/session"
)

// askAt stores a question with an origin.
func (s *Scene) askAt(key string, o session.Origin) session.Question {
	s.T.Helper()
	n := s.New(key)
	n.Origin = o
	q, _, err := s.Store.Add(s.T.Context(), n)
	s.must(err)
	return q
}

func testByOriginal(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	found := func(o session.Origin, want int) {
		t.Helper()
		n, ok, err := store.ByOriginal(t.Context(), "hour", o)
		if err != nil || n != want || ok != (want > 0) {
			t.Errorf("%+v is %d, %v, %v; want %d", o, n, ok, err, want)
		}
	}
	a := session.Origin{Connector: "tg", Place: "1:2", Message: "3"}
	b := session.Origin{Connector: "tg", Place: "1", Message: "2:3"}
	s.Ask("without an original")
	q := s.askAt("a", session.Origin{Connector: a.Connector, Place: a.Place, Message: a.Message, User: "u", URL: "https://x"})
	s.askAt("b", b)
	found(a, 2)
	found(b, 3)
	found(q.Origin, 2)
	for _, o := range []session.Origin{{}, {Connector: "tg", Place: "1:2"}, {Connector: "tg:1", Place: "2", Message: "3"},
		{Connector: "tg", Place: "1:2", Message: "4"}, {Connector: "slack", Place: "1:2", Message: "3"}} {
		found(o, 0)
	}
	part := session.Origin{Connector: "tg", Place: "1:2", Message: "5"}
	st := s.Stored(q, session.Reword, func(*session.Question) {})
	st.Part = part
	s.Commit(s.Change(st))
	found(part, 2)
	found(a, 2)
	s.askAt("5", part) // it was parted from the other one
	found(part, 4)
	n := s.New("a") // the same key again, with another original: nothing is added
	n.Origin = session.Origin{Connector: "tg", Place: "1", Message: "9"}
	if _, added, err := store.Add(t.Context(), n); added || err != nil {
		t.Fatal(added, err)
	}
	found(n.Origin, 0)
	if _, ok, err := store.ByOriginal(t.Context(), "none", a); ok || err != nil {
		t.Errorf("no session: %v, %v", ok, err)
	}
	_, _, err := store.ByOriginal(cancelled(t), "hour", a)
	isKind(t, err, session.Unavailable, "unavailable")
}

func testByAsker(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	asked := func(c session.ConnectorID, u session.UserRef, want ...int) {
		t.Helper()
		ns, err := store.ByAsker(t.Context(), "hour", c, u)
		if err != nil || fmt.Sprint(ns) != fmt.Sprint(want) {
			t.Errorf("%s of %s asked %v, %v; want %v", u, c, ns, err, want)
		}
	}
	asked("tg", "1")
	q := s.askAt("a", session.Origin{Connector: "tg", User: "1"})
	s.askAt("b", session.Origin{Connector: "tg", User: "1:1"})
	s.askAt("c", session.Origin{Connector: "tg:1", User: "1"})
	s.askAt("d", session.Origin{Connector: "tg", User: "1", Place: "p", Message: "m"})
	s.askAt("e", session.Origin{Connector: "tg"})
	asked("tg", "1", 1, 4)
	asked("tg", "1:1", 2)
	asked("tg:1", "1", 3)
	asked("tg", "2")
	asked("tg", "")
	forget := s.Stored(q, session.Withdraw, func(q *session.Question) { q.State, q.Origin.User = session.Withdrawn, "" })
	forget.Erase = true
	s.Commit(s.Change(forget))
	asked("tg", "1", 1, 4) // their asker still sees that they are withdrawn
	var last []int
	for i := range session.MostAsked + 3 {
		q := s.askAt(fmt.Sprint("f", i), session.Origin{Connector: "tg", User: "1"})
		last = append(last, q.Ref.Number)
	}
	asked("tg", "1", last[3:]...)
	if ns, err := store.ByAsker(t.Context(), "none", "tg", "1"); len(ns) > 0 || err != nil {
		t.Errorf("no session: %v, %v", ns, err)
	}
	_, err := store.ByAsker(cancelled(t), "hour", "tg", "1")
	isKind(t, err, session.Unavailable, "unavailable")
}

func testNetworks(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	from := func(want map[int]session.Hash) {
		t.Helper()
		ns, err := store.Networks(t.Context(), "hour")
		s.must(err)
		equal(t, "networks", ns, want)
	}
	from(map[int]session.Hash{})
	var asked []session.Question
	for _, network := range []session.Hash{"a", "b", "", "a"} {
		n := s.New(s.Op())
		n.Network = network
		q, _, err := store.Add(t.Context(), n)
		s.must(err)
		asked = append(asked, q)
	}
	from(map[int]session.Hash{1: "a", 2: "b", 4: "a"})
	forget := s.Stored(asked[0], session.Withdraw, func(q *session.Question) { q.State = session.Withdrawn })
	forget.Erase = true
	s.Commit(s.Change(forget))
	from(map[int]session.Hash{2: "b", 4: "a"})
	s.DoSession(session.Close, func(c *session.SessionChange) { c.Session.State, c.Forget = session.Closed, true })
	from(map[int]session.Hash{})
	_, err := store.Networks(cancelled(t), "hour")
	isKind(t, err, session.Unavailable, "unavailable")
}

// due gives q a draft that is due at a time; the zero time takes it away.
func due(q *session.Question, at time.Time) {
	q.State, q.Holder, q.Settle, q.Said = session.Claimed, "Anna", at, nil
	if !at.IsZero() {
		q.Said = []session.Said{{Message: "m", By: q.Holder, Text: "A draft.", Use: session.Drafted}}
	}
}

// settle commits a new time for the draft of question n, and nothing else.
func (s *Scene) settle(n int, at time.Time) {
	s.T.Helper()
	q := s.Commit(s.Change(s.Stored(s.Read(n), session.AddNote, func(q *session.Question) { due(q, at) })))
	if !q.SettleAt().Equal(at) {
		s.T.Fatalf("the draft of %d is due at %v, want %v", n, q.SettleAt(), at)
	}
}

func (s *Scene) drafts(at time.Time, want ...int) {
	s.T.Helper()
	ns, _, err := s.Store.Drafts(s.T.Context(), "hour", at)
	if err != nil || fmt.Sprint(ns) != fmt.Sprint(want) {
		s.T.Errorf("due at %v: %v, %v; want %v", at.Format(time.TimeOnly), ns, err, want)
	}
}

func testDrafts(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	at := func(sec int) time.Time { return Noon.Add(time.Duration(sec) * time.Second) }
	for range 3 {
		s.Ask(s.Op())
	}
	late := s.New("with a draft")
	due(&late.Question, at(15))
	_, _, err := store.Add(t.Context(), late)
	s.must(err)
	s.drafts(at(1000), 4)
	s.settle(1, at(20))
	s.settle(2, at(10))
	s.settle(3, at(20))
	s.drafts(at(9))
	s.drafts(at(10), 2)
	s.drafts(at(20).Add(-time.Millisecond), 2, 4)
	s.drafts(at(20), 2, 4, 1, 3)
	s.Commit(s.Change(s.Stored(s.Read(2), session.AddNote, func(*session.Question) {}))) // still due
	s.settle(4, at(30))                                                                  // later
	s.settle(3, time.Time{})                                                             // submitted
	s.drafts(at(20), 2, 1)
	s.settle(2, time.Time{})
	s.settle(2, time.Time{})
	s.drafts(at(40), 1, 4)
	between := at(50).Add(300 * time.Microsecond)
	s.settle(1, between)
	s.drafts(at(50), 4) // never too early
	s.drafts(at(50).Add(time.Millisecond), 4, 1)
	if ns, _, err := store.Drafts(t.Context(), "none", at(40)); len(ns) > 0 || err != nil {
		t.Errorf("no session: %v, %v", ns, err)
	}
	_, _, err = store.Drafts(cancelled(t), "hour", at(40))
	isKind(t, err, session.Unavailable, "unavailable")
}

func testDraftsBounded(t *testing.T, store session.Store) {
	s := NewScene(t, store)
	var want []int
	for i := range session.MostDrafts + 2 {
		n := s.New(s.Op())
		due(&n.Question, Noon)
		_, _, err := store.Add(t.Context(), n)
		s.must(err)
		if i < session.MostDrafts {
			want = append(want, i+1)
		}
	}
	s.drafts(Noon, want...)
	s.settle(1, time.Time{})
	s.drafts(Noon, append(want[1:], session.MostDrafts+1)...)
}
