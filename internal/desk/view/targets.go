package view

import (
	"context"
	"slices"
	"strings"

	"experthour/internal/routing"
	"experthour/internal/session"
)

const (
	similarAmong = 300 // questions looked through for one that reads alike
	mostTargets  = 20
)

// Target is a question that another one can be merged into.
type Target struct {
	Number   int
	Ref      string
	Text     string
	Language session.Language
	Badge    Badge
	Alike    bool // it reads so much alike that somebody should look before accepting
}

var mergeable = []session.State{session.Published, session.Approved, session.Review, session.Claimed, session.Queued, session.Received}

// Alike lists at most n questions that read like q, the most alike first.
func (r Reader) Alike(ctx context.Context, q session.Question, n int) ([]Target, error) {
	among, err := r.others(ctx, q)
	return r.targets(q, routing.Similar(q, among, n)), err
}

// Targets lists what q can be merged into: those that read alike first, or what fits a
// query, a number or a part of the text.
func (r Reader) Targets(ctx context.Context, q session.Question, query string) ([]Target, error) {
	among, err := r.others(ctx, q)
	if query = strings.TrimSpace(query); query != "" {
		among = matching(among, query)
	} else {
		among = similarFirst(q, among)
	}
	return r.targets(q, among[:min(len(among), mostTargets)]), err
}

// others are the newest questions that q could be merged into.
func (r Reader) others(ctx context.Context, q session.Question) ([]session.Question, error) {
	all, err := r.Store.List(ctx, r.Session.ID, session.Listing{Limit: similarAmong, Newest: true, States: mergeable})
	return slices.DeleteFunc(all, func(o session.Question) bool { return o.Ref == q.Ref }), err
}

func (r Reader) targets(q session.Question, others []session.Question) []Target {
	var ts []Target
	for _, o := range others {
		ts = append(ts, Target{Number: o.Ref.Number, Ref: r.Ref(o.Ref.Number), Text: session.Shorten(o.Text, 160), Language: o.Language,
			Badge: r.Badge(o), Alike: routing.Alike(q, o)})
	}
	return ts
}

func similarFirst(q session.Question, among []session.Question) []session.Question {
	first := routing.Similar(q, among, mostTargets)
	for _, o := range among {
		if !slices.ContainsFunc(first, func(f session.Question) bool { return f.Ref == o.Ref }) {
			first = append(first, o)
		}
	}
	return first
}

func matching(among []session.Question, query string) []session.Question {
	n, err := Number(query)
	query = strings.ToLower(query)
	return slices.DeleteFunc(among, func(o session.Question) bool {
		return (err != nil || o.Ref.Number != n) && !strings.Contains(strings.ToLower(o.Text), query)
	})
}
