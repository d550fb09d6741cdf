package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

// everything public of an hour, in one text.
func (w *world) told(n int) string {
	var all []string
	for _, path := range []string{"/s/heating", "/s/heating/feed.atom", "/api/v1/sessions/heating", questionPath(hourID, n), w.receiptOf(n)} {
		all = append(all, w.get(path).Body.String())
	}
	return strings.Join(all, "\n")
}

func (w *world) read(n int) session.Question {
	w.t.Helper()
	qs, err := w.store.Questions(w.t.Context(), hourID, n)
	w.must(err)
	return qs[0]
}

func (w *world) tick() {
	w.t.Helper()
	ses, err := w.store.Session(w.t.Context(), hourID)
	w.must(err)
	w.must(w.service.Tick(context.WithoutCancel(w.t.Context()), ses))
}

func (w *world) decide(cmd session.Command) error {
	_, err := w.service.Do(w.t.Context(), anna, cmd)
	return err
}

// TestThePublicLearnsNothingThatCanBeUndone reads everything public while a decision can still
// be undone, after it was, and after the clock concluded it.
func TestThePublicLearnsNothingThatCanBeUndone(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.service.Undo = 10 * time.Second
	n := w.ask(session.Asked{Text: "May a tenant apply?"})
	on := session.On{Question: session.QuestionRef{Session: hourID, Number: n}}
	page := func() string { return w.page("/s/heating") }

	w.must(w.decide(session.AcceptQuestion{On: on}))
	lacks(t, page(), "May a tenant apply?")
	w.after(9 * time.Second)
	w.tick()
	lacks(t, page(), "May a tenant apply?")
	w.after(time.Second)
	w.tick()
	contains(t, page(), "May a tenant apply?")

	before := w.told(n)
	w.must(w.decide(session.DeclineQuestion{On: on, Reason: "off_topic"}))
	contains(t, page(), "May a tenant apply?")
	lacks(t, w.told(n), "Not about the topic.")
	w.must(w.decide(session.UndoDecision{On: on}))
	lacks(t, w.told(n), "Not about the topic.")
	contains(t, before, "May a tenant apply?")
	if q := w.read(n); q.State != session.Queued || q.Undo != nil {
		t.Errorf("undone, and it is %s", q.State)
	}

	w.must(w.decide(session.DeclineQuestion{On: on, Reason: "off_topic"}))
	w.after(10 * time.Second)
	if err := w.decide(session.UndoDecision{On: on}); session.KindOf(err) != session.Refused {
		t.Errorf("undone after its time: %v", err)
	}
	w.tick()
	contains(t, w.told(n), "Not about the topic.")
	lacks(t, page(), "May a tenant apply?")
}

// TestUndoingAWrongDeclinePublishesNothing: neither Undo nor Restore shows what nobody accepted.
func TestUndoingAWrongDeclinePublishesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.service.Undo = 10 * time.Second
	n := w.ask(session.Asked{Text: "My neighbour is a thief?"})
	on := session.On{Question: session.QuestionRef{Session: hourID, Number: n}}
	for _, back := range []session.Command{session.UndoDecision{On: on}, session.RestoreQuestion{On: on}} {
		w.must(w.decide(session.DeclineQuestion{On: on, Reason: "off_topic"}))
		w.must(w.decide(back))
		w.after(time.Minute)
		w.tick()
		if q := w.read(n); q.State != session.Received {
			t.Errorf("%s leads to %s", back.Verb(), q.State)
		}
		lacks(t, w.page("/s/heating"), "My neighbour is a thief?")
	}
}

// TestClosingConcludes: when the hour is over, nothing can be undone any more, and its record
// verifies.
func TestClosingConcludes(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.service.Undo = 10 * time.Second
	n := w.ask(session.Asked{Text: "May a tenant apply?"})
	on := session.On{Question: session.QuestionRef{Session: hourID, Number: n}}
	w.must(w.decide(session.DeclineQuestion{On: on, Reason: "off_topic"}))
	w.session(session.StopSession{})
	w.session(session.CloseSession{})
	w.tick()
	if q := w.read(n); q.Undo != nil || q.State != session.Declined {
		t.Errorf("closed, and %d is %s with %v to undo", n, q.State, q.Undo)
	}
	if err := w.decide(session.UndoDecision{On: on}); err == nil {
		t.Error("undone after the hour")
	}
	rec, err := w.store.Record(t.Context(), hourID)
	w.must(err)
	if found := session.Verify(rec, nil); len(found) > 0 {
		t.Errorf("the record: %v", found)
	}
}
