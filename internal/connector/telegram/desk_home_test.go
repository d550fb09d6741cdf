package telegram

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/testenv"
)

// waiting is somebody's own page with two questions, each with two buttons.
func waiting(refs ...string) connector.Form {
	f := connector.Form{Key: "home", Title: "Your page"}
	for _, ref := range refs {
		f.Lines = append(f.Lines, connector.Line{Text: ref + " waits", Buttons: []connector.Button{
			{Label: "Accept " + ref, Action: "1.accept" + ref}, {Label: "Withdraw " + ref, Action: "1.withdraw" + ref, Confirm: "Withdraw it?"}}})
	}
	return f
}

func (w *world) becomes(f connector.Form) {
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	w.inbox.home = f
}

// TestPressOnHome: in private the buttons of a line are pressed below the list, each line in rows of its own; the list is
// drawn anew in its place, with what came of it.
func TestPressOnHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.becomes(waiting("#3", "#4"))
	w.inbox.onPress = func(p connector.Press) (connector.Answer, error) {
		w.becomes(waiting("#4"))
		return connector.Answer{Home: true, Close: true, Say: p.Action + ": done.",
			Buttons: []connector.Button{{Label: "Undo #3", Action: "1.undo"}}}, nil
	}
	w.start()
	w.anna.Write("/home")
	m := w.anna.Await(testenv.Soon(t), says2("Your page", "#3 waits", "#4 waits"))
	if got := m.Labels(); !slices.Equal(got, []string{"Accept #3", "Withdraw #3", "Accept #4", "Withdraw #4", "Close"}) {
		t.Errorf("buttons %q", got)
	}
	if got := m.Press(w.anna, "Withdraw #3"); !strings.HasPrefix(got, "Withdraw it?") {
		t.Errorf("it asks %q", got)
	}
	m.Press(w.anna, "Withdraw #3")
	w.await("the list as it is now", func() bool { return strings.Contains(m.Text(), "1.withdraw#3: done.") })
	if got := m.Labels(); !slices.Equal(got, []string{"Undo #3", "Accept #4", "Withdraw #4", "Close"}) {
		t.Errorf("buttons %q", got)
	}
	if p := got(t, w.inbox, &w.inbox.presses, 1); p.Key != "home" || p.Message != "" {
		t.Errorf("press %+v", p)
	}
}

// TestFormFromHome: a form that is opened from the list ends on it.
func TestFormFromHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.becomes(waiting("#3"))
	w.inbox.onPress = func(connector.Press) (connector.Answer, error) {
		return connector.Answer{Push: true, Form: &connector.Form{Key: "decline", Title: "Decline #3", Submit: "Decline"}}, nil
	}
	w.inbox.onSubmit = func(connector.Submission) (connector.Answer, error) {
		w.becomes(waiting())
		return connector.Answer{Close: true, Home: true, Say: "#3: declined."}, nil
	}
	w.start()
	w.anna.Write("/home")
	m := w.anna.Await(testenv.Soon(t), says2("Your page"))
	m.Press(w.anna, "Accept #3")
	w.await("the form", func() bool { return strings.Contains(m.Text(), "Decline #3") })
	m.Press(w.anna, "Cancel")
	w.await("the list below it", func() bool { return strings.Contains(m.Text(), "#3 waits") })
	m.Press(w.anna, "Accept #3")
	w.await("the form again", func() bool { return slices.Contains(m.Labels(), "Decline") })
	m.Press(w.anna, "Decline")
	w.await("the list", func() bool {
		return strings.Contains(m.Text(), "#3: declined.") && !strings.Contains(m.Text(), "#3 waits")
	})
	m.Press(w.anna, "Close")
	w.await("it to go", m.Deleted)
}

// TestHomeNotMade: what was done is said, also when the list cannot be made.
func TestHomeNotMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.becomes(waiting("#3"))
	w.inbox.onPress = func(connector.Press) (connector.Answer, error) {
		w.inbox.mu.Lock()
		defer w.inbox.mu.Unlock()
		w.inbox.noHome = errors.New("away")
		return connector.Answer{Home: true, Say: "#3: accepted."}, nil
	}
	w.start()
	w.anna.Write("/home")
	m := w.anna.Await(testenv.Soon(t), says2("Your page"))
	m.Press(w.anna, "Accept #3")
	w.await("what came of it", func() bool { return strings.Contains(m.Text(), "#3: accepted.") })
}
