package slack

import (
	"context"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/slack/slackfake"
)

func TestReconnect(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*slackfake.Workspace){
		"asked":  func(w *slackfake.Workspace) { w.Disconnect("refresh_requested") },
		"broken": (*slackfake.Workspace).CutSockets,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fast)
			w.run()
			end(w.fake)
			w.await(func() bool { return w.fake.Sockets() > 0 })
			w.anna.Say(w.channel, "Still there?")
			w.written(1)
		})
	}
}

// The library ends without a word when a token is refused; the desk comes back when it
// is mended.
func TestTokenRefused(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"invalid_auth", "account_inactive", "not_authed", "token_revoked"} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fast)
			w.run()
			w.fake.RefuseToken(word)
			w.fake.CutSockets()
			w.await(func() bool { return slices.Contains(w.trouble(), "slack.app_token_refused") })
			w.fake.MendToken()
			w.await(func() bool { return w.fake.Sockets() > 0 && len(w.Trouble()) == 0 })
			if n := strings.Count(w.logs.String(), "id=slack.app_token_refused"); n != 2 {
				t.Errorf("said %d times, want once and once that it is over:\n%s", n, w.logs)
			}
		})
	}
}

// The library waits longer and longer between two tries; the desk does not.
func TestNoLongWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.fake.Refuse("apps.connections.open", 8, "internal_error")
	w.run()
	w.await(func() bool { return len(w.Trouble()) == 0 })
	if got := strings.Count(w.logs.String(), "id=slack.disconnected"); got != 2 {
		t.Errorf("said %d times:\n%s", got, w.logs)
	}
}

// Presses that take long hold up neither each other nor an event.
func TestReaderNeverWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	release := make(chan struct{})
	w.inbox.answersWith(func(what any) (connector.Answer, error) {
		if _, press := what.(connector.Press); press {
			<-release
		}
		return connector.Answer{}, nil
	})
	c := card(1)
	c.Buttons = []connector.Button{{Label: "Slow", Action: "slow"}}
	m := w.must(c)
	const n = pressers - 1
	errs := make(chan error, n)
	for range n {
		go func() { errs <- m.Click(w.anna, "Slow") }()
	}
	w.await(func() bool { return len(got(w.inbox, &w.inbox.presses)) == n })
	for range 80 { // more than the library's queue holds
		w.anna.Say(w.channel, "Meanwhile.")
	}
	w.written(80)
	if said, err := w.anna.Command(w.channel, Command, "help"); err != nil {
		t.Errorf("command %q, %v", said, err)
	}
	close(release)
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestOddFrame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	w.fake.SendFrame([]byte(`{"type":"brand_new","envelope_id":"","payload":{}}`))
	w.await(func() bool { n, _ := w.mail.Dead(t.Context()); return n == 1 })
	w.anna.Say(w.channel, "Hello.")
	w.written(1)
}

// Two replicas share one mailbox: each message is handed over once, whoever hears it.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	second, err := New(w.opts)
	if err != nil {
		t.Fatal(err)
	}
	w.run()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- second.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	w.await(func() bool { return w.fake.Sockets() == 2 })
	for range 30 {
		w.anna.Say(w.channel, "Hello.")
	}
	w.written(30)
	w.settled()
	if n := len(got(w.inbox, &w.inbox.written)); n != 30 {
		t.Errorf("%d messages", n)
	}
}
