package session

import (
	"testing"
	"time"
)

// talk is a world whose question Edgars may answer by replying; drafts rest 20 s.
func talk(t *testing.T) *world {
	t.Helper()
	w := opened(t)
	w.ses.SettleSeconds = 20
	w.must(anna, AcceptQuestion{On: w.on(1)})
	return w
}

// says is a message as a person types it: one line each.
func (w *world) says(m MessageID, second int, lines ...string) WriteMessage {
	c := WriteMessage{On: w.on(1), Message: m, At: noon.Add(time.Duration(second) * time.Second)}
	for _, l := range lines {
		c.Lines = append(c.Lines, ChatLine{Text: l})
	}
	return c
}

func (w *world) rests(t *testing.T) {
	t.Helper()
	w.at = w.at.Add(20 * time.Second)
	w.must(Program, SettleDraft{On: w.on(1)})
}

// TestReplyBecomesAnswer: an expert only replies, in several messages that arrive in
// any order.
func TestReplyBecomesAnswer(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "First."))
	w.must(edgars, w.says("m3", 3, "Third."))
	w.must(edgars, w.says("m2", 2, "Second."))
	q := w.q(1)
	if q.State != Claimed || q.Holder != "Edgars" || q.Draft() != "First.\n\nSecond.\n\nThird." {
		t.Fatalf("%s by %q: %q", q.State, q.Holder, q.Draft())
	}
	if want := w.at.Add(20 * time.Second); !q.SettleAt().Equal(want) {
		t.Errorf("settles at %v, want %v", q.SettleAt(), want)
	}
	if _, err := w.do(Program, SettleDraft{On: w.on(1)}); KindOf(err) != Refused {
		t.Errorf("the clock submitted what does not rest: %v", err)
	}
	w.rests(t)
	if q = w.q(1); q.State != Review || q.Latest().Text != "First.\n\nSecond.\n\nThird." || q.Latest().Author != "Edgars" {
		t.Errorf("%s: %+v", q.State, q.Latest())
	}
	if !q.SettleAt().IsZero() {
		t.Error("the clock has something left to submit")
	}
}

// TestAnswerThatTheAppCut: what an app cut in two is one text; what only follows is a
// paragraph of its own, and so is whatever comes later.
func TestAnswerThatTheAppCut(t *testing.T) {
	t.Parallel()
	w := talk(t)
	full := func(m WriteMessage) WriteMessage { m.Full = true; return m }
	w.must(edgars, w.says("m2", 2, "end of it."))
	w.must(edgars, full(w.says("m1", 1, "The beginning and the")))
	w.must(edgars, w.says("m3", 3, "More."))
	w.must(edgars, full(w.says("m4", 4, "A long one.")))
	w.must(edgars, w.says("m5", 4+60, "Much later."))
	if got, want := w.q(1).Draft(), "The beginning and the end of it.\n\nMore.\n\nA long one.\n\nMuch later."; got != want {
		t.Errorf("the draft is %q, want %q", got, want)
	}
}

func TestSendNow(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "At once."))
	if _, err := w.do(evita, SettleDraft{On: w.on(1)}); KindOf(err) != Forbidden {
		t.Errorf("another expert sends it: %v", err)
	}
	w.must(edgars, SettleDraft{On: w.on(1)})
	d, err := w.do(edgars, SettleDraft{On: w.on(1)})
	if err != nil || !d.Already {
		t.Errorf("pressed twice: %+v, %v", d, err)
	}
}

