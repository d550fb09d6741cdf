package session

import (
	"cmp"
	"slices"
	"time"
)

// undoable are the decisions of triage that can be undone for a moment. Colleagues see
// them at once; the public is told nothing of them before the clock concludes them.
var undoable = []Verb{Accept, Decline, DeclineTogether, Merge, Redirect}

// settling are the verbs after which nothing is left to undo: what the question was
// before is of no use to them, or a person has decided knowing it.
var settling = []Verb{Conclude, Approve, Restore, Withdraw, Expire, Retract, Forget}

// Undone is what a decision of moments ago replaced, for as long as it can be undone.
type Undone struct {
	Verb  Verb      `json:"verb"`
	Until time.Time `json:"until"`
	To    State     `json:"to"` // where the decision led
	// With is the question that brought this one along by being merged; it goes back with
	// it only. 0 is the question that was decided about.
	With int `json:"with,omitempty"`

	State   State      `json:"state"`
	Since   time.Time  `json:"since"`
	Act     *Act       `json:"act,omitempty"`  // the one of the same verb before
	Text    string     `json:"text,omitempty"` // where the decision replaced it
	Holder  PersonName `json:"holder,omitempty"`
	Into    int        `json:"into,omitempty"`
	Reason  string     `json:"reason,omitempty"`
	Forward *Forward   `json:"forward,omitempty"`
	// Followers went along with the merged question.
	Followers []Follow `json:"followers,omitempty"`
	// Batch are the others that were decided together with this question, by the same press.
	Batch []int `json:"batch,omitempty"`
	// Before is a decision that could still be undone when this one came.
	Before *Undone `json:"before,omitempty"`
}

// replaced notes what q was before verb v made it after.
func (q Question) replaced(v Verb, after Question, c Context) *Undone {
	u := &Undone{Verb: v, Until: c.At.Add(c.Undo), To: after.State, State: q.State, Since: q.Since,
		Holder: q.Holder, Into: q.Into, Reason: q.Reason, Forward: q.Forward, Before: q.Undo}
	if a, ok := q.Acts[v]; ok {
		u.Act = &a
	}
	if q.Text != after.Text {
		u.Text = q.Text
	}
	if v == Merge {
		u.Followers = q.Followers
	}
	return u
}

// undoOf is what can be undone of after, which cmd made of q.
func undoOf(cmd Command, c Context, q, after Question) *Undone {
	v := cmd.Verb()
	switch {
	case slices.Contains(undoable, v) && c.Undo > 0:
		u := q.replaced(v, after, c)
		if t, ok := cmd.(together); ok {
			u.Batch = t.before()
		}
		return u
	case slices.Contains(undoable, v), slices.Contains(settling, v):
		return nil
	}
	return after.Undo
}

// together is a decision that one press made about several questions.
type together interface {
	before() []int // those that it was made about before this one
}

func (c DeclineQuestion) before() []int { return c.with }

func (c MergeQuestion) before() []int { return c.with }

// CanUndo reports whether the last decision about q can be undone: nobody went on from it.
func (q Question) CanUndo() bool { return q.Undo != nil && q.Undo.With == 0 && q.State == q.Undo.To }

// back is q as it was before the decision. What happened to it meanwhile besides stays: a
// remark, a newer wording of the asker, what became of a copy.
func (q Question) back() Question {
	q = q.clone()
	u := q.Undo
	q.State, q.Since = u.State, u.Since
	q.Into, q.Reason, q.Forward, q.Undo = u.Into, u.Reason, u.Forward, u.Before
	if u.Text != "" {
		q.Text, q.Pending = u.Text, cmp.Or(q.Pending, q.Text)
	}
	if u.Verb == Merge && u.With == 0 {
		q.Holder, q.Followers = u.Holder, slices.Clone(u.Followers)
	}
	delete(q.Acts, u.Verb)
	if u.Act != nil {
		q.Acts[u.Verb] = *u.Act
	}
	return q
}

