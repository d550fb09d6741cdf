package view

import (
	"context"
	"fmt"
	"slices"
	"time"

	"experthour/internal/session"
)

const (
	// handedFor is how long a new question is before the person who was shown it, and
	// goes to the end for others.
	handedFor = time.Minute
	// mostHanded is how many new questions may be before colleagues until one is shown
	// to two people.
	mostHanded = 20
)

// Triage is the next question that a moderator decides about.
type Triage struct {
	Blocked  string           // why this reader is handed none; empty when they may decide
	Question session.Question // number 0: there is none
	Alike    []Target         // what it could be merged into because it reads alike
	More     int              // others that nobody works on and that really read alike
	Reason   string           // for which it would most likely be declined
	Left     int              // new questions in all
	Skipped  int              // of those, how many this person has skipped
	Done     int
	Total    int
}

// mostAlike is how many questions to merge into are offered.
const mostAlike = 5

// Triage hands out the oldest new question with a number above after, the last that the
// person skipped. People who triage at the same time get different ones.
func (r Reader) Triage(ctx context.Context, counts session.Counts, after int) (t Triage, err error) {
	t = Triage{Left: counts.ByState[session.Received], Total: counts.Last}
	t.Done = t.Total - t.Left
	if r.By.Role != session.Moderator {
		t.Blocked = r.Words.Text("desk.blocked_triage")
		return t, nil
	}
	if after > 0 {
		if err := r.Leases.Yield(ctx, r.handed(after), string(r.By.Name)); err != nil {
			return t, err
		}
	}
	var fresh []session.Question
	if fresh, t.Skipped, err = r.fresh(ctx, after); err != nil || len(fresh) == 0 {
		return t, err
	}
	if t.Question, err = r.handOut(ctx, fresh); err != nil {
		return t, err
	}
	for _, id := range slices.Backward(r.Session.Reasons) {
		if id != session.NotReached { // that is for what is left at the end
			t.Reason = id
		}
	}
	found, err := r.matches(ctx, t.Question, gatherable...)
	if err != nil {
		return t, err
	}
	t.More = len(reallyAlike(found))
	t.Alike, err = r.Alike(ctx, t.Question, mostAlike)
	return t, err
}

// fresh lists the oldest new questions after a number, and counts those before it.
func (r Reader) fresh(ctx context.Context, after int) (fresh []session.Question, skipped int, err error) {
	const step = 200
	for offset := 0; ; offset += step {
		qs, err := r.Store.List(ctx, r.Session.ID, session.Listing{States: []session.State{session.Received}, Offset: offset, Limit: step})
		if err != nil {
			return nil, 0, err
		}
		for _, q := range qs {
			switch {
			case q.Ref.Number <= after:
				skipped++
			case len(fresh) < mostHanded:
				fresh = append(fresh, q)
			}
		}
		if len(qs) < step || len(fresh) == mostHanded {
			return fresh, skipped, nil
		}
	}
}

// handOut takes the first that is before nobody else. Where all are, two people see the
// oldest: a question is never hidden.
func (r Reader) handOut(ctx context.Context, fresh []session.Question) (session.Question, error) {
	for _, q := range fresh {
		mine, err := r.Leases.Hold(ctx, r.handed(q.Ref.Number), string(r.By.Name), handedFor)
		if err != nil || mine {
			return q, err
		}
	}
	return fresh[0], nil
}

func (r Reader) handed(number int) string { return fmt.Sprintf("triage:%s:%d", r.Session.ID, number) }
