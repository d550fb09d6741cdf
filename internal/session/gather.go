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
	g := &gathering{MergeAlike: cmd, Batch: Batch{Kept: []int{}}, service: s, by: by, until: s.now().Add(longestAtOnce)}
	err = g.all(ctx, others)
	r.Batch, r.Lead = &g.Batch, g.lead
	if err != nil {
		return r, err
	}
	qs, err := s.Store.Questions(ctx, ref.Session, ref.Number)
	if err == nil {
		r.Question = qs[0]
	}
	return r, err
}

// gathering is a MergeAlike at work.
type gathering struct {
	MergeAlike
	Batch
	service *Service
	by      Actor
	until   time.Time
	done    []int    // numbers of those that it merged
	lead    Question // the last of them, from which all are undone
}

// all merges the others. The last one knows those before it, so that one press undoes them all.
func (g *gathering) all(ctx context.Context, others []Question) error {
	others = slices.DeleteFunc(others, func(o Question) bool { return !g.asShown(o) })
	for i, o := range others {
		if g.service.now().After(g.until) {
			g.More = true
			return nil
		}
		if err := g.merge(ctx, o, i == len(others)-1); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) command(o Question) MergeQuestion {
	return MergeQuestion{On: On{o.Ref, Seen{Stage: o.Stage(), along: true}}, Into: g.Target().Number}
}

// asShown reports whether a question is still to be merged, and keeps it where it changed since.
func (g *gathering) asShown(o Question) bool {
	if g.command(o).already(o, g.by) {
		return false
	}
	changed := o.Since.After(g.Shown) || o.Acts[Reword].At.After(g.Shown)
	if changed {
		g.Kept = append(g.Kept, o.Ref.Number)
	}
	return !changed
}

func (g *gathering) merge(ctx context.Context, o Question, last bool) error {
	cmd := g.command(o)
	if last {
		cmd.with = g.done
	}
	r, err := g.service.run(ctx, g.by, cmd, nil)
	switch {
	case err == nil && !r.Already:
		g.Merged++
		g.done = append(g.done, o.Ref.Number)
		if last {
			g.lead = r.Question
		}
	case err != nil && lost(err) == nil:
		g.Kept = append(g.Kept, o.Ref.Number)
	}
	return lost(err)
}
