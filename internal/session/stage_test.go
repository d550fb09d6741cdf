package session

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// screen is the question as a reader has it before them now.
func (w *world) screen(n int) On {
	on := w.on(n)
	on.Stage = w.q(n).Stage()
	return on
}

// refusal is the error of a command that must not go through.
func (w *world) refusal(t *testing.T, by Actor, cmd Command) *Error {
	t.Helper()
	before := w.q(1).Version
	_, err := w.do(by, cmd)
	e, ok := errors.AsType[*Error](err)
	if !ok || w.q(1).Version != before {
		t.Fatalf("%s by %s: %v, version %d after %d", cmd.Verb(), by.Name, err, w.q(1).Version, before)
	}
	return e
}

// arg is the value of a name in an error.
func (e *Error) arg(name string) any {
	for i := 0; i+1 < len(e.Args); i += 2 {
		if e.Args[i] == name {
			return e.Args[i+1]
		}
	}
	return nil
}

// TestNothingIsDecidedAboutWhatChanged: the later of two people reads who was faster,
// by what people did, not by what programs noted meanwhile.
func TestNothingIsDecidedAboutWhatChanged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meanwhile func(*world)
		verb      Verb
		by        PersonName
	}{
		"accepted": {func(w *world) { w.must(boris, AcceptQuestion{On: w.on(1)}) }, Accept, "Boris"},
		"accepted, then a note": {func(w *world) {
			w.must(boris, AcceptQuestion{On: w.on(1)})
			w.must(edgars, NoteQuestion{On: w.on(1), Text: "I know this one"})
		}, Accept, "Boris"},
		"answered by a reply": {func(w *world) {
			w.must(boris, AcceptQuestion{On: w.on(1)})
			w.at = w.at.Add(time.Second)
			w.must(edgars, WriteMessage{On: w.on(1), Message: "m", At: w.at, Lines: []ChatLine{{Text: "The buyer."}}})
		}, Claim, "Edgars"},
		"submitted by the clock": {func(w *world) {
			w.must(boris, AcceptQuestion{On: w.on(1)})
			w.at = w.at.Add(time.Second)
			w.must(edgars, WriteMessage{On: w.on(1), Message: "m", At: w.at, Lines: []ChatLine{{Text: "The buyer."}}})
			w.at = w.at.Add(time.Minute)
			w.must(Program, SettleDraft{On: w.on(1)})
		}, Submit, "Edgars"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			on := w.screen(1)
			c.meanwhile(w)
			e := w.refusal(t, anna, DeclineQuestion{On: on, Reason: "off_topic"})
			if e.Kind != Already || e.arg("verb") != c.verb || e.By != c.by || e.arg("state") != w.q(1).State {
				t.Errorf("%v %v", e, e.Args)
			}
		})
	}
}

// TestTheAskerChangedIt: nobody of the staff was faster, so the error says only that it
// is another question now.
func TestTheAskerChangedIt(t *testing.T) {
	t.Parallel()
	w := opened(t)
	on := w.screen(1)
	w.must(asker, RewordQuestion{On: w.on(1), Text: "May I start at all?"})
	if e := w.refusal(t, anna, AcceptQuestion{On: on}); e.Kind != Stale || e.ID != "stale_wording" {
		t.Errorf("%v", e)
	}
}

// TestWhoeverMovedItHasSeenIt: a second window of the same person is not outdated by
// the first one.
func TestWhoeverMovedItHasSeenIt(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.must(anna, AcceptQuestion{On: w.on(1)})
	on := w.screen(1)
	w.must(edgars, ClaimQuestion{On: w.on(1)})
	w.must(edgars, SubmitAnswer{On: on, Text: "No, wait for it."})
}

// TestWhatIsNoDecisionHasNoStage: a copy is named by its attempt, a message by itself,
// and a note is welcome at any time.
func TestWhatIsNoDecisionHasNoStage(t *testing.T) {
	t.Parallel()
	w := opened(t)
	on := w.screen(1)
	w.must(boris, AcceptQuestion{On: w.on(1)})
	w.must(anna, NoteQuestion{On: on, Text: "a remark"})
}

