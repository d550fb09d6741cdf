package slack

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// fast is a Slack without limits that waits long for a machine that is busy.
var fast = slackfake.Options{NoLimits: true, AckWithin: testenv.Patience, TriggerLife: testenv.Patience}

// unavailable is what an inbox says when its store is away.
var unavailable = session.Fail(session.Unavailable, "store_away")

func TestPress(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		c := card(1)
		c.Buttons = []connector.Button{{Label: "Accept", Action: "accept-1", Style: connector.Primary},
			{Label: "Read", URL: "https://example.lv"}}
		c.More = []connector.Button{{Label: "Merge", Action: "merge-1"}, {Label: "Note", Action: "note-1"}}
		m := w.must(c)
		for _, label := range []string{"Accept", "Note", "Read"} {
			if err := m.Click(w.anna, label); err != nil {
				t.Fatalf("%s: %v", label, err)
			}
		}
		got := got(w.inbox, &w.inbox.presses)
		if len(got) != 2 || got[0].Action != "accept-1" || got[1].Action != "note-1" {
			t.Fatalf("presses %+v", got)
		}
		if p := got[0]; p.By.Desk != "slack" || p.By.ID != "U0ANNA" || p.Place != place || string(p.Message) != m.TS() || p.Key != "" {
			t.Errorf("press %+v", p)
		}
	})
}

func TestPressIsAnsweredInPrivate(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		c := card(1)
		c.Buttons = []connector.Button{{Label: "Approve", Action: "approve-1"}}
		m := w.must(c)
		w.inbox.answers(connector.Answer{Say: "Already approved by <!here> Bob.", Buttons: []connector.Button{{Label: "Undo", Action: "undo"}}})
		if err := m.Click(w.anna, "Approve"); err != nil {
			t.Fatal(err)
		}
		private := w.fake.WaitPrivate(testenv.Soon(t), w.anna, "Already approved by <!here> Bob.")
		if len(private.Mentions()) != 0 || !private.Has("Undo") || len(w.channel.Messages()) != 1 {
			t.Errorf("mentions %v, buttons %v", private.Mentions(), private.Buttons())
		}
		w.inbox.answers(connector.Answer{Say: "Undone."})
		if err := private.Click(w.anna, "Undo"); err != nil {
			t.Fatal(err)
		}
		w.await(func() bool { return private.Text() == "Undone." })
		if p := got(w.inbox, &w.inbox.presses)[1]; p.Message != "" || p.Action != "undo" {
			t.Errorf("press %+v", p)
		}
	})
}

func TestPrivateMessageGoesAwayWhenItIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	w.inbox.answers(connector.Answer{Say: "Use it?", Buttons: []connector.Button{{Label: "Yes", Action: "yes"}}})
	root := w.must(card(1))
	reply := w.anna.Reply(root, "An answer.")
	private := w.fake.WaitPrivate(testenv.Soon(t), w.anna, "Use it?")
	if private.ThreadTS() != root.TS() {
		t.Errorf("asked in thread %q, want that of %s", private.ThreadTS(), reply.ThreadTS())
	}
	w.inbox.answers(connector.Answer{})
	if err := private.Click(w.anna, "Yes"); err != nil {
		t.Fatal(err)
	}
	w.await(func() bool { return len(w.fake.Private(w.anna)) == 0 })
}

// A slow store must not keep Slack waiting, and nothing may look done.
func TestSlowInbox(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.waits.inbox = 30 * time.Millisecond
		release := make(chan struct{})
		w.inbox.answersWith(func(any) (connector.Answer, error) { <-release; return connector.Answer{}, nil })
		t.Cleanup(func() { close(release) })
		c := card(1)
		c.Buttons = []connector.Button{{Label: "Accept", Action: "a"}}
		if err := w.must(c).Click(w.anna, "Accept"); err != nil {
			t.Fatal(err)
		}
		w.fake.WaitPrivate(testenv.Soon(t), w.anna, w.words.Text("slack.perhaps"))
		said, err := w.anna.Command(w.channel, Command, "next")
		if err != nil || said != w.words.Text("slack.perhaps") {
			t.Errorf("the command is answered %q, %v", said, err)
		}
	})
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		c := card(1)
		c.Buttons = []connector.Button{{Label: "Accept", Action: "a"}}
		m := w.must(c)
		w.inbox.answersWith(func(any) (connector.Answer, error) { return connector.Answer{}, unavailable })
		if err := m.Click(w.anna, "Accept"); err != nil {
			t.Fatal(err)
		}
		w.fake.WaitPrivate(testenv.Soon(t), w.anna, w.words.Text("adapter.try_again"))
		w.memory.mu.Lock()
		w.memory.fail = errors.New("away")
		w.memory.mu.Unlock()
		if err := m.Click(w.anna, "Accept"); err != nil {
			t.Fatal(err)
		}
		w.await(func() bool { return len(w.fake.Private(w.anna)) == 2 })
		if n := len(got(w.inbox, &w.inbox.presses)); n != 1 {
			t.Errorf("%d presses reached the inbox", n)
		}
	})
}

