package session

import (
	"cmp"
	"fmt"
	"slices"
)

// Digest is what an approval is bound to: the session, the question, the revision
// and every public copy with its exact text, sorted. Counters, times and anything
// about transport stay out, so the same copies always have the same digest.
func Digest(ref QuestionRef, revision int, copies []Rendered) string {
	copies = slices.Clone(copies)
	slices.SortFunc(copies, func(a, b Rendered) int { return cmp.Compare(a.Key(), b.Key()) })
	parts := []string{"eh-digest-1", string(ref.Session), fmt.Sprint(ref.Number), fmt.Sprint(revision)}
	for _, c := range copies {
		parts = append(parts, string(c.Connector), string(c.Place), fmt.Sprint(c.Original), string(c.Language), c.Text)
	}
	return string(hashOf(parts...))
}
