package slack

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/testenv"
)

// slackPress is a press as Slack sends it.
func slackPress(user, message, action, at string) slack.InteractionCallback {
	cb := slack.InteractionCallback{Type: slack.InteractionTypeBlockActions, User: slack.User{ID: user}}
	cb.Container.MessageTs, cb.Container.ChannelID = message, string(place)
	cb.ActionCallback.BlockActions = []*slack.BlockAction{{ActionID: "a0", BlockID: "b0", Type: "button", Value: action, ActionTs: at}}
	return cb
}

// opener is a card with a button that opens a form.
func (w *world) opener(f connector.Form) {
	w.t.Helper()
	c := card(1)
	c.Buttons = []connector.Button{{Label: "Open it", Action: "open"}}
	m := w.channel.Card(1)
	if m == nil {
		m = w.must(c)
	}
	w.inbox.answers(connector.Answer{Form: &f})
	if err := m.Click(w.anna, "Open it"); err != nil {
		w.t.Fatal(err)
	}
	w.await(func() bool { v := w.fake.Modal(w.anna); return v != nil && v.Title() == f.Title })
}

func everyField() connector.Form {
	opts := []connector.Option{{Value: "a", Label: "Option <a>"}, {Value: "b", Label: "Option b"}}
	var many []connector.Option
	for i := range 12 {
		many = append(many, connector.Option{Value: fmt.Sprint(i), Label: fmt.Sprint("Place ", i)})
	}
	return connector.Form{
		Key: "key-1", Title: "Everything", Submit: "Send",
		Lines: []connector.Line{{Text: "Please fill in."}},
		Fields: []connector.Field{
			{ID: "text", Label: "Text", Kind: connector.TextField, Value: []string{"before & <!here>"}, Hint: "Any <hint>."},
			{ID: "word", Label: "Word", Kind: connector.WordField, Optional: true, Most: 10},
			{ID: "choice", Label: "Choice", Kind: connector.ChoiceField, Options: opts, Value: []string{"b"}},
			{ID: "choices", Label: "Choices", Kind: connector.ChoicesField, Options: opts, Value: []string{"a", "b"}},
			{ID: "many", Label: "Many", Kind: connector.ChoicesField, Options: many, Value: []string{"3", "5"}},
			{ID: "into", Label: "Into", Kind: connector.SearchField, Optional: true},
			{ID: "people", Label: "People", Kind: connector.PeopleField, Value: []string{"U0ANNA"}},
			{ID: "date", Label: "Date", Kind: connector.DateField, Value: []string{"2026-11-22"}},
			{ID: "clock", Label: "Clock", Kind: connector.ClockField, Value: []string{"18:30"}},
			{ID: "none", Label: "None", Kind: connector.ChoiceField},
		},
		Buttons: []connector.Button{{Label: "Skip", Action: "skip"}},
	}
}

func TestEveryField(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.opener(everyField())
		v := w.fake.Modal(w.anna)
		if v.Value("Text")[0] != "before & <!here>" || !strings.Contains(v.Text(), "Any <hint>.") {
			t.Errorf("reads %q", v.Text())
		}
		w.inbox.mu.Lock()
		w.inbox.offer = []connector.Option{{Value: "7", Label: "#7 <like>"}}
		w.inbox.mu.Unlock()
		found, err := v.Suggest("Into", "like")
		if err != nil || !slices.Equal(found, []string{"#7 <like>"}) {
			t.Fatalf("offered %q, %v", found, err)
		}
		if q := got(w.inbox, &w.inbox.queries)[0]; q.Field != "into" || q.Query != "like" || q.Key != "key-1" || q.By.ID != "U0ANNA" {
			t.Errorf("searched %+v", q)
		}
		v.Fill("Into", "#7 <like>").Fill("Word", "short").Fill("Text", "after & <b>")
		want := connector.Values{"text": {"after & <b>"}, "word": {"short"}, "choice": {"b"}, "choices": {"a", "b"}, "many": {"3", "5"},
			"into": {"7"}, "people": {"U0ANNA"}, "date": {"2026-11-22"}, "clock": {"18:30"}}
		w.inbox.answers(connector.Answer{})
		if err := v.Press("Skip"); err != nil {
			t.Fatal(err)
		}
		p := got(w.inbox, &w.inbox.presses)[1]
		if !maps.EqualFunc(p.Values, want, slices.Equal) || p.Key != "key-1" || p.Action != "skip" || p.Message != "" {
			t.Errorf("pressed %+v", p)
		}
		if _, err := v.Submit(); err != nil {
			t.Fatal(err)
		}
		s := got(w.inbox, &w.inbox.subs)[0]
		if !maps.EqualFunc(s.Values, want, slices.Equal) || s.Key != "key-1" || s.By.ID != "U0ANNA" {
			t.Errorf("submitted %+v, want %v", s, want)
		}
		if v.IsOpen() {
			t.Error("the form is still open")
		}
	})
}

