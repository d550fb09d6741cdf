package routing

import (
	"strings"

	"experthour/internal/session"
)

// LongestQuery is how many characters of a query are read.
const LongestQuery = 200

// A Query is what somebody searches for, as it is compared.
type Query struct {
	number int // 0 is none
	phrase string
	words  []string
}

// QueryOf reads a query. number is what it names as the number of a question, 0 for none;
// "#12" is a number and nothing else.
func QueryOf(query string, number int) Query {
	query = strings.TrimSpace(session.Shorten(query, LongestQuery))
	q := Query{number: number, phrase: strings.TrimSpace(Fold(query))}
	if !strings.HasPrefix(query, "#") {
		q.words = strings.Fields(q.phrase)
	}
	return q
}

// Rank is 0 for a question that does not fit, and otherwise the less the better. Its words and
// the rest that belongs to it are folded; every word of the query must be in one of them.
func (q Query) Rank(number int, asked, rest string) int {
	switch {
	case q.number > 0 && number == q.number:
		return 1
	case len(q.words) == 0:
		return 0
	case strings.Contains(asked, " "+q.phrase):
		return 2
	}
	for _, word := range q.words {
		if !strings.Contains(asked, word) && !strings.Contains(rest, word) {
			return 0
		}
	}
	return 3
}
