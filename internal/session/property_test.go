package session

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"time"

	"pgregory.net/rapid"
)

// TestHours runs whole hours at random: three questions, two moderators, two
// experts, an asker, a worker that is refused, killed and left in the dark, and
// checks the promises after every step. What it looks for is what the model of the
// state tables looks for, on the code itself.
func TestHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.undo = rapid.SampledFrom([]time.Duration{0, 10 * time.Second}).Draw(t, "undo")
		t.Repeat(w.actions())
		w.ends(t)
	})
}

func (w *world) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":        w.check,
		"ask":     w.drawAsk,
		"command": w.drawCommand,
		"forward": w.drawForward,
		"family":  w.drawFamily,
		"back":    w.drawBack,
		"preview": w.drawPreview,
		"approve": w.drawApprove,
		"lease":   w.drawLease,
		"land":    w.drawLanding,
		"settle":  w.drawSettle,
		"session": w.drawSession,
		"write":   w.drawWrite,
		"system":  w.drawSystem,
		"undo":    w.drawUndo,
		"regret":  w.drawRegret,
		"clock":   w.drawClock,
	}
}

func (w *world) draw(t *rapid.T) int {
	if len(w.qs) == 0 {
		t.Skip("no question")
	}
	return rapid.IntRange(1, len(w.qs)).Draw(t, "question")
}

func (w *world) drawAsk(t *rapid.T) {
	if len(w.qs) >= 3 {
		t.Skip("enough")
	}
	w.ask(fmt.Sprintf("question%d?", len(w.qs)+1))
}

func (w *world) drawCommand(t *rapid.T) {
	n := w.draw(t)
	on := w.on(n)
	q := w.q(n)
	text := rapid.SampledFrom([]string{"answerA", "answerB", "answerC"}).Draw(t, "text")
	cmds := []Command{
		AcceptQuestion{On: on}, ClaimQuestion{On: on, Holder: q.Holder}, ReleaseQuestion{On: on},
		SubmitAnswer{On: on, Text: text}, SendBackAnswer{On: on, Comment: "why?"}, TakeBackAnswer{On: on}, CorrectAnswer{On: on, Text: text},
		KeepAnswer{On: on}, RewordQuestion{On: on, Text: "reworded" + text}, DeclineQuestion{On: on, Reason: "off_topic"},
		MergeQuestion{On: on, Into: rapid.IntRange(1, 3).Draw(t, "into")}, RedirectQuestion{On: on, Forward: Forward{Institution: "VID"}},
		ExpireQuestion{On: on}, RetractAnswer{On: on, Remark: "wrong"},
		WithdrawQuestion{On: on, Remark: "asked by mail"}, RestoreQuestion{On: on}, AllowNameOf{On: on},
		HideQuestion{On: on, Reason: "off_topic"},
		RewordQuestion{On: on, Message: MessageID(text), At: w.at, Edited: w.at, Text: "part" + text},
		RewordQuestion{On: on, Message: MessageID(text), Removed: true},
		encloses(w, text, MessageID(text), "a").of(n),
	}
	by := rapid.SampledFrom([]Actor{anna, boris, edgars, evita, asker, Program}).Draw(t, "by")
	before := w.q(n)
	cmd := rapid.SampledFrom(cmds).Draw(t, "command")
	if _, err := w.do(by, cmd); err != nil && before.Version != w.q(n).Version {
		t.Fatalf("%s failed with %v and changed the question", cmd.Verb(), err)
	}
	if q := w.q(n); len(q.Parts) > 0 && joinParts(q.Parts) != q.wording() {
		t.Fatalf("after %s the parts say %q, the question %q", cmd.Verb(), joinParts(q.Parts), q.wording())
	}
}

