package session

import (
	"cmp"
	"fmt"
	"slices"
)

// Digest is what an approval is bound to: the session, the question in the wording
// that was seen, the questions that follow it, the revision, its pictures and every public
// copy with its exact text, sorted. Counters, times and anything about transport stay out, so
// the same copies always have the same digest.
func Digest(q Question, revision int, copies []Rendered) string {
	copies = slices.Clone(copies)
	slices.SortFunc(copies, func(a, b Rendered) int { return cmp.Compare(a.Key(), b.Key()) })
	parts := []string{"eh-digest-2", string(q.Ref.Session), fmt.Sprint(q.Ref.Number), fmt.Sprint(revision),
		fmt.Sprint(q.Wording), fmt.Sprint(len(q.Followers))}
	for _, f := range q.Followers {
		parts = append(parts, fmt.Sprint(f.Number))
	}
	for _, c := range copies {
		parts = append(parts, string(c.Connector), string(c.Place), fmt.Sprint(c.Original), string(c.Language), c.Text)
	}
	for _, p := range q.Revision(revision).Pictures {
		parts = append(parts, "picture", string(p.Hash), p.Type, fmt.Sprint(p.Size), p.Alt, p.Author)
		for _, c := range copies {
			parts = append(parts, fmt.Sprint(c.Pictures))
		}
	}
	return string(hashOf(parts...))
}
