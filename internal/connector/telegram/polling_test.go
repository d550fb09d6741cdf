package telegram

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/telegram/telegramfake"
)

// texts are what the inbox got of messages, in order.
func (w *world) texts() []string {
	var all []string
	w.inbox.count(func() int {
		for _, m := range w.inbox.wrote {
			text := string(m.With)
			for _, l := range m.Lines {
				text += l.Text
				break
			}
			all = append(all, text)
		}
		return 0
	})
	return all
}

func (w *world) awaitTexts(want ...string) {
	w.t.Helper()
	got(w.t, w.inbox, &w.inbox.wrote, len(want))
	if all := strings.Join(w.texts(), "|"); all != strings.Join(want, "|") {
		w.t.Errorf("the inbox got %s, want %q", all, want)
	}
}

// putBox is a mailbox with a test's own Put.
type putBox struct {
	connector.Mailbox
	put func(context.Context, ...connector.Event) (int, error)
}

func (b putBox) Put(ctx context.Context, events ...connector.Event) (int, error) {
	return b.put(ctx, events...)
}

// TestKillBetweenPutAndConfirm: what was put and not confirmed comes again, and is
// handled once.
func TestKillBetweenPutAndConfirm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.desk.Say(w.anna, "one")
	w.desk.Say(w.anna, "two")
	ctx, kill := context.WithCancel(t.Context())
	first := w.make(func(o *Options) {
		o.Mailbox = putBox{w.mailbox, func(ctx context.Context, events ...connector.Event) (int, error) {
			if len(events) != 2 {
				t.Errorf("%d updates are stored in one step, want both", len(events))
			}
			defer kill()
			return w.mailbox.Put(ctx, events...)
		}}
	})
	_ = first.Run(ctx)
	if n := len(w.fake.Pending()); n != 2 {
		t.Fatalf("%d updates wait at Telegram, want both", n)
	}
	w.start()
	w.awaitTexts("one", "two")
	w.await("all to be confirmed", func() bool { return len(w.fake.Pending()) == 0 })
	if n := w.inbox.count(func() int { return len(w.inbox.wrote) }); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

// TestPutFails: while the mailbox is away nothing is confirmed.
func TestPutFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.store.Break(errors.New("away"))
	w.desk.Say(w.anna, "one")
	w.start()
	w.await("three polls", func() bool { return len(w.fake.Calls("getUpdates")) >= 3 })
	for _, c := range w.fake.Calls("getUpdates") {
		if c.Params["offset"] != "0" {
			t.Errorf("offset %s", c.Params["offset"])
		}
	}
	w.store.Break(nil)
	w.awaitTexts("one")
	w.await("the confirmation", func() bool { return len(w.fake.Pending()) == 0 })
}

func TestUndecodable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.desk.Say(w.anna, "one")
	w.fake.InjectUndecodable()
	w.fake.InjectUnknown()
	w.fake.Inject("message", `{"text":"`+strings.Repeat("x", connector.LongestLetter)+`"}`)
	w.desk.Say(w.anna, "two")
	w.start()
	w.awaitTexts("one", "two")
	w.settled()
	if n, err := w.mailbox.Dead(t.Context()); n != 2 || err != nil {
		t.Errorf("%d dead letters, %v; want 2", n, err)
	}
}

func TestPollAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.start()
	w.await("a poll", func() bool { return len(w.fake.Calls("getUpdates")) > 0 })
	c := w.fake.Calls("getUpdates")[0]
	if c.Params["offset"] != "0" || c.Params["timeout"] != "25" || !strings.Contains(c.Params["allowed_updates"], "edited_message") {
		t.Errorf("asked with %v", c.Params)
	}
	if d := w.fake.Calls("deleteWebhook"); len(d) != 1 || d[0].Params["drop_pending_updates"] != "" {
		t.Errorf("deleteWebhook: %v", d)
	}
}

