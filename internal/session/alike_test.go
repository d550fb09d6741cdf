package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/session"
)

// flood is an open hour into which people have asked, with two replicas.
type flood struct {
	t     *testing.T
	store session.Store
	desks []*session.Service
	asked int
	clock time.Time
	mu    sync.Mutex
}

func newFlood(t *testing.T) *flood {
	t.Helper()
	f := &flood{t: t, clock: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	f.desks, f.store = replicas(t, 2, f.now)
	h := session.Hour{Slug: "night", Title: "Night", Zone: "UTC", Experts: []session.Expert{{Name: "Edgars"}},
		Start: f.clock, End: f.clock.Add(time.Hour), Reasons: []string{"spam", session.NotReached}}
	_, err := f.desks[0].Schedule(t.Context(), anna, h)
	f.must(err)
	_, err = f.desks[0].DoSession(t.Context(), anna, "night", session.StartSession{})
	f.must(err)
	return f
}

func (f *flood) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.clock
}

func (f *flood) pass() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clock = f.clock.Add(time.Second)
	return f.clock
}

func (f *flood) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// ask asks n times; the text has %d for what makes texts differ.
func (f *flood) ask(n int, text string, from session.Hash) {
	f.t.Helper()
	for range n {
		f.asked++
		_, _, err := f.desks[0].Ask(f.t.Context(), session.Asked{Session: "night", Key: fmt.Sprint(f.asked), Network: from,
			Text:   strings.ReplaceAll(text, "%d", fmt.Sprint(f.asked)),
			Origin: session.Origin{Connector: session.Page}})
		f.must(err)
	}
}

func (f *flood) on(n int) session.On {
	return session.On{Question: session.QuestionRef{Session: "night", Number: n}}
}

func (f *flood) do(cmd session.Command) {
	f.t.Helper()
	_, err := f.desks[0].Do(f.t.Context(), anna, cmd)
	f.must(err)
}

// decline is what a moderator sends who has seen what is there now.
func (f *flood) decline(n int, same session.Sameness) session.DeclineAlike {
	return session.DeclineAlike{DeclineQuestion: session.DeclineQuestion{On: f.on(n), Reason: "spam"}, Same: same, Shown: f.pass()}
}

func (f *flood) press(by *session.Service, cmd session.Command) session.Batch {
	f.t.Helper()
	r, err := by.Do(f.t.Context(), anna, cmd)
	f.must(err)
	return *r.Batch
}

func (f *flood) count(s session.State, want int) {
	f.t.Helper()
	c, err := f.store.Counts(f.t.Context(), "night")
	f.must(err)
	if c.ByState[s] != want {
		f.t.Errorf("%s: %d, want %d", s, c.ByState[s], want)
	}
}

// TestDeclineAlike: what is shown first, by text and by network, and what is declined.
func TestDeclineAlike(t *testing.T) {
	t.Parallel()
	f := newFlood(t)
	f.ask(3, "Buy gold, now!", "net1")
	f.ask(2, "buy  GOLD now", "net2")
	f.ask(1, "Buy golden now", "net1")
	f.ask(1, "What does it cost?", "")
	all, err := f.desks[0].Alike(t.Context(), f.on(1).Question)
	f.must(err)
	if len(all) != 2 || all[0].Same != session.SameText || all[0].Count != 5 || len(all[0].Examples) != 3 ||
		all[1].Same != session.SameNetwork || all[1].Count != 4 || all[1].Examples[0].Ref.Number != 2 {
		t.Fatalf("shown: %+v", all)
	}
	if alone, err := f.desks[0].Alike(t.Context(), f.on(7).Question); err != nil || len(alone) != 1 || alone[0].Count != 1 {
		t.Errorf("shown of one that is alone: %+v, %v", alone, err)
	}
	if b := f.press(f.desks[0], f.decline(1, session.SameText)); b.Declined != 5 || b.More || len(b.Kept) != 0 {
		t.Errorf("by text: %+v", b)
	}
	f.count(session.Received, 2)
	if b := f.press(f.desks[0], f.decline(6, session.SameNetwork)); b.Declined != 1 {
		t.Errorf("by network, of which the others are declined: %+v", b)
	}
	_, err = f.desks[0].Do(t.Context(), anna, f.decline(7, session.SameNetwork))
	if session.FieldOf(err) != "same" {
		t.Errorf("of no known network: %v", err)
	}
	f.count(session.Received, 1)
}

