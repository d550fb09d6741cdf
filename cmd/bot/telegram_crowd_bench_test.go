package main

import (
	"context"
	"testing"
	"time"

	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/testenv"
)

const (
	crowdSize  = 400
	pressEvery = 20 * time.Millisecond
)

// crowd are people who write to the bot, and a moderator who presses a button meanwhile.
type crowd struct {
	*groupBench
	mod    *telegramfake.User
	card   *telegramfake.Message
	button string // what pressing it sends
}

func newCrowd(b *testing.B) *crowd {
	b.Helper()
	c := &crowd{groupBench: newGroupBench(b)}
	c.ask(b, 1)
	c.mod = c.tg.User(benchModerator, "Mod")
	c.card = c.desk.Card(1)
	c.button = c.card.Buttons()[0][0].Data
	return c
}

// write lets people who never wrote before write at once, and returns when all their
// questions are stored.
func (c *crowd) write(ctx context.Context, round int) error {
	for i := range crowdSize {
		u := c.tg.User(int64(20_000+round*crowdSize+i), "Somebody")
		go func() { u.Start(""); u.Write("How long does it take?") }()
	}
	tick := time.NewTicker(pressEvery)
	defer tick.Stop()
	for {
		n, err := c.store.Counts(ctx, "bench")
		if err != nil || n.Last == 1+(round+1)*crowdSize {
			return err
		}
		<-tick.C
	}
}

// press is from a press to its answer. All but the first say that it was accepted before.
func (c *crowd) press(ctx context.Context) time.Duration {
	began := time.Now()
	c.card.ClickData(c.mod, c.button).Await(ctx)
	return time.Since(began)
}

// BenchmarkPressInACrowd measures how long a moderator waits for the answer to a press
// while 400 people write at once, in milliseconds.
func BenchmarkPressInACrowd(b *testing.B) {
	testenv.Need(b, "redis-server")
	c := newCrowd(b)
	var answered []time.Duration
	for round := 0; b.Loop(); round++ {
		ctx, cancel := context.WithTimeout(c.ctx, testenv.Patience)
		done := make(chan error, 1)
		go func() { done <- c.write(ctx, round) }()
		tick := time.NewTicker(pressEvery)
		for busy := true; busy; {
			answered = append(answered, c.press(ctx))
			select {
			case err := <-done:
				busy = false
				if err != nil {
					b.Fatal(err)
				}
			case <-tick.C:
			}
		}
		tick.Stop()
		cancel()
	}
	reportTimes(b, "press", answered)
	b.ReportMetric(float64(len(answered))/float64(b.N), "presses/op")
}
