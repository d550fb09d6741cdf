package deskpage

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"experthour/internal/session"
)

// counting counts the reads that a page costs: each is one round trip.
type counting struct {
	session.Store
	reads *atomic.Int64
}

func (c counting) Session(ctx context.Context, id session.ID) (session.Session, error) {
	c.reads.Add(1)
	return c.Store.Session(ctx, id)
}

func (c counting) Counts(ctx context.Context, id session.ID) (session.Counts, error) {
	c.reads.Add(1)
	return c.Store.Counts(ctx, id)
}

func (c counting) List(ctx context.Context, id session.ID, l session.Listing) ([]session.Question, error) {
	c.reads.Add(1)
	return c.Store.List(ctx, id, l)
}

func (c counting) Questions(ctx context.Context, id session.ID, n ...int) ([]session.Question, error) {
	c.reads.Add(1)
	return c.Store.Questions(ctx, id, n...)
}

func (c counting) Tally(ctx context.Context, id session.ID, n ...int) (map[int]int, error) {
	c.reads.Add(1)
	return c.Store.Tally(ctx, id, n...)
}

// countedKit counts the reads of its pages.
func countedKit(t testing.TB) (*kit, *atomic.Int64) {
	reads := &atomic.Int64{}
	k := newKit(t, func(o *Options) { o.Store = counting{o.Store, reads} })
	return k.open(), reads
}

// TestAPageCostsTheSameHoweverManyQuestions: a few reads, at 10 questions as at 200.
func TestAPageCostsTheSameHoweverManyQuestions(t *testing.T) {
	t.Parallel()
	k, reads := countedKit(t)
	a := k.as(anna)
	for _, many := range []int{10, 200} {
		for k.asked < many {
			k.ask(fmt.Sprintf("Question %d?", k.asked))
		}
		for path, most := range map[string]int64{"": 5, "?show=received&page=2": 6, "/board": 4, "/cards/3": 4, "/triage": 5} {
			before := reads.Load()
			a.get(a.at()+path).want(t, http.StatusOK)
			if n := reads.Load() - before; n > most {
				t.Errorf("%s at %d questions: %d reads, at most %d", path, many, n, most)
			}
		}
	}
}

// BenchmarkBoard draws the first page of the desk of a large hour. The server in the
// process is slower than Redis.
func BenchmarkBoard(b *testing.B) {
	for _, many := range []int{10, 5000} {
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			k, reads := countedKit(b)
			for range many {
				k.ask("How much of the cost does the support cover?")
			}
			a := k.as(anna)
			reads.Store(0)
			for b.Loop() {
				a.get(a.at())
			}
			b.ReportMetric(float64(reads.Load())/float64(b.N), "reads/op")
		})
	}
}
