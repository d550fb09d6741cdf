package slack

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// written waits for n messages to reach the inbox.
func (w *world) written(n int) []connector.Written {
	w.t.Helper()
	w.await(func() bool { return len(got(w.inbox, &w.inbox.written)) >= n })
	return got(w.inbox, &w.inbox.written)
}

// settled waits until the mailbox is empty and everything was acknowledged.
func (w *world) settled() {
	w.t.Helper()
	w.await(func() bool {
		return w.mail.Left() == 0 && !slices.ContainsFunc(w.fake.Deliveries(), func(d slackfake.Delivery) bool { return !d.Acked })
	})
}

func texts(lines []session.ChatLine) (all []string) {
	for _, l := range lines {
		all = append(all, l.Text)
	}
	return all
}

func TestReplyInAThread(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		bob := w.fake.User("U0BOB", "Bob Liepa", "")
		root := w.must(card(1))
		w.inbox.answers(connector.Answer{Taken: true})
		m := w.anna.Reply(root, "If a < b & c, see example.lv/x.\n// internal\nAsk @Bob Liepa")
		got := w.written(1)[0]
		if got.By.ID != "U0ANNA" || got.By.Desk != "slack" || got.Place != place || string(got.Under) != root.TS() ||
			string(got.Message) != m.TS() || got.Deleted {
			t.Errorf("written %+v", got)
		}
		if stamp(got.At) != m.TS() {
			t.Errorf("at %v, the message is %s", got.At, m.TS())
		}
		want := []session.ChatLine{{Text: "If a < b & c, see example.lv/x."}, {Text: "// internal"}, {Text: "Ask @Bob Liepa", Mentions: true}}
		if !slices.Equal(got.Lines, want) {
			t.Errorf("lines %+v", got.Lines)
		}
		w.await(func() bool { return slices.Equal(m.Reactions(nil), []string{taken}) })
		_ = bob
	})
}

func TestEditAndDeletion(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		root := w.must(card(1))
		m := w.anna.Reply(root, "First.")
		w.written(1)
		m.Unfurl("https://example.lv")
		if err := w.anna.Edit(m, "Second."); err != nil {
			t.Fatal(err)
		}
		if got := w.written(2)[1]; !slices.Equal(texts(got.Lines), []string{"Second."}) || string(got.Message) != m.TS() ||
			string(got.Under) != root.TS() {
			t.Errorf("edited: %+v", got)
		}
		if err := w.anna.Delete(m); err != nil {
			t.Fatal(err)
		}
		if got := w.written(3)[2]; !got.Deleted || string(got.Message) != m.TS() || got.By.ID != "U0ANNA" || string(got.Under) != root.TS() {
			t.Errorf("deleted: %+v", got)
		}
		w.settled()
		if n := len(got(w.inbox, &w.inbox.written)); n != 3 {
			t.Errorf("%d messages: a preview is no edit", n)
		}
	})
}

// A message with replies leaves a grey line when it is deleted.
func TestDeletedRoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	m := w.anna.Say(w.channel, "A message on its own.")
	w.anna.Reply(m, "And more.")
	w.written(2)
	if err := w.anna.Delete(m); err != nil {
		t.Fatal(err)
	}
	if got := w.written(3)[2]; !got.Deleted || string(got.Message) != m.TS() || got.By.ID != "U0ANNA" || got.Under != "" {
		t.Errorf("deleted: %+v", got)
	}
}

func TestWhatIsNobodysWriting(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		root := w.must(card(1))
		if err := w.UpdateCard(t.Context(), session.MessageID(root.TS()), card(1, "New.")); err != nil {
			t.Fatal(err)
		}
		w.anna.Say(w.fake.Channel("C0OTHER"), "Elsewhere.")
		w.anna.Upload(w.channel, root, "photo.jpg", "")
		w.fake.Emit(map[string]any{"type": "message", "subtype": "channel_join", "channel": string(place), "user": "U0ANNA",
			"text": "joined", "ts": "5.000001"})
		w.fake.Emit(map[string]any{"type": "message", "channel": string(place), "user": "U0X", "bot_id": "B0OTHER",
			"text": "I am a bot", "ts": "5.000002"})
		w.anna.Upload(w.channel, root, "photo.jpg", "With words.")
		w.anna.ReplyAlso(root, "For all to see.")
		w.written(3)
		w.settled()
		ws := got(w.inbox, &w.inbox.written)
		if len(ws) != 3 || len(ws[0].Lines) != 0 || len(ws[0].Files) != 1 || texts(ws[1].Lines)[0] != "With words." ||
			ws[1].With != "" || string(ws[2].Under) != root.TS() {
			t.Errorf("written %+v", ws)
		}
	})
}

