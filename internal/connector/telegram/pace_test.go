package telegram

import (
	"context"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestQuickPresses: whoever fills in a form faster than Telegram takes edits is answered
// at once, sees the end of it, and Telegram never has to refuse.
func TestQuickPresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{paced: true})
	f := hourForm()
	f.Fields = f.Fields[3:4]
	w.opens(f)
	tg := w.make()
	tg.waits.pace = time.Second
	w.run(tg)
	_, card := w.post(tg, w.card())
	card.Press(w.anna, "Accept")
	people := w.says("▸ Experts")
	edits := w.fake.Fault("editMessageText", 1, telegramfake.HangBefore)
	for range 5 {
		data, step := actions(people)[0], stepOf(t, tg, 11)
		o, _ := parseControl(data)
		people.ClickData(w.anna, controlData(o.op, step, o.arg)).Await(testenv.Soon(t)) // and not after the edit, which hangs
	}
	edits.Await(testenv.Soon(t), 1)
	edits.Release()
	w.await("the mark", func() bool { return slices.Contains(people.Labels(), "✓ Option 11") && len(w.fake.Pending()) == 0 })
	if n := w.fake.Limited(); n > 0 {
		t.Errorf("Telegram refused %d times", n)
	}
}

// stepOf is that of the newest screen, also of one that is not drawn yet.
func stepOf(t *testing.T, tg *Telegram, user int64) int {
	t.Helper()
	k, err := tg.talk(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	return k.Step
}

// TestOtherButtonsTakeTurns: what the adapter does in the group by itself waits for its
// turn, and is not done without one.
func TestOtherButtonsTakeTurns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	turns := make(chan session.PlaceID)
	tg := w.start(func(o *Options) {
		o.Turn = func(ctx context.Context, _ connector.Connector, at session.PlaceID, _ connector.CardClass) error {
			select {
			case turns <- at:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	w.inbox.onPress = func(connector.Press) (connector.Answer, error) {
		return connector.Answer{Say: "Twice?", Buttons: []connector.Button{{Label: "Yes", Action: "1.yes"}}}, nil
	}
	_, card := w.post(tg, w.card())
	card.Press(w.anna, "⋯")
	if n := len(w.fake.Ledger("editMessageReplyMarkup")); n > 0 {
		t.Errorf("%d edits before its turn", n)
	}
	if at := <-turns; string(at) != w.opts.DeskChat {
		t.Errorf("it was the turn of %s", at)
	}
	w.await("the other buttons", func() bool { return slices.Contains(card.Labels(), "Redirect") })
}

// TestOtherButtonsInPrivate: when the group's minute is used up, whoever wants the other
// buttons gets them in private, and they work there.
func TestOtherButtonsInPrivate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.make(func(o *Options) {
		o.Turn = func(ctx context.Context, _ connector.Connector, _ session.PlaceID, _ connector.CardClass) error {
			<-ctx.Done()
			return ctx.Err()
		}
	})
	tg.waits.turn = 10 * time.Millisecond
	w.run(tg)
	_, card := w.post(tg, w.card())
	before := card.Labels()
	card.Press(w.anna, "⋯")
	rest := w.says("#3 · new")
	if got := rest.Labels(); !slices.Equal(got, []string{"Redirect"}) || !slices.Equal(card.Labels(), before) {
		t.Errorf("in private there is %q, on the card %q", got, card.Labels())
	}
	rest.Press(w.anna, "Redirect")
	if p := got(t, w.inbox, &w.inbox.presses, 1); p.Action != "1.redirect" || p.Message != "" {
		t.Errorf("the inbox got %+v", p)
	}
	w.await("the message to go", rest.Deleted)
}

// TestPacer: two at once, then one a second, for each person; nothing else waits.
func TestPacer(t *testing.T) {
	t.Parallel()
	p := pacer{next: map[int64]time.Time{}}
	now := time.Unix(1000, 0)
	wait := func(method string, chat int64, after time.Duration) time.Duration {
		return p.wait(method, place{chat: chat}, now.Add(after), time.Second)
	}
	for i, want := range []time.Duration{0, 0, time.Second, 2 * time.Second} {
		if got := wait("editMessageText", 11, 0); got != want {
			t.Errorf("call %d waits %v, want %v", i, got, want)
		}
	}
	for name, got := range map[string]time.Duration{"another person": wait("sendMessage", 12, time.Second),
		"a group":   wait("sendMessage", deskChat, time.Second),
		"an answer": wait("answerCallbackQuery", 11, 0), "later": wait("sendMessage", 11, 5*time.Second)} {
		if got != 0 {
			t.Errorf("%s waits %v", name, got)
		}
	}
	then := now.Add(time.Minute)
	for i := range 2 * inSecond {
		if got := p.wait("sendMessage", place{chat: int64(1000 + i)}, then, time.Second); i < atOnce && got != 0 || got > 2*time.Second {
			t.Errorf("person %d waits %v", i, got)
		} else if i == inSecond+atOnce && got < time.Second {
			t.Errorf("%d are written to within %v", i, got)
		}
	}
	for chat := range int64(mostPaced) {
		wait("sendMessage", 100+chat, 0)
	}
	if wait("sendMessage", 13, time.Hour); len(p.next) != 1 {
		t.Errorf("%d are remembered", len(p.next))
	}
}