// TestTalkIsNotStored: what others say, asides and words to colleagues stay what they are.
func TestTalkIsNotStored(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "The answer."))
	mention := w.says("m5", 5)
	mention.Lines = []ChatLine{{Text: "@Anna is that so?", Mentions: true}}
	for name, c := range map[string]struct {
		by  Actor
		cmd WriteMessage
	}{
		"a moderator":     {anna, w.says("m2", 2, "Careful here.")},
		"another expert":  {evita, w.says("m3", 3, "I would say no.")},
		"an aside":        {edgars, w.says("m4", 4, "  // is that legal?")},
		"to a colleague":  {edgars, mention},
		"nothing but air": {edgars, w.says("m6", 6, " ", "")},
	} {
		d, err := w.do(c.by, c.cmd)
		if err != nil || !d.Already {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	if got := w.q(1).Draft(); got != "The answer." {
		t.Errorf("draft %q", got)
	}
	w.must(edgars, w.says("m7", 7, "More.", "// not this", "And this."))
	if got := w.q(1).Draft(); got != "The answer.\n\nMore.\nAnd this." {
		t.Errorf("draft %q", got)
	}
}

// TestQuestionThatWaits: nobody answers what no moderator has accepted, and a
// moderator's word under an unclaimed card is no answer.
func TestQuestionThatWaits(t *testing.T) {
	t.Parallel()
	w := opened(t)
	if d, err := w.do(edgars, w.says("m1", 1, "Early.")); err != nil || !d.Already {
		t.Errorf("before it was accepted: %+v, %v", d, err)
	}
	w.must(anna, AcceptQuestion{On: w.on(1)})
	if d, err := w.do(anna, w.says("m2", 2, "Who takes it?")); err != nil || !d.Already || w.q(1).State != Queued {
		t.Errorf("a moderator wrote: %+v, %v", d, err)
	}
	if _, err := w.do(oskars, w.says("m3", 3, "Hm.")); KindOf(err) != Forbidden {
		t.Errorf("an observer wrote: %v", err)
	}
}

func TestDraftEdited(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "One."))
	w.must(edgars, w.says("m2", 2, "Two."))
	w.at = w.at.Add(19 * time.Second)
	w.must(edgars, edit(w.says("m1", 1, "One!"), 1))
	if q := w.q(1); q.Draft() != "One!\n\nTwo." || !q.SettleAt().Equal(w.at.Add(20*time.Second)) {
		t.Errorf("draft %q settles at %v", q.Draft(), q.SettleAt())
	}
	if d, err := w.do(edgars, edit(w.says("m1", 1, "One!"), 1)); err != nil || !d.Already {
		t.Errorf("the platform repeats itself: %+v, %v", d, err)
	}
	w.must(edgars, edit(w.says("m2", 2, "// Two."), 1))
	gone := w.says("m1", 1)
	gone.Deleted = true
	w.must(edgars, gone)
	if q := w.q(1); q.Draft() != "" || !q.SettleAt().IsZero() {
		t.Errorf("draft %q settles at %v", q.Draft(), q.SettleAt())
	}
	if _, err := w.do(edgars, SettleDraft{On: w.on(1)}); KindOf(err) != Refused {
		t.Errorf("an empty draft is submitted: %v", err)
	}
}

// TestNotAnAnswer takes a message out of the draft.
func TestNotAnAnswer(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "One."))
	w.must(edgars, w.says("m2", 2, "Lunch?"))
	if _, err := w.do(anna, UseMessage{On: w.on(1), Message: "m2", As: Aside}); KindOf(err) != Forbidden {
		t.Errorf("a moderator says so: %v", err)
	}
	w.must(edgars, UseMessage{On: w.on(1), Message: "m2", As: Aside})
	if got := w.q(1).Draft(); got != "One." {
		t.Errorf("draft %q", got)
	}
}

// TestLaterMessages: after submission the author is asked what a message is.
func TestLaterMessages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		as    Choice
		want  string
		turns int
	}{{Add, "One.\n\nTwo.", 2}, {Replace, "Two.", 2}, {Aside, "One.", 1}} {
		w := talk(t)
		w.must(edgars, w.says("m1", 1, "One."))
		w.rests(t)
		w.must(edgars, w.says("m2", 2, "Two."))
		if s, ok := w.q(1).SaidBy("m2"); !ok || !s.Open() || w.q(1).Latest().Text != "One." {
			t.Fatalf("%+v, %v; the answer reads %q", s, ok, w.q(1).Latest().Text)
		}
		w.must(edgars, UseMessage{On: w.on(1), Message: "m2", As: c.as})
		q := w.q(1)
		if q.State != Review || q.Latest().Text != c.want || len(q.Revisions) != c.turns {
			t.Errorf("%s: %s, %d revisions, %q", c.as, q.State, len(q.Revisions), q.Latest().Text)
		}
		if d, err := w.do(edgars, UseMessage{On: w.on(1), Message: "m2", As: c.as}); err != nil || !d.Already {
			t.Errorf("%s pressed twice: %+v, %v", c.as, d, err)
		}
	}
}

