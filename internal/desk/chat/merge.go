package chat

import (
	"context"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/routing"
	"experthour/internal/session"
)

const (
	similarAmong  = 300 // questions looked through for one that reads alike
	mostOffered   = 20
	longestOption = 70
)

func (c *Chat) mergeFields(press) []connector.Field {
	return []connector.Field{{ID: "into", Label: c.text("field.into"), Kind: connector.SearchField, Hint: c.text("field.into_hint")}}
}

func merge(p press, k key, v connector.Values) session.Command {
	return session.MergeQuestion{On: p.at(k), Into: numberIn(v.First("into"))}
}

// Searched lists what a question can be merged into: those that read alike first, or
// what the person types, a number or a word.
func (c *Chat) Searched(ctx context.Context, s connector.Searching) ([]connector.Option, error) {
	k, ok := parseKey(s.Key)
	if _, stranger := c.who(s.By); stranger != nil || !ok {
		return nil, nil
	}
	ses, err := c.tagged(ctx, k.Session)
	if err != nil {
		return nil, err
	}
	q, among, err := c.among(ctx, ses, k.Number)
	if err != nil {
		return nil, err
	}
	if query := strings.TrimSpace(s.Query); query != "" {
		among = matching(among, query)
	} else {
		among = similarFirst(q, among)
	}
	return c.options(among), nil
}

// among are the questions that q could be merged into.
func (c *Chat) among(ctx context.Context, ses session.Session, number int) (q session.Question, others []session.Question, err error) {
	if q, err = c.question(ctx, ses.ID, number); err != nil {
		return q, nil, err
	}
	others, err = c.Store.List(ctx, ses.ID, session.Listing{Limit: similarAmong, States: []session.State{session.Published, session.Approved, session.Review,
		session.Claimed, session.Queued, session.Received}})
	return q, slices.DeleteFunc(others, func(o session.Question) bool { return o.Ref == q.Ref }), err
}

func similarFirst(q session.Question, among []session.Question) []session.Question {
	first := routing.Similar(q, among, mostOffered)
	for _, o := range among {
		if !slices.ContainsFunc(first, func(f session.Question) bool { return f.Ref == o.Ref }) {
			first = append(first, o)
		}
	}
	return first
}

func matching(among []session.Question, query string) []session.Question {
	n, query := numberIn(query), strings.ToLower(query)
	return slices.DeleteFunc(among, func(o session.Question) bool {
		return o.Ref.Number != n && !strings.Contains(strings.ToLower(o.Text), query)
	})
}

func (c *Chat) options(qs []session.Question) []connector.Option {
	var os []connector.Option
	for _, q := range qs[:min(len(qs), mostOffered)] {
		text := strings.Join(strings.Fields(q.Text), " ")
		os = append(os, connector.Option{Value: itoa(q.Ref.Number), Label: session.Shorten(c.Views.Ref(q.Ref.Number)+" "+text, longestOption)})
	}
	return os
}
