package telegram

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestGroupBecomesSupergroup: the old id goes on working, what was posted there is gone,
// and what people write in the new one stands at the old place. Another replica, which
// hears of nothing, finds out by itself.
func TestGroupBecomesSupergroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{basic: true})
	a, b := w.make(), w.make()
	old, _ := w.post(a, w.card())
	supergroup := w.desk.Move(w.anna, deskChat)
	for _, tg := range []*Telegram{a, b} {
		if err := tg.UpdateCard(t.Context(), old, w.card()); !errors.Is(err, connector.ErrGone) {
			t.Errorf("the card that stayed behind: %v", err)
		}
		at, err := tg.PostCard(t.Context(), w.card())
		if s, _ := parseMessageID(at); err != nil || s.chat != deskChat {
			t.Fatalf("posted at %s, %v", at, err)
		}
		c := w.card()
		c.Call = &connector.Call{Number: 1, Text: "Look"}
		if _, err := tg.PostCall(t.Context(), old, c); !errors.Is(err, connector.ErrGone) {
			t.Errorf("a call under the card that stayed behind: %v", err)
		}
	}
	w.run(w.make())
	supergroup.Say(w.anna, "hello")
	if m := got(t, w.inbox, &w.inbox.wrote, 1); string(m.Place) != w.opts.DeskChat ||
		m.Message != (messageID{deskChat, supergroup.Last().ID()}).id() {
		t.Errorf("the inbox got %+v", m)
	}
}

// TestMoveIsFoundAtStart: also when nobody told this program of it.
func TestMoveIsFoundAtStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{basic: true})
	supergroup := w.desk.Move(w.anna, deskChat)
	w.fake.RestartUpdateIDs(900_000_001)
	tg := w.start()
	w.await("the menu", func() bool { return len(w.fake.Commands(telegramfake.Scope{Type: "chat", Chat: deskChat}, "")) > 0 })
	supergroup.Say(w.anna, "hello")
	got(t, w.inbox, &w.inbox.wrote, 1)
	if len(tg.Trouble()) != 0 {
		t.Errorf("troubles: %v", tg.Trouble())
	}
}

// TestTroubles: what somebody has to mend is deferred, said once, and over by itself.
func TestTroubles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begin, end func(*world)
		trouble    string
	}{
		"thrown out": {func(w *world) { w.desk.Remove(w.anna, w.fake.Bot()) },
			func(w *world) { w.desk.Add(w.anna, w.fake.Bot()) }, "telegram.chat_refused"},
		"restricted": {func(w *world) { w.desk.Restrict(w.anna, w.fake.Bot()) },
			func(w *world) { w.desk.Promote(w.anna, w.fake.Bot()) }, "telegram.chat_restricted"},
		"token": {func(w *world) { w.fake.Fault("sendMessage", 2, telegramfake.Refuse(401, "Unauthorized")) },
			func(*world) {}, "telegram.token_refused"},
		"busy": {func(w *world) { w.fake.Fault("sendMessage", 2, telegramfake.TooMany(7)) },
			func(*world) {}, "telegram.rate_limited"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setup{})
			var log strings.Builder
			tg := w.make(func(o *Options) { o.Log = newLog(&log) })
			c.begin(w)
			for range 2 {
				_, err := tg.PostCard(t.Context(), w.card())
				if e := connector.OutcomeOf(err); err == nil || e.Outcome != connector.Deferred || e.Wait < time.Second {
					t.Errorf("%v, wait %v", err, e.Wait)
				}
			}
			if ts := tg.Trouble(); len(ts) != 1 || ts[0].ID != c.trouble || strings.Count(log.String(), "trouble") != 1 {
				t.Errorf("troubles: %v, log:\n%s", ts, log.String())
			}
			c.end(w)
			w.post(tg, w.card())
			if ts := tg.Trouble(); len(ts) != 0 {
				t.Errorf("troubles are left: %v", ts)
			}
		})
	}
}