// drawWrite lets staff talk near a card, and the clock submit what rests.
func (w *world) drawWrite(t *rapid.T) {
	n := w.draw(t)
	message := rapid.SampledFrom([]MessageID{"m1", "m2", "m3"}).Draw(t, "message")
	line := ChatLine{Text: rapid.SampledFrom([]string{"answerA", "answerB", "// talk", ""}).Draw(t, "text"),
		Mentions: rapid.IntRange(0, 9).Draw(t, "mentions") == 0}
	as := rapid.SampledFrom([]Choice{Add, Replace, Aside}).Draw(t, "as")
	cmd := rapid.SampledFrom([]Command{
		WriteMessage{On: w.on(n), Message: message, At: w.at, Lines: []ChatLine{line}},
		UseMessage{On: w.on(n), Message: message, As: as}, SettleDraft{On: w.on(n)},
	}).Draw(t, "command")
	by := rapid.SampledFrom([]Actor{anna, edgars, evita, Program}).Draw(t, "by")
	before := w.q(n)
	_, err := w.do(by, cmd)
	after := w.q(n)
	if err != nil && before.Version != after.Version {
		t.Fatalf("%s failed with %v and changed the question", cmd.Verb(), err)
	}
	if before.Wanted != after.Wanted || before.Counter != after.Counter {
		t.Fatalf("%s of %s changed what is wanted in public", cmd.Verb(), by.Name)
	}
}

// drawForward takes the next step towards a published answer, so that most hours
// get somewhere.
func (w *world) drawForward(t *rapid.T) {
	n := w.draw(t)
	on, text := w.on(n), rapid.SampledFrom([]string{"answerA", "answerB"}).Draw(t, "text")
	switch w.q(n).State {
	case Received:
		w.do(anna, AcceptQuestion{On: on})
	case Queued, Claimed:
		w.do(edgars, SubmitAnswer{On: on, Text: text})
	case Review:
		w.drawPreview(t)
		w.drawApprove(t)
	case Published:
		w.do(edgars, CorrectAnswer{On: on, Text: text + "!"})
	}
}

// drawFamily merges and lets go again.
func (w *world) drawFamily(t *rapid.T) {
	n := w.draw(t)
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0:
		w.do(anna, RestoreQuestion{On: w.on(n)})
	case 1:
		w.do(asker, WithdrawQuestion{On: w.on(n)})
	default:
		w.do(anna, MergeQuestion{On: w.on(n), Into: rapid.IntRange(1, len(w.qs)).Draw(t, "into")})
	}
}

// drawBack takes an approval back: nothing of it may be wanted any more.
func (w *world) drawBack(t *rapid.T) {
	n := w.draw(t)
	before := w.q(n)
	if before.State != Approved {
		t.Skip("not approved")
	}
	if _, err := w.do(anna, SendBackAnswer{On: w.on(n), Comment: "why?"}); err == nil {
		w.checkVoid(t, before)
	}
}

func (w *world) checkVoid(t *rapid.T, before Question) {
	after := w.q(before.Ref.Number)
	if after.Wanted != before.Prior {
		t.Fatalf("sent back, and revision %d is wanted", after.Wanted)
	}
	for _, c := range after.Copies {
		if old, _ := before.Copy(c.Key()); c.Kind == KindAnswer && old.Before != nil && c.Wanted != old.Before.Wanted {
			t.Fatalf("sent back, and %s wants %d", c.Key(), c.Wanted)
		}
	}
}

func (w *world) drawPreview(t *rapid.T) {
	n := w.draw(t)
	rev := w.q(n).Latest()
	copies, digest := render(w.q(n), rev)
	w.seen[n] = preview{rev.Number, digest, copies}
}

// drawApprove approves what was on the screen, however long ago that was.
func (w *world) drawApprove(t *rapid.T) {
	n := w.draw(t)
	p, ok := w.seen[n]
	if !ok {
		t.Skip("nothing on the screen")
	}
	by := rapid.SampledFrom([]Actor{anna, boris, edgars, evita}).Draw(t, "by")
	d, err := w.do(by, ApproveAnswer{On: w.on(n), Revision: p.revision, Digest: p.digest})
	if err != nil || d.Already {
		return
	}
	q := w.q(n)
	var wanted []Rendered
	for _, c := range q.Copies {
		if c.Kind == KindAnswer && c.Wanted != 0 && c.Revision == p.revision {
			wanted = append(wanted, Rendered{Slot: c.Slot, Language: c.Language, Text: c.Text})
		}
	}
	if Digest(q, p.revision, wanted) != p.digest {
		t.Fatalf("approved %v, seen was %v", wanted, p.copies)
	}
	if q.Revision(p.revision).Author == by.Name {
		t.Fatal("approved the own answer")
	}
}

