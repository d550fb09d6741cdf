package slack

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// withdrawable is a card whose menu has something that is asked about first.
func withdrawable(more ...connector.Button) connector.Card {
	c := card(1, "Why?")
	c.Buttons = []connector.Button{{Label: "Accept", Action: "accept"}}
	c.More = append(more, connector.Button{Label: "Withdraw", Action: "1.withdraw",
		Confirm: "Withdraw #1? Its text is erased & gone.", Style: connector.Danger})
	return c
}

// A choice of the menu that must be confirmed counts when its form is submitted.
func TestChoiceIsAskedAboutFirst(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.channel.Join(w.anna)
		m := w.must(withdrawable(connector.Button{Label: "Merge", Action: "merge"}))
		ask := func() *slackfake.View {
			if err := m.Click(w.anna, "Withdraw"); err != nil {
				t.Fatal(err)
			}
			v := w.fake.WaitModal(testenv.Soon(t), w.anna, "Withdraw #1? Its text is erased & gone.")
			if v.Title() != "Withdraw" || v.SubmitLabel() != "Withdraw" {
				t.Errorf("title %q, submit %q", v.Title(), v.SubmitLabel())
			}
			return v
		}
		if err := ask().Close(); err != nil {
			t.Fatal(err)
		}
		if n := len(got(w.inbox, &w.inbox.presses)); n != 0 {
			t.Fatalf("%d presses before anybody said yes", n)
		}
		w.inbox.answers(connector.Answer{Say: "Withdrawn."})
		if _, err := ask().Submit(); err != nil || w.fake.Modal(w.anna) != nil {
			t.Errorf("%v, still open: %v", err, w.fake.Modal(w.anna))
		}
		w.fake.WaitPrivate(testenv.Soon(t), w.anna, "Withdrawn.")
		ps := got(w.inbox, &w.inbox.presses)
		if len(ps) != 1 || ps[0].Action != "1.withdraw" || ps[0].Place != place || string(ps[0].Message) != m.TS() ||
			ps[0].By.ID != "U0ANNA" || ps[0].Key != "" {
			t.Errorf("presses %+v", ps)
		}
		w.inbox.answers(connector.Answer{Form: &connector.Form{Key: "k", Title: "And now", Lines: []connector.Line{{Text: "What else?"}}}})
		if r, err := ask().Submit(); err != nil || r.Next == nil || !strings.Contains(r.Next.Text(), "What else?") {
			t.Errorf("%+v, %v", r, err)
		}
		if n := len(got(w.inbox, &w.inbox.subs)); n != 0 {
			t.Errorf("%d submissions", n)
		}
	})
}

func TestConfirmationThatFailsCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	if err := w.must(withdrawable()).Click(w.anna, "Withdraw"); err != nil { // alone in its menu
		t.Fatal(err)
	}
	v := w.fake.WaitModal(testenv.Soon(t), w.anna, "Withdraw #1?")
	w.inbox.answersWith(func(any) (connector.Answer, error) { return connector.Answer{}, unavailable })
	r, err := v.Submit()
	if err != nil || r.Next == nil || !strings.Contains(r.Next.Text(), w.words.Text("adapter.try_again")) || !v.IsOpen() {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := r.Next.Close(); err != nil {
		t.Fatal(err)
	}
	w.inbox.answers(connector.Answer{})
	if _, err := v.Submit(); err != nil || v.IsOpen() || len(got(w.inbox, &w.inbox.presses)) != 2 {
		t.Errorf("again: %v, open %v", err, v.IsOpen())
	}
}

// A copy of a confirmation is no second press.
func TestConfirmationTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	cb := slack.InteractionCallback{Type: slack.InteractionTypeViewSubmission, TriggerID: "t1", User: slack.User{ID: "U0ANNA"}}
	cb.View.ID, cb.View.Hash, cb.View.CallbackID, cb.View.PrivateMetadata = "V1", "h", asksSure, `{"action":"a"}`
	for range 3 {
		w.interact(t.Context(), cb)
	}
	cb.View.ID, cb.View.PrivateMetadata = "V2", "no choice"
	w.interact(t.Context(), cb)
	if n := len(got(w.inbox, &w.inbox.presses)); n != 1 {
		t.Errorf("%d presses", n)
	}
}

// Where nobody remembers the question, it is asked in general words; a redrawn card is
// remembered again.
func TestForgottenQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	c := withdrawable()
	at := session.MessageID(w.must(c).TS())
	if err := w.memory.Forget(t.Context(), memoryAsk+"1.withdraw"); err != nil {
		t.Fatal(err)
	}
	if q := w.question(t.Context(), "1.withdraw"); q != w.words.Text("adapter.sure") {
		t.Errorf("asks %q", q)
	}
	if err := w.UpdateCard(t.Context(), at, c); err != nil {
		t.Fatal(err)
	}
	if q := w.question(t.Context(), "1.withdraw"); q != c.More[0].Confirm {
		t.Errorf("asks %q", q)
	}
	w.memory.fail = errors.New("away")
	w.keepQuestions(context.Background(), c)
	if q := w.question(t.Context(), "1.withdraw"); q == "" {
		t.Error("nothing is asked")
	}
}
