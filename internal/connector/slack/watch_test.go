package slack

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/testenv"
)

// ending is an inbox whose forms are looked at all the time, and lose the button "Undo" once over.
func (w *world) ending() (over, looks *atomic.Int64) {
	over, looks = &atomic.Int64{}, &atomic.Int64{}
	w.inbox.renew = func(f connector.Form) connector.Form {
		looks.Add(1)
		f.Until = time.Now().Add(time.Millisecond)
		if over.Load() > 0 {
			undo := func(b connector.Button) bool { return strings.HasPrefix(b.Label, "Undo") }
			f.Until, f.Submit, f.Buttons = time.Time{}, "", slices.DeleteFunc(slices.Clone(f.Buttons), undo)
			f.Lines = append([]connector.Line{{Text: "Somebody was faster."}}, f.Lines...)
		}
		return f
	}
	return over, looks
}

// passing is a form that has to be looked at again at once.
func passing() connector.Form {
	return connector.Form{Key: "k", Title: "Decline #1", Submit: "Decline", Until: time.Now(),
		Fields:  []connector.Field{{ID: "remark", Label: "Remark", Kind: connector.TextField}},
		Buttons: []connector.Button{{Label: "Undo #1", Action: "undo"}, {Label: "Skip", Action: "skip"}}}
}

// TestButtonsGoByThemselves: in a form that was opened by a press, or came with an acknowledgement, what is
// over goes without a press; nothing is called before, and nothing that was typed goes.
func TestButtonsGoByThemselves(t *testing.T) {
	t.Parallel()
	for _, next := range []bool{false, true} {
		w := newWorld(t, fast)
		w.run()
		over, looks := w.ending()
		f := passing()
		if !next {
			w.opener(f)
		} else {
			w.opener(connector.Form{Key: "first", Title: "First", Submit: "Go on"})
			w.inbox.answers(connector.Answer{Form: &f})
			if _, err := w.fake.Modal(w.anna).Submit(); err != nil {
				t.Fatal(err)
			}
		}
		v := w.fake.WaitModal(testenv.Soon(t), w.anna, "Decline #1")
		v.Fill("Remark", "My words.")
		updates := len(w.fake.Ledger(slackfake.ViewUpdated))
		testenv.Until(t, "it is looked at", func() bool { return looks.Load() > 3 })
		if n := len(w.fake.Ledger(slackfake.ViewUpdated)); n != updates || !slices.Contains(v.Buttons(), "Undo #1") {
			t.Errorf("%d updates, buttons %q", n-updates, v.Buttons())
		}
		over.Store(1)
		w.fake.WaitModal(testenv.Soon(t), w.anna, "Somebody was faster.")
		if got := v.Buttons(); !slices.Equal(got, []string{"Skip"}) || v.SubmitLabel() == "Decline" || v.Value("Remark")[0] != "My words." {
			t.Errorf("buttons %q, submit %q, typed %q", got, v.SubmitLabel(), v.Value("Remark"))
		}
	}
}

// TestWhatStandsThereMeanwhileStays: a form that another one took the place of is looked at no more.
func TestWhatStandsThereMeanwhileStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	over, looks := w.ending()
	w.opener(passing())
	v := w.fake.Modal(w.anna)
	testenv.Until(t, "it is looked at", func() bool { return looks.Load() > 0 })
	w.inbox.answers(connector.Answer{Form: &connector.Form{Key: "other", Title: "Another", Submit: "Send",
		Buttons: []connector.Button{{Label: "Undo #2", Action: "undo"}}}})
	if err := v.Press("Skip"); err != nil {
		t.Fatal(err)
	}
	w.fake.WaitModal(testenv.Soon(t), w.anna, "Another")
	w.await(func() bool { return slices.Equal(v.Buttons(), []string{"Undo #2"}) })
	over.Store(1)
	if strings.Contains(v.Text(), "Somebody was faster.") {
		t.Errorf("it reads %q", v.Text())
	}
}

// TestButtonsOfHomeGo: on a person's own page as well, as long as nothing newer is there.
func TestButtonsOfHomeGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	over, looks := w.ending()
	f := asking(1)
	f.Until = time.Now()
	f.Buttons = []connector.Button{{Label: "Undo #2", Action: "undo"}}
	v := w.opened(f)
	testenv.Until(t, "it is looked at", func() bool { return looks.Load() > 3 })
	over.Store(1)
	w.fake.WaitHome(testenv.Soon(t), w.anna, "Somebody was faster.")
	if got := v.Buttons(); !slices.Equal(got, []string{"Accept #1", "Decline #1"}) {
		t.Errorf("buttons %q", got)
	}
}
