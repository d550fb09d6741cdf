package chat

import (
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

func labels(bs []connector.Button) (all []string) {
	for _, b := range bs {
		all = append(all, b.Label)
	}
	return all
}

func (k *kit) answerIn(n int) {
	k.press(anna, n, "Accept")
	k.says(janis, n, "a"+itoa(n), "The answer.")
	k.press(janis, n, "Submit now")
	k.state(n, session.Review)
}

// two later messages of the expert push Approve off the card, and their buttons read alike.
func TestLaterMessagesPushApproveAway(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.answerIn(n)
	k.says(janis, n, "b1", "Thanks!")
	k.says(janis, n, "b2", "One more.")
	c := k.card(n)
	if i := slices.Index(labels(c.Buttons), "Approve"); i < 0 || i >= 5 {
		t.Errorf("Approve is button %d of %q: only the first five show", i, labels(c.Buttons))
	}
	l := labels(c.Buttons)
	slices.Sort(l)
	if len(slices.Compact(l)) != len(c.Buttons) {
		t.Errorf("buttons that cannot be told apart: %q", labels(c.Buttons))
	}
}

// with many of them Approve is behind the 100 choices that a menu can have.
func TestManyLaterMessagesLoseApprove(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.answerIn(n)
	for i := range 36 {
		k.says(janis, n, "b"+itoa(i), "More "+itoa(i))
	}
	c := k.card(n)
	if i := slices.Index(labels(c.Buttons), "Approve"); i >= 105 {
		t.Errorf("Approve is button %d: 5 show, 100 are in the menu, it can be pressed nowhere", i)
	}
}

// a message that stands on its own was used as the answer; its author deletes or edits it.
func TestAloneMessageDeleted(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.press(anna, n, "Accept")
	k.press(janis, n, "Claim")
	a := k.says(janis, 0, "x1", "Wrong and secret.")
	_, err := k.chat.Pressed(k.Context(), connector.Press{By: user(janis), Place: room, Action: k.action(a.Buttons, "Use as answer")})
	k.must(err)
	_, err = k.chat.Wrote(k.Context(), connector.Written{By: user(janis), Place: room, Message: "x1", At: k.chat.Now(), Deleted: true})
	k.must(err)
	if d := k.q(n).Draft(); d != "" {
		t.Errorf("the deleted message is still the draft %q", d)
	}
	k.pass(21 * time.Second)
	k.must(k.svc.Tick(k.Context(), k.session()))
	if q := k.q(n); q.State == session.Review {
		t.Errorf("and was submitted: %q", q.Latest().Text)
	}
}

func TestAloneMessageEditedInReview(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.press(anna, n, "Accept")
	k.press(janis, n, "Claim")
	a := k.says(janis, 0, "x1", "It is 12 %.")
	_, err := k.chat.Pressed(k.Context(), connector.Press{By: user(janis), Place: room, Action: k.action(a.Buttons, "Use as answer")})
	k.must(err)
	k.press(janis, n, "Submit now")
	b, err := k.chat.Wrote(k.Context(), connector.Written{By: user(janis), Place: room, Message: "x1", At: k.chat.Now(),
		Edited: k.chat.Now().Add(time.Minute),
		Lines:  []session.ChatLine{{Text: "It is 21 %."}}})
	k.must(err)
	if got := k.q(n).Latest().Text; got != "It is 21 %." {
		t.Errorf("revision %q; told %+v", got, b)
	}
}

// a press that nobody answers.
func TestUseAsAnswerTooLate(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.press(anna, n, "Accept")
	k.press(janis, n, "Claim")
	a := k.says(janis, 0, "x1", "The answer.")
	f := k.press(anna, n, "Decline")
	k.submit(anna, f.Form, connector.Values{"reason": {"rude"}})
	b, err := k.chat.Pressed(k.Context(), connector.Press{By: user(janis), Place: room, Action: k.action(a.Buttons, "Use as answer")})
	k.must(err)
	if b.Say == "" && b.Form == nil {
		t.Error("the expert presses and hears nothing: the message is lost")
	}
}

// a triage form that was opened earlier declines what somebody else accepted and an expert answered.
func TestOldTriageDeclinesAnsweredQuestion(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	form := k.press(olga, 0, "Next (1 new)").Form
	k.answerIn(n) // Anna accepts, Jānis answers
	a := k.inForm(olga, form, "Decline", filled(form))
	if q := k.q(n); q.State == session.Declined {
		t.Errorf("declined for %q with an answer that waits for approval; Olga is told %q", q.Reason, flat(a.Form.Title, a.Form.Lines))
	}
}

// a question that came back to the queue calls nobody.
func TestReleasedQuestionCallsAgain(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.press(anna, n, "Accept")
	k.tick()
	first := k.card(n).Call
	k.press(janis, n, "Claim")
	k.pass(time.Minute)
	k.press(anna, n, "Release")
	k.tick()
	again := k.card(n).Call
	if again == nil || again.Number <= first.Number {
		t.Errorf("call %+v after %+v: it is never posted", again, first)
	}
}

// the Decline button opens a form on a stale card the same way.
func TestSendBackOfAnotherRevision(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.answerIn(n)
	f := k.press(anna, n, "Send back").Form // reads revision 1
	p := k.press(olga, n, "Approve").Form
	k.submit(olga, p, nil)
	k.state(n, session.Approved)
	k.submit(anna, f, connector.Values{"comment": {"Shorter, please."}})
	if q := k.q(n); q.State != session.Approved {
		t.Errorf("Anna's form on an answer in review took Olga's approval back: %s", q.State)
	}
}

// what is shown in a merged question's parked copies.
func TestParkedCopiesCanBeToldApart(t *testing.T) {
	t.Parallel()
	k := hour(t)
	q := session.Question{Ref: session.QuestionRef{Session: "tax", Number: 1}, State: session.Published, Wanted: 1}
	for i := range 3 {
		q.Copies = append(q.Copies, session.Copy{Slot: session.Slot{Kind: session.KindAnswer, Connector: "square", Place: "p", Original: i + 1},
			Problem: session.Unsure, Wanted: 1})
	}
	shown, _ := k.chat.copyButtons("tax", q, k.chat.everybody(k.session()).Card(q, 0))
	l := labels(shown)
	slices.Sort(l)
	if len(slices.Compact(slices.Clone(l))) != len(l) {
		t.Errorf("which copy is out? %q", strings.Join(l, ", "))
	}
}

// whoever approves is told that the expert wrote something later that is not in the answer.
func TestPreviewWarnsOfLaterMessages(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.answerIn(n)
	k.says(janis, n, "b1", "Sorry, that is wrong: it is 12 %.")
	f := k.press(anna, n, "Approve").Form
	if text := flat(f.Title, f.Lines); !strings.Contains(text, "12 %") && !strings.Contains(text, "later") {
		t.Errorf("the preview says nothing of it:\n%s", text)
	}
}

// a moderator who presses Add is told something about taking an answer back.
func TestWordsOfAdd(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.answerIn(n)
	k.says(janis, n, "b1", "One more.")
	f := k.press(anna, n, "1 later message …").Form
	if a := k.inForm(anna, f, "1: Add", nil); !strings.Contains(a.Say, "Jānis, who wrote the message") {
		t.Errorf("told %q", a.Say)
	}
}

// the wrong word of somebody who may not is answered with a command that they may not give.
func TestNearestIsAllowed(t *testing.T) {
	t.Parallel()
	k := hour(t)
	if a := k.types(janis, "clos"); strings.Contains(a.Say, "close") {
		t.Errorf("an expert is told %q", a.Say)
	}
}

// Refused copies can be given up together when the hour is to close.
func TestCloseGivesRefusedCopiesUp(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Why?")
	k.answerIn(n)
	k.submit(olga, k.press(olga, n, "Approve").Form, nil)
	q := k.q(n)
	_, err := k.svc.Do(t.Context(), session.Program,
		session.RecordParked{On: session.On{Question: q.Ref}, Copy: q.Copies[0].Key(), Trying: q.Copies[0].Wanted, Problem: session.RefusedIt})
	k.must(err)
	k.types(anna, "stop")
	f := k.types(anna, "close").Form
	k.submit(anna, f, connector.Values{"drop": {"yes"}, "reason": {"Refused"}})
	if q := k.q(n); q.Waits() {
		t.Errorf("copies %+v", q.Copies)
	}
}

// What was typed into a form about the hour is still there when it is refused, and the
// form of something that cannot be done any more closes.
func TestHourFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.ask("Still open?")
	k.types(anna, "stop")
	f := k.types(anna, "close").Form
	if a := k.submit(anna, f, connector.Values{"reason": {strings.Repeat("x", 1001)}}); a.Wrong["reason"] == "" {
		t.Fatalf("too long: %+v", a)
	}
	k.pass(time.Second)
	k.types(olga, "pause")
	again := k.submit(anna, f, connector.Values{"reason": {"Fire alarm"}})
	if again.Close || again.Form == nil || again.Form.Fields[0].Value[0] != "Fire alarm" {
		t.Fatalf("refused: %+v", again)
	}
	k.reads(flat("", again.Form.Lines), "Publishing is paused, so the hour cannot be closed")
	paused := k.submit(anna, again.Form, filled(again.Form))
	if paused.Close || paused.Form == nil || paused.Form.Fields[0].Value[0] != "Fire alarm" {
		t.Fatalf("closed while publishing is paused: %+v", paused)
	}
	k.reads(flat("", paused.Form.Lines), "Resume publishing first")
	k.pass(time.Second)
	k.types(olga, "resume")
	once := k.submit(anna, paused.Form, filled(paused.Form))
	k.submit(anna, once.Form, filled(once.Form))
	if s := k.session(); s.State != session.Closed {
		t.Fatalf("the hour is %s", s.State)
	}
	k.types(anna, "archive")
	if late := k.submit(olga, f, connector.Values{"reason": {"Another"}}); !late.Close || late.Say == "" {
		t.Errorf("late: %+v", late)
	}
}
