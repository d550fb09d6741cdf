package session

import (
	"testing"
	"time"
)

// edit makes a message its n-th version.
func edit(c WriteMessage, n int) WriteMessage {
	c.Edited = c.At.Add(time.Duration(n) * time.Minute)
	return c
}

func inReview(t *testing.T) *world {
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "First."))
	w.must(edgars, w.says("m2", 2, "Second."))
	w.rests(t)
	return w
}

// an edit of a message that was drafted before a release claims the question for nobody.
func TestDraftEditAfterReleaseClaimsForNobody(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "First."))
	w.must(edgars, ReleaseQuestion{On: w.on(1)})
	w.do(edgars, edit(w.says("m1", 1, "First, better."), 1))
	q := w.q(1)
	if q.State == Claimed && q.Holder == "" {
		t.Errorf("%s by %q: draft %q, settle %v", q.State, q.Holder, q.Draft(), q.SettleAt())
	}
	if q.State == Claimed && q.Draft() != "First, better." {
		t.Errorf("draft %q", q.Draft())
	}
}

// the same after send back, release, edit of a used message.
func TestDraftEditOfUsedAfterReleaseClaimsForNobody(t *testing.T) {
	t.Parallel()
	w := inReview(t)
	w.must(anna, SendBackAnswer{On: w.on(1), Comment: "Shorter."})
	w.must(anna, ReleaseQuestion{On: w.on(1)})
	w.do(edgars, edit(w.says("m1", 1, "First, shorter."), 1))
	if q := w.q(1); q.State == Claimed && q.Holder == "" {
		t.Errorf("%s by %q: draft %q", q.State, q.Holder, q.Draft())
	}
}

// somebody who holds nothing wipes the holder's draft with an old Replace button.
func TestDraftOldReplaceWipesHoldersDraft(t *testing.T) {
	t.Parallel()
	w := inReview(t)
	w.must(edgars, w.says("m3", 3, "Later."))
	w.must(anna, SendBackAnswer{On: w.on(1), Comment: "No."})
	w.must(evita, ClaimQuestion{On: w.on(1), Holder: "Edgars"})
	w.must(evita, w.says("m4", 4, "Evita's long answer."))
	_, err := w.do(edgars, UseMessage{On: w.on(1), Message: "m3", As: Replace})
	if q := w.q(1); q.Draft() != "Evita's long answer." {
		t.Errorf("err %v; the holder %q has draft %q", err, q.Holder, q.Draft())
	}
}

// "Propose as the new text" on a question that was sent back drafts the OLD text of one
// message, drops the rest, and leaves the proposal open.
func TestDraftProposalAfterSendBackDraftsOldText(t *testing.T) {
	t.Parallel()
	w := inReview(t)
	p := w.q(1)
	_, digest := render(p, p.Latest())
	w.must(anna, ApproveAnswer{On: w.on(1), Revision: 1, Digest: digest})
	w.must(edgars, edit(w.says("m1", 1, "First, edited."), 1))
	w.must(anna, SendBackAnswer{On: w.on(1), Comment: "Is that so?"}) // approved -> review
	w.must(anna, SendBackAnswer{On: w.on(1), Comment: "Fix it."})
	w.must(edgars, UseMessage{On: w.on(1), Message: "m1", As: Replace})
	q := w.q(1)
	if q.Draft() != "First, edited.\n\nSecond." {
		t.Errorf("draft %q", q.Draft())
	}
	if s, _ := q.SaidBy("m1"); s.Open() {
		t.Error("it is still asked what the message is")
	}
}

// an edit of a short message is put into the middle of a word of another.
func TestDraftProposalReplacesInsideWords(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "Yesterday the rule changed."))
	w.must(edgars, w.says("m2", 2, "Yes"))
	w.rests(t)
	w.publish(t)
	w.must(edgars, edit(w.says("m2", 2, "No"), 1))
	w.must(edgars, UseMessage{On: w.on(1), Message: "m2", As: Replace})
	if got := w.q(1).Latest().Text; got != "Yesterday the rule changed.\n\nNo" {
		t.Errorf("proposed %q", got)
	}
}

func (w *world) publish(t *testing.T) {
	t.Helper()
	p := w.q(1)
	_, digest := render(p, p.Latest())
	w.must(anna, ApproveAnswer{On: w.on(1), Revision: p.Latest().Number, Digest: digest})
	w.calm(t)
	if w.q(1).State != Published {
		t.Fatal(w.q(1).State)
	}
}

// an edit of a message that was added to a revision somebody typed in the form loses all the rest.
func TestDraftEditOfAddedMessageLosesTheRest(t *testing.T) {
	t.Parallel()
	w := inReview(t)
	one := 1
	w.must(anna, SubmitAnswer{On: w.on(1), Text: "First and second, as Anna put it.", Base: &one})
	w.must(edgars, w.says("m3", 3, "And a thrid thing."))
	w.must(edgars, UseMessage{On: w.on(1), Message: "m3", As: Add})
	w.must(edgars, edit(w.says("m3", 3, "And a third thing."), 1))
	if got := w.q(1).Latest().Text; got != "First and second, as Anna put it.\n\nAnd a third thing." {
		t.Errorf("revision %d is %q", w.q(1).Latest().Number, got)
	}
}

