package session

import (
	"encoding/json"
	"slices"
	"time"

	"pgregory.net/rapid"
)

// drawUndo takes the last decision about a question back, whoever gave it.
func (w *world) drawUndo(t *rapid.T) {
	n := w.draw(t)
	before := w.q(n)
	if before.Undo == nil {
		t.Skip("nothing to undo")
	}
	by := rapid.SampledFrom([]Actor{anna, boris}).Draw(t, "by")
	if _, err := w.do(by, UndoDecision{On: w.on(n)}); err != nil {
		return
	}
	if after := w.q(n); after.State != before.Undo.State {
		t.Fatalf("undone from %s to %s, it had been %s", before.State, after.State, before.Undo.State)
	}
}

// drawRegret decides and undoes at once: every question is exactly as it was.
func (w *world) drawRegret(t *rapid.T) {
	n := w.draw(t)
	if w.undo == 0 || w.q(n).Undo != nil {
		t.Skip("cannot be undone")
	}
	cmd := rapid.SampledFrom([]Command{AcceptQuestion{On: w.on(n)}, DeclineQuestion{On: w.on(n), Reason: "off_topic"},
		MergeQuestion{On: w.on(n), Into: rapid.IntRange(1, len(w.qs)).Draw(t, "into")},
		RedirectQuestion{On: w.on(n), Forward: Forward{Institution: "VID"}}}).Draw(t, "decision")
	before := slices.Clone(w.qs)
	if d, err := w.do(anna, cmd); err != nil || d.Already {
		return
	}
	for i, q := range w.qs {
		if told := q.AsTold(); publicPart(told) != publicPart(before[i].AsTold()) {
			t.Fatalf("after %s the public is told of %d:\n%s\nbefore:\n%s", cmd.Verb(), i+1, publicPart(told), publicPart(before[i].AsTold()))
		}
	}
	w.must(boris, UndoDecision{On: w.on(n)})
	for i, q := range w.qs {
		if exact(q) != exact(before[i]) {
			t.Fatalf("undone %s, and %d is\n%s\nit was\n%s", cmd.Verb(), i+1, exact(q), exact(before[i]))
		}
	}
}

// publicPart is what may be said of q outside.
func publicPart(q Question) string {
	var out []Copy
	for _, c := range q.Copies {
		if c.Wanted != 0 {
			out = append(out, c)
		}
	}
	b, _ := json.Marshal([]any{q.State, q.Text, q.Into, q.Reason, q.Forward, append([]Follow{}, q.Followers...), q.Accepted(), out})
	return string(b)
}

// exact is all of q but what says that somebody undid something.
func exact(q Question) string {
	q = q.clone()
	delete(q.Acts, Undo)
	q.Last = ""
	b, _ := json.Marshal(q)
	return string(b)
}

// drawClock lets seconds pass, and the program conclude what can no longer be undone.
func (w *world) drawClock(t *rapid.T) {
	w.at = w.at.Add(time.Duration(rapid.IntRange(1, 12).Draw(t, "seconds")) * time.Second)
	for _, q := range w.qs {
		if q.Undo == nil || w.at.Before(q.Undo.Until) {
			continue
		}
		w.must(Program, ConcludeDecision{On: w.on(q.Ref.Number)})
		if after := w.q(q.Ref.Number); after.Undo != nil || after.State != q.State {
			t.Fatalf("concluded, and %d is %s with %v to undo", q.Ref.Number, after.State, after.Undo)
		}
	}
}

// checkHeld: nothing is wanted under a question whose merging can still be undone, and
// nobody is held back for longer than that.
func (w *world) checkHeld(t *rapid.T, q Question) {
	for _, f := range q.Followers {
		if f.Held && w.q(f.Number).Undo == nil {
			t.Fatalf("%d keeps its follower %d back for ever", q.Ref.Number, f.Number)
		}
		for _, c := range q.Copies {
			if f.Held && c.Original == f.Number && c.Kind == KindAnswer && c.Wanted != 0 {
				t.Fatalf("%d answers %d, whose merging can still be undone", q.Ref.Number, f.Number)
			}
		}
	}
	if (q.State == Approved || q.Wanted != 0) && q.Undo != nil && q.Undo.Verb != Accept {
		t.Fatalf("%s, and %s can be undone", q.State, q.Undo.Verb)
	}
}