func TestSaidToTheAuthor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	root := w.must(card(1))
	w.inbox.answers(connector.Answer{Say: "Add, replace or aside?", Buttons: []connector.Button{{Label: "Add", Action: "add"}}})
	w.anna.Reply(root, "More.")
	private := w.fake.WaitPrivate(testenv.Soon(t), w.anna, "Add, replace or aside?")
	if private.ThreadTS() != root.TS() || !private.Has("Add") {
		t.Errorf("in thread %q, buttons %v", private.ThreadTS(), private.Buttons())
	}
}

// Nothing that arrives twice is handed over twice, whatever Slack calls it.
func TestEventsTwice(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.fake.Twice(1)
		w.anna.Say(w.channel, "Once.")
		w.written(1)
		w.settled()
		if n := len(got(w.inbox, &w.inbox.written)); n != 1 || len(w.fake.Deliveries()) != 2 {
			t.Errorf("%d messages of %d deliveries", n, len(w.fake.Deliveries()))
		}
	})
}

// What could not be stored is not acknowledged, and comes again.
func TestStoreIsAway(t *testing.T) {
	t.Parallel()
	opts := slackfake.Options{NoLimits: true, AckWithin: 300 * time.Millisecond,
		Redeliver: slices.Repeat([]time.Duration{50 * time.Millisecond}, 1000)}
	listening(t, opts, func(t *testing.T, w *world) {
		w.redis.Break(errors.New("away"))
		w.anna.Say(w.channel, "Do not lose this.")
		w.await(func() bool { return w.fake.Deliveries()[0].Attempts >= 2 })
		if d := w.fake.Deliveries()[0]; d.Acked {
			t.Fatalf("acknowledged: %+v", d)
		}
		w.redis.Break(nil)
		if ws := w.written(1); texts(ws[0].Lines)[0] != "Do not lose this." {
			t.Errorf("written %+v", ws)
		}
		w.settled()
	})
}

func TestUndecodable(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.fake.Emit(map[string]any{"type": "message", "channel": string(place), "ts": 12.5, "text": map[string]any{"odd": true}})
		w.fake.Emit(map[string]any{"type": ""})
		w.await(func() bool { n, _ := w.mail.Dead(t.Context()); return n == 2 })
		w.settled()
		odd := func(l connector.Letter) bool { return strings.Contains(string(l.Raw), "odd") }
		if !slices.ContainsFunc(w.mail.Buried(), odd) || strings.Contains(w.logs.String(), "odd") {
			t.Errorf("buried %v", w.mail.Buried())
		}
	})
}

// The library refuses whole events for one part that it does not know; the adapter
// reads what it needs.
func TestDecodedInSpiteOfTheLibrary(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.fake.Emit(map[string]any{"type": "message", "channel": string(place), "user": "U0ANNA", "ts": "12.000001", "text": "Read me.",
			"reactions": "no list", "blocks": map[string]any{"no": "list"}})
		if ws := w.written(1); texts(ws[0].Lines)[0] != "Read me." {
			t.Errorf("written %+v", ws)
		}
		w.settled()
	})
}

func TestEventsAreLimited(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(_ *testing.T, w *world) {
		w.fake.RateLimitApp()
		w.await(func() bool { return slices.Contains(w.trouble(), "slack.events_limited") })
		w.anna.Say(w.channel, "Hello.")
		w.await(func() bool { return len(w.Trouble()) == 0 })
		w.settled()
	})
}

// A letter that cannot be handled now stays for later.
func TestInboxIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.inbox.answersWith(func(any) (connector.Answer, error) { return connector.Answer{}, unavailable })
	raw := []byte(`{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel":"C0DESK","user":"U0ANNA",` +
		`"text":"Hi","ts":"1.000001"}}`)
	if err := w.Handle(t.Context(), raw); !errors.Is(err, unavailable) || errors.Is(err, receive.ErrUndecodable) {
		t.Errorf("error %v", err)
	}
}