// letters of two replicas change places: the original comes after its edit, or after its deletion.
func TestDraftOriginalAfterItsEdit(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "It is 12 %."))
	w.must(edgars, edit(w.says("m1", 1, "It is 21 %."), 1))
	w.do(edgars, w.says("m1", 1, "It is 12 %.")) // given out again after eight seconds
	if got := w.q(1).Draft(); got != "It is 21 %." {
		t.Errorf("draft %q", got)
	}
}

func TestDraftOriginalAfterItsDeletion(t *testing.T) {
	t.Parallel()
	w := talk(t)
	c := w.says("m1", 1, "A secret.")
	gone := c
	gone.Lines, gone.Deleted = nil, true
	w.do(edgars, gone)
	w.do(edgars, c)
	if got := w.q(1).Draft(); got != "" {
		t.Errorf("a deleted message is the draft %q", got)
	}
}

// whoever makes an aside of a message that waits for approval, or deletes it, is not heard.
func TestDraftAsideOfUsedMessage(t *testing.T) {
	t.Parallel()
	w := inReview(t)
	d, err := w.do(edgars, edit(w.says("m2", 2, "// Second."), 1))
	if got := w.q(1).Latest().Text; got != "First." {
		t.Errorf("%+v, %v: what waits for approval is still %q", d.Already, err, got)
	}
}

// a message that its author called no answer becomes one when they mend a typing error.
func TestDraftAsideStaysAside(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "The answer."))
	w.must(edgars, w.says("m2", 2, "Ask Jnis, he knows."))
	w.must(edgars, UseMessage{On: w.on(1), Message: "m2", As: Aside})
	w.do(edgars, edit(w.says("m2", 2, "Ask Jānis, he knows."), 1))
	if got := w.q(1).Draft(); got != "The answer." {
		t.Errorf("draft %q", got)
	}
}

// a remark beside another's answer becomes a draft when it is edited after a release.
func TestDraftOldRemarkBecomesDraft(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(evita, ClaimQuestion{On: w.on(1)})
	w.do(edgars, w.says("m1", 1, "Internal: the minister dislikes it."))
	w.must(evita, ReleaseQuestion{On: w.on(1)})
	w.do(edgars, edit(w.says("m1", 1, "Internal: the minister dislikes this."), 1))
	if q := w.q(1); q.State != Queued || q.Draft() != "" {
		t.Errorf("%s by %q, draft %q", q.State, q.Holder, q.Draft())
	}
}

// a form that was opened before the last message swallows it.
func TestDraftFormSwallowsDraftedMessage(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "First."))
	base, draft := 0, w.q(1).DraftMark() // the form is opened now, with "First." in it
	w.must(edgars, w.says("m2", 2, "Second."))
	_, err := w.do(anna, SubmitAnswer{On: w.on(1), Text: "First, typed.", Base: &base, Draft: &draft})
	if q := w.q(1); err == nil && len(q.Said) == 0 {
		t.Errorf("submitted %q, and the second message is gone", q.Latest().Text)
	}
}

// one draft that cannot be submitted stops the clock of the whole session.
func TestDraftFullRevisionsStopTheClock(t *testing.T) {
	t.Parallel()
	w := inReview(t)
	for i := range maxRevisions - 1 {
		w.must(edgars, edit(w.says("m1", 1, "First."+string(rune('a'+i%26))+string(rune('a'+i/26))), i+1))
	}
	w.must(anna, SendBackAnswer{On: w.on(1), Comment: "Once more."})
	w.must(edgars, edit(w.says("m1", 1, "First, at last."), 100))
	w.at = w.at.Add(20 * time.Second)
	_, err := w.do(Program, SettleDraft{On: w.on(1)})
	if lost(err) != nil {
		t.Errorf("Tick fails at every poll: %v", err)
	}
}

// after a correction was given up, a proposal replaces the whole public answer.
func TestDraftProposalAfterKeep(t *testing.T) {
	t.Parallel()
	w := inReview(t)
	w.publish(t)
	w.must(edgars, w.says("m3", 3, "Third."))
	w.must(edgars, UseMessage{On: w.on(1), Message: "m3", As: Add})
	w.must(anna, KeepAnswer{On: w.on(1)})
	w.do(edgars, edit(w.says("m3", 3, "Third!"), 1))
	if s, ok := w.q(1).SaidBy("m3"); ok && s.Open() {
		w.must(edgars, UseMessage{On: w.on(1), Message: "m3", As: Replace})
	}
	if got := w.q(1).Latest().Text; got == "Third!" {
		t.Errorf("the correction is %q", got)
	}
}
