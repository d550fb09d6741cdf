package chat

import (
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestTiredHands: presses that come twice, from an old card, or to a program that was started anew meanwhile.
func TestTiredHands(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.svc.Undo = 10 * time.Second
	n := k.ask("Who pays?")
	old := k.card(n)
	for range 2 {
		if a := k.pressOld(anna, old, "Accept"); a.Say != "" || a.Form != nil {
			t.Errorf("accepted twice: %+v", a)
		}
	}
	k.chat = New(k.chat.Options) // the program was started anew
	if a := k.pressOld(anna, old, "Accept"); a.Say != "" {
		t.Errorf("and once more: %q", a.Say)
	}
	undo := k.card(n)
	for range 2 {
		if a := k.pressOld(anna, undo, "Undo"); a.Say != "" {
			t.Errorf("undone twice: %q", a.Say)
		}
	}
	k.state(n, session.Received)
	f := k.press(anna, n, "Decline").Form
	for i := range 2 {
		if a := k.submit(anna, f, connector.Values{"reason": {"rude"}}); !a.Close {
			t.Errorf("declined %d times: %+v", i+1, a)
		}
	}
	k.reads(k.pressOld(olga, old, "Accept").Say, "Already declined by Anna.")
	k.state(n, session.Declined)
}

// TestChainsOfMergesAreUndone one after the other, and everybody is where they were.
func TestChainsOfMergesAreUndone(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.svc.Undo = time.Minute
	first, second, third := k.ask("Who pays the tax?"), k.ask("Who pays it?"), k.ask("Does the tenant pay?")
	k.submit(anna, k.press(anna, first, "Merge").Form, connector.Values{"into": {itoa(second)}})
	k.submit(olga, k.press(olga, second, "Merge").Form, connector.Values{"into": {itoa(third)}})
	if q := k.q(first); q.Into != third {
		t.Fatalf("the follower is at %d", q.Into)
	}
	wrong := k.submit(anna, k.press(anna, third, "Merge").Form, connector.Values{"into": {itoa(first)}})
	if len(wrong.Wrong) == 0 && wrong.Say == "" && wrong.Form == nil {
		t.Errorf("a circle: %+v", wrong)
	}
	k.state(third, session.Received)
	k.press(anna, second, "Undo")
	if q := k.q(first); q.Into != second || k.q(second).State != session.Received {
		t.Errorf("#1 is at %d, #2 is %s", q.Into, k.q(second).State)
	}
	k.press(anna, first, "Undo")
	k.state(first, session.Received)
	if q := k.q(third); len(q.Followers) != 0 {
		t.Errorf("still followed by %v", q.Followers)
	}
}

// TestUndoAfterTheHour: a decision of a moment before the hour was closed stands, and its button goes.
func TestUndoAfterTheHour(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.svc.Undo = time.Minute
	n := k.ask("Who pays?")
	k.submit(anna, k.press(anna, n, "Decline").Form, connector.Values{"reason": {"rude"}})
	card := k.card(n)
	k.press(anna, 0, "Stop")
	k.submit(anna, k.press(anna, 0, "Close the hour").Form, nil)
	a := k.pressOld(anna, card, "Undo")
	if a.Say == "" || k.q(n).State != session.Declined {
		t.Errorf("%+v, and it is %s", a, k.q(n).State)
	}
	k.must(k.svc.Tick(t.Context(), k.session()))
	if c := k.card(n); len(c.Buttons) != 0 || !c.Folded {
		t.Errorf("the card has %q", labels(c.Buttons))
	}
}

// TestEmptyAndEndless: forms with nothing in them, and texts and names that fill everything, are
// refused at their field or shown as far as they have room.
func TestEmptyAndEndless(t *testing.T) {
	t.Parallel()
	k := hour(t)
	long := strings.Repeat("Ļoti gara ", 200)
	q, _, err := k.svc.Ask(t.Context(), session.Asked{Session: "tax", Key: "long", Text: long[:1900], Name: "Ilze",
		Origin: session.Origin{Connector: session.Page}})
	k.must(err)
	n := q.Ref.Number
	for _, blank := range []string{"", " ", "\n\t", "\u200b"} {
		for label, field := range map[string]string{"Decline": "reason", "Merge": "into", "Redirect": "institution"} {
			f := k.press(anna, n, label).Form
			a := k.submit(anna, f, connector.Values{field: {blank}})
			if a.Close || len(a.Wrong) == 0 && a.Say == "" && a.Form == nil {
				t.Errorf("%s with %q: %+v", label, blank, a)
			}
		}
	}
	k.state(n, session.Received)
	k.submit(anna, k.press(anna, n, "Redirect").Form, connector.Values{"institution": {strings.Repeat("x", 5000)}})
	k.state(n, session.Received)
	k.press(anna, n, "Accept")
	for _, text := range []string{" ", strings.Repeat("a", 30_000)} {
		a := k.submit(janis, k.press(janis, n, "Answer").Form, connector.Values{"text": {text}, "answer": {text}})
		if a.Close || len(a.Wrong) == 0 && a.Say == "" && a.Form == nil {
			t.Errorf("%d characters: %+v", len(text), a)
		}
	}
}

// TestClosingWhilePausedInAChat refuses with what helps beside it, and closes afterwards; nothing approved is lost.
func TestClosingWhilePausedInAChat(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Who pays?")
	k.answerIn(n)
	k.submit(anna, k.press(anna, n, "Approve").Form, nil)
	k.press(olga, 0, "Pause")
	k.press(anna, 0, "Stop")
	closing := k.press(anna, 0, "Close the hour").Form
	a := k.submit(anna, closing, connector.Values{"reason": {"It is late."}})
	text := a.Say
	if a.Form != nil {
		text = flat("", a.Form.Lines)
	}
	for _, w := range a.Wrong {
		text += w
	}
	k.reads(text, "paused")
	if s := k.session(); s.State != session.Closing {
		t.Fatalf("it is %s", s.State)
	}
	k.action(k.card(0).Buttons, "Resume")
	k.state(n, session.Approved)
	k.reads(k.inForm(anna, closing, "Resume", nil).Say, "Publishing goes on")
	if again := k.press(anna, 0, "Close the hour").Form; k.session().Paused || len(again.Buttons) != 0 {
		t.Errorf("resumed, and the form has %q", labels(again.Buttons))
	}
}