func TestTopicTroubles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{chat: []telegramfake.Setup{telegramfake.Forum}}) // no administrator
	tg := w.make()
	c := w.card()
	thread := w.desk.NewTopic(w.anna, "Hour")
	c.Place = place{deskChat, thread}.id()
	at, _ := w.post(tg, c)
	w.desk.CloseTopic(w.anna, thread)
	deferred := func(id string) {
		t.Helper()
		_, err := tg.PostCard(t.Context(), c)
		if e := connector.OutcomeOf(err); err == nil || e.Outcome != connector.Deferred {
			t.Errorf("%v", err)
		}
		if ts := tg.Trouble(); len(ts) != 1 || ts[0].ID != id || !slices.Equal(ts[0].Args, []any{"place", string(c.Place)}) {
			t.Errorf("troubles: %v, want %s", ts, id)
		}
	}
	deferred("telegram.topic_closed")
	w.desk.ReopenTopic(w.anna, thread)
	w.post(tg, c)
	if len(tg.Trouble()) != 0 {
		t.Errorf("troubles: %v", tg.Trouble())
	}
	w.desk.DeleteTopic(thread)
	deferred("telegram.topic_gone")
	if err := tg.UpdateCard(t.Context(), at, c); !errors.Is(err, connector.ErrGone) {
		t.Errorf("a card of a deleted topic: %v", err)
	}
}

// TestStanding: the bot hears that it was thrown out and let in again.
func TestStanding(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.make()
	w.desk.Remove(w.anna, w.fake.Bot())
	stop := w.run(tg)
	w.await("all to be confirmed", func() bool { return len(w.fake.Pending()) == 0 })
	w.desk.Add(w.anna, w.fake.Bot())
	w.desk.Promote(w.anna, w.fake.Bot())
	w.desk.Say(w.anna, "back")
	w.awaitTexts("back")
	w.await("the menu", func() bool { return len(w.fake.Commands(telegramfake.Scope{Type: "chat", Chat: deskChat}, "")) > 0 })
	stop()
	if ts := tg.Trouble(); len(ts) != 0 {
		t.Errorf("troubles: %v", ts)
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault telegramfake.Fault
		want  connector.Outcome
		stand int // messages that stand there all the same
	}{
		"dropped before":   {telegramfake.DropBefore, connector.Unsure, 0},
		"dropped after":    {telegramfake.DropAfter, connector.Unsure, 1},
		"500 after":        {telegramfake.ErrorAfter, connector.Unsure, 1},
		"cut short":        {telegramfake.CutShort, connector.Unsure, 1},
		"too long":         {telegramfake.Refuse(400, "Bad Request: message is too long"), connector.Refused, 0},
		"too many":         {telegramfake.TooMany(9), connector.Deferred, 0},
		"unknown, 418":     {telegramfake.Refuse(418, "I'm a teapot"), connector.Unsure, 0},
		"gateway":          {telegramfake.Refuse(502, "Bad Gateway"), connector.Unsure, 0},
		"conflict on send": {telegramfake.Refuse(409, "Conflict"), connector.Deferred, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setup{})
			tg := w.make()
			w.fake.Fault("sendMessage", 1, c.fault)
			_, err := tg.PostCard(t.Context(), w.card())
			if got := connector.OutcomeOf(err); err == nil || got.Outcome != c.want {
				t.Errorf("outcome %d, want %d: %v", got.Outcome, c.want, err)
			}
			if strings.Contains(err.Error(), "fake-token") {
				t.Errorf("the token is in the error: %v", err)
			}
			if n := len(w.desk.FromBot()); n != c.stand {
				t.Errorf("%d messages stand there", n)
			}
		})
	}
	w := newWorld(t, setup{})
	tg := w.make(func(o *Options) { o.APIURL = "http://127.0.0.1:1" })
	_, err := tg.PostCard(t.Context(), w.card())
	if got := connector.OutcomeOf(err); got.Outcome != connector.Deferred || strings.Contains(err.Error(), "fake-token") {
		t.Errorf("nobody listens: %v", err)
	}
}

