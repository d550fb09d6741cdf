package session_test

import (
	"slices"
	"testing"
	"time"

	"experthour/internal/session"
)

// TestMergeAlike: what was ticked is merged, each by a command of its own; what changed since it
// was shown is left alone, and the same press again does nothing twice.
func TestMergeAlike(t *testing.T) {
	t.Parallel()
	f := newFlood(t)
	f.ask(5, "Who pays %d?", "")
	cmd := session.MergeAlike{On: f.on(1), Also: []int{2, 3, 4, 3}, Shown: f.pass()}
	f.pass()
	f.do(session.DeclineQuestion{On: f.on(4), Reason: "spam"})
	for _, want := range []int{2, 0} {
		r, err := f.desks[0].Do(t.Context(), anna, cmd)
		if err != nil || r.Batch.Merged != want || !slices.Equal(r.Batch.Kept, []int{4}) {
			t.Fatalf("%+v, %v, want %d", r.Batch, err, want)
		}
		if len(r.Question.Followers) != 2 || r.Question.State != session.Received {
			t.Errorf("%s with %+v", r.Question.State, r.Question.Followers)
		}
	}
	for _, wrong := range []session.MergeAlike{{On: f.on(1), Shown: cmd.Shown}, {On: f.on(1), Also: []int{1}, Shown: cmd.Shown},
		{On: f.on(1), Also: []int{5}}, {On: f.on(1), Also: make([]int, 51), Shown: cmd.Shown}} {
		if r, err := f.desks[0].Do(t.Context(), anna, wrong); err == nil || r.Batch != nil && r.Batch.Merged > 0 {
			t.Errorf("%+v is taken: %+v", wrong, r.Batch)
		}
	}
}

// TestAskings: where somebody asks twice on one platform that is one platform.
func TestAskings(t *testing.T) {
	t.Parallel()
	q := session.Question{Origin: session.Origin{Connector: session.Page}}
	if a := q.Askings(); a != nil {
		t.Errorf("alone: %+v", a)
	}
	for _, c := range []session.ConnectorID{"tg", session.Page, "tg"} {
		q.Followers = append(q.Followers, session.Follow{Origin: session.Origin{Connector: c}})
	}
	if a := q.Askings(); a == nil || *a != (session.Askings{Times: 4, Platforms: 2}) {
		t.Errorf("with three others: %+v", a)
	}
}

// TestMergeAlikeIsUndone: one press takes back all that one press merged, by whichever moderator, and
// leaves what was merged by itself, or decided about since.
func TestMergeAlikeIsUndone(t *testing.T) {
	t.Parallel()
	f := newFlood(t)
	for _, s := range f.desks {
		s.Undo = 10 * time.Second
	}
	f.ask(6, "Who pays %d?", "")
	f.do(session.MergeQuestion{On: f.on(6), Into: 1})
	r, err := f.desks[0].Do(t.Context(), anna, session.MergeAlike{On: f.on(1), Also: []int{2, 3, 4, 5, 6}, Shown: f.pass()})
	f.must(err)
	lead, ok := r.Undoable()
	if !ok || lead.Ref.Number != 5 || r.Batch.Merged != 4 {
		t.Fatalf("undone on %d, %t; %+v", lead.Ref.Number, ok, r.Batch)
	}
	f.do(session.UndoDecision{On: f.on(3)}) // alone
	f.pass()
	f.do(session.MergeQuestion{On: f.on(3), Into: 1}) // and again, with a look at it
	olga := session.Actor{Name: "Olga", Role: session.Moderator}
	r, err = f.desks[1].Do(t.Context(), olga, session.UndoDecision{On: session.On{Question: lead.Ref}})
	f.must(err)
	if b := r.Batch; b.Undone != 3 || !slices.Equal(b.Kept, []int{3}) {
		t.Errorf("%+v", b)
	}
	f.count(session.Received, 4)
	f.count(session.Merged, 2)
}