// TestDeclineAlikeLeavesWhatChanged: what came, was decided or was worded anew after it was
// shown stays as it is, and is said.
func TestDeclineAlikeLeavesWhatChanged(t *testing.T) {
	t.Parallel()
	f := newFlood(t)
	f.ask(6, "Buy gold", "n")
	f.do(session.AcceptQuestion{On: f.on(6)}) // before it was shown: nobody has to be told
	cmd := f.decline(1, session.SameNetwork)
	f.pass()
	f.do(session.AcceptQuestion{On: f.on(2)})
	_, err := f.desks[0].Do(t.Context(), session.Actor{Role: session.Asker}, session.RewordQuestion{On: f.on(3), Text: "A real question?"})
	f.must(err)
	f.do(session.WithdrawQuestion{On: f.on(4), Remark: "asked by mail"})
	f.ask(1, "Buy gold", "n")
	if b := f.press(f.desks[0], cmd); b.Declined != 2 || fmt.Sprint(b.Kept) != "[2 3]" {
		t.Errorf("%+v", b)
	}
	f.count(session.Declined, 2)
	f.count(session.Queued, 2)
	f.count(session.Received, 2)
}

// TestDeclineAlikeInPortions: a press is bounded, the same press goes on, and what it was
// pressed on is the last.
func TestDeclineAlikeInPortions(t *testing.T) {
	t.Parallel()
	f := newFlood(t)
	f.ask(510, "Buy gold %d", "n")
	cmd := f.decline(1, session.SameNetwork)
	if b := f.press(f.desks[0], cmd); b.Declined != 500 || !b.More {
		t.Fatalf("the first press: %+v", b)
	}
	f.count(session.Received, 10)
	if b := f.press(f.desks[1], cmd); b.Declined != 10 || b.More || len(b.Kept) != 0 {
		t.Errorf("the second press: %+v", b)
	}
	if b := f.press(f.desks[1], cmd); b.Declined != 0 || b.More {
		t.Errorf("the third press: %+v", b)
	}
	f.count(session.Declined, 510)
}

// dying is a store of which nothing is heard after so many commits.
type dying struct {
	session.Store
	left int
}

var errGone = errors.New("killed")

func (d *dying) Commit(ctx context.Context, c session.Change) error {
	if d.left--; d.left < 0 {
		return session.Fail(session.Unavailable, "unavailable").Because(errGone)
	}
	return d.Store.Commit(ctx, c)
}

// TestDeclineAlikeTwiceAtOnce: two press and one of them dies in between; each question is
// declined once.
func TestDeclineAlikeTwiceAtOnce(t *testing.T) {
	t.Parallel()
	f := newFlood(t)
	f.ask(40, "Buy gold", "n")
	cmd := f.decline(1, session.SameText)
	dead := &session.Service{Store: &dying{f.store, 7}, Planner: plain{}, Staff: staff, Now: f.now}
	if _, err := dead.Do(t.Context(), anna, cmd); !errors.Is(err, errGone) {
		t.Fatalf("the one that dies: %v", err)
	}
	f.count(session.Declined, 7)
	var sum int
	together(f.desks, func(s *session.Service) {
		r, err := s.Do(context.WithoutCancel(t.Context()), anna, cmd)
		f.mu.Lock()
		defer f.mu.Unlock()
		if err != nil || len(r.Batch.Kept) > 0 {
			t.Errorf("%+v, %v", r.Batch, err)
			return
		}
		sum += r.Batch.Declined
	})
	if sum != 33 {
		t.Errorf("declined by the two: %d, want 33", sum)
	}
	f.count(session.Declined, 40)
	rec, err := f.store.Record(t.Context(), "night")
	f.must(err)
	if n := len(rec.Steps(-1)); n != 2+40+40 {
		t.Errorf("%d entries in the record", n)
	}
}
