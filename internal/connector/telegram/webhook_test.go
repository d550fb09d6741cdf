package telegram

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

const hookSecret = "s3cret_-"

// withWebhook is a world whose Telegram calls the program.
func withWebhook(t *testing.T) (*world, *Telegram, string) {
	w := newWorld(t, setup{})
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	tg := w.make(func(o *Options) { o.Mode, o.WebhookSecret, o.PublicURL = Webhook, hookSecret, server.URL+"/" })
	for path, h := range tg.Hooks() {
		mux.Handle(path, h)
	}
	return w, tg, server.URL + tg.opts.hookPath()
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	w, tg, url := withWebhook(t)
	w.run(tg)
	w.desk.Say(w.anna, "one")
	w.awaitTexts("one")
	if w.fake.WebhookURL() != url {
		t.Errorf("the webhook is %s, want %s", w.fake.WebhookURL(), url)
	}
	w.store.Break(errors.New("away"))
	w.desk.Say(w.anna, "two")
	w.await("a refusal", func() bool { return len(w.fake.Pending()) == 1 })
	w.store.Break(nil)
	w.awaitTexts("one", "two")
	w.await("all to arrive", func() bool { return len(w.fake.Pending()) == 0 })
	_, card := w.post(tg, w.card())
	card.Press(w.anna, "Accept")
	got(t, w.inbox, &w.inbox.presses, 1)
}

func TestWebhookRequests(t *testing.T) {
	t.Parallel()
	update := `{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"}}}`
	for name, c := range map[string]struct {
		method, secret, body string
		broken               bool
		status, stored       int
	}{
		"good":         {http.MethodPost, hookSecret, update, false, 200, 1},
		"wrong secret": {http.MethodPost, hookSecret + "x", update, false, 401, 0},
		"no secret":    {http.MethodPost, "", update, false, 401, 0},
		"GET":          {http.MethodGet, hookSecret, "", false, 405, 0},
		"junk":         {http.MethodPost, hookSecret, "<html>", false, 200, 1},
		"empty":        {http.MethodPost, hookSecret, "", false, 200, 1},
		"endless":      {http.MethodPost, hookSecret, strings.Repeat("x", connector.LongestLetter+9), false, 200, 1},
		"not stored":   {http.MethodPost, hookSecret, update, true, 503, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _, url := withWebhook(t)
			if c.broken {
				w.store.Break(errors.New("away"))
			}
			r, err := http.NewRequestWithContext(t.Context(), c.method, url, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			body, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != c.status || w.mailbox.Left() != c.stored {
				t.Errorf("status %d, %d stored; want %d, %d", resp.StatusCode, w.mailbox.Left(), c.status, c.stored)
			}
			if c.status == 200 && len(body) != 0 || (c.status == 503) != (resp.Header.Get("Retry-After") != "") {
				t.Errorf("body %q, header %v", body, resp.Header)
			}
		})
	}
}

// TestJunkIsBuried: what knows the secret and cannot be read stops nothing.
func TestJunkIsBuried(t *testing.T) {
	t.Parallel()
	w, tg, _ := withWebhook(t)
	for _, junk := range []string{"<html>", "", "{}", "[]", `{"update_id":"x"}`} {
		if _, err := tg.store(t.Context(), tg.runner.Put, []byte(junk)); err != nil {
			t.Fatal(err)
		}
	}
	w.run(tg)
	w.desk.Say(w.anna, "one")
	w.awaitTexts("one")
	w.settled()
	if n, err := w.mailbox.Dead(t.Context()); n != 5 || err != nil {
		t.Errorf("%d dead letters, %v", n, err)
	}
}

// TestWebhookIsLookedAfter: one that somebody took away is set again, and of one that leads
// elsewhere people are told.
func TestWebhookIsLookedAfter(t *testing.T) {
	t.Parallel()
	w, tg, url := withWebhook(t)
	h := hooked{tg}
	look := func() string {
		t.Helper()
		_, err := h.Fetch(t.Context(), receive.Look{}, nil)
		if e, ok := errors.AsType[*receive.Trouble](err); ok {
			return e.ID
		}
		if err != nil {
			t.Fatal(err)
		}
		return ""
	}
	if said := look(); said != "" || w.fake.WebhookURL() != url {
		t.Errorf("people are told %q, the webhook is %s", said, w.fake.WebhookURL())
	}
	other := hooked{w.make(func(o *Options) {
		o.Mode, o.WebhookSecret, o.PublicURL = Webhook, hookSecret, "https://elsewhere.example"
	})}
	if err := other.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if said := look(); said != "telegram.webhook_elsewhere" || w.fake.WebhookURL() == url {
		t.Errorf("people are told %q, the webhook is %s", said, w.fake.WebhookURL())
	}
}
