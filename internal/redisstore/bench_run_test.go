package redisstore_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/redis/go-redis/v9"

	"experthour/internal/redisstore"
	"experthour/internal/session"
)

func BenchmarkAdd(b *testing.B) {
	script := redis.NewScript(bareAdd)
	eachSize(b, func(b *testing.B, w *bench, _, clients int) {
		doc, err := json.Marshal(w.document(session.Received))
		check(b, err)
		compare(b, clients, func() { w.add(b) }, func() { w.bareAdd(b, script, doc) })
	})
}

// BenchmarkApprove commits documents that were read before: the store's part of it.
func BenchmarkApprove(b *testing.B) {
	script := redis.NewScript(bareCommit)
	eachSize(b, func(b *testing.B, w *bench, size, clients int) {
		doc, err := json.Marshal(approved(w.document(session.Review)))
		check(b, err)
		slots := newSlots(b, w, min(size, 1000))
		compare(b, clients, func() { slots.approve(b) }, func() { w.bareCommit(b, script, doc, max(size, 100)) })
	})
}

// slots hands each worker a question of its own, so that no commit conflicts.
type slots struct {
	w    *bench
	free chan session.Question
}

func newSlots(b *testing.B, w *bench, count int) *slots {
	b.Helper()
	for w.serial.Load() < 200 {
		w.add(b) // more questions than clients
	}
	count = max(count, 100)
	numbers := make([]int, count)
	for i := range numbers {
		numbers[i] = i + 1
	}
	qs, err := w.store.Questions(b.Context(), "hour", numbers...)
	check(b, err)
	s := &slots{w, make(chan session.Question, count)}
	for _, q := range qs {
		s.free <- q
	}
	return s
}

func (s *slots) approve(b *testing.B) {
	q := <-s.free
	next := s.w.commit(b, q)
	s.free <- next
}

// BenchmarkReads measures what a command reads, and a page of the desk.
func BenchmarkReads(b *testing.B) {
	for _, size := range []int{10, 5000, 100_000} {
		w := newBench(b, size)
		for name, read := range reads {
			b.Run(fmt.Sprintf("%s/questions=%d", name, size), func(b *testing.B) {
				for b.Loop() {
					check(b, read(b.Context(), w.store))
				}
			})
		}
		drop(b, w)
	}
}

var reads = map[string]func(context.Context, *redisstore.Store) error{
	"question": func(ctx context.Context, s *redisstore.Store) error {
		_, err := s.Questions(ctx, "hour", 7)
		return err
	},
	"family": func(ctx context.Context, s *redisstore.Store) error {
		_, err := s.Family(ctx, session.QuestionRef{Session: "hour", Number: 7}, 3)
		return err
	},
	"counts": func(ctx context.Context, s *redisstore.Store) error {
		_, err := s.Counts(ctx, "hour")
		return err
	},
	"page": func(ctx context.Context, s *redisstore.Store) error {
		_, err := s.List(ctx, "hour", session.Listing{States: session.States, Limit: 50})
		return err
	},
}
