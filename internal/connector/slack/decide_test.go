package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// strictMemory does nothing once its context is over, as a client of Redis does.
type strictMemory struct{ *memory }

func (m strictMemory) Keep(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return m.memory.Keep(ctx, key, value, ttl)
}

func (m strictMemory) Forget(ctx context.Context, key string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return m.memory.Forget(ctx, key)
}

// slow is an inbox that does what it is asked, but only when released.
type slow struct {
	w       *world
	release chan struct{}
	times   atomic.Int32
}

func newSlow(t *testing.T) *slow {
	w := newWorld(t, fast)
	w.opts.Memory = strictMemory{w.memory}
	return &slow{w: w, release: make(chan struct{})}
}

// late decides and runs out of time: the answer comes when it is released.
func (s *slow) late(e errand, err error) decision {
	ctx, cancel := context.WithCancel(s.w.t.Context())
	defer cancel()
	return s.w.decide(ctx, e, over, func(context.Context, connector.DeskInbox) (connector.Answer, error) {
		s.times.Add(1)
		cancel()
		<-s.release
		return connector.Answer{Close: true}, err
	})
}

func (s *slow) inTime(e errand) decision {
	return s.w.decide(s.w.t.Context(), e, over, func(context.Context, connector.DeskInbox) (connector.Answer, error) {
		s.times.Add(1)
		return connector.Answer{Close: true}, nil
	})
}

// landed waits until what was late is over.
func (s *slow) landed() {
	close(s.release)
	s.w.await(func() bool {
		s.w.flying.mu.Lock()
		defer s.w.flying.mu.Unlock()
		return len(s.w.flying.keys) == 0
	})
}

// Of what was too slow nobody says that nothing was changed, and the same event is
// never done twice.
func TestSlowEventIsDoneOnce(t *testing.T) {
	t.Parallel()
	s := newSlow(t)
	press := errand{event: "press 1"}
	if d := s.late(press, nil); !d.perhaps || d.again || d.trouble(s.w.words) != s.w.words.Text("slack.perhaps") {
		t.Fatalf("too slow: %+v", d)
	}
	if d := s.inTime(press); !d.known || s.times.Load() != 1 {
		t.Errorf("a copy of it, meanwhile: %+v, done %d times", d, s.times.Load())
	}
	s.landed()
	if d := s.inTime(press); !d.known || s.times.Load() != 1 {
		t.Errorf("a copy of it, later: %+v, done %d times", d, s.times.Load())
	}
	if d := s.inTime(errand{event: "press 2"}); d.known || s.times.Load() != 2 {
		t.Errorf("a new press: %+v, done %d times", d, s.times.Load())
	}
}

// A process that dies in between leaves the mark as well.
func TestEventOfWhichNobodyKnowsIsNotDoneAgain(t *testing.T) {
	t.Parallel()
	s := newSlow(t)
	if _, err := s.w.begin(t.Context(), errand{event: "e 1", form: "e"}); err != nil {
		t.Fatal(err)
	}
	if d := s.inTime(errand{event: "e 1", form: "e"}); !d.known || !d.perhaps || s.times.Load() != 0 {
		t.Errorf("a copy: %+v, done %d times", d, s.times.Load())
	}
	if d := s.inTime(errand{event: "e 2", form: "e"}); d.known || d.trouble(s.w.words) != "" || s.times.Load() != 1 {
		t.Errorf("the person submits it again: %+v, done %d times", d, s.times.Load())
	}
}

// A form that was done late is not done again when the person submits it once more.
func TestSlowFormIsDoneOnce(t *testing.T) {
	t.Parallel()
	s := newSlow(t)
	if d := s.late(errand{event: "v 1", form: "v"}, nil); !d.perhaps {
		t.Fatalf("too slow: %+v", d)
	}
	if d := s.inTime(errand{event: "v 2", form: "v"}); !d.perhaps || s.times.Load() != 1 {
		t.Errorf("while it is being done: %+v, done %d times", d, s.times.Load())
	}
	s.landed()
	if d := s.inTime(errand{event: "v 2", form: "v"}); !d.known || d.perhaps || s.times.Load() != 1 {
		t.Errorf("afterwards: %+v, done %d times", d, s.times.Load())
	}
}

// What failed late for sure can be tried again with the same event.
func TestSlowFailureCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	s := newSlow(t)
	s.late(errand{event: "v 1", form: "v"}, unavailable)
	s.landed()
	if d := s.inTime(errand{event: "v 1", form: "v"}); d.known || d.trouble(s.w.words) != "" || s.times.Load() != 2 {
		t.Errorf("again: %+v, done %d times", d, s.times.Load())
	}
}

func TestWhatIsKnownAfterAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"it says so":        {unavailable, w.words.Text("adapter.try_again")},
		"it says so inside": {fmt.Errorf("press: %w", unavailable), w.words.Text("adapter.try_again")},
		"out of time":       {context.DeadlineExceeded, w.words.Text("slack.perhaps")},
		"a store out of it": {session.Fail(session.Unavailable, "away").Because(context.DeadlineExceeded), w.words.Text("slack.perhaps")},
		"anything":          {errors.New("boom"), w.words.Text("slack.perhaps")},
	} {
		d := w.decide(t.Context(), errand{event: name}, always, func(context.Context, connector.DeskInbox) (connector.Answer, error) {
			return connector.Answer{}, c.err
		})
		if got := d.trouble(w.words); got != c.want {
			t.Errorf("%s: told %q", name, got)
		}
	}
	w.memory.mu.Lock()
	w.memory.fail = context.DeadlineExceeded
	w.memory.mu.Unlock()
	if d := w.decide(t.Context(), errand{event: "x"}, always, nil); !d.again || d.perhaps {
		t.Errorf("without a memory: %+v", d)
	}
}

// A copy of a submission that nobody knows about does not look done.
func TestCopyOfAFormInTheDark(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	cb := slack.InteractionCallback{Type: slack.InteractionTypeViewSubmission, TriggerID: "t1", User: slack.User{ID: "U0ANNA"}}
	cb.View.ID, cb.View.Hash = "V1", "h"
	w.inbox.answersWith(func(any) (connector.Answer, error) { return connector.Answer{}, errors.New("boom") })
	for range 2 {
		if o := w.interact(t.Context(), cb); !strings.Contains(asJSON(t, o.ack), w.words.Text("slack.perhaps")) {
			t.Errorf("answered %s", asJSON(t, o.ack))
		}
	}
	w.inbox.answers(connector.Answer{})
	cb.TriggerID = "t2"
	if o := w.interact(t.Context(), cb); o.ack != nil {
		t.Errorf("answered %s", asJSON(t, o.ack))
	}
	if n := len(got(w.inbox, &w.inbox.subs)); n != 2 {
		t.Errorf("%d submissions", n)
	}
}
