package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector/slack"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

// chatBench is the program on a real Redis, with its desk in a Slack without limits.
// Its own budgets for Slack stay: one card a second, so each round waits before it
// measures.
type chatBench struct {
	*core
	ws    *slackfake.Workspace
	desk  *slackfake.Channel
	anna  *slackfake.User
	ctx   context.Context
	base  string
	asked int
}

func newChatBench(b *testing.B) *chatBench {
	b.Helper()
	s := &chatBench{ws: slackfake.New(b, slackfake.Options{BotToken: "xoxb-test", AppToken: "xapp-test", NoLimits: true})}
	s.desk, s.anna = s.ws.Channel("C1"), s.ws.User("U0ANNA", "Anna", "anna@example.org")
	s.desk.Join(s.anna)
	cfg := demoConfig(session.English)
	cfg.Redis.URL = setting.NewSecret(realRedis(b))
	cfg.Desk.Kind = "slack"
	cfg.Limits.AskPerMinute = 0
	cfg.Accounts = map[string]any{"slack": &slack.Account{BotToken: setting.NewSecret("xoxb-test"),
		AppToken: setting.NewSecret("xapp-test"), Channel: "C1", APIURL: s.ws.URL(), Mode: string(slack.Socket)}}
	cfg.People[0].Accounts = map[string]setting.ID{"slack": setting.ID(s.anna.ID())}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	b.Cleanup(stop)
	s.ctx = ctx
	s.base = "http://" + ln.Addr().String()
	if s.core, err = newCore(ctx, cfg, s.base, slog.New(slog.DiscardHandler), own); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.core.close)
	done := make(chan error, 1)
	go func() { done <- s.core.serve(ctx, ln, s.base, atOnce) }()
	b.Cleanup(func() { stop(); <-done })
	s.open(b)
	return s
}

// open schedules an hour that runs now, and waits for its board.
func (s *chatBench) open(b *testing.B) {
	b.Helper()
	h := s.hour()
	h.Slug, h.Title, h.Start, h.End = "bench", "Bench", time.Now(), time.Now().Add(time.Hour)
	h.Experts = []session.Expert{{Name: s.service.Staff.People()[1].Name}}
	by := s.service.Staff.People()[0].Actor()
	if _, err := s.service.Schedule(s.ctx, by, h); err != nil {
		b.Fatal(err)
	}
	wait, cancel := context.WithTimeout(s.ctx, testenv.Patience)
	defer cancel()
	if err := s.desk.Await(wait, func(c *slackfake.Channel) bool { return len(c.Pins()) > 0 }); err != nil {
		b.Fatal(err)
	}
}

// ask stores a question and returns when its card stands in Slack.
func (s *chatBench) ask(b *testing.B) time.Duration {
	b.Helper()
	s.asked++
	began := time.Now()
	_, _, err := s.service.Ask(s.ctx, session.Asked{Session: "bench", Key: fmt.Sprint(s.asked), Text: "How long does it take?",
		Origin: session.Origin{Connector: session.Page}})
	if err != nil {
		b.Fatal(err)
	}
	return s.shown(b, "Accept", began)
}

// accept presses a button and returns when the card is redrawn.
func (s *chatBench) accept(b *testing.B) time.Duration {
	b.Helper()
	began := time.Now()
	if err := s.desk.Card(s.asked).Click(s.anna, "Accept"); err != nil {
		b.Fatal(err)
	}
	return s.shown(b, "Claim", began)
}

func (s *chatBench) shown(b *testing.B, label string, began time.Time) time.Duration {
	b.Helper()
	wait, cancel := context.WithTimeout(s.ctx, testenv.Patience)
	defer cancel()
	err := s.desk.Await(wait, func(c *slackfake.Channel) bool { m := c.Card(s.asked); return m != nil && m.Has(label) })
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// BenchmarkSlack measures from a question to its card, and from a press to the card
// that shows it: median and 99 %, in milliseconds.
func BenchmarkSlack(b *testing.B) {
	testenv.Need(b, "redis-server")
	s := newChatBench(b)
	var posted, redrawn []time.Duration
	for b.Loop() {
		posted = append(posted, s.ask(b))
		redrawn = append(redrawn, s.accept(b))
		b.StopTimer()
		time.Sleep(2500 * time.Millisecond) // the program's own budgets are full again
		b.StartTimer()
	}
	reportTimes(b, "card", posted)
	reportTimes(b, "redraw", redrawn)
}

// reportTimes reports the median and the 99th of a hundred.
func reportTimes(b *testing.B, what string, ds []time.Duration) {
	slices.Sort(ds)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(ds[len(ds)/2]), what+"-median-ms")
	b.ReportMetric(ms(ds[min(len(ds)-1, len(ds)*99/100)]), what+"-99%-ms")
}