func TestWrongFields(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.opener(everyField())
		v := w.fake.Modal(w.anna)
		for _, c := range []struct {
			answer connector.Answer
			err    error
			want   map[string]string
		}{
			{connector.Answer{Wrong: map[string]string{"word": "Too short.", "nobody": "Odd."}}, nil,
				map[string]string{"Word": "Too short.", "Text": "Odd."}},
			{connector.Answer{Say: "Nobody is allowed to."}, nil, map[string]string{"Text": "Nobody is allowed to."}},
			{connector.Answer{}, unavailable, map[string]string{"Text": w.words.Text("adapter.try_again")}},
		} {
			w.inbox.answersWith(func(any) (connector.Answer, error) { return c.answer, c.err })
			r, err := v.Submit()
			if err != nil || !maps.Equal(r.Errors, c.want) || !v.IsOpen() {
				t.Errorf("errors %v, %v; want %v", r.Errors, err, c.want)
			}
		}
		w.inbox.answers(connector.Answer{})
		if _, err := v.Submit(); err != nil || v.IsOpen() {
			t.Errorf("after all: %v, open %v", err, v.IsOpen())
		}
		if n := len(got(w.inbox, &w.inbox.subs)); n != 4 {
			t.Errorf("%d submissions", n)
		}
	})
}

func TestSubmissionIsAnsweredInPrivate(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		submit := func(say string) {
			w.opener(connector.Form{Key: say, Title: "Schedule", Submit: "Send"})
			w.inbox.answers(connector.Answer{Close: true, Say: say})
			if _, err := w.fake.Modal(w.anna).Submit(); err != nil {
				t.Fatal(err)
			}
		}
		w.channel.Join(w.anna)
		submit("Scheduled.")
		w.fake.WaitPrivate(testenv.Soon(t), w.anna, "Scheduled.")
	})
}

// Who is not in the channel cannot be told anything there.
func TestAnswerToSomebodyOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.whisper(t.Context(), surface{user: "U0ANNA"}, "Scheduled.", nil)
	posts := w.fake.Ledger(slackfake.Posted)
	if len(posts) != 1 || posts[0].Text != "Scheduled." || posts[0].Channel == string(place) {
		t.Errorf("posted %+v", posts)
	}
}

// A form without fields has no place for an error but on top of it.
func TestWrongWithoutFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	w.opener(connector.Form{Key: "k", Title: "Preview", Lines: []connector.Line{{Text: "As it will read."}}, Submit: "Approve"})
	v := w.fake.Modal(w.anna)
	w.inbox.answersWith(func(any) (connector.Answer, error) { return connector.Answer{}, unavailable })
	r, err := v.Submit()
	if err != nil || r.Next == nil || !strings.Contains(r.Next.Text(), w.words.Text("adapter.try_again")) || !v.IsOpen() {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := r.Next.Close(); err != nil {
		t.Fatal(err)
	}
	w.inbox.answers(connector.Answer{})
	if _, err := v.Submit(); err != nil || v.IsOpen() {
		t.Errorf("a second try: %v", err)
	}
}

