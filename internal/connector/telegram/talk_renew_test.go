package telegram

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/testenv"
)

// TestButtonsGoByThemselves: what a form showed goes when its time is over, without a press and without
// a call where nothing is different; what was filled in stays.
func TestButtonsGoByThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	f := connector.Form{Key: "k", Title: "Decline #1", Submit: "Decline", Until: time.Now(),
		Fields:  []connector.Field{{ID: "remark", Label: "Remark", Kind: connector.TextField}},
		Buttons: []connector.Button{{Label: "Undo #1", Action: "1.undo"}, {Label: "Skip", Action: "1.skip"}}}
	again := connector.Button{Label: "Look again", Action: "1.again"}
	var over, looks atomic.Int64
	w.inbox.onRenew = func(f connector.Form) (connector.Form, error) {
		looks.Add(1)
		f.Until = time.Now().Add(time.Millisecond)
		if over.Load() > 0 {
			f.Submit, f.Until, f.Buttons = "", time.Time{}, []connector.Button{again, f.Buttons[1]}
			f.Lines = append([]connector.Line{{Text: "Somebody was faster."}}, f.Lines...)
		}
		return f, nil
	}
	w.inbox.onPress = func(p connector.Press) (connector.Answer, error) {
		if p.Action == again.Action {
			g := f
			g.Title, g.Until = "As it is now", time.Time{}
			g.Fields = slices.Clone(f.Fields)
			g.Fields[0].Value = p.Values["remark"]
			return connector.Answer{Form: &g}, nil
		}
		return connector.Answer{Form: &f}, nil
	}
	_, card := w.post(w.start(), w.card())
	card.Press(w.anna, "Accept")
	w.says("Decline #1")
	w.anna.Write("My words.")
	m := w.says("My words.")
	testenv.Until(t, "it is looked at", func() bool { return looks.Load() > 3 })
	edits := len(w.fake.Calls("editMessageText"))
	before := looks.Load()
	testenv.Until(t, "it is looked at once more", func() bool { return looks.Load() > before+3 })
	if n := len(w.fake.Calls("editMessageText")); n != edits {
		t.Errorf("%d edits of what stays as it is", n-edits)
	}
	over.Store(1)
	m = w.says("Somebody was faster.", "My words.")
	w.await("the buttons to go", func() bool {
		return !slices.Contains(m.Labels(), "Undo #1") && !slices.Contains(m.Labels(), "Decline") && slices.Contains(m.Labels(), "Skip")
	})
	m.Press(w.anna, "Look again")
	w.says("As it is now", "My words.")
	if p := got(t, w.inbox, &w.inbox.presses, 2); p.Key != "k" || p.Values.First("remark") != "My words." {
		t.Errorf("press %+v", p)
	}
}