func (w *world) drawLease(t *rapid.T) {
	refs := w.due()
	if len(refs) == 0 {
		t.Skip("nothing due")
	}
	w.lease(rapid.SampledFrom(refs).Draw(t, "copy"))
}

func (w *world) drawLanding(t *rapid.T) {
	keys := slices.Sorted(func(yield func(string) bool) {
		for k := range w.flight {
			if !yield(k) {
				return
			}
		}
	})
	if len(keys) == 0 {
		t.Skip("nothing in flight")
	}
	n, key, _ := strings.Cut(rapid.SampledFrom(keys).Draw(t, "flight"), "/")
	how := rapid.SampledFrom([]string{"sent", "sent", "refused", "unsure-out", "unsure-not", "deferred"}).Draw(t, "how")
	w.land(copyRef{number(n), key}, how)
}

func (w *world) drawSettle(t *rapid.T) {
	n := w.draw(t)
	for _, c := range w.q(n).Copies {
		if c.Parked() {
			if c.Problem == RefusedIt && rapid.Bool().Draw(t, "drop") {
				w.must(boris, ResolveCopy{On: w.on(n), Decision: Drop, Copy: c.Key()})
				return
			}
			w.settle(n, c)
			return
		}
	}
	t.Skip("nothing parked")
}

func (w *world) drawSession(t *rapid.T) {
	w.at = w.at.Add(time.Minute)
	cmd := rapid.SampledFrom([]SessionCommand{StartSession{}, StartSession{}, StopSession{}, ExtendSession{Minutes: 30},
		PauseSession{}, ResumeSession{},
		CloseSession{}, CloseSession{Force: true, Reason: "late"}, CancelSession{}, ReopenSession{}}).Draw(t, "command")
	w.session(anna, cmd)
}

// drawSystem is one step of what the program owes a forced or cancelled session.
func (w *world) drawSystem(t *rapid.T) {
	if w.ses.Forced == nil && w.ses.State != Cancelled {
		t.Skip("nothing owed")
	}
	w.leftovers()
}

func (w *world) leftovers() {
	for _, q := range w.qs {
		if q.Open() {
			if cmd := q.leftover(w.ses); cmd != nil {
				w.do(Program, cmd)
			}
		}
	}
}

// check is the promises, in any state whatever.
func (w *world) check(t *rapid.T) {
	if len(w.twice) > 0 {
		t.Fatalf("posted twice: %v", w.twice)
	}
	for _, q := range w.qs {
		w.checkHeld(t, q)
		w.checkCopies(t, q)
		w.checkState(t, q)
		w.checkMerge(t, q)
	}
	if slices.Contains([]SessionState{Closed, Archived}, w.ses.State) && w.ses.Forced == nil {
		for _, q := range w.qs {
			if q.Open() {
				t.Fatalf("closed, and %d has no outcome: %s", q.Ref.Number, q.State)
			}
		}
	}
}

func (w *world) checkCopies(t *rapid.T, q Question) {
	for _, c := range q.Copies {
		_, flying := w.flight[id(q, c)]
		truth := w.truth[id(q, c)]
		if flying || c.Problem == Unsure || givenUp(q, c) {
			continue
		}
		// An edit or a take-back of unknown outcome is simply done again; a post is not.
		if truth != c.Out && (c.Out == 0 || !c.Due() && c.Problem == NoProblem) {
			t.Fatalf("%s: record says %d, the platform has %d", id(q, c), c.Out, truth)
		}
		if !c.Due() && c.Problem == NoProblem && truth != c.Wanted {
			t.Fatalf("%s at rest: wanted %d, the platform has %d", id(q, c), c.Wanted, truth)
		}
		if c.Due() && len(w.due()) == 0 && len(w.flight) == 0 && w.ses.Running() {
			t.Fatalf("%s is due and nobody may lease it", id(q, c))
		}
		if c.Kind == KindAnswer && c.Out != 0 && c.Message != "" && c.Connector == blind && c.rests() && w.posts[c.Message] != id(q, c) {
			t.Fatalf("%s was overwritten by %q", id(q, c), w.posts[c.Message])
		}
	}
}

// givenUp is a notice of unknown fate that was not wanted any more, or a receipt of which nobody
// asks what it says because an answer takes its place.
func givenUp(q Question, c Copy) bool {
	switch c.Kind {
	case KindRing:
		return c.Problem == Dropped
	case KindReceipt:
		return c.Out == 0 || q.fills(c)
	}
	return c.Kind == KindOutcome && c.Out == 0
}

