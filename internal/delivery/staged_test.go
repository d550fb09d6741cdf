package delivery_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// TestPostInTwoSteps: what became of a post that is prepared and then published is found out
// by the id that was kept in between, and the container is used again.
func TestPostInTwoSteps(t *testing.T) {
	for name, c := range map[string]struct {
		op       ct.Op
		fault    ct.Fault
		prepared int
	}{
		"works":                             {ct.OpReply, ct.Fault{}, 1},
		"not prepared, nobody knows":        {ct.OpPrepare, ct.UnsureBefore(), 1},
		"prepared, nobody knows":            {ct.OpPrepare, ct.UnsureAfter(), 2}, // nobody sees the first
		"not published, nobody knows":       {ct.OpReply, ct.UnsureBefore(), 1},
		"published, nobody knows":           {ct.OpReply, ct.UnsureAfter(), 1},
		"publishing is put off":             {ct.OpReply, ct.Defer(time.Second), 1},
		"publishing takes longer than that": {ct.OpReply, ct.HangAfter(), 1},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, ct.NewStaged, func(s *scene) {
				s.there.On(c.op, c.fault)
				n := s.ask("1")
				s.approve(n)
				s.after(2 * time.Minute)
				s.published(n, c.prepared)
			})
		})
	}
}

// published checks that the answer stands there once.
func (s *scene) published(n, prepared int) {
	s.t.Helper()
	s.want(1, 1)
	if c := s.copy(n); c.Out != c.Wanted || c.Problem != session.NoProblem || c.Message == "" {
		s.t.Errorf("the copy is %+v", c)
	}
	if got := s.there.(*ct.Staged).Prepared(); got != prepared {
		s.t.Errorf("%d containers were made, want %d", got, prepared)
	}
}

// dead is the outbox of a process that dies before it can give a lease back.
type dead struct{ delivery.Outbox }

func (dead) Defer(context.Context, session.ID, session.Finish, time.Duration, delivery.Back) error {
	return errKilled
}

// TestKilledBetweenTheSteps: a process dies when the container is made and kept, before or
// after it was published, and another one takes over.
func TestKilledBetweenTheSteps(t *testing.T) {
	for name, fault := range map[string]ct.Fault{"before": ct.UnsureBefore(), "after": ct.UnsureAfter()} {
		t.Run(name, func(t *testing.T) {
			play(t, ct.NewStaged, func(s *scene) {
				registry, err := connector.NewRegistry(connector.Page{}, s.there)
				s.must(err)
				s.stop()
				s.there.On(ct.OpReply, fault)
				n := s.ask("1")
				s.approve(n)
				s.run(&delivery.Worker{Recorder: killed{s.service}, Reader: s.store, Outbox: dead{s.store}, Registry: registry, Now: time.Now,
					Log: s.logger})
				s.after(100 * time.Millisecond)
				s.stop()
				s.start(registry, s.service)
				s.after(2 * time.Minute)
				s.published(n, 1)
			})
		})
	}
}

// TestNoteOfAnotherText: a container that was made for a text which nobody wants any more is
// not published.
func TestNoteOfAnotherText(t *testing.T) {
	play(t, ct.NewStaged, func(s *scene) {
		s.there.On(ct.OpReply, ct.Defer(30*time.Second))
		n := s.ask("1")
		s.approve(n)
		s.after(time.Second)
		s.do(edgars, session.CorrectAnswer{On: s.on(n), Text: "Yes, you may."})
		s.approve(n)
		s.after(time.Minute)
		s.published(n, 2)
	})
}

// TestNoteIsBounded, and a connector that nobody gave a store keeps none.
func TestNoteIsBounded(t *testing.T) {
	t.Parallel()
	kept := 0
	p := connector.Post{KeepNote: func(context.Context, string) error { kept++; return nil }}
	longest := strings.Repeat("x", connector.MostNote)
	if p.Keep(t.Context(), longest) != nil || p.Keep(t.Context(), longest+"x") == nil || kept != 1 {
		t.Errorf("%d notes were kept, want the one that is not too long", kept)
	}
	if err := (connector.Post{}).Keep(t.Context(), "x"); err != nil {
		t.Error(err)
	}
}
