package session

import (
	"context"
	"fmt"
)

// settlePage is how many open questions one tick settles.
const settlePage = 50

// Tick does what the clock and the system owe a session now: start, stop, remind,
// settle what a forced close or a cancellation left open, and seal what is closed.
// Every replica may call it at any time; the version check lets one win.
func (s *Service) Tick(ctx context.Context, ses Session) error {
	for _, cmd := range ses.Due(s.now()) {
		if err := s.tickSession(ctx, ses.ID, cmd); err != nil {
			return fmt.Errorf("%s %s: %w", ses.ID, cmd.Verb(), err)
		}
	}
	if err := s.settleDrafts(ctx, ses); err != nil {
		return fmt.Errorf("%s drafts: %w", ses.ID, err)
	}
	if ses.Forced != nil || ses.State == Cancelled {
		if err := s.settleLeft(ctx, ses); err != nil {
			return fmt.Errorf("%s settle: %w", ses.ID, err)
		}
	}
	if ses.State == Closed || ses.State == Archived {
		return s.archive(ctx, ses)
	}
	return nil
}

// settleDrafts submits what experts wrote and let rest.
func (s *Service) settleDrafts(ctx context.Context, ses Session) error {
	due, err := s.Store.Drafts(ctx, ses.ID, s.now())
	if err != nil {
		return err
	}
	for _, n := range due {
		if _, err := s.Do(ctx, Program, SettleDraft{On{Question: QuestionRef{ses.ID, n}}}); lost(err) != nil {
			return err
		}
	}
	return nil
}

// tickSession gives a command that another replica may have given already.
func (s *Service) tickSession(ctx context.Context, id ID, cmd SessionCommand) error {
	_, err := s.DoSession(ctx, Program, id, cmd)
	return lost(err)
}

// lost drops the errors that only mean that somebody was faster.
func lost(err error) error {
	switch KindOf(err) {
	case Already, Refused, Stale:
		return nil
	}
	return err
}

// settleLeft gives every open question an outcome: an approval that cannot go out
// is taken back, a correction is given up, the rest was not reached.
func (s *Service) settleLeft(ctx context.Context, ses Session) error {
	qs, err := s.Store.List(ctx, ses.ID, Listing{Unsettled: true, Limit: settlePage})
	if err != nil {
		return err
	}
	for _, q := range qs {
		cmd := q.leftover(ses)
		if cmd == nil {
			continue
		}
		if _, err := s.Do(ctx, Program, cmd); lost(err) != nil {
			return err
		}
	}
	return nil
}

// leftover is the system's next step for a question that nobody will answer; nil
// while its approved answer is on its way out.
func (q Question) leftover(ses Session) Command {
	on := On{Question: q.Ref}
	switch {
	case q.State == Approved && ses.Running():
		return nil
	case q.State == Approved:
		return SendBackAnswer{On: on}
	case q.Wanted != 0:
		return KeepAnswer{On: on}
	}
	return ExpireQuestion{On: on}
}

// archive seals a closed session once everything is settled, and again after a
// late correction.
func (s *Service) archive(ctx context.Context, ses Session) error {
	counts, err := s.Store.Counts(ctx, ses.ID)
	if err != nil {
		return err
	}
	if counts.Unsettled != (Unsettled{}) && ses.Forced == nil || counts.Unsettled.Questions > 0 {
		return nil
	}
	if ses.State == Archived {
		heads, err := s.Store.Heads(ctx, ses.ID)
		if err != nil || len(ses.Seals) > 0 && ses.Seals[len(ses.Seals)-1].covers(ses, SealHeads(heads)) {
			return err
		}
	}
	return s.tickSession(ctx, ses.ID, ArchiveSession{})
}
