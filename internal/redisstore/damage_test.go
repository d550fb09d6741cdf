package redisstore_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// wrecks are ways in which what is stored of question 1 may be damaged.
var wrecks = map[string]func(hand){
	"garbage":       func(h hand) { h.set("q", "1.doc", "?") },
	"another kind":  func(h hand) { h.set("q", "1.doc", `{"schema":2,"text":7}`) },
	"no document":   func(h hand) { check(h.T, h.c.HDel(h.Context(), h.key("q"), "1.doc").Err()) },
	"nothing there": func(h hand) { check(h.T, h.c.HDel(h.Context(), h.key("q"), "1.doc", "1.v", "1.h").Err()) },
}

// TestOneDamagedQuestion: it costs nobody another one, and it is said which it is.
func TestOneDamagedQuestion(t *testing.T) {
	t.Parallel()
	for name, wreck := range wrecks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAuthor(t, hourAt)
			a.write()
			wreck(hand{T: t, c: a.store.Client, prefix: "eh"})
			ctx := t.Context()
			qs, err := a.store.List(ctx, "tax", session.Listing{States: session.States})
			if check(t, err); len(qs) != 7 || slices.ContainsFunc(qs, func(q session.Question) bool { return q.Ref.Number == 1 }) {
				t.Errorf("listed %d questions", len(qs))
			}
			if ns := a.store.Damaged("tax"); !slices.Equal(ns, []int{1}) {
				t.Errorf("damaged: %v", ns)
			}
			if qs, err = a.store.Questions(ctx, "tax", 2, 1, 3); err != nil || len(qs) != 2 {
				t.Errorf("of three: %d, %v", len(qs), err)
			}
			_, err = a.store.Questions(ctx, "tax", 1)
			if e, ok := errors.AsType[*session.Error](err); !ok || e.ID != "question_damaged" {
				t.Errorf("by itself: %v", err)
			}
			if _, err = a.store.Questions(ctx, "tax", 2, 99); session.KindOf(err) != session.NotFound {
				t.Errorf("one that was never asked: %v", err)
			}
			if qs, err = a.store.Family(ctx, on(3).Question); err != nil || qs[0].Ref.Number != 3 {
				t.Errorf("its follower: %v", err)
			}
			a.do(mods[0], session.NoteQuestion{On: on(2), Text: "still here"})
			w, err := a.store.Look(ctx, "tax", delivery.Take{Lane: &hourDesk, TTL: time.Minute,
				Cards: [connector.CardClasses]bool{true, true, true, true}})
			if check(t, err); len(w.Cards) == 0 {
				t.Error("no card is drawn")
			}
		})
	}
}

// TestDamagedInALane: a copy of a damaged question goes behind the others of its place.
func TestDamagedInALane(t *testing.T) {
	t.Parallel()
	a := newAuthor(t, hourAt)
	a.write()
	a.hour(session.ResumeSession{})
	a.approve(5)
	a.approve(1)
	h := hand{T: t, c: a.store.Client, prefix: "eh"}
	tg := session.Lane{Connector: "tg", Place: "g"}
	first, _, ok, err := a.store.Lease(t.Context(), "tax", tg, time.Second)
	if check(t, err); !ok {
		t.Fatal("nothing waits")
	}
	check(t, a.store.Defer(t.Context(), "tax", first.Finish, 0, delivery.Unused))
	h.set("q", on(first.Question).Question.String()[len("tax/"):]+".doc", "?")
	seen := map[int]bool{}
	for range 20 {
		a.now = a.now.Add(2 * time.Second)
		l, _, ok, err := a.store.Lease(t.Context(), "tax", tg, time.Second)
		check(t, err)
		if ok {
			seen[l.Question] = true
			check(t, a.store.Defer(t.Context(), "tax", l.Finish, 0, delivery.Unused))
		}
	}
	if len(seen) == 0 || seen[first.Question] {
		t.Errorf("after question %d was damaged, those of %v go out", first.Question, seen)
	}
}