// The same press can arrive twice, by a replayed request or over two sockets.
func TestRepeats(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	cb := slackPress("U0ANNA", "1.5", "accept-1", "7.7")
	for range 3 {
		if o := w.interact(t.Context(), cb); o.after != nil {
			o.after(t.Context())
		}
	}
	if n := len(got(w.inbox, &w.inbox.presses)); n != 1 {
		t.Errorf("%d presses reached the inbox", n)
	}
	again := slackPress("U0ANNA", "1.5", "accept-1", "7.8")
	w.interact(t.Context(), again)
	if n := len(got(w.inbox, &w.inbox.presses)); n != 2 {
		t.Errorf("a second press is taken for the first: %d", n)
	}
}

// Two copies that are handled at the same time are one.
func TestRepeatAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	entered, release := make(chan struct{}), make(chan struct{})
	w.inbox.answersWith(func(any) (connector.Answer, error) { close(entered); <-release; return connector.Answer{}, nil })
	cb := slackPress("U0ANNA", "1.5", "accept-1", "7.7")
	done := make(chan struct{})
	go func() { defer close(done); w.interact(t.Context(), cb) }()
	<-entered
	w.interact(t.Context(), cb)
	close(release)
	<-done
	if n := len(got(w.inbox, &w.inbox.presses)); n != 1 {
		t.Errorf("%d presses reached the inbox", n)
	}
}

// A refused try is no repeat: the person may press again.
func TestTryAgainIsNoRepeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.inbox.answersWith(func(any) (connector.Answer, error) { return connector.Answer{}, unavailable })
	cb := slackPress("U0ANNA", "1.5", "accept-1", "7.7")
	w.interact(t.Context(), cb)
	w.inbox.answers(connector.Answer{})
	w.interact(t.Context(), cb)
	if n := len(got(w.inbox, &w.inbox.presses)); n != 2 {
		t.Errorf("%d presses reached the inbox", n)
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.inbox.answers(connector.Answer{Say: "Words: <!channel> *help*"})
		said, err := w.anna.Command(w.channel, Command, "help a<b")
		if err != nil || said != "Words: <!channel> *help*" {
			t.Errorf("answered %q, %v", said, err)
		}
		private := w.fake.Private(w.anna)[0]
		if len(private.Mentions()) != 0 || len(private.Markup()) != 0 {
			t.Errorf("alive: %v %v", private.Mentions(), private.Markup())
		}
		if c := got(w.inbox, &w.inbox.commands)[0]; c.Text != "help a<b" || c.Place != place || c.By.ID != "U0ANNA" || c.By.Name == "" {
			t.Errorf("command %+v", c)
		}
		w.inbox.answers(connector.Answer{Say: "https://example.lv/t"})
		if _, err := w.anna.Command(w.channel, Command, "transcript"); err != nil {
			t.Fatal(err)
		}
		if ms := w.fake.Private(w.anna)[1].Mentions(); len(ms) == 0 || ms[0].Target != "https://example.lv/t" {
			t.Errorf("links %v", ms)
		}
		long := strings.Repeat("語語語 ", 4000)
		w.inbox.answers(connector.Answer{Say: long})
		if said, err := w.anna.Command(w.channel, Command, "help"); err != nil || said != "" {
			t.Errorf("answered with %d characters, %v", len(said), err)
		}
		w.fake.WaitPrivate(testenv.Soon(t), w.anna, "語語語 語語語")
	})
}

func TestCommandOpensAForm(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.inbox.answers(connector.Answer{Form: &connector.Form{Key: "k", Title: "Board", Lines: []connector.Line{{Text: "Here."}}}})
		if said, err := w.anna.Command(w.channel, Command, "board"); err != nil || said != "" {
			t.Fatalf("answered %q, %v", said, err)
		}
		w.fake.WaitModal(testenv.Soon(t), w.anna, "Here.")
	})
}

func TestTriggerThatExpired(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{NoLimits: true, TriggerLife: time.Nanosecond})
	w.run()
	c := card(1)
	c.Buttons = []connector.Button{{Label: "Decline", Action: "d"}}
	w.inbox.answers(connector.Answer{Form: &connector.Form{Title: "Decline"}})
	if err := w.must(c).Click(w.anna, "Decline"); err != nil {
		t.Fatal(err)
	}
	w.fake.WaitPrivate(testenv.Soon(t), w.anna, w.words.Text("slack.press_again"))
}

// Sixty people at once: each press is answered, none waits for another's slow one.
func TestManyPresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	c := card(1)
	c.Buttons = []connector.Button{{Label: "Accept", Action: "a"}}
	m := w.must(c)
	errs := make(chan error)
	for i := range 60 {
		u := w.fake.User(fmt.Sprintf("U%04d", i), fmt.Sprint("Person ", i), "")
		go func() { errs <- m.Click(u, "Accept") }()
	}
	for range 60 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := len(got(w.inbox, &w.inbox.presses)); n != 60 {
		t.Errorf("%d presses reached the inbox", n)
	}
}