// Sixty questions are sixty presses: each replaces the form, and brings no value along.
func TestFormsReplaceEachOther(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		form := func(n int) connector.Form {
			return connector.Form{Key: fmt.Sprint("triage ", n), Title: fmt.Sprint(60-n, " left"),
				Lines: []connector.Line{{Kind: connector.Quote, Text: fmt.Sprint("Why ", n, "?")}},
				Fields: []connector.Field{{ID: "reason", Label: "Reason", Kind: connector.ChoiceField, Value: []string{"a"},
					Options: []connector.Option{{Value: "a", Label: "First"}, {Value: "b", Label: "Second"}}}},
				Buttons: []connector.Button{{Label: "Decline", Action: fmt.Sprint("decline ", n)}}}
		}
		w.opener(form(0))
		v := w.fake.Modal(w.anna)
		v.Fill("Reason", "Second")
		for n := 1; n <= 60; n++ {
			next := form(n)
			w.inbox.answers(connector.Answer{Form: &next})
			if err := v.Press("Decline"); err != nil {
				t.Fatal(err)
			}
			w.fake.WaitModal(testenv.Soon(t), w.anna, fmt.Sprint("Why ", n, "?"))
		}
		ps := got(w.inbox, &w.inbox.presses)[1:]
		if len(ps) != 60 || ps[0].Values.First("reason") != "b" || ps[1].Values.First("reason") != "a" || ps[59].Action != "decline 59" {
			t.Errorf("%d presses, values %v and %v", len(ps), ps[0].Values, ps[1].Values)
		}
		if v.SubmitLabel() != "" || len(w.fake.Private(w.anna)) != 0 {
			t.Errorf("submit %q, private %v", v.SubmitLabel(), w.fake.Private(w.anna))
		}
	})
}

func TestPushAndClose(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.opener(connector.Form{Key: "preview", Title: "Preview", Submit: "Approve",
			Buttons: []connector.Button{{Label: "Send back", Action: "back"}}})
		first := w.fake.Modal(w.anna)
		w.inbox.answers(connector.Answer{Push: true, Form: &connector.Form{Key: "back", Title: "Send back", Submit: "Send back",
			Fields: []connector.Field{{ID: "comment", Label: "Comment", Kind: connector.TextField}}}})
		if err := first.Press("Send back"); err != nil {
			t.Fatal(err)
		}
		second := w.fake.WaitModal(testenv.Soon(t), w.anna, "Comment")
		if !first.IsOpen() || second == first {
			t.Error("the preview is gone")
		}
		w.inbox.answers(connector.Answer{Close: true})
		if _, err := second.Fill("Comment", "Shorter.").Submit(); err != nil || first.IsOpen() || second.IsOpen() {
			t.Errorf("%v; open: %v, %v", err, first.IsOpen(), second.IsOpen())
		}
	})
}

// A press in a form that ends it: Slack cannot close it, so it says that it is over.
func TestPressThatEndsAForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	w.opener(connector.Form{Key: "k", Title: "Choose", Buttons: []connector.Button{{Label: "Claim", Action: "claim"}}})
	v := w.fake.Modal(w.anna)
	w.inbox.answers(connector.Answer{Close: true})
	if err := v.Press("Claim"); err != nil {
		t.Fatal(err)
	}
	w.fake.WaitModal(testenv.Soon(t), w.anna, w.words.Text("adapter.done"))
	if v.SubmitLabel() != "" || len(v.Buttons()) != 0 {
		t.Errorf("it still offers %q %q", v.SubmitLabel(), v.Buttons())
	}
}

