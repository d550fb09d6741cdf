package view

import (
	"cmp"
	"context"
	"slices"

	"experthour/internal/routing"
	"experthour/internal/session"
)

// MostFound is how many questions a search shows.
const MostFound = FirstPage

// Found is what a search came to.
type Found struct {
	Questions []session.Question // at most MostFound, the best first
	Total     int
}

// Find searches the questions of all states: by number, and by the words in a question, its
// answer, and the names of who asked, holds or wrote it. Every word of the query must be
// there, in whatever letters with or without their marks.
func (r Reader) Find(ctx context.Context, query string) (Found, error) {
	rows, err := r.rows(ctx)
	if err != nil {
		return Found{}, err
	}
	numbers := best(sought(query), rows)
	qs, err := r.questions(ctx, numbers[:min(len(numbers), MostFound)])
	return Found{qs, len(numbers)}, err
}

// sought is a query as it is compared.
func sought(query string) routing.Query {
	number, _ := Number(query)
	return routing.QueryOf(query, number)
}

// best are the numbers of those that fit, the best first and then the newest.
func best(query routing.Query, rows []row) []int {
	ranks := map[int]int{}
	var numbers []int
	for _, w := range rows {
		if rank := query.Rank(w.number, w.asked, w.rest); rank > 0 {
			ranks[w.number] = rank
			numbers = append(numbers, w.number)
		}
	}
	slices.SortFunc(numbers, func(a, b int) int { return cmp.Or(cmp.Compare(ranks[a], ranks[b]), cmp.Compare(b, a)) })
	return numbers
}
