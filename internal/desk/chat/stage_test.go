package chat

import (
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// pressOld presses a button of a card as it was drawn a moment ago.
func (k *kit) pressOld(name session.PersonName, c connector.Card, label string) connector.Answer {
	k.Helper()
	a, err := k.chat.Pressed(k.Context(), connector.Press{By: user(name), Place: room, Action: k.action(append(c.Buttons, c.More...), label)})
	k.must(err)
	return a
}

// TestNothingIsDecidedOnAnOldCard: the slower of two moderators reads who was faster,
// with the form as things are now, and may then decide all the same.
func TestNothingIsDecidedOnAnOldCard(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Who pays?")
	old := k.card(n)
	before := k.pressOld(olga, old, "Decline").Form
	k.press(anna, n, "Accept")
	a := k.pressOld(olga, old, "Decline")
	k.reads(flat(a.Form.Title, a.Form.Lines), "Already accepted by Anna. The question is now: Waiting for an expert.")
	b := k.submit(olga, before, connector.Values{"reason": {"rude"}})
	k.reads(flat(b.Form.Title, b.Form.Lines), "Already accepted by Anna.")
	k.state(n, session.Queued)
	k.submit(olga, b.Form, connector.Values{"reason": {"rude"}})
	k.state(n, session.Declined)
	if c := k.pressOld(anna, old, "Merge"); !strings.Contains(c.Say, "Already declined by Olga.") || c.Form != nil {
		t.Errorf("%+v", c)
	}
}

// TestNothingIsDecidedOnAnOldBoard: the same for the hour, with a form and without; whoever
// presses twice is told nothing of somebody who was faster, and a pause always holds.
func TestNothingIsDecidedOnAnOldBoard(t *testing.T) {
	t.Parallel()
	k := hour(t)
	old := k.card(0)
	form := k.pressOld(olga, old, "Extend").Form
	k.pass(time.Second)
	k.submit(anna, k.pressOld(anna, old, "Extend").Form, connector.Values{"minutes": {"30"}})
	const faster = "Already extended by Anna. The expert hour is now: Open, Sunday, 22 November 2026, 14:00–16:30."
	k.reads(k.pressOld(olga, old, "Stop").Say, faster)
	k.reads(flat("", k.pressOld(olga, old, "Extend").Form.Lines), faster)
	again := k.submit(olga, form, filled(form))
	k.reads(flat("", again.Form.Lines), faster)
	if s := k.session(); s.State != session.Open || !s.End.Equal(noon.Add(150*time.Minute)) {
		t.Fatalf("%s until %s", s.State, s.End)
	}
	k.submit(olga, again.Form, filled(again.Form))
	board := k.card(0)
	if s := k.session(); !s.End.Equal(noon.Add(165 * time.Minute)) {
		t.Errorf("the second press, which knows: until %s", s.End)
	}
	for range 2 {
		k.pass(time.Second)
		k.reads(k.pressOld(olga, board, "Stop").Say, "No more questions are taken.")
	}
	k.reads(k.pressOld(anna, old, "Pause").Say, "Publishing is paused")
}

// TestEveryButtonCarriesWhatWasSeen, in every state; what is about a copy, a message or
// a holder names that instead.
func TestEveryButtonCarriesWhatWasSeen(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.ask("New?")
	k.press(anna, k.ask("Queued?"), "Accept")
	claimed := k.ask("Claimed?")
	k.press(anna, claimed, "Accept")
	k.says(janis, claimed, "m0", "A draft.")
	for range 3 {
		k.answerIn(k.ask("Answered?"))
	}
	k.submit(anna, k.press(anna, 5, "Approve").Form, nil)
	k.submit(anna, k.press(anna, 6, "Approve").Form, nil)
	k.sent(6)
	k.submit(anna, k.press(anna, k.ask("Declined?"), "Decline").Form, connector.Values{"reason": {"rude"}})
	named := []string{"retry", "drop", "is_out", "send_again", "use_add", "use_replace", "use_aside", "read", "later"}
	for n := 1; n <= 7; n++ {
		c, q := k.card(n), k.q(n)
		for _, b := range append(c.Buttons, c.More...) {
			a, err := connector.ParseAction(b.Action)
			k.must(err)
			holder := a.Do == "claim" && q.Holder != "" && a.Seen.Names(string(q.Holder))
			if !slices.Contains(named, a.Do) && !holder && !a.Seen.Names(q.Stage()) {
				t.Errorf("%q of a question that is %s does not say what was seen", b.Label, q.State)
			}
		}
	}
	board := k.card(0)
	for _, b := range append(board.Buttons, board.More...) {
		if a, err := connector.ParseAction(b.Action); err != nil || a.Do != "next" && a.Do != "to_approve" && !a.Seen.Names(k.session().Stage()) {
			t.Errorf("%q of the board does not say what was seen: %v", b.Label, err)
		}
	}
}

// TestTriageHandsOutDifferentQuestions to people who triage at the same time; what
// nobody else has, or nobody looks at any more, comes to everybody.
func TestTriageHandsOutDifferentQuestions(t *testing.T) {
	t.Parallel()
	k := hour(t)
	for _, text := range []string{"First?", "Second?", "Third?"} {
		k.ask(text)
	}
	reads := func(f *connector.Form, want string) *connector.Form {
		t.Helper()
		k.reads(flat(f.Title, f.Lines), want)
		return f
	}
	a := reads(k.press(anna, 0, "Next (3 new)").Form, "First?")
	o := reads(k.press(olga, 0, "Next (3 new)").Form, "Second?")
	o = reads(k.inForm(olga, o, "Accept", nil).Form, "Third?")
	a = reads(k.inForm(anna, a, "Skip", nil).Form, "Third?") // the only one left after what she skipped
	o = reads(k.inForm(olga, o, "Accept", nil).Form, "First?")
	reads(k.inForm(anna, a, "Accept", nil).Form, "Already accepted by Olga.")
	k.pass(2 * time.Minute)
	reads(k.press(anna, 0, "Next (1 new)").Form, "First?")
	reads(k.inForm(olga, o, "Decline", connector.Values{"reason": {"rude"}}).Form, "Nothing new")
}

// TestErrorsStandAtTheirField, not at the first one of the form.
func TestErrorsStandAtTheirField(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Who pays?")
	a := k.submit(anna, k.press(anna, n, "Decline").Form, connector.Values{"reason": {"rude"}, "remark": {strings.Repeat("x", 1001)}})
	if a.Wrong["remark"] == "" {
		t.Errorf("%+v", a.Wrong)
	}
	a = k.submit(anna, k.press(anna, n, "Redirect").Form, connector.Values{"answered": {"1"}})
	if a.Wrong["answered"] == "" {
		t.Errorf("%+v", a.Wrong)
	}
}

// TestButtonsOfAnEarlierVersion stand in chats for weeks: one that says nothing of what
// was seen still works, and a form whose reader's view is not known is shown anew.
func TestButtonsOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Who pays?")
	tag := string(connector.TagOf("tax"))
	a, err := k.chat.Pressed(k.Context(), connector.Press{By: user(anna), Place: room, Action: "1.accept." + tag + ".1.1."})
	k.must(err)
	if a.Say != "" || a.Form != nil {
		t.Errorf("%+v", a)
	}
	k.state(n, session.Queued)
	b, err := k.chat.Submitted(k.Context(), connector.Submission{By: user(anna), Key: `{"v":"decline","s":"` + tag + `","n":1,"m":0}`,
		Values: connector.Values{"reason": {"rude"}, "remark": {"twice"}}})
	k.must(err)
	if b.Form == nil || !slices.Equal(b.Form.Fields[1].Value, []string{"twice"}) {
		t.Fatalf("%+v", b)
	}
	k.state(n, session.Queued)
	k.submit(anna, b.Form, filled(b.Form))
	k.state(n, session.Declined)
}
