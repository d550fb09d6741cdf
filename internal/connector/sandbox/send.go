package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// The modes of a sandbox.
const (
	Works   = "works"
	Refuses = "refuses" // it says no to everything
	Silent  = "silent"  // it does everything and answers nothing
)

var modes = []string{Works, Refuses, Silent}

// No Finder and no Keyed: the way a parked copy is settled by a person is part of
// what the sandbox is there to show.
var (
	_ connector.Replier   = (*Sandbox)(nil)
	_ connector.Editor    = (*Sandbox)(nil)
	_ connector.Retractor = (*Sandbox)(nil)
	_ connector.Pretend   = (*Sandbox)(nil)
)

// Mode is how the sandbox answers now.
func (s *Sandbox) Mode() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mode
}

// Modes lists what SetMode takes.
func (s *Sandbox) Modes() []string { return slices.Clone(modes) }

// SetMode changes how later calls are answered; it is false for an unknown mode.
func (s *Sandbox) SetMode(mode string) bool {
	if !slices.Contains(modes, mode) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = mode
	return true
}

// Reply posts under the original's message, or on its own.
func (s *Sandbox) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	return s.call(ctx, func() (connector.Sent, error) {
		if err := check(p); err != nil {
			return connector.Sent{}, err
		}
		made := s.keep(connector.PretendPost{ID: s.nextID(), Under: p.Original.Message, Text: p.Text})
		return connector.Sent{Message: made.ID, URL: made.URL}, nil
	})
}

// Edit replaces the text of a post, also of one that another process made.
func (s *Sandbox) Edit(ctx context.Context, at session.MessageID, p connector.Post) (connector.Sent, error) {
	return s.call(ctx, func() (connector.Sent, error) {
		if err := check(p); err != nil {
			return connector.Sent{}, err
		}
		i := s.index(at)
		switch {
		case i >= 0:
			s.posts[i].Text, s.posts[i].Edited = p.Text, true
		case s.foreign(at):
			s.keep(connector.PretendPost{ID: at, Under: p.Original.Message, Text: p.Text, Edited: true})
		default:
			return connector.Sent{}, refused("there is no such post", fmt.Errorf("no post %q", at))
		}
		return connector.Sent{Message: at, URL: s.url(at)}, nil
	})
}

// Retract removes a post.
func (s *Sandbox) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	_, err := s.call(ctx, func() (connector.Sent, error) {
		s.posts = slices.DeleteFunc(s.posts, func(p connector.PretendPost) bool { return p.ID == at && !p.Question })
		return connector.Sent{}, nil
	})
	return err
}

// call answers as the mode says. A silent sandbox does what it was asked for, so
// that what a person then finds there is always the same.
func (s *Sandbox) call(ctx context.Context, do func() (connector.Sent, error)) (connector.Sent, error) {
	if err := ctx.Err(); err != nil {
		return connector.Sent{}, &connector.SendError{Outcome: connector.Deferred, Detail: "not sent: the program is ending", Cause: err}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mode == Refuses {
		return connector.Sent{}, refused("the sandbox is set to refuse", errors.New("mode refuses"))
	}
	sent, err := do()
	if err == nil && s.mode == Silent {
		return connector.Sent{}, &connector.SendError{Outcome: connector.Unsure, Detail: "the sandbox is set to answer nothing",
			Cause: errors.New("mode silent")}
	}
	return sent, err
}

func check(p connector.Post) error {
	if n := utf8.RuneCountInString(p.Text); n > longest || n == 0 {
		return refused(fmt.Sprintf("%d characters, and 1 to %d are allowed", n, longest), errors.New("length"))
	}
	return nil
}

func refused(detail string, cause error) *connector.SendError {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail, Cause: cause}
}