// TestPollErrors: conflicts are no trouble, the rest is said once and is over by itself,
// and nothing says the token.
func TestPollErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   telegramfake.Fault
		trouble string
	}{
		"conflict":   {telegramfake.Refuse(409, "Conflict: terminated by other getUpdates request"), ""},
		"webhook":    {telegramfake.Refuse(409, "Conflict: can't use getUpdates method while webhook is active"), "telegram.webhook_in_the_way"},
		"token":      {telegramfake.Refuse(401, "Unauthorized"), "telegram.token_refused"},
		"500":        {telegramfake.Refuse(500, "Internal Server Error"), "telegram.poll_refused"},
		"connection": {telegramfake.DropBefore, "telegram.unreachable"},
		"cut short":  {telegramfake.CutShort, "telegram.unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setup{})
			var log strings.Builder
			tg := w.make(func(o *Options) { o.Log = newLog(&log) })
			w.fake.Fault("getUpdates", 3, c.fault)
			stop := w.run(tg)
			w.desk.Say(w.anna, "one")
			w.awaitTexts("one")
			stop()
			if n := strings.Count(log.String(), `msg=trouble `); c.trouble == "" && n != 0 ||
				c.trouble != "" && (n != 1 || !strings.Contains(log.String(), c.trouble)) {
				t.Errorf("the log says %d troubles:\n%s", n, log.String())
			}
			if len(tg.Trouble()) != 0 {
				t.Errorf("troubles are left: %v", tg.Trouble())
			}
			if strings.Contains(log.String(), "fake-token") {
				t.Errorf("the token is in the log:\n%s", log.String())
			}
		})
	}
}

// TestPollTooMany: Telegram is left alone as long as it asks for.
func TestPollTooMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	p := &polling{Telegram: w.make()}
	w.fake.Fault("getUpdates", 1, telegramfake.TooMany(3600))
	_, err := p.Fetch(t.Context(), receive.Look{}, p.runner.Put)
	if e, ok := errors.AsType[*receive.Trouble](err); !ok || e.ID != "" || e.Wait != time.Hour {
		t.Errorf("%#v", err)
	}
}

// TestIDsBeginAgain: after a silence all is confirmed, and Telegram's next ids may be lower.
func TestIDsBeginAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	p := &polling{Telegram: w.make()}
	p.waits.poll = 0
	fetch := func() {
		t.Helper()
		if _, err := p.Fetch(t.Context(), receive.Look{}, p.runner.Put); err != nil {
			t.Fatal(err)
		}
	}
	w.desk.Say(w.anna, "one")
	fetch()
	fetch() // nothing but the confirmation
	w.fake.RestartUpdateIDs(5)
	w.desk.Say(w.anna, "two")
	fetch()
	if n := w.mailbox.Left(); n != 2 {
		t.Errorf("%d updates were put, want both", n)
	}
}

// frozen are leases that a replica that was killed does not give back.
type frozen struct{ connector.Leases }

func (frozen) Yield(context.Context, string, string) error { return nil }

// TestTakeover: one replica polls; when it is killed the other one goes on as soon as
// the lease ends, and no update is lost or handled twice.
func TestTakeover(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	replica := func(owner string, lease time.Duration) *Telegram {
		tg := w.make(func(o *Options) { o.Leases, o.Owner = frozen{w.leases}, owner })
		tg.runner.LeaseFor = lease
		return tg
	}
	a := replica("a", time.Hour)
	if a.waits.poll > 5*time.Second {
		t.Errorf("a poll lasts %v: the other one waits for it", a.waits.poll)
	}
	killA := w.run(a)
	w.await("a poll", w.fake.Polling)
	w.run(replica("b", time.Second)) // which looks every fifth of that
	w.desk.Say(w.anna, "one")
	w.awaitTexts("one")
	killA()
	w.leases.Pass(2 * time.Hour)
	w.desk.Say(w.anna, "two")
	w.awaitTexts("one", "two")
	if n := len(w.fake.Calls("deleteWebhook")); n != 2 {
		t.Errorf("%d replicas began to poll, want one after the other", n)
	}
}
