package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"experthour/internal/config"
	"experthour/internal/connector"
	"experthour/internal/connector/telegram"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/delivery"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

const (
	benchSecret    = "a-secret-of-the-webhook"
	benchModerator = 11 // their account
)

// groupBench is the program on a real Redis, with its desk and its public in a Telegram
// without limits. Its own budgets are off as well: they are what is waited for else.
type groupBench struct {
	*core
	tg   *telegramfake.Server
	desk *telegramfake.Chat
	base string
	ctx  context.Context
}

// boundless is an outbox whose budgets never run out.
type boundless struct{ delivery.Outbox }

func (boundless) Token(context.Context, session.ConnectorID, ...delivery.Spend) (time.Duration, error) {
	return 0, nil
}

func newGroupBench(b *testing.B) *groupBench {
	b.Helper()
	g := &groupBench{tg: telegramfake.New(b, telegramfake.Options{NoLimits: true, LocalWebhooks: true})}
	g.desk = g.tg.Supergroup(-1001000, "Desk", telegramfake.BotAdmin())
	cfg := demoConfig(session.English)
	cfg.Redis.URL = setting.NewSecret(realRedis(b))
	cfg.Desk.Kind = "telegram"
	cfg.People[0].Accounts = map[string]setting.ID{"telegram": setting.ID(fmt.Sprint(benchModerator))}
	cfg.Public = append(cfg.Public, config.Public{Kind: "telegram", ID: "tg", Name: "Telegram", Settings: &telegram.Settings{}})
	cfg.Accounts = map[string]any{"telegram": &telegram.Account{Token: setting.NewSecret(g.tg.Token()), APIURL: g.tg.URL(),
		Mode: string(telegram.Webhook), WebhookSecret: setting.NewSecret(benchSecret), DeskChat: "-1001000"}}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	var stop context.CancelFunc
	g.ctx, stop = context.WithCancel(context.WithoutCancel(b.Context()))
	b.Cleanup(stop)
	g.base = "http://" + ln.Addr().String()
	if g.core, err = newCore(g.ctx, cfg, g.base, slog.New(slog.DiscardHandler), own); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(g.core.close)
	g.worker.Outbox = boundless{g.store}
	done := make(chan error, 1)
	go func() { done <- g.serve(g.ctx, ln, g.base, atOnce) }()
	b.Cleanup(func() { stop(); <-done })
	g.open(b)
	return g
}

// open schedules an hour that runs now, and waits for its board.
func (g *groupBench) open(b *testing.B) {
	b.Helper()
	h := g.hour()
	h.Slug, h.Title, h.Start, h.End = "bench", "Bench", time.Now(), time.Now().Add(time.Hour)
	h.Experts = []session.Expert{{Name: g.service.Staff.People()[1].Name}}
	h.Targets = []session.Target{{Connector: "tg"}}
	if _, err := g.service.Schedule(g.ctx, g.service.Staff.People()[0].Actor(), h); err != nil {
		b.Fatal(err)
	}
	wait, cancel := context.WithTimeout(g.ctx, testenv.Patience)
	defer cancel()
	g.desk.Await(wait, (*telegramfake.Message).Pinned)
}

// ask lets somebody new ask in private, and returns when the card stands at the desk.
func (g *groupBench) ask(b *testing.B, n int) time.Duration {
	b.Helper()
	u := g.tg.User(int64(10_000+n), "Somebody")
	u.Start("")
	wait, cancel := context.WithTimeout(g.ctx, testenv.Patience)
	defer cancel()
	u.Await(wait, telegramfake.Says("Just write"))
	began := time.Now()
	u.Write("How long does it take?")
	g.desk.Await(wait, telegramfake.IsCard(n))
	return time.Since(began)
}

// BenchmarkTelegram measures from an update to the card at the desk, in milliseconds.
func BenchmarkTelegram(b *testing.B) {
	testenv.Need(b, "redis-server")
	g := newGroupBench(b)
	var posted []time.Duration
	for b.Loop() {
		posted = append(posted, g.ask(b, len(posted)+1))
		b.StopTimer()
		time.Sleep(400 * time.Millisecond) // what else it has to say has been said, at its own pace
		b.StartTimer()
	}
	reportTimes(b, "card", posted)
}

// newHookBench takes updates and handles none: what is measured is the way to the disk.
func newHookBench(b *testing.B) *counter {
	b.Helper()
	c := newCounter(b)
	cfg := c.cfg
	cfg.Desk.Kind = "telegram"
	cfg.Accounts = map[string]any{"telegram": &telegram.Account{Token: setting.NewSecret("4242:fake-token"), APIURL: "http://127.0.0.1:1",
		Mode: string(telegram.Webhook), WebhookSecret: setting.NewSecret(benchSecret), DeskChat: "-1001000"}}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	c.base = "http://" + ln.Addr().String()
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	b.Cleanup(stop)
	if c.core, err = newCore(ctx, cfg, c.base, slog.New(slog.DiscardHandler), own); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.core.close)
	mux := http.NewServeMux()
	c.hooks(mux)
	go serveHTTP(ctx, ln, mux)
	return c
}

// BenchmarkTelegramIntake is an update from Telegram's request to the disk, in turns
// with a bare script that stores the same bytes.
func BenchmarkTelegramIntake(b *testing.B) {
	testenv.Need(b, "redis-server")
	c := newHookBench(b)
	text := strings.Repeat("Kāpēc? ", 200)
	update := func(id int64) []byte {
		raw, _ := json.Marshal(map[string]any{"update_id": id, "message": map[string]any{"message_id": id, "date": 1_700_000_000, "text": text,
			"chat": map[string]any{"id": 7, "type": "private"}, "from": map[string]any{"id": 7, "first_name": "Ilze"}}})
		return raw
	}
	var path string
	for path = range c.room.(connector.Hooked).Hooks() {
	}
	push := func() { c.push(b, path, update(c.serial.Add(1))) }
	keys := []string{"{bare}", "{bare}:raw", "{bare}:of", "{bare}:key", "{bare}:hand", "{bare}:first"}
	bare := c.bare(b, "bare_put", keys, serial, update(1), connector.KeysFor.Milliseconds())
	for _, clients := range []int{1, 50} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { compare(b, clients, push, bare) })
	}
}

// push hands over an update as Telegram does.
func (c *counter) push(b *testing.B, path string, update []byte) {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, c.base+path, bytes.NewReader(update))
	if err != nil {
		b.Error(err)
		return
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", benchSecret)
	resp, err := c.client.Do(r)
	if err != nil {
		b.Error(err)
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		b.Errorf("%s: %s", path, resp.Status)
	}
}