func TestPressInAFormThatOnlySays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	w.opener(connector.Form{Key: "k", Title: "Choose", Buttons: []connector.Button{{Label: "Claim", Action: "claim"}}})
	v := w.fake.Modal(w.anna)
	w.inbox.answers(connector.Answer{Say: "Already claimed by Bob."})
	if err := v.Press("Claim"); err != nil {
		t.Fatal(err)
	}
	top := w.fake.WaitModal(testenv.Soon(t), w.anna, "Already claimed by Bob.")
	if top == v || !v.IsOpen() {
		t.Error("it stands in place of the form")
	}
}

// A form that an acknowledgement cannot carry comes right behind it.
func TestLongForms(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		for _, push := range []bool{false, true} {
			w.opener(connector.Form{Key: "k", Title: "First", Submit: "Go on"})
			v := w.fake.Modal(w.anna)
			long := connector.Form{Key: "long", Title: "Second", Submit: "End"}
			for i := range 12 {
				long.Lines = append(long.Lines, connector.Line{Kind: connector.Quote, Text: fmt.Sprint(i, " ", strings.Repeat("ā word ", 350))})
			}
			w.inbox.answers(connector.Answer{Form: &long, Push: push})
			if _, err := v.Submit(); err != nil {
				t.Fatal(err)
			}
			top := w.fake.WaitModal(testenv.Soon(t), w.anna, "11 ā word")
			if (top == v) == push || top.SubmitLabel() != "End" {
				t.Errorf("push %v: on top %v, submit %q", push, top != v, top.SubmitLabel())
			}
			if err := top.CloseAll(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Nobody loses the end of a long answer by editing it in a form.
func TestLongTextIsNotCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	var b strings.Builder
	for i := range 900 {
		fmt.Fprintf(&b, "Line %d of it.", i)
		b.WriteString([]string{"\n", " ", "\n\n"}[i%3])
	}
	long := b.String() + strings.Repeat("x", 7000) + " end"
	w.opener(connector.Form{Key: "k", Title: "Answer", Submit: "Send",
		Fields: []connector.Field{{ID: "answer", Label: "Answer", Kind: connector.TextField, Value: []string{long}}}})
	w.inbox.answers(connector.Answer{})
	if _, err := w.fake.Modal(w.anna).Submit(); err != nil {
		t.Fatal(err)
	}
	if got := got(w.inbox, &w.inbox.subs)[0].Values.First("answer"); got != long {
		t.Errorf("%d characters came back of %d", len(got), len(long))
	}
}

func TestLookOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	w.opener(connector.Form{Key: "k", Title: "Look",
		Fields:  []connector.Field{{ID: "word", Label: "Word", Kind: connector.WordField, Optional: true}},
		Buttons: []connector.Button{{Label: "Use", Action: "use"}}})
	v := w.fake.Modal(w.anna)
	if _, err := v.Submit(); err != nil || v.IsOpen() {
		t.Errorf("%v, open %v", err, v.IsOpen())
	}
	if n := len(got(w.inbox, &w.inbox.subs)); n != 0 {
		t.Errorf("%d submissions reached the inbox", n)
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.inbox.mu.Lock()
		w.inbox.home = connector.Form{Key: "home", Title: "Expert hours",
			Lines:   []connector.Line{{Kind: connector.Head, Text: "Soon"}, {Kind: connector.Quote, Text: "<!here> *x*"}},
			Buttons: []connector.Button{{Label: "Next", Action: "next"}}}
		w.inbox.mu.Unlock()
		v := w.fake.Home(w.anna)
		w.await(func() bool { return strings.Contains(v.Text(), "<!here> *x*") })
		if len(v.Mentions()) != 0 || got(w.inbox, &w.inbox.homes)[0].ID != "U0ANNA" {
			t.Errorf("mentions %v", v.Mentions())
		}
		w.inbox.answers(connector.Answer{Say: "Nothing waits."})
		if err := v.Press("Next"); err != nil {
			t.Fatal(err)
		}
		w.fake.WaitModal(testenv.Soon(t), w.anna, "Nothing waits.")
		if p := got(w.inbox, &w.inbox.presses)[0]; p.Key != "home" || p.Action != "next" {
			t.Errorf("press %+v", p)
		}
	})
}