// TestABlankCommentSendsNothingBack, from whichever entrance it comes.
func TestABlankCommentSendsNothingBack(t *testing.T) {
	t.Parallel()
	w := reviewed(t)
	if e := w.refusal(t, anna, SendBackAnswer{On: w.on(1), Comment: " \n"}); e.ID != "comment_missing" || e.Field != "comment" {
		t.Errorf("%v at %q", e, e.Field)
	}
	w.must(Program, SendBackAnswer{On: w.on(1)}) // the clock has nothing to say
}

// TestTheCommentBelongsToItsRevision: whatever the next revision came from, the comment
// on the one before it is over.
func TestTheCommentBelongsToItsRevision(t *testing.T) {
	t.Parallel()
	w := reviewed(t)
	w.must(anna, SendBackAnswer{On: w.on(1), Comment: "Is that so?"})
	if a, ok := w.q(1).SentBack(); !ok || a.Note != "Is that so?" || a.By.Name != "Anna" {
		t.Errorf("%+v %v", a, ok)
	}
	w.at = w.at.Add(time.Second)
	w.must(edgars, WriteMessage{On: w.on(1), Message: "m", At: w.at, Lines: []ChatLine{{Text: "It is."}}})
	w.at = w.at.Add(time.Minute)
	w.must(Program, SettleDraft{On: w.on(1)})
	w.must(edgars, TakeBackAnswer{On: w.on(1)})
	if a, ok := w.q(1).SentBack(); ok {
		t.Errorf("still: %+v", a)
	}
}

// TestErrorsNameTheirField in the words of the commands, so that every form can show
// them at the right input.
func TestErrorsNameTheirField(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("ā", n) }
	for _, a := range []struct {
		asked Asked
		field Field
	}{
		{Asked{Key: "k", Text: " "}, "text"},
		{Asked{Key: "k", Text: long(DefaultQuestionLimit + 1)}, "text"},
		{Asked{Key: "k", Text: "Who pays?", Name: long(100)}, "name"},
		{Asked{Key: "k", Text: "Who pays?", Email: long(300)}, "email"},
		{Asked{Key: "k", Text: "Who pays?", Email: "nobody"}, "email"},
		{Asked{Key: "", Text: "Who pays?"}, "key"},
	} {
		w := opened(t)
		_, err := w.ses.receive(a.asked, w.at)
		if e, ok := errors.AsType[*Error](err); !ok || e.Field != a.field {
			t.Errorf("%+v: %v at %q, want %q", a.asked, err, e.Field, a.field)
		}
	}
	for _, c := range []struct {
		cmd   func(w *world) Command
		field Field
	}{
		{func(w *world) Command { return DeclineQuestion{On: w.on(1), Reason: "none"} }, "reason"},
		{func(w *world) Command { return DeclineQuestion{On: w.on(1), Reason: "off_topic", Remark: long(1001)} }, "remark"},
		{func(w *world) Command { return MergeQuestion{On: w.on(1)} }, "into"},
		{func(w *world) Command { return MergeQuestion{On: w.on(1), Into: 1} }, "into"},
		{func(w *world) Command { return MergeQuestion{On: w.on(1), Into: 99} }, "into"},
		{func(w *world) Command { return RedirectQuestion{On: w.on(1)} }, "institution"},
		{func(w *world) Command { return RedirectQuestion{On: w.on(1), Forward: Forward{Institution: long(201)}} }, "institution"},
		{func(w *world) Command { return RedirectQuestion{On: w.on(1), Forward: Forward{Answered: 1}} }, "answered"},
		{func(w *world) Command { return NoteQuestion{On: w.on(1)} }, "text"},
		{func(w *world) Command { return NoteQuestion{On: w.on(1), Text: long(1001)} }, "text"},
		{func(w *world) Command { return SubmitAnswer{On: w.on(1), Text: " "} }, "text"},
		{func(w *world) Command { return SubmitAnswer{On: w.on(1), Text: long(10_001)} }, "text"},
		{func(w *world) Command { return SendBackAnswer{On: w.on(1), Comment: long(1001)} }, "comment"},
	} {
		w := reviewed(t)
		if e := w.refusal(t, anna, c.cmd(w)); e.Kind != Invalid && e.Kind != NotFound || e.Field != c.field {
			t.Errorf("%s: %v at %q, want %q", c.cmd(w).Verb(), e, e.Field, c.field)
		}
	}
}
