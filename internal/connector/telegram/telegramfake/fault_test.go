package telegramfake

import (
	"context"
	"slices"
	"testing"
	"time"
)

// What each fault does to a call: whether it took effect, and what came back.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		fault   Fault
		applied bool
		answer  string // of an error that came back; "" for ok, "broken" for none
	}{
		{"drop before", DropBefore, false, "broken"},
		{"drop after", DropAfter, true, "broken"},
		{"500 after", ErrorAfter, true, "Internal Server Error"},
		{"cut short", CutShort, true, "broken"},
		{"delay", Delay(time.Millisecond), true, ""},
		{"refuse", Refuse(400, "Bad Request: TOPIC_CLOSED"), false, "Bad Request: TOPIC_CLOSED"},
		{"too many", TooMany(7), false, "Too Many Requests: retry after 7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := New(t, Options{NoLimits: true})
			s.User(1, "Anna").Start("")
			i := s.Fault("sendMessage", 2, c.fault)
			for n := range 3 {
				g, err := try(t.Context(), s, "sendMessage", "chat_id", 1, "text", "x")
				switch {
				case n == 2 || c.answer == "":
					if err != nil || !g.OK {
						t.Errorf("%d: got %v %s", n, err, g.Description)
					}
				case c.answer == "broken":
					if err == nil {
						t.Errorf("%d: got %+v", n, g)
					}
				case err != nil || g.Description != c.answer:
					t.Errorf("%d: got %v %s", n, err, g.Description)
				}
			}
			made := 1
			if c.applied {
				made = 3
			}
			if got := len(s.Ledger("sendMessage")); got != made || i.Hits() != 2 || len(s.Calls("sendMessage")) != 3 {
				t.Errorf("%d messages, %d hits", got, i.Hits())
			}
		})
	}
}

func TestHanging(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		fault   Fault
		applied int
	}{{HangBefore, 0}, {HangAfter, 1}} {
		t.Run(f.fault.name, func(t *testing.T) {
			t.Parallel()
			s := New(t, Options{NoLimits: true})
			s.User(1, "Anna").Start("")
			i := s.Fault("sendMessage", 100, f.fault)
			ctx, kill := context.WithCancel(t.Context())
			dead := make(chan error)
			go func() {
				_, err := try(ctx, s, "sendMessage", "chat_id", 1, "text", "x")
				dead <- err
			}()
			i.Await(soon(t), 1)
			s.Await(soon(t), "the call", func() bool { return len(s.Ledger()) == f.applied })
			kill()
			if <-dead == nil {
				t.Error("it was answered")
			}
			answer := later(t, s, "sendMessage", "chat_id", 1, "text", "y")
			i.Await(soon(t), 2)
			i.Stop()
			want(t, <-answer, 200, "")
			want(t, raw(t, s, "sendMessage", "chat_id", 1, "text", "z"), 200, "")
			if got := len(s.Ledger()); got != f.applied+2 || i.Hits() != 2 {
				t.Errorf("%d messages", got)
			}
		})
	}
}

// A fault of one method leaves the others alone, and "*" leaves polls alone.
func TestFaultsAreOfTheirMethod(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	s.Fault("getMe", 1, Refuse(500, "Internal Server Error"))
	s.Fault("*", 1, TooMany(1))
	want(t, raw(t, s, "getUpdates"), 200, "")
	want(t, raw(t, s, "getMe"), 500, "Internal Server Error")
	want(t, raw(t, s, "getMe"), 429, "Too Many Requests: retry after 1")
	want(t, raw(t, s, "getMe"), 200, "")
	if got := s.Limited(); got != 0 {
		t.Errorf("an injected 429 counts as a limit: %d", got)
	}
}

// An update whose delivery was dropped comes again.
func TestDroppedPollConfirmsNothing(t *testing.T) {
	t.Parallel()
	s := New(t, quick())
	s.User(1, "Anna").Start("")
	s.Fault("getUpdates", 1, DropAfter)
	if _, err := try(t.Context(), s, "getUpdates"); err == nil {
		t.Error("it was answered")
	}
	if got := kinds(peek(t, s)); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{NoLimits: true, Now: clock.now})
	anna := s.User(1, "Anna")
	desk := s.Supergroup(-1, "Desk", Forum, BotAdmin())
	thread := desk.NewTopic(anna, "Hour")
	m := send(t, s, -1, "card", "message_thread_id", thread, "reply_markup", keyboard("Go"))
	clock.add(time.Minute)
	want(t, raw(t, s, "editMessageText", "chat_id", -1, "message_id", m.ID, "text", "done"), 200, "")
	want(t, raw(t, s, "editMessageText", "chat_id", -1, "message_id", m.ID, "text", "done"), 400,
		"Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and "+
			"reply markup of the message")
	k := desk.find(m.ID).ClickData(anna, "Go")
	want(t, raw(t, s, "answerCallbackQuery", "callback_query_id", k.ID(), "text", "ok"), 200, "")
	want(t, raw(t, s, "pinChatMessage", "chat_id", -1, "message_id", m.ID), 200, "")
	want(t, raw(t, s, "deleteMessage", "chat_id", -1, "message_id", m.ID), 200, "")
	var did []string
	for _, e := range s.Ledger() {
		did = append(did, e.Did)
		if e.Chat != -1 || e.Message != m.ID || e.Thread != thread {
			t.Errorf("%+v", e)
		}
	}
	if !slices.Equal(did, []string{"sendMessage", "editMessageText", "answerCallbackQuery", "pinChatMessage", "deleteMessage"}) {
		t.Errorf("got %v", did)
	}
	e := s.Ledger("sendMessage", "editMessageText")
	if e[0].Text != "card" || !slices.Equal(e[0].Buttons, []string{"Go"}) || e[1].Text != "done" || !e[1].Silent ||
		e[1].At.Sub(e[0].At) != time.Minute {
		t.Errorf("got %+v", e)
	}
}
