package chat

import (
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

func (k *kit) home(name session.PersonName) connector.Form {
	k.Helper()
	f, err := k.chat.Home(k.Context(), user(name))
	k.must(err)
	return f
}

// onHome presses a button of somebody's own page.
func (k *kit) onHome(name session.PersonName, f connector.Form, label string) connector.Answer {
	k.Helper()
	f.Buttons = f.Offered()
	return k.inForm(name, &f, label, nil)
}

// TestHomeIsOneListWithOneBadge: a moderator has what is new, to approve and to check, an expert
// what is theirs and what nobody has taken; each with the buttons of its card that they may press.
func TestHomeIsOneListWithOneBadge(t *testing.T) {
	t.Parallel()
	k := hour(t)
	for range 3 {
		k.ask("For you?")
	}
	k.press(anna, 2, "Accept")
	k.press(anna, 3, "Accept")
	k.press(janis, 3, "Claim")
	k.submit(janis, k.press(janis, 3, "Answer").Form, connector.Values{"text": {"Yes."}})
	for name, want := range map[session.PersonName]struct {
		reads, lacks, buttons string
	}{
		anna:  {"What waits for you (2)", "#2 ·", "Approve #3|Send back #3|Edit #3|Accept #1|Decline #1|Merge #1|Redirect #1"},
		janis: {"What waits for you (1)", "#1 ·", "Claim #2"},
		vilis: {"What waits for you (0)", "#1 ·", ""},
	} {
		f := k.home(name)
		text := flat(f.Title, f.Lines)
		k.reads(text, "Tax hour", want.reads)
		if strings.Contains(text, want.lacks) {
			t.Errorf("%s reads %s", name, text)
		}
		var labels []string
		for _, b := range f.Offered() {
			labels = append(labels, b.Label)
		}
		if got := strings.Join(labels, "|"); got != want.buttons {
			t.Errorf("%s is offered %s", name, got)
		}
	}
}

// TestHomeIsBounded: what has no room is counted, with a way to the board.
func TestHomeIsBounded(t *testing.T) {
	t.Parallel()
	k := hour(t)
	for range mostHome + 12 {
		k.ask("For you?")
	}
	f := k.home(anna)
	text := flat(f.Title, f.Lines)
	k.reads(text, "What waits for you (20)", "and 12 more", "m0")
	if got := strings.Count(text, "#"); got != mostHome {
		t.Errorf("%d questions", got)
	}
}

// TestWorkFromHome: a press there says on the page what came of it, a form that it opened leads
// back to the page, and who was slower reads who was faster.
func TestWorkFromHome(t *testing.T) {
	t.Parallel()
	k := hour(t)
	for range 3 {
		k.ask("For you?")
	}
	f := k.home(anna)
	a := k.onHome(anna, f, "Accept #1")
	if !a.Home || a.Form != nil {
		t.Errorf("%+v", a)
	}
	k.reads(a.Say, "#1: accepted")
	k.state(1, session.Queued)

	a = k.onHome(anna, f, "Decline #2")
	if a.Form == nil || !a.Push || a.Home {
		t.Fatalf("%+v", a)
	}
	wrong := k.submit(anna, a.Form, nil)
	if wrong.Home || wrong.Close {
		t.Errorf("an empty form is over: %+v", wrong)
	}
	a = k.submit(anna, a.Form, connector.Values{"reason": {"rude"}})
	if !a.Home || !a.Close {
		t.Errorf("%+v", a)
	}
	k.reads(a.Say, "#2: declined")

	k.press(olga, 3, "Accept")
	late := k.onHome(anna, f, "Accept #3")
	if !late.Home {
		t.Errorf("%+v", late)
	}
	k.reads(late.Say, "Olga")
	if again := k.onHome(anna, f, "Decline #3"); again.Form == nil || !again.Push {
		t.Errorf("the form as things are now: %+v", again)
	}
	if expert := k.onHome(janis, f, "Decline #3"); expert.Form != nil || expert.Say == "" || !expert.Home {
		t.Errorf("an expert declines: %+v", expert)
	}
}

// TestUndoFromHome: what was just decided there can be taken back there.
func TestUndoFromHome(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.svc.Undo = 10 * 1e9
	k.ask("For you?")
	a := k.onHome(anna, k.home(anna), "Accept #1")
	f := k.home(anna).Topped(a.Say, a.Buttons)
	k.reads(k.onHome(anna, f, "Undo #1").Say, "#1: undone")
	k.state(1, session.Received)
}
