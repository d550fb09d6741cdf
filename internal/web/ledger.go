package web

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web/site"
)

// The lists of an hour. Each has pages at an address of that name.
const (
	answered = "answered"
	waiting  = "waiting"
	other    = "other"
)

// The orders of a list, as its address names them.
const (
	byNewest = "newest"
	byWanted = "wanted"
	byHour   = "hour"
)

// orders are those of each list, the first where the address names none.
var orders = map[string][]string{
	answered: {byNewest, byWanted, byHour},
	waiting:  {byWanted, byNewest, byHour},
	other:    {byNewest},
}

var (
	working = []session.State{session.Approved, session.Review, session.Claimed}
	ended   = []session.State{session.Declined, session.Redirected, session.Retracted, session.Expired, session.Withdrawn}
)

// row is what the lists know of a question.
type row struct {
	session.Demand
	list string    // "" is none
	at   time.Time // since when it stands there
	// asked and rest are what the public reads of the question and with it, folded.
	asked, rest string
}

// rowOf is what the public may know of q, as far as lists need it.
func rowOf(q session.Question) row {
	q = q.AsTold()
	r := row{Demand: session.Demand{Number: q.Ref.Number}}
	answer, _, _ := q.Public()
	switch outcome := transcript.Outcome(q); {
	case outcome == session.Published:
		r.list, r.at = answered, q.PublishedAt
	case outcome == session.Queued && q.Accepted():
		r.list, r.at, answer = waiting, q.Asked, ""
	case slices.Contains(ended, outcome):
		r.list, r.at, answer = other, q.Since, ""
	}
	if r.list != "" && q.Accepted() {
		r.asked, r.rest = routing.Fold(q.Text), routing.Fold(answer+"\n"+q.ShownName())
	}
	return r
}

// A ledger is what the lists of an hour are made of.
type ledger struct {
	rows     []row
	received int // questions of all kinds
}

// ledger reads it once for each change of the hour.
func (s *Server) ledger(ctx context.Context, m *site.Moment, ses session.Session) (ledger, error) {
	return site.Part(ctx, m, "ledger", func(ctx context.Context) (ledger, error) {
		l, err := s.lists(ctx, ses)
		if err != nil {
			return ledger{}, err
		}
		ns := make([]int, len(l.rows))
		for i, r := range l.rows {
			ns[i] = r.Number
		}
		votes, err := s.Store.Tally(ctx, ses.ID, ns...)
		for i := range l.rows {
			l.rows[i].Votes = votes[l.rows[i].Number]
		}
		if err != nil {
			return ledger{}, err
		}
		counts, err := s.Store.Counts(ctx, ses.ID)
		l.received = counts.Last
		return l, err
	})
}

// lists is the ledger without votes.
func (s *Server) lists(ctx context.Context, ses session.Session) (ledger, error) {
	rows, err := s.indexes.Rows(ctx, s.Store, ses.ID, rowOf)
	return ledger{rows: slices.DeleteFunc(rows, func(r row) bool { return r.list == "" || r.list == other && ses.Voting() })}, err
}

func (l ledger) count(list string) int {
	n := 0
	for _, r := range l.rows {
		if r.list == list {
			n++
		}
	}
	return n
}

// counts are of the lists that a page shows while it lasts.
func (l ledger) counts() map[string]int {
	return map[string]int{answered: l.count(answered), waiting: l.count(waiting)}
}

// inOrder lists the numbers of one list.
func (l ledger) inOrder(list, order string) []int {
	var rows []row
	for _, r := range l.rows {
		if r.list == list {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, sorted[order])
	return numbersOf(rows)
}

var sorted = map[string]func(a, b row) int{
	byNewest: func(a, b row) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.Number, a.Number)) },
	byWanted: func(a, b row) int { return a.Compare(b.Demand) },
	byHour:   func(a, b row) int { return cmp.Compare(a.Number, b.Number) },
}

// found are the numbers of those that fit a query, the best first and then the most wanted.
func (l ledger) found(query string) []int {
	q := routing.QueryOf(query, numberIn(query))
	ranks := map[int]int{}
	var rows []row
	for _, r := range l.rows {
		if ranks[r.Number] = q.Rank(r.Number, r.asked, r.rest); ranks[r.Number] > 0 {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(ranks[a.Number], ranks[b.Number]), a.Compare(b.Demand)) })
	return numbersOf(rows)
}

// numberIn reads the number of a question as people write it: "12" or "#12".
func numberIn(query string) int {
	return atLeast(1, strings.TrimPrefix(strings.TrimSpace(query), "#"), 0)
}

func numbersOf(rows []row) []int {
	ns := make([]int, len(rows))
	for i, r := range rows {
		ns[i] = r.Number
	}
	return ns
}