// AsTold is the question as the public may know it: without what can still be undone.
func (q Question) AsTold() Question {
	for q.Undo != nil {
		q = q.back()
	}
	if q.keepsBack(0) { // also those that were held when it was merged itself
		q.Followers = slices.DeleteFunc(slices.Clone(q.Followers), func(f Follow) bool { return f.Held })
	}
	return q
}

// Kin lists the questions that a joint command on q may touch: what it is merged into, what
// follows it, and what went along with it when it was merged a moment ago.
func (q Question) Kin() []int {
	var ns []int
	if q.Into != 0 {
		ns = append(ns, q.Into)
	}
	for _, f := range q.Followers {
		ns = append(ns, f.Number)
	}
	if q.Undo != nil {
		for _, f := range q.Undo.Followers {
			ns = append(ns, f.Number)
		}
	}
	return ns
}

// UndoDecision takes the last decision about the question back, and leads it exactly to
// where it was; where others were declined by the same press, them as well. Any moderator may.
type UndoDecision struct {
	On
}

// Verb is Undo.
func (UndoDecision) Verb() Verb { return Undo }

func (UndoDecision) others() []int { return nil }

func (UndoDecision) already(q Question, _ Actor) bool { return q.Undo == nil && q.Last == Undo }

// to is where the decision had found the question.
func (UndoDecision) to(q Question) State { return q.Undo.State }

func (c UndoDecision) apply(q *Question, x Context) error {
	switch {
	case q.Undo != nil && !q.CanUndo():
		return q.tooLate(Undo)
	case q.Undo == nil || !x.At.Before(q.Undo.Until):
		return Fail(Refused, "undo_late")
	}
	u, root := q.Undo, q.Into
	*q = q.back()
	if u.Verb == Merge {
		q.Followers = nil
		q.comeBack(u, root, x)
	}
	return nil
}

// comeBack takes q, and who came along with it and is still there, away from what it was
// merged into.
func (q *Question) comeBack(u *Undone, from int, x Context) {
	root, ok := x.kin.touch(from, Undo)
	if !ok {
		return
	}
	root.Followers = slices.DeleteFunc(root.Followers, func(f Follow) bool { return f.Number == q.Ref.Number })
	for _, f := range u.Followers {
		i := slices.IndexFunc(root.Followers, func(o Follow) bool { return o.Number == f.Number })
		o, known := x.kin.touch(f.Number, Undo)
		if i < 0 || !known {
			continue
		}
		if o.Undo != nil && o.Undo.With == q.Ref.Number {
			o.Undo = o.Undo.Before
			root.Followers[i].Held = o.Undo != nil
		}
		o.Into = q.Ref.Number
		q.Followers = append(q.Followers, root.Followers[i])
		root.Followers = slices.Delete(root.Followers, i, i+1)
	}
}

// ConcludeDecision is the clock's: a decision can no longer be undone, and the public is
// told of it.
type ConcludeDecision struct {
	On
}

// Verb is Conclude.
func (ConcludeDecision) Verb() Verb { return Conclude }

func (ConcludeDecision) others() []int { return nil }

func (ConcludeDecision) already(q Question, _ Actor) bool { return q.Undo == nil }

func (ConcludeDecision) apply(q *Question, x Context) error {
	if x.At.Before(q.Undo.Until) && working.in(x.Session.State, false, Moderator) {
		return Fail(Refused, "not_now", "verb", Conclude, "state", q.State)
	}
	if root := x.kin[q.Into]; root != nil && root.keepsBack(q.Ref.Number) {
		into, _ := x.kin.touch(q.Into, Conclude)
		into.release(q.Ref.Number)
	}
	return nil
}

// keepsBack reports whether a follower of q is kept from the public; 0 asks for any.
func (q Question) keepsBack(n int) bool {
	return slices.ContainsFunc(q.Followers, func(f Follow) bool { return f.Held && (n == 0 || f.Number == n) })
}

// release lets the public know that question n follows q.
func (q *Question) release(n int) {
	for i := range q.Followers {
		if q.Followers[i].Number == n {
			q.Followers[i].Held = false
		}
	}
}
