package telegram

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/testenv"
)

func TestPress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.start()
	at, card := w.post(tg, w.card())
	if got := card.Press(w.anna, "Accept"); got != "" {
		t.Errorf("the press says %q", got)
	}
	p := got(t, w.inbox, &w.inbox.presses, 1)
	if p.Action != "1.accept" || p.Message != at || string(p.Place) != w.opts.DeskChat || p.By.ID != "11" ||
		p.By.Desk != "telegram" || p.By.Name != "Anna" {
		t.Errorf("the inbox got %+v", p)
	}
}

func TestPressSays(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 60)
	for name, c := range map[string]struct {
		answer  connector.Answer
		err     error
		alert   string
		private string // what Anna reads, "" nothing
		group   string // what is in the group for Bob, who cannot be written to
	}{
		"done":  {},
		"short": {answer: connector.Answer{Say: "Bob was quicker."}, alert: "Bob was quicker."},
		"long":  {answer: connector.Answer{Say: long}, private: strings.TrimSpace(long)},
		"with buttons": {answer: connector.Answer{Say: "Which?", Buttons: []connector.Button{{Label: "This", Action: "1.a"}}},
			private: "Which?", group: "Which?"},
		"store is away": {err: errors.New("away"), alert: english.Text("adapter.try_again")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setup{})
			w.inbox.onPress = func(connector.Press) (connector.Answer, error) { return c.answer, c.err }
			_, card := w.post(w.start(), w.card())
			if got := card.Press(w.anna, "Accept"); got != c.alert {
				t.Errorf("the box says %q, want %q", got, c.alert)
			}
			if c.private != "" {
				w.anna.Await(testenv.Soon(t), telegramfake.Says(c.private))
			}
			if c.group != "" {
				card.Press(w.bob, "Accept")
				m := w.desk.Await(testenv.Soon(t), says2(c.group))
				if m.ReplyTo() != card || !slices.Equal(actions(m), []string{"!1.a"}) {
					t.Errorf("in the group stands %s with %q", m, actions(m))
				}
			}
		})
	}
}

// TestSayButtons: a button of a message to one person is a press without a card, and
// the message goes away when it has done its work.
func TestSayButtons(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.inbox.onPress = func(p connector.Press) (connector.Answer, error) {
		switch p.Action {
		case "1.accept":
			return connector.Answer{Say: "Which?", Buttons: []connector.Button{{Label: "This", Action: "1.this"},
				{Label: "That", Action: "1.that"}}}, nil
		case "1.that":
			return connector.Answer{Say: "That it is."}, nil
		}
		return connector.Answer{}, nil
	}
	_, card := w.post(w.start(), w.card())
	card.Press(w.anna, "Accept")
	first := w.anna.Await(testenv.Soon(t), says2("Which?"))
	first.Press(w.anna, "That")
	w.await("the message to change", func() bool { return first.Text() == "That it is." && len(first.Labels()) == 0 })
	card.Press(w.anna, "Accept")
	second := w.anna.Await(testenv.Soon(t), says2("Which?"))
	second.Press(w.anna, "This")
	w.await("the message to go", second.Deleted)
	if p := got(t, w.inbox, &w.inbox.presses, 4); p.Message != "" || p.Action != "1.this" {
		t.Errorf("the inbox got %+v", p)
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	_, card := w.post(w.start(), w.card())
	if got := card.Press(w.anna, "Withdraw"); got != "Withdraw #3? Press once more to confirm." {
		t.Errorf("the box says %q", got)
	}
	if got := card.Press(w.bob, "Withdraw"); !strings.HasPrefix(got, "Withdraw #3?") {
		t.Errorf("Bob is asked %q", got)
	}
	if n := w.inbox.count(func() int { return len(w.inbox.presses) }); n != 0 {
		t.Fatalf("%d presses before anybody confirmed", n)
	}
	if got := card.Press(w.anna, "Withdraw"); got != "" {
		t.Errorf("the second box says %q", got)
	}
	if p := got(t, w.inbox, &w.inbox.presses, 1); p.Action != "1.withdraw" || p.By.ID != "11" {
		t.Errorf("the inbox got %+v", p)
	}
	w.memory.Pass(sureFor * 2)
	if got := card.Press(w.bob, "Withdraw"); got == "" {
		t.Error("Bob's first press still counts")
	}
}

// TestConfirmTwiceTheSame: the same press, handled twice, confirms nothing.
func TestConfirmTwiceTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.make()
	_, card := w.post(tg, w.card())
	c := click{query: "q", user: 11, at: messageID{deskChat, card.ID()}, data: "?1.withdraw", pressed: readData("?1.withdraw")}
	for range 3 {
		if tg.confirmed(t.Context(), c) {
			t.Fatal("one press counts as two")
		}
	}
	c.query = "r"
	if !tg.confirmed(t.Context(), c) {
		t.Error("a second press does not count")
	}
}

func TestMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.start()
	at, card := w.post(tg, w.card())
	card.Press(w.anna, "⋯")
	w.await("the rest", func() bool { return slices.Equal(card.Labels(), []string{"Redirect", "‹"}) })
	card.Press(w.anna, "‹")
	w.await("the front", func() bool { return slices.Contains(card.Labels(), "Accept") })
	c := w.card()
	c.More = []connector.Button{{Label: "Other", Action: "1.other"}}
	if err := tg.UpdateCard(t.Context(), at, c); err != nil {
		t.Fatal(err)
	}
	card.Press(w.anna, "⋯")
	w.await("the new rest", func() bool { return slices.Equal(card.Labels(), []string{"Other", "‹"}) })
	card.Press(w.anna, "Other")
	if p := got(t, w.inbox, &w.inbox.presses, 1); p.Action != "1.other" || p.Message != at {
		t.Errorf("the inbox got %+v", p)
	}
	w.memory.Pass(8 * 24 * drawnFor)
	if got := card.ClickData(w.anna, showMore).Await(testenv.Soon(t)); got.Text != english.Text("telegram.forgotten") {
		t.Errorf("a forgotten card says %q", got.Text)
	}
}

func TestPressTooOld(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.make()
	_, card := w.post(tg, w.card())
	card.Click(w.anna, "Accept").Expire()
	w.run(tg)
	got(t, w.inbox, &w.inbox.presses, 1)
	card.Press(w.anna, "Accept")
	if ts := tg.Trouble(); len(ts) != 0 {
		t.Errorf("troubles: %v", ts)
	}
}

// TestLongestAction: with the marks in front of it, the longest action has room.
func TestLongestAction(t *testing.T) {
	t.Parallel()
	a, err := connector.Action{Do: "aaaaaaaaaaaaaaaaaaaa", Session: connector.TagOf("s"), Number: 1<<31 - 1, Mark: 1<<31 - 1,
		Seen: connector.TagOf("d")}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{"", markForm, markSay} {
		k, ok := key(connector.Button{Label: "x", Action: a, Confirm: "?"}, mark)
		if p := readData(k.CallbackData); !ok || !p.ask || p.mark != mark || p.action != a {
			t.Errorf("%q: %v, read %+v", k.CallbackData, ok, p)
		}
	}
}

// TestPressIsAnsweredAtOnce: while Telegram holds what is sent to one person, the
// presses of all are answered.
func TestPressIsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.inbox.onPress = func(p connector.Press) (connector.Answer, error) {
		if p.Action == "1.accept" {
			return connector.Answer{Form: &connector.Form{Title: "Form"}}, nil
		}
		return connector.Answer{Say: "done"}, nil
	}
	tg := w.start()
	_, card := w.post(tg, w.card())
	held := w.fake.Fault("sendMessage", 1, telegramfake.HangAfter)
	defer held.Release()
	card.Press(w.anna, "Accept")
	held.Await(testenv.Soon(t), 1)
	for _, who := range []*telegramfake.User{w.anna, w.bob} {
		if got := card.ClickData(who, "1.other").Await(testenv.Soon(t)); got.Text != "done" {
			t.Errorf("answered %+v", got)
		}
	}
	slow := w.fake.Fault("answerCallbackQuery", 1, telegramfake.HangBefore)
	defer slow.Release()
	card.ClickData(w.anna, "1.other")
	slow.Await(testenv.Soon(t), 1)
	card.ClickData(w.bob, "1.other").Await(testenv.Soon(t))
}

// TestTooManyWhileTurning: buttons that Telegram puts off are shown when the time has
// come, and the press is answered before.
func TestTooManyWhileTurning(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	_, card := w.post(w.start(), w.card())
	w.fake.Fault("editMessageReplyMarkup", 1, telegramfake.TooMany(1))
	card.Press(w.anna, "⋯")
	w.await("the rest", func() bool { return slices.Contains(card.Labels(), "Redirect") })
}
