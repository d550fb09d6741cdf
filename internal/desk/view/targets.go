package view

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"experthour/internal/routing"
	"experthour/internal/session"
)

// mostTargets is how many questions are offered to merge into.
const mostTargets = 20

// Target is a question that another one can be merged into.
type Target struct {
	Number   int
	Ref      string
	Text     string
	Language session.Language
	Badge    Badge
	Alike    bool // it really reads alike: it may be chosen beforehand
}

var mergeable = []session.State{session.Published, session.Approved, session.Review, session.Claimed, session.Queued, session.Received}

// match is a question that reads like another.
type match struct {
	number int
	near   float64
	alike  bool
}

// matches lists all questions in some states that read like q, the most alike first.
func (r Reader) matches(ctx context.Context, q session.Question, states ...session.State) ([]match, error) {
	rows, err := r.rows(ctx)
	own := routing.ReadingOf(q.Text)
	var found []match
	for _, w := range rows {
		if w.number == q.Ref.Number || !slices.Contains(states, w.state) {
			continue
		}
		if score, near := own.Near(w.reading); near {
			found = append(found, match{w.number, score, own.Alike(w.reading)})
		}
	}
	slices.SortFunc(found, func(a, b match) int {
		if a.alike != b.alike {
			return map[bool]int{true: -1, false: 1}[a.alike]
		}
		return cmp.Or(cmp.Compare(b.near, a.near), cmp.Compare(a.number, b.number))
	})
	return found, err
}

// Alike lists at most n questions that read like q, the most alike first.
func (r Reader) Alike(ctx context.Context, q session.Question, n int) ([]Target, error) {
	found, err := r.matches(ctx, q, mergeable...)
	if err != nil {
		return nil, err
	}
	return r.targets(ctx, found[:min(len(found), n)])
}

// Targets lists what q can be merged into: those that read alike first, or what a query
// finds, by number, text and name.
func (r Reader) Targets(ctx context.Context, q session.Question, query string) ([]Target, error) {
	if query = strings.TrimSpace(query); query != "" {
		return r.sought(ctx, q, query)
	}
	ts, err := r.Alike(ctx, q, mostTargets)
	if err != nil {
		return nil, err
	}
	newest, err := r.Store.List(ctx, r.Session.ID, session.Listing{Limit: mostTargets + 1, Newest: true, States: mergeable})
	for _, o := range newest {
		known := slices.ContainsFunc(ts, func(t Target) bool { return t.Number == o.Ref.Number })
		if !known && o.Ref != q.Ref && len(ts) < mostTargets {
			ts = append(ts, r.target(o, false))
		}
	}
	return ts, err
}

// sought are the targets that a query finds.
func (r Reader) sought(ctx context.Context, q session.Question, query string) ([]Target, error) {
	rows, err := r.rows(ctx)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(w row) bool { return w.number == q.Ref.Number || !slices.Contains(mergeable, w.state) })
	var found []match
	for _, n := range best(sought(query), rows) {
		found = append(found, match{number: n})
	}
	return r.targets(ctx, found[:min(len(found), mostTargets)])
}

// targets reads the questions that were found.
func (r Reader) targets(ctx context.Context, found []match) ([]Target, error) {
	var numbers []int
	for _, m := range found {
		numbers = append(numbers, m.number)
	}
	qs, err := r.questions(ctx, numbers)
	var ts []Target
	for _, o := range qs {
		i := slices.IndexFunc(found, func(m match) bool { return m.number == o.Ref.Number })
		ts = append(ts, r.target(o, found[i].alike))
	}
	return ts, err
}

func (r Reader) target(o session.Question, alike bool) Target {
	return Target{Number: o.Ref.Number, Ref: r.Ref(o.Ref.Number), Text: session.Shorten(o.Text, 160), Language: o.Language,
		Badge: r.Badge(o), Alike: alike}
}
