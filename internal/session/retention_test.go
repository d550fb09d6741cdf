package session_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// many is more than is read at once.
const many = 60

// kept is an hour that was closed at noon, with a question of each fate and many that nobody
// came to, all asked in private by people who must be forgotten.
func kept(t *testing.T, n int, now func() time.Time) ([]*session.Service, *redistest.Store) {
	t.Helper()
	ss, store := replicas(t, n, now)
	for _, s := range ss {
		s.Retention = session.Retention{session.Emails: 10 * day, session.Originals: 20 * day, session.Unpublished: 30 * day}
		s.Poses = func(name string) bool { return name == "MARK name" }
	}
	s := ss[0]
	must := func(_ session.Result, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Schedule(t.Context(), anna, session.Hour{Slug: "tax", Title: "Tax", Zone: "UTC", Experts: []session.Expert{{Name: "Edgars"}},
		Start: now(), End: now().Add(time.Hour), Reasons: []string{"off_topic", session.NotReached}}))
	must(s.DoSession(t.Context(), anna, "tax", session.StartSession{}))
	for i := range many {
		_, _, err := s.Ask(t.Context(), session.Asked{Session: "tax", Key: fmt.Sprint("key", i), Text: "MARK text?", Name: "MARK name",
			Email: "MARK@example.lv", Origin: session.Origin{Connector: "chat", Place: "MARKplace", Message: "MARKmessage", User: "MARKuser",
				Private: true}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, fate := range []session.Verb{session.Accept, session.Decline, session.Withdraw} {
		cmd, err := session.NewCommand(fate, session.QuestionRef{Session: "tax", Number: i + 1}, nil)
		if fate == session.Decline {
			cmd = session.DeclineQuestion{On: session.On{Question: session.QuestionRef{Session: "tax", Number: 2}}, Reason: "off_topic"}
		}
		if err != nil {
			t.Fatal(err)
		}
		by := anna
		if fate == session.Withdraw {
			by = session.Actor{Role: session.Asker}
		}
		must(s.Do(t.Context(), by, cmd))
	}
	must(s.DoSession(t.Context(), anna, "tax", session.StopSession{}))
	must(s.DoSession(t.Context(), anna, "tax", session.CloseSession{Force: true, Reason: "the expert is ill"}))
	return ss, store
}

const day = 24 * time.Hour

// tick lets the clock of every replica run at the same moment.
func tick(t *testing.T, ss []*session.Service) {
	t.Helper()
	for range 3 {
		var wg sync.WaitGroup
		for _, s := range ss {
			wg.Go(func() {
				ses, err := s.Store.Session(context.Background(), "tax")
				if err == nil {
					err = s.Tick(context.Background(), ses)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
}

// TestWhatExpires: each kind goes on its day, once, whatever the number of replicas, and the
// record proves that nothing else was changed.
func TestWhatExpires(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ss, store := kept(t, 3, func() time.Time { return at })
	holds := func(what string) bool { return strings.Contains(redistest.Dump(t, store.Client), what) }
	closed := at
	for _, c := range []struct {
		days int
		gone []string
		left []string
	}{
		{9, nil, []string{"MARK@", "MARKuser", "MARKplace", "MARK text"}},
		{10, []string{"MARK@"}, []string{"MARKuser", "MARKplace", "MARK text"}},
		{20, []string{"MARK@", "MARKuser", "MARKplace", "MARKmessage"}, []string{"MARK text"}},
		{30, []string{"MARK@", "MARKuser", "MARKplace", "MARKmessage"}, []string{"MARK text"}},
	} {
		at = closed.Add(time.Duration(c.days) * day)
		tick(t, ss)
		for _, what := range c.gone {
			if holds(what) {
				t.Errorf("after %d days %q is still stored", c.days, what)
			}
		}
		for _, what := range c.left {
			if !holds(what) {
				t.Errorf("after %d days %q is gone", c.days, what)
			}
		}
	}
	qs, err := store.Questions(t.Context(), "tax", 1, 2, 3)
	if err != nil || qs[0].Text == "" || qs[1].Text != "" || qs[1].State != session.Declined || qs[2].Text != "" {
		t.Errorf("%v: %+v", err, qs)
	}
	if !qs[0].Posing || qs[1].Posing || qs[2].Posing {
		t.Errorf("what is known of a name goes with it: %t, %t, %t", qs[0].Posing, qs[1].Posing, qs[2].Posing)
	}
	original := session.Origin{Connector: "chat", Place: "MARKplace", Message: "MARKmessage"}
	if n, ok, err := store.ByOriginal(t.Context(), "tax", original); ok || err != nil {
		t.Errorf("question %d is found by its original, %v", n, err)
	}
	r, err := store.Record(t.Context(), "tax")
	if fs := session.Verify(r, nil); err != nil || len(fs) > 0 {
		t.Errorf("the record: %v, %v", fs, err)
	}
	var times int
	for _, e := range r.Entries {
		if e.Verb == session.Forget && e.Number == 1 {
			times++
		}
	}
	if times != 2 || !slices.Equal(r.Session.Forgot, session.Expiries) {
		t.Errorf("question 1 was forgotten %d times, the hour says %v", times, r.Session.Forgot)
	}
}

// TestNothingExpiresWithoutAnEnd: what is not over, and what is kept for good.
func TestNothingExpiresWithoutAnEnd(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	r := session.Retention{session.Emails: day}
	for name, s := range map[string]session.Session{"open": {State: session.Open}, "closing": {State: session.Closing},
		"reopened": {State: session.Closing, Closed: now.Add(-9 * day)}} {
		if due := r.Due(s, now); len(due) > 0 {
			t.Errorf("%s: %v", name, due)
		}
	}
	over := session.Session{State: session.Archived, Closed: now.Add(-day)}
	if due := r.Due(over, now); !slices.Equal(due, []session.Expiry{session.Emails}) {
		t.Errorf("over: %v", due)
	}
	if due := (session.Retention{}).Due(over, now.Add(9999*day)); len(due) > 0 {
		t.Errorf("kept for good: %v", due)
	}
}

// TestADamagedQuestionHoldsUpNoOther: what can be read is forgotten, whatever stands before it,
// and the hour is not done before the damage is mended.
func TestADamagedQuestionHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ss, store := kept(t, 1, func() time.Time { return at })
	doc, err := store.Client.HGet(t.Context(), "eh:{tax}:q", "2.doc").Result()
	if err != nil {
		t.Fatal(err)
	}
	put := func(doc string) {
		t.Helper()
		if err := store.Client.HSet(t.Context(), "eh:{tax}:q", "2.doc", doc).Err(); err != nil {
			t.Fatal(err)
		}
		tick(t, ss)
	}
	at = at.Add(10 * day)
	put("{")
	q, err := store.Questions(t.Context(), "tax", 1, many)
	ses, failed := store.Session(t.Context(), "tax")
	if err != nil || failed != nil || q[0].Email+q[1].Email != "" || len(ses.Forgot) > 0 {
		t.Errorf("%v %v: the others have %q and %q, the hour forgot %v", err, failed, q[0].Email, q[1].Email, ses.Forgot)
	}
	put(doc)
	if ses, err = store.Session(t.Context(), "tax"); err != nil || len(ses.Forgot) != 1 ||
		strings.Contains(redistest.Dump(t, store.Client), "MARK@") {
		t.Errorf("once it is mended: %v, the hour forgot %v", err, ses.Forgot)
	}
}