// TestBlocked: who blocked the bot is answered in the group from then on.
func TestBlocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.inbox.onWrote = func(connector.Written) (connector.Answer, error) {
		return connector.Answer{Say: "Not accepted yet."}, nil
	}
	tg := w.start()
	w.desk.Say(w.anna, "one")
	w.anna.Await(testenv.Soon(t), says2("Not accepted yet."))
	w.anna.Block()
	w.desk.Say(w.anna, "two")
	w.desk.Await(testenv.Soon(t), says2("Not accepted yet."))
	if err := tg.request(t.Context(), "x", place{chat: 11}, func(context.Context) error {
		return bot.ErrorForbidden
	}); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("a blocked bot: %v", err)
	}
	if len(tg.Trouble()) != 0 {
		t.Errorf("troubles: %v", tg.Trouble())
	}
}

func TestBoardIsPinned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.make()
	c := w.card()
	c.Number = 0
	_, board := w.post(tg, c)
	if e := w.fake.Ledger("pinChatMessage", "sendMessage"); !board.Pinned() || len(e) != 2 || !e[0].Silent || !e[1].Silent {
		t.Errorf("pinned %v, ledger %+v", board.Pinned(), e)
	}
	w.desk.Demote(w.anna, w.fake.Bot())
	if _, again := w.post(tg, c); again.Pinned() {
		t.Error("pinned without the right to")
	}
	if ts := tg.Trouble(); len(ts) != 1 || ts[0].ID != "telegram.right_missing" {
		t.Errorf("troubles: %v", ts)
	}
}

func TestCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.start()
	at, card := w.post(tg, w.card())
	c := w.card()
	c.Call = &connector.Call{Number: 1, To: []session.UserRef{"11", "12", "U0SLACK"}, Text: "#3 waits for you",
		Quote: "Why is <b>tax</b> so high?"}
	if _, err := tg.PostCall(t.Context(), at, c); err != nil {
		t.Fatal(err)
	}
	m := w.desk.Find(says2("Anna Bob #3 waits for you", "Why is <b>tax</b>"))
	if m == nil || m.ReplyTo() != card {
		t.Fatalf("the desk reads\n%s", w.desk)
	}
	var people []int64
	for _, e := range m.Entities() {
		if e.Type == "text_mention" {
			people = append(people, e.User)
		}
	}
	if !slices.Equal(people, []int64{11, 12}) || len(w.bob.Notifications()) == 0 {
		t.Errorf("called %v", people)
	}
	w.desk.Say(w.bob, "because", telegramfake.ReplyTo(m))
	if wrote := got(t, w.inbox, &w.inbox.wrote, 1); wrote.Under != at {
		t.Errorf("a reply to a call is under %q, want %q", wrote.Under, at)
	}
	w.anna.Delete(card)
	if _, err := tg.PostCall(t.Context(), at, c); !errors.Is(err, connector.ErrGone) {
		t.Errorf("a call under a card that is gone: %v", err)
	}
}

func TestMakePlace(t *testing.T) {
	t.Parallel()
	ses := session.Session{Title: "Tax <2026> " + strings.Repeat("ā", 200)}
	ses.ID = "tax"
	w := newWorld(t, setup{chat: []telegramfake.Setup{telegramfake.Forum, telegramfake.BotAdmin()}})
	for range 2 { // another replica gives the same
		id, err := w.make().MakePlace(t.Context(), ses)
		topics := w.desk.Topics()
		if err != nil || len(topics) != 1 || id != (place{deskChat, topics[0].ID}).id() || !strings.HasPrefix(topics[0].Name, "Tax <2026>") {
			t.Errorf("place %s, %v, topics %v", id, err, topics)
		}
	}
	for name, how := range map[string][]telegramfake.Setup{"no forum": {telegramfake.BotAdmin()}, "no right": {telegramfake.Forum}} {
		w := newWorld(t, setup{chat: how})
		tg := w.make()
		if id, err := tg.MakePlace(t.Context(), ses); err != nil || string(id) != w.opts.DeskChat {
			t.Errorf("%s: place %s, %v", name, id, err)
		}
		if ts := tg.Trouble(); (len(ts) == 1) != (name == "no right") {
			t.Errorf("%s: troubles %v", name, ts)
		}
	}
	w.fake.Fault("createForumTopic", 1, telegramfake.DropAfter)
	ses.ID = "other"
	if _, err := w.make().MakePlace(t.Context(), ses); connector.OutcomeOf(err).Outcome != connector.Unsure || err == nil {
		t.Errorf("an unknown outcome: %v", err)
	}
}