// TestEditVoidsPreview: an edit of a used message is the next revision, so an approval
// of what was seen before is refused.
func TestEditVoidsPreview(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "One."))
	w.must(edgars, w.says("m2", 2, "Two."))
	w.rests(t)
	_, digest := render(w.q(1), w.q(1).Latest())
	w.must(edgars, edit(w.says("m2", 2, "Three."), 1))
	if q := w.q(1); q.State != Review || q.Latest().Text != "One.\n\nThree." || q.Latest().Number != 2 {
		t.Fatalf("%s, %+v", q.State, q.Latest())
	}
	_, err := w.do(anna, ApproveAnswer{On: w.on(1), Revision: 1, Digest: digest})
	kind(t, err, Stale)
}

// TestAfterApproval: nothing that is typed changes what is approved or public; it only
// proposes a correction.
func TestAfterApproval(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "One."))
	w.rests(t)
	w.approve(t, anna, 1)
	w.must(edgars, edit(w.says("m1", 1, "Two."), 1))
	if q := w.q(1); q.State != Approved || q.Latest().Text != "One." {
		t.Fatalf("%s: %q", q.State, q.Latest().Text)
	}
	if _, err := w.do(edgars, UseMessage{On: w.on(1), Message: "m1", As: Replace}); KindOf(err) != Refused {
		t.Errorf("while it is on its way: %v", err)
	}
	w.calm(t)
	if q := w.q(1); q.State != Published {
		t.Fatal(q.State)
	}
	w.must(edgars, UseMessage{On: w.on(1), Message: "m1", As: Replace})
	q := w.q(1)
	if public, _, _ := q.Public(); q.State != Review || q.Latest().Text != "Two." || q.Wanted != 1 || public == "" {
		t.Errorf("%s, wanted %d: %+v", q.State, q.Wanted, q.Latest())
	}
}

// TestTakenOver: what one person drafted is never submitted for another.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "Edgars thinks."))
	w.must(evita, ClaimQuestion{On: w.on(1), Holder: "Edgars"})
	if q := w.q(1); q.Draft() != "" || !q.SettleAt().IsZero() {
		t.Errorf("draft %q", q.Draft())
	}
	if d, err := w.do(edgars, w.says("m2", 2, "Still here.")); err != nil || !d.Already {
		t.Errorf("the former holder writes: %+v, %v", d, err)
	}
	w.must(edgars, ClaimQuestion{On: w.on(1), Holder: "Evita"})
	if got := w.q(1).Draft(); got != "" {
		t.Errorf("an old draft is back: %q", got)
	}
}

// TestTakenBack: the author goes on where they stopped; nothing is submitted by itself.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "One."))
	w.rests(t)
	w.must(edgars, TakeBackAnswer{On: w.on(1)})
	if q := w.q(1); q.Draft() != "One." || !q.SettleAt().IsZero() {
		t.Fatalf("draft %q settles at %v", q.Draft(), q.SettleAt())
	}
	w.must(edgars, w.says("m2", 2, "Two."))
	w.rests(t)
	if got := w.q(1).Latest().Text; got != "One.\n\nTwo." {
		t.Errorf("answer %q", got)
	}
}

func TestDraftIsBounded(t *testing.T) {
	t.Parallel()
	w := talk(t)
	long := make([]byte, maxAnswer)
	for i := range long {
		long[i] = 'a'
	}
	w.must(edgars, w.says("m1", 1, string(long)))
	_, err := w.do(edgars, w.says("m2", 2, "b"))
	kind(t, err, Invalid)
	w.must(edgars, SettleDraft{On: w.on(1)})
	for i := range maxSaid {
		_, err = w.do(edgars, w.says(MessageID(rune('a'+i)), 3+i, "more"))
	}
	kind(t, err, TooMany)
}

func TestWithdrawnForgetsWhatWasSaid(t *testing.T) {
	t.Parallel()
	w := talk(t)
	w.must(edgars, w.says("m1", 1, "Secret."))
	w.must(asker, WithdrawQuestion{On: w.on(1)})
	if q := w.q(1); len(q.Said) != 0 {
		t.Errorf("kept %+v", q.Said)
	}
}
