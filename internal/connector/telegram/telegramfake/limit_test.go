package telegramfake

import (
	"testing"
	"time"
)

func limited(t *testing.T, g got, retryAfter int) {
	t.Helper()
	if g.Status != 429 || g.ErrorCode != 429 || g.Parameters.RetryAfter != retryAfter || g.Header.Get("Retry-After") == "" {
		t.Fatalf("got %d %s, parameters %+v; want 429 and %d s", g.Status, g.Description, g.Parameters, retryAfter)
	}
}

func TestOnePerSecondAndChat(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{Now: clock.now})
	anna, bob := s.User(1, "Anna"), s.User(2, "Bob")
	anna.Start("")
	bob.Start("")
	for range 3 {
		send(t, s, 1, "x")
	}
	limited(t, raw(t, s, "sendMessage", "chat_id", 1, "text", "x"), 1)
	send(t, s, 2, "another chat is free")
	clock.add(time.Second)
	m := send(t, s, 1, "x")
	limited(t, raw(t, s, "editMessageText", "chat_id", 1, "message_id", m.ID, "text", "edits count"), 1)
	clock.add(3 * time.Second)
	for range 3 {
		send(t, s, 1, "the burst is back")
	}
	if got := s.Limited(); got != 2 {
		t.Errorf("%d were limited", got)
	}
}

// Twenty a minute in a group: sends, edits and new topics together.
func TestTwentyPerMinuteAndGroup(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{Now: clock.now})
	s.Supergroup(-1, "Desk", Forum, BotAdmin())
	s.User(1, "Anna").Start("")
	m := send(t, s, -1, "card", "reply_markup", keyboard("Go"))
	for i := range 18 {
		clock.add(time.Second)
		want(t, raw(t, s, "editMessageText", "chat_id", -1, "message_id", m.ID, "text", string(rune('a'+i))), 200, "")
	}
	clock.add(time.Second)
	want(t, raw(t, s, "createForumTopic", "chat_id", -1, "name", "Hour"), 200, "")
	clock.add(time.Second)
	limited(t, raw(t, s, "sendMessage", "chat_id", -1, "text", "21"), 40)
	limited(t, raw(t, s, "editMessageText", "chat_id", -1, "message_id", m.ID, "text", "21"), 40)
	limited(t, raw(t, s, "createForumTopic", "chat_id", -1, "name", "21"), 40)

	card := s.chats[-1].FromBot()[0]
	click := card.ClickData(s.users[1], "Go")
	want(t, raw(t, s, "answerCallbackQuery", "callback_query_id", click.ID()), 200, "")
	want(t, raw(t, s, "pinChatMessage", "chat_id", -1, "message_id", m.ID), 200, "")
	clock.add(40 * time.Second)
	send(t, s, -1, "the first fell out of the minute")
	if got := s.Limited(); got != 3 {
		t.Errorf("%d were limited", got)
	}
}

func TestPrivateChatsHaveNoMinute(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{Now: clock.now})
	s.User(1, "Anna").Start("")
	for range 40 {
		clock.add(time.Second)
		send(t, s, 1, "x")
	}
}

func TestThirtyPerSecondOverall(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := New(t, Options{Now: clock.now})
	for i := range 31 {
		s.User(int64(i+1), "Anna").Start("")
	}
	for i := range 30 {
		send(t, s, int64(i+1), "x")
	}
	limited(t, raw(t, s, "sendMessage", "chat_id", 31, "text", "x"), 1)
	clock.add(time.Second)
	send(t, s, 31, "x")
}

func TestNoLimits(t *testing.T) {
	t.Parallel()
	s := New(t, Options{NoLimits: true})
	s.Supergroup(-1, "Desk")
	for range 50 {
		send(t, s, -1, "x")
	}
}

// Near a limit the real server holds the connection of a call that it accepted.
func TestSlowAtLimit(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w := &waits{longest: time.Second}
	s := New(t, Options{Now: clock.now, Burst: 2, SlowAtLimit: time.Second, after: w.after})
	s.User(1, "Anna").Start("")
	for i, waited := range [][]time.Duration{nil, {time.Second}} {
		if m := send(t, s, 1, "x"); m.Text != "x" {
			t.Errorf("%d: %+v", i, m)
		}
		w.were(t, waited...)
	}
}
