package session_test

import (
	"context"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// plain renders nothing but the page's copy.
type plain struct{}

func (plain) Copies(_ session.Session, q session.Question, r session.Revision) []session.Rendered {
	return []session.Rendered{{Slot: session.Slot{Kind: session.KindAnswer, Connector: session.Page, Original: q.Ref.Number}, Text: r.Text}}
}

func (plain) Notices(session.Session, session.Question) []session.Rendered { return nil }

func (plain) Announcements(session.Session, time.Time) []session.Rendered { return nil }

var staff = session.Directory{{Name: "Anna", Role: session.Moderator}, {Name: "Edgars", Role: session.ExpertRole}}

var anna = session.Actor{Name: "Anna", Role: session.Moderator}

// replicas are services on one store and one clock, as processes of one institution.
func replicas(t *testing.T, n int, now func() time.Time) ([]*session.Service, *redistest.Store) {
	store := redistest.New(t, now)
	var ss []*session.Service
	for range n {
		ss = append(ss, &session.Service{Store: store, Planner: plain{}, Staff: staff, Now: now})
	}
	return ss, store
}

// TestClockChanges runs an hour over both clock changes of Riga with three
// replicas that tick at the same moments: everything happens at the minute that the
// wall clock there shows, and once.
func TestClockChanges(t *testing.T) {
	t.Parallel()
	riga, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		start, end time.Time
		lasts      time.Duration
	}{
		"spring, 03:00 becomes 04:00": {time.Date(2027, 3, 28, 2, 30, 0, 0, riga), time.Date(2027, 3, 28, 4, 30, 0, 0, riga), time.Hour},
		"autumn, 04:00 becomes 03:00": {time.Date(2026, 10, 25, 2, 30, 0, 0, riga), time.Date(2026, 10, 25, 4, 30, 0, 0, riga), 3 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.end.Sub(c.start); got != c.lasts {
				t.Fatalf("the hour lasts %s", got)
			}
			clock := c.start.Add(-time.Hour)
			services, store := replicas(t, 3, func() time.Time { return clock })
			h := session.Hour{Slug: "night", Title: "Night", Zone: "Europe/Riga", Experts: []session.Expert{{Name: "Edgars"}},
				Start: c.start, End: c.end}
			if _, err := services[0].Schedule(t.Context(), anna, h); err != nil {
				t.Fatal(err)
			}
			for clock.Before(c.end.Add(time.Minute)) {
				before := read(t, store)
				together(services, func(s *session.Service) {
					if err := s.Tick(context.WithoutCancel(t.Context()), before); err != nil {
						t.Errorf("tick at %s: %v", clock, err)
					}
				})
				clock = clock.Add(time.Minute)
			}
			s := read(t, store)
			if s.State != session.Closing || !s.Stopped.Equal(c.end) || !s.Acts[session.Start].At.Equal(c.start) {
				t.Errorf("%s, started %s, stopped %s", s.State, s.Acts[session.Start].At, s.Stopped)
			}
			once(t, store)
		})
	}
}

func read(t *testing.T, store session.Store) session.Session {
	t.Helper()
	s, err := store.Session(t.Context(), "night")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// together lets all replicas go at the same moment.
func together(ss []*session.Service, f func(*session.Service)) {
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for _, s := range ss {
		wg.Go(func() {
			<-gate
			f(s)
		})
	}
	close(gate)
	wg.Wait()
}

// once checks that the record holds every step of the clock a single time.
func once(t *testing.T, store session.Store) {
	t.Helper()
	r, err := store.Record(t.Context(), "night")
	if err != nil {
		t.Fatal(err)
	}
	count := map[session.Verb]int{}
	for _, e := range r.Entries {
		count[e.Verb]++
	}
	for v, want := range map[session.Verb]int{session.Schedule: 1, session.Start: 1, session.Stop: 1, session.RemindVerb: 2} {
		if count[v] != want {
			t.Errorf("%s stands %d times in the record, want %d", v, count[v], want)
		}
	}
	if found := session.Verify(r, nil); len(found) > 0 {
		t.Errorf("record: %+v", found)
	}
}

// TestLateDelivery takes a question that reached a platform in time although the
// program hears of it later.
func TestLateDelivery(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	services, _ := replicas(t, 1, func() time.Time { return clock })
	h := session.Hour{Slug: "night", Title: "Night", Zone: "Europe/Riga", Experts: []session.Expert{{Name: "Edgars"}},
		Start: clock, End: clock.Add(time.Hour)}
	if _, err := services[0].Schedule(t.Context(), anna, h); err != nil {
		t.Fatal(err)
	}
	for _, cmd := range []session.SessionCommand{session.StartSession{}, session.StopSession{}} {
		if _, err := services[0].DoSession(t.Context(), anna, "night", cmd); err != nil {
			t.Fatal(err)
		}
	}
	stopped := clock
	clock = clock.Add(10 * time.Minute)
	ask := func(key string, at time.Time) error {
		_, _, err := services[0].Ask(t.Context(), session.Asked{Session: "night", Key: key, Text: "In time?", At: at})
		return err
	}
	if err := ask("in time", stopped); err != nil {
		t.Errorf("asked in time, heard of later: %v", err)
	}
	if err := ask("late", clock); session.KindOf(err) != session.Refused {
		t.Errorf("asked late: %v", err)
	}
	if err := ask("from the future", clock.Add(time.Hour)); session.KindOf(err) != session.Refused {
		t.Errorf("a time that has not come yet: %v", err)
	}
}
