package session

import (
	"context"
	"errors"
	"slices"
)

// undo runs an UndoDecision. Where others were declined together with the question, they go
// first: it stands for all as long as some are left, as it did when they were declined.
func (s *Service) undo(ctx context.Context, by Actor, cmd UndoDecision) (Result, error) {
	ref := cmd.Target()
	qs, err := s.Store.Questions(ctx, ref.Session, ref.Number)
	if err != nil {
		return Result{}, err
	}
	if u := qs[0].Undo; u == nil || len(u.Batch) == 0 {
		return s.run(ctx, by, cmd, nil)
	}
	r, err := s.mayBegin(ctx, by, cmd)
	if err != nil {
		return r, err
	}
	b := &batch{Batch: Batch{Kept: []int{}}, service: s, by: by, until: s.now().Add(longestAtOnce)}
	err = b.takeAllBack(ctx, r.Question)
	switch {
	case errors.Is(err, errEnough):
		b.More, err = true, nil
	case err != nil:
		return r, err
	default:
		r, err = s.run(ctx, by, cmd, nil)
		err = b.count(ref.Number, r.Already, err)
	}
	r.Batch = &Batch{Undone: b.Declined, Kept: b.Kept, More: b.More}
	return r, err
}

func (b *batch) takeAllBack(ctx context.Context, lead Question) error {
	for part := range slices.Chunk(lead.Undo.Batch, lookedThrough) {
		qs, err := b.service.Store.Questions(ctx, lead.Ref.Session, part...)
		if err != nil {
			return err
		}
		for _, o := range qs {
			if err := b.takeBack(ctx, lead, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeBack undoes one of the others, if nobody has decided about it since.
func (b *batch) takeBack(ctx context.Context, lead, o Question) error {
	v := lead.Undo.Verb
	same := o.CanUndo() && o.Undo.Verb == v && o.By(v) == lead.By(v) && o.Into == lead.Into && !o.Undo.Until.After(lead.Undo.Until)
	switch {
	case o.Undo == nil && o.Last == Undo: // by the press before
		return nil
	case !same:
		b.Kept = append(b.Kept, o.Ref.Number)
		return nil
	case b.service.now().After(b.until):
		return errEnough
	}
	r, err := b.service.run(ctx, b.by, UndoDecision{On{o.Ref, Seen{Stage: o.Stage(), along: true}}}, nil)
	return b.count(o.Ref.Number, r.Already, err)
}
