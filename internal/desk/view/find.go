package view

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"experthour/internal/routing"
	"experthour/internal/session"
)

const (
	// MostFound is how many questions a search shows.
	MostFound = FirstPage
	// LongestQuery is how many characters of a query are read.
	LongestQuery = 200
)

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
	numbers := sought(query).best(rows)
	qs, err := r.questions(ctx, numbers[:min(len(numbers), MostFound)])
	return Found{qs, len(numbers)}, err
}

// search is a query as it is compared.
type search struct {
	number int // 0 is none
	phrase string
	words  []string
}

func sought(query string) search {
	query = strings.TrimSpace(session.Shorten(query, LongestQuery))
	s := search{phrase: strings.TrimSpace(routing.Fold(query))}
	s.number, _ = Number(query)
	if strings.TrimLeft(query, "#") == query { // "#12" is a number and nothing else
		s.words = strings.Fields(s.phrase)
	}
	return s
}

// rank is 0 for what does not fit, and otherwise the less the better.
func (s search) rank(w row) int {
	switch {
	case s.number > 0 && w.number == s.number:
		return 1
	case len(s.words) == 0:
		return 0
	case strings.Contains(w.asked, " "+s.phrase):
		return 2
	}
	for _, word := range s.words {
		if !strings.Contains(w.asked, word) && !strings.Contains(w.rest, word) {
			return 0
		}
	}
	return 3
}

// best are the numbers of those that fit, the best first and then the newest.
func (s search) best(rows []row) []int {
	ranks := map[int]int{}
	var numbers []int
	for _, w := range rows {
		if rank := s.rank(w); rank > 0 {
			ranks[w.number] = rank
			numbers = append(numbers, w.number)
		}
	}
	slices.SortFunc(numbers, func(a, b int) int { return cmp.Or(cmp.Compare(ranks[a], ranks[b]), cmp.Compare(b, a)) })
	return numbers
}
