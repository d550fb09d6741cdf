package slack

import (
	"fmt"
	"slices"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/testenv"
)

// asking is somebody's own page with n questions, each with two buttons.
func asking(n int) connector.Form {
	f := connector.Form{Key: "home", Title: "Expert hours"}
	for i := range n {
		ref := fmt.Sprintf("#%d", i+1)
		f.Lines = append(f.Lines, connector.Line{Text: ref + " waits", Buttons: []connector.Button{
			{Label: "Accept " + ref, Action: "accept-" + ref, Style: connector.Primary}, {Label: "Decline " + ref, Action: "decline-" + ref}}})
	}
	return f
}

func (w *world) opened(f connector.Form) *slackfake.View {
	w.inbox.mu.Lock()
	w.inbox.home = f
	w.inbox.mu.Unlock()
	w.fake.Home(w.anna)
	return w.fake.WaitHome(testenv.Soon(w.t), w.anna, "waits")
}

func (w *world) becomes(f connector.Form) {
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	w.inbox.home = f
}

// TestPressOnHome: the button of a line is pressed on the page; the page is drawn anew, with what came of it and the
// button that takes it back.
func TestPressOnHome(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		v := w.opened(asking(2))
		if got := v.Buttons(); !slices.Equal(got, []string{"Accept #1", "Decline #1", "Accept #2", "Decline #2"}) {
			t.Fatalf("buttons %q", got)
		}
		w.becomes(asking(1))
		w.inbox.answers(connector.Answer{Say: "#2: accepted. <!here>", Home: true,
			Buttons: []connector.Button{{Label: "Undo #2", Action: "undo"}}})
		if err := v.Press("Accept #2"); err != nil {
			t.Fatal(err)
		}
		w.fake.WaitHome(testenv.Soon(t), w.anna, "#2: accepted. <!here>")
		if got := v.Buttons(); !slices.Equal(got, []string{"Undo #2", "Accept #1", "Decline #1"}) || len(v.Mentions()) != 0 {
			t.Errorf("buttons %q, mentions %v", got, v.Mentions())
		}
		if p := got(w.inbox, &w.inbox.presses)[0]; p.Key != "home" || p.Action != "accept-#2" || p.Place != "" || p.Message != "" {
			t.Errorf("press %+v", p)
		}
		if w.fake.Modal(w.anna) != nil || len(w.fake.Private(w.anna)) != 0 {
			t.Error("something else is shown")
		}
	})
}

// TestFormFromHome: a form that is opened from the page ends on it.
func TestFormFromHome(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		v := w.opened(asking(2))
		form := connector.Form{Key: "decline", Title: "Decline #1", Submit: "Decline",
			Fields: []connector.Field{{ID: "remark", Label: "Remark", Kind: connector.WordField, Optional: true}}}
		w.inbox.answers(connector.Answer{Form: &form, Push: true})
		if err := v.Press("Decline #1"); err != nil {
			t.Fatal(err)
		}
		m := w.fake.WaitModal(testenv.Soon(t), w.anna, "Decline #1")
		w.becomes(asking(1))
		w.inbox.answers(connector.Answer{Close: true, Home: true, Say: "#1: declined."})
		if s, err := m.Submit(); err != nil || s.Next != nil {
			t.Fatalf("%+v, %v", s, err)
		}
		w.fake.WaitHome(testenv.Soon(t), w.anna, "#1: declined.")
		if got := v.Buttons(); len(got) != 2 || len(w.fake.Private(w.anna)) != 0 {
			t.Errorf("buttons %q", got)
		}
	})
}

// TestHomeOfTwoPresses: who pressed on a page that was drawn anew meanwhile gets it as it is now.
func TestHomeOfTwoPresses(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		v := w.opened(asking(2))
		w.inbox.answersWith(func(any) (connector.Answer, error) {
			w.fake.Home(w.anna) // it is opened once more, and drawn before the press is answered
			w.await(func() bool { return len(got(w.inbox, &w.inbox.homes)) == 2 })
			return connector.Answer{Say: "#1: accepted.", Home: true}, nil
		})
		if err := v.Press("Accept #1"); err != nil {
			t.Fatal(err)
		}
		w.fake.WaitHome(testenv.Soon(t), w.anna, "#1: accepted.")
	})
}

// TestHomeNotDrawn: where Slack takes no page, the person is told all the same.
func TestHomeNotDrawn(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.channel.Join(w.anna)
		v := w.opened(asking(1))
		w.fake.Refuse("views.publish", 2, "not_enabled")
		w.inbox.answers(connector.Answer{Say: "#1: accepted.", Home: true})
		if err := v.Press("Accept #1"); err != nil {
			t.Fatal(err)
		}
		w.fake.WaitPrivate(testenv.Soon(t), w.anna, "#1: accepted.")
	})
}

// TestLongHome: a page with more than Slack takes is drawn as far as it has room, and the ids of its blocks are its own.
func TestLongHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	v := w.opened(asking(80))
	if n := len(v.Buttons()); n == 0 || n > 98 {
		t.Errorf("%d buttons", n)
	}
}