func TestHugeEventIsSlimmed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	text := strings.Repeat("ā", 40000)
	raw := []byte(`{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel":"C0DESK","user":"U0ANNA","text":"` + text +
		`","ts":"1.000001","blocks":"` + strings.Repeat("x", connector.LongestLetter) + `"}}`)
	if err := w.store(t.Context(), w.runner.Put, raw); err != nil {
		t.Fatal(err)
	}
	l := w.letters()[0]
	if len(l.Raw) > connector.LongestLetter {
		t.Fatalf("%d bytes", len(l.Raw))
	}
	if err := w.Handle(t.Context(), l.Raw); err != nil {
		t.Fatal(err)
	}
	if ws := w.written(1); ws[0].Lines[0].Text != text {
		t.Error("the text is cut")
	}
}

// TestAuthors: the versions of a message come from its author, whoever the event names.
func TestAuthors(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`"type":"message","user":"U1","text":"a"`: "U1",
		`"type":"app_home_opened","user":"U1"`:    "U1",
		`"type":"message","subtype":"message_changed","message":{"user":"U1","edited":{"user":"U2","ts":"1.0"}}`:                      "U1",
		`"type":"message","subtype":"message_changed","message":{"user":"U1"},"previous_message":{"user":"U3"}`:                       "U1",
		`"type":"message","subtype":"message_changed","message":{"user":"U0","subtype":"tombstone"},"previous_message":{"user":"U1"}`: "U1",
		`"type":"message","subtype":"message_deleted","deleted_ts":"1.0","previous_message":{"user":"U1"}`:                            "U1",
		`"type":"message","subtype":"message_deleted","deleted_ts":"1.0"`:                                                             "",
		`"type":"message","subtype":"message_changed"`:                                                                                "",
	} {
		e, err := parseEnvelope([]byte(`{"type":"event_callback","event_id":"Ev1","event":{` + body + `}}`))
		if l := e.letter([]byte(body)); err != nil || l.From != want || l.Line != connector.StaffLine {
			t.Errorf("%s: from %q in %s, %v; want %q", body, l.From, l.Line, err, want)
		}
	}
}

type written = connector.Written

// settledMail waits until every letter is handled.
func (w *world) settledMail() {
	w.t.Helper()
	w.await(func() bool { return w.mail.Left() == 0 })
}

// letters takes what was stored, at most one of each sender.
func (w *world) letters() []connector.Letter {
	w.t.Helper()
	ls, err := w.mail.Take(w.t.Context(), connector.StaffLine, 100, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return ls
}

// A mark that Slack had no time for is put there later.
func TestMarkWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	m := w.anna.Say(w.channel, "An answer.")
	w.fake.Limit("reactions.add", 1, time.Second)
	w.fake.Fail("reactions.add", 1, slackfake.DropAfter)
	w.mark(t.Context(), place, session.MessageID(m.TS()), true)
	if got := m.Reactions(nil); !slices.Equal(got, []string{taken}) || strings.Contains(w.logs.String(), "could not be changed") {
		t.Errorf("reactions %v\n%s", got, w.logs)
	}
}

// A card that somebody takes away, with a thread or without, is missed at once.
func TestRemovedCard(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		alone, root := w.must(card(1)), w.must(card(2))
		w.anna.Reply(root, "An answer.")
		for _, m := range []*slackfake.Message{alone, root} {
			if err := m.Remove(); err != nil {
				t.Fatal(err)
			}
		}
		w.await(func() bool { return len(got(w.inbox, &w.inbox.removed)) == 2 })
		w.settled()
		want := []session.MessageID{session.MessageID(alone.TS()), session.MessageID(root.TS())}
		if removed := got(w.inbox, &w.inbox.removed); !slices.Equal(removed, want) || len(got(w.inbox, &w.inbox.written)) != 1 {
			t.Errorf("removed %q, want %q; written %+v", removed, want, got(w.inbox, &w.inbox.written))
		}
	})
}

// A slow Slack must not keep the next letter waiting, also while it draws a page of the app.
func TestHomeHoldsUpNoLetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast, func(o *Options) { o.Timeout = time.Hour })
	w.fake.Fail("views.publish", 1, slackfake.HangAfter)
	raw := []byte(`{"type":"event_callback","event_id":"Ev1","event":{"type":"app_home_opened","user":"U0ANNA","tab":"home"}}`)
	handled := make(chan error, 1)
	go func() { handled <- w.Handle(t.Context(), raw) }()
	select {
	case err := <-handled:
		if err != nil {
			t.Error(err)
		}
	case <-testenv.Soon(t).Done():
		t.Error("the letter waits for Slack")
	}
	w.await(func() bool { return len(w.fake.Ledger(slackfake.ViewPublished)) == 1 })
}
