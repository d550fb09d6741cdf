package chat

import (
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestUndoBesideTheDecision: the card of what was just decided has the button that takes it
// back, for every moderator, until the clock concludes it.
func TestUndoBesideTheDecision(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.svc.Undo = 10 * time.Second
	n := k.ask("Where do I send it?")
	k.press(anna, n, "Accept")
	first(t, k, n, "Undo")
	k.press(olga, n, "Undo")
	k.state(n, session.Received)
	k.submit(anna, k.press(anna, n, "Decline").Form, connector.Values{"reason": {"rude"}})
	first(t, k, n, "Undo")
	if k.card(n).Folded {
		t.Error("folded, and it can be undone")
	}
	k.clock.Add(int64(10 * time.Second))
	ses, err := k.store.Session(t.Context(), "tax")
	k.must(err)
	late := k.press(olga, n, "Undo")
	k.reads(late.Say, "can no longer be undone")
	k.must(k.svc.Tick(t.Context(), ses))
	if c := k.card(n); !c.Folded || len(c.Buttons) != 0 {
		t.Errorf("concluded, and the card is %+v", c)
	}
}

// TestUndoInTheTriageWindow: the window says what was just decided, beside the button that takes
// it back; then the question stands there again.
func TestUndoInTheTriageWindow(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.svc.Undo = 10 * time.Second
	k.ask("Where do I send it?")
	k.ask("Who is a thief?")
	f := k.inForm(anna, k.press(anna, 0, "Next (2 new)").Form, "Accept", nil).Form
	k.reads(flat(f.Title, f.Lines), "#1: accepted.", "Who is a thief?")
	f = k.inForm(anna, f, "Decline", connector.Values{"reason": {"rude"}}).Form
	k.reads(flat(f.Title, f.Lines), "#2: declined.", "Nothing new")
	back := k.inForm(anna, f, "Undo #2", nil).Form
	k.reads(flat(back.Title, back.Lines), "#2: undone.", "Who is a thief?")
	k.state(2, session.Received)
	late := k.inForm(anna, back, "Accept", nil).Form
	k.clock.Add(int64(10 * time.Second))
	late = k.inForm(anna, late, "Undo #2", nil).Form
	k.reads(flat(late.Title, late.Lines), "⚠", "can no longer be undone")
	k.state(2, session.Queued)
	k.reads(flat("", k.inForm(anna, f, "Undo #2", nil).Form.Lines), "⚠")
}

func first(t *testing.T, k *kit, n int, label string) {
	t.Helper()
	bs := k.card(n).Buttons
	if len(bs) == 0 || bs[0].Label != label {
		t.Errorf("the first button is not %q: %+v", label, bs)
	}
}
