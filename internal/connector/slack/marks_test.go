package slack

import (
	"context"
	"slices"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// A message that is no answer any more loses its mark.
func TestMarkIsTakenAway(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		root := w.must(card(1))
		w.inbox.answers(connector.Answer{Taken: true})
		m := w.anna.Reply(root, "An answer.")
		w.await(func() bool { return slices.Equal(m.Reactions(nil), []string{taken}) })
		w.inbox.answers(connector.Answer{Untaken: true})
		if err := w.anna.Edit(m, "// only talk"); err != nil {
			t.Fatal(err)
		}
		w.await(func() bool { return len(m.Reactions(nil)) == 0 })
		if err := w.anna.Delete(m); err != nil { // there is nothing left to take away
			t.Fatal(err)
		}
		w.written(3)
		w.settled()
	})
}

// What was wanted last counts, although Slack is slow with what was wanted before.
func TestMarkIsAsItWasWantedLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	m := w.anna.Say(w.channel, "An answer.")
	at := session.MessageID(m.TS())
	for _, last := range []bool{false, true} {
		if !w.marks.begin(at, !last) {
			t.Fatal("somebody is at it")
		}
		w.mark(t.Context(), place, at, last) // while the one before is not done: it leaves it to that
		w.react(t.Context(), place, at, !last)
		if w.marks.end(at, !last) {
			t.Fatal("it ends with what is not wanted any more")
		}
		w.react(t.Context(), place, at, w.marks.want(at))
		if !w.marks.end(at, last) || (len(m.Reactions(nil)) == 1) != last {
			t.Errorf("want %v: reactions %v", last, m.Reactions(nil))
		}
	}
}

func TestNoMarkIsNothingToTakeAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	m := w.anna.Say(w.channel, "Talk.")
	w.mark(context.Background(), place, session.MessageID(m.TS()), false)
	w.mark(context.Background(), place, "1.000001", false)
	if log := w.logs.String(); log != "" {
		t.Errorf("log: %s", log)
	}
}
