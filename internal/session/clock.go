package session

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// leftPage is how many open questions one tick gives their outcome.
const leftPage = 50

// Tick does what the clock and the system owe a session now: start, stop, remind,
// release what is held by who was taken off the hour, call experts, remind who approves, give what a forced close or a
// cancellation left open its outcome, forget who has withdrawn and what has expired, and
// seal what is closed.
// Every replica may call it at any time; the version check lets one win.
func (s *Service) Tick(ctx context.Context, ses Session) error {
	for _, cmd := range ses.Due(s.now()) {
		if err := s.tickSession(ctx, ses.ID, cmd); err != nil {
			return fmt.Errorf("%s %s: %w", ses.ID, cmd.Verb(), err)
		}
	}
	if err := s.settle(ctx, ses); err != nil {
		return fmt.Errorf("%s drafts: %w", ses.ID, err)
	}
	if err := s.releaseTakenOff(ctx, ses); err != nil {
		return fmt.Errorf("%s taken off: %w", ses.ID, err)
	}
	if err := s.callExperts(ctx, ses); err != nil {
		return fmt.Errorf("%s calls: %w", ses.ID, err)
	}
	if err := s.nudge(ctx, ses); err != nil {
		return fmt.Errorf("%s nudges: %w", ses.ID, err)
	}
	if ses.Forced != nil || ses.State == Cancelled {
		if err := s.finishLeft(ctx, ses); err != nil {
			return fmt.Errorf("%s left: %w", ses.ID, err)
		}
	}
	if _, err := s.Forget(ctx, ses); err != nil {
		return fmt.Errorf("%s %w", ses.ID, err)
	}
	if ses.State == Closed || ses.State == Archived {
		if err := s.archive(ctx, ses); err != nil {
			return err
		}
	}
	return s.renew(ctx, ses)
}

// renewEvery is how often a transcript that is posted is brought up to date at most.
const renewEvery = 10 * time.Second

// renew has a transcript that is posted brought up to date, also while the hour cannot be sealed:
// who has withdrawn is in it no longer than on the page.
func (s *Service) renew(ctx context.Context, ses Session) error {
	posted := slices.ContainsFunc(ses.Copies, func(c Copy) bool { return c.News == NewsTranscript && c.Out != 0 && c.Wanted != 0 })
	if !posted || s.now().Sub(ses.Acts[Renew].At) < renewEvery {
		return nil
	}
	heads, err := s.Store.Heads(ctx, ses.ID)
	if err != nil || SealHeads(heads) == ses.Minutes {
		return err
	}
	if err := s.tickSession(ctx, ses.ID, RenewMinutes{}); err != nil {
		return fmt.Errorf("%s transcript: %w", ses.ID, err)
	}
	return nil
}

// settle concludes decisions that can no longer be undone, submits what experts wrote and let
// rest, and forgets who has withdrawn. When the hour is over nothing can be undone any more.
func (s *Service) settle(ctx context.Context, ses Session) error {
	until := s.now()
	if !working.in(ses.State, false, Moderator) {
		until = until.Add(s.Undo)
	}
	due, leaving, err := s.Store.Drafts(ctx, ses.ID, until)
	if err != nil {
		return err
	}
	for _, n := range due {
		if err := s.conclude(ctx, QuestionRef{ses.ID, n}); err != nil {
			return err
		}
	}
	for _, n := range leaving {
		if _, err := s.Do(ctx, Program, ForgetLeaving{On{Question: QuestionRef{ses.ID, n}}}); lost(err) != nil {
			return err
		}
	}
	return nil
}

// conclude ends the time in which a decision can be undone or, where that is over, submits the draft.
func (s *Service) conclude(ctx context.Context, q QuestionRef) error {
	r, err := s.Do(ctx, Program, ConcludeDecision{On{Question: q}})
	if err == nil && r.Already {
		_, err = s.Do(ctx, Program, SettleDraft{On{Question: q}})
	}
	return lost(err)
}

// releaseTakenOff puts back into the queue what is held by experts who were taken off the hour
// and may not answer any more.
func (s *Service) releaseTakenOff(ctx context.Context, ses Session) error {
	if len(ses.PastExperts) == 0 || !slices.Contains(editable, ses.State) {
		return nil
	}
	qs, err := s.Store.List(ctx, ses.ID, Listing{States: []State{Claimed}, Limit: leftPage})
	if err != nil {
		return err
	}
	for _, q := range qs {
		if p, _ := s.Staff.People().Find(q.Holder); p.Role == Moderator || !ses.TakenOff(q.Holder) {
			continue
		}
		if _, err := s.Do(ctx, Program, ReleaseQuestion{On{Question: q.Ref}}); lost(err) != nil {
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

// finishLeft gives every open question an outcome: an approval that cannot go out
// is taken back, a correction is given up, the rest was not reached.
func (s *Service) finishLeft(ctx context.Context, ses Session) error {
	qs, err := s.Store.List(ctx, ses.ID, Listing{Unfinished: true, Limit: leftPage})
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

// archive seals a closed session once everything is finished, and again after a
// late correction.
func (s *Service) archive(ctx context.Context, ses Session) error {
	counts, err := s.Store.Counts(ctx, ses.ID)
	if err != nil {
		return err
	}
	if counts.Unfinished != (Unfinished{}) && ses.Forced == nil || counts.Unfinished.Questions > 0 {
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
