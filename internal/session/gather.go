package session

import (
	"context"
	"slices"
	"time"
)

// mostGathered is how many questions one command merges.
const mostGathered = 50

// MergeAlike merges others into a question that stays where it is, each by a MergeQuestion of
// its own. The same command again goes on where an earlier one ended.
type MergeAlike struct {
	On
	Also []int `json:"also"`
	// Shown is when its giver was shown them: what was decided or changed after that is left
	// alone.
	Shown time.Time `json:"shown"`
}

// Verb is MergeTogether.
func (MergeAlike) Verb() Verb { return MergeTogether }

func (MergeAlike) already(Question, Actor) bool { return false }

func (c MergeAlike) apply(q *Question, _ Context) error {
	switch {
	case len(c.Also) == 0:
		return Fail(Invalid, "also_missing").At("also")
	case slices.Contains(c.Also, q.Ref.Number):
		return Fail(Invalid, "merge_itself").At("also")
	case len(c.Also) > mostGathered || len(q.Followers)+len(c.Also) > maxFollowers:
		return Fail(TooMany, "also_many", "limit", mostGathered).At("also")
	case c.Shown.IsZero():
		return Fail(Stale, "stale")
	}
	return nil
}

// mergeAlike runs a MergeAlike.
func (s *Service) mergeAlike(ctx context.Context, by Actor, cmd MergeAlike) (Result, error) {
	ref := cmd.Target()
	r, err := s.mayBegin(ctx, by, cmd)
	if err != nil {
		return r, err
	}
	others, err := s.Store.Questions(ctx, ref.Session, slices.Compact(slices.Sorted(slices.Values(cmd.Also)))...)
	if err != nil {
		return r, err
	}
	r.Batch = &Batch{Kept: []int{}}
	until := s.now().Add(longestAtOnce)
	for _, o := range others {
		if s.now().After(until) {
			r.Batch.More = true
			break
		}
		if err := s.gather(ctx, by, cmd, o, r.Batch); err != nil {
			return r, err
		}
	}
	qs, err := s.Store.Questions(ctx, ref.Session, ref.Number)
	if err == nil {
		r.Question = qs[0]
	}
	return r, err
}

// gather merges one of the others, if it still is as the giver was shown it.
func (s *Service) gather(ctx context.Context, by Actor, cmd MergeAlike, o Question, b *Batch) error {
	merge := MergeQuestion{On: On{o.Ref, Seen{o.Stage()}}, Into: cmd.Target().Number}
	if merge.already(o, by) {
		return nil
	}
	if o.Since.After(cmd.Shown) || o.Acts[Reword].At.After(cmd.Shown) {
		b.Kept = append(b.Kept, o.Ref.Number)
		return nil
	}
	r, err := s.run(ctx, by, merge, nil)
	switch {
	case err == nil && !r.Already:
		b.Merged++
	case err != nil && lost(err) == nil:
		b.Kept = append(b.Kept, o.Ref.Number)
	}
	return lost(err)
}