func (w *world) checkState(t *rapid.T, q Question) {
	over := slices.Contains([]State{Declined, Merged, Redirected, Expired, Retracted, Withdrawn}, q.State)
	if over && q.Wanted != 0 {
		t.Fatalf("%s, and revision %d is wanted public", q.State, q.Wanted)
	}
	for _, c := range q.Copies {
		if c.Kind == KindAnswer && (q.Wanted == 0) && c.Wanted != 0 {
			t.Fatalf("%s: nothing is wanted public, but %s is", q.State, c.Key())
		}
	}
	for _, c := range q.Copies {
		of := func(f Follow) bool { return f.Number == c.Original }
		if c.Wanted != 0 && c.Original != q.Ref.Number && !slices.ContainsFunc(q.Followers, of) {
			t.Fatalf("%s is wanted under a question that does not follow", c.Key())
		}
	}
	if (q.State == Published || q.State == Approved) && q.Wanted == 0 {
		t.Fatalf("%s, and nothing is wanted public", q.State)
	}
	if text, rev, ok := q.Public(); ok {
		a, approved := q.ApprovalOf(rev)
		if !approved || a.By.Name == q.Revision(rev).Author || !strings.Contains(text, q.Revision(rev).Text) {
			t.Fatalf("public without an approval by another person: %q", text)
		}
	}
	if q.State == Withdrawn {
		if doc, _ := json.Marshal(q); strings.Contains(string(doc), "question") && strings.Contains(string(doc), "answerA") {
			t.Fatalf("withdrawn, and still there: %s", doc)
		}
	}
}

func (w *world) checkMerge(t *rapid.T, q Question) {
	if q.State != Merged {
		if q.Into != 0 {
			t.Fatalf("%s, and merged into %d", q.State, q.Into)
		}
		return
	}
	root := w.q(q.Into)
	if root.State == Merged || root.State == Withdrawn || root.Ref == q.Ref {
		t.Fatalf("merged into a question that is %s", root.State)
	}
	if !slices.ContainsFunc(root.Followers, func(f Follow) bool { return f.Number == q.Ref.Number }) {
		t.Fatalf("%d does not know its follower %d", q.Into, q.Ref.Number)
	}
}

// checkRings: where an answer stands in a message that was there before, whoever asked was
// told so once, and of that answer only.
func (w *world) checkRings(t *rapid.T) {
	for _, q := range w.qs {
		for _, c := range q.Copies {
			if c.Kind != KindAnswer || c.Connector != blind || c.Problem != NoProblem {
				continue
			}
			var stand []int
			for _, r := range q.Copies {
				if r.Kind == KindRing && r.Original == c.Original && (r.Out != 0 || r.Problem == Dropped && r.Wanted != 0) {
					stand = append(stand, r.Of)
				}
			}
			if quiet := c.Out != 0 && c.Quiet != ""; quiet && !slices.Equal(stand, []int{c.Out}) || !quiet && len(stand) > 0 {
				t.Fatalf("%s stands as of %d, %q, and rings are of %v", id(q, c), c.Out, c.Quiet, stand)
			}
		}
	}
}

// ends checks what must always still be possible: copies settle, and every
// question gets an outcome without its asker.
func (w *world) ends(t *rapid.T) {
	if w.ses.State == Cancelled {
		for range 4 {
			w.leftovers()
		}
	}
	if slices.Contains([]SessionState{Open, Closing, Closed, Archived}, w.ses.State) {
		w.calm(t)
		w.check(t)
		w.checkRings(t)
		w.session(anna, StopSession{})
		w.session(anna, ResumeSession{})
		w.session(anna, CloseSession{Force: true, Reason: "end of the test"})
		for range 6 {
			w.leftovers()
			w.calm(t)
		}
	}
	if w.ses.State == Scheduled {
		return
	}
	for _, q := range w.qs {
		if q.Open() && !(w.ses.State != Cancelled && w.ses.Forced == nil) {
			t.Fatalf("%s: %d never gets an outcome: %s", w.ses.State, q.Ref.Number, q.State)
		}
	}
}
