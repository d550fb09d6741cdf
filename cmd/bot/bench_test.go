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
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/redisstore"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/web/deskpage"
)

// The benchmarks go from an HTTP request over a socket to a durable change in a real
// Redis, in turns with a bare script that writes the same bytes. "ratio" is the
// program's speed as a share of the script's.

// counter is one program on a real Redis, with an hour that is open.
type counter struct {
	*core
	base   string
	token  string
	redis  redis.UniversalClient
	client *http.Client
	serial atomic.Int64
	text   string
}

func newCounter(b *testing.B) *counter {
	b.Helper()
	url := realRedis(b)
	cfg := demoConfig(session.English)
	cfg.Redis.URL = setting.NewSecret(url)
	cfg.Limits.AskPerMinute = 0
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	base := "http://" + ln.Addr().String()
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	b.Cleanup(stop)
	c, err := newCore(ctx, cfg, base, slog.New(slog.DiscardHandler), own)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.close)
	if _, err := c.openDemo(ctx, time.Hour); err != nil {
		b.Fatal(err)
	}
	h, err := c.handler(ctx, base)
	if err != nil {
		b.Fatal(err)
	}
	go serveHTTP(ctx, ln, h)
	bare, err := redisstore.Dial(url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { bare.Close() })
	return &counter{core: c, base: base, redis: bare, text: strings.Repeat("What about this? ", 100),
		token:  deskpage.NewTokens(c.keys, time.Now).API(demoModerator, time.Now(), time.Hour),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}}
}

// post sends JSON and wants a status.
func (c *counter) post(b *testing.B, path string, want int, in any) {
	body, err := json.Marshal(in)
	if err != nil {
		b.Error(err)
		return
	}
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, c.base+path, bytes.NewReader(body))
	if err != nil {
		b.Error(err)
		return
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := c.client.Do(r)
	if err != nil {
		b.Error(err)
		return
	}
	answer, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != want {
		b.Errorf("%s: %s %s", path, resp.Status, answer)
	}
}

// bare runs a script of the store's benchmarks with about the bytes of a question.
func (c *counter) bare(b *testing.B, name string, keys []string, args ...any) func() {
	b.Helper()
	source, err := os.ReadFile("../../internal/redisstore/testdata/" + name + ".lua")
	if err != nil {
		b.Fatal(err)
	}
	script := redis.NewScript(string(source))
	return func() {
		i := c.serial.Add(1)
		all := append([]any{}, args...)
		for k, a := range all {
			if a == serial {
				all[k] = i
			}
		}
		if err := script.Run(b.Context(), c.redis, keys, all...).Err(); err != nil {
			b.Error(err)
		}
	}
}

// serial stands for a number of its own in each run of a bare script.
const serial = "serial"

func (c *counter) document(b *testing.B, n int) string {
	b.Helper()
	qs, err := c.store.Questions(b.Context(), "demo", n)
	if err != nil {
		b.Fatal(err)
	}
	doc, err := json.Marshal(qs[0])
	if err != nil {
		b.Fatal(err)
	}
	return string(doc)
}

const aHash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// BenchmarkIntake is a question from the request to the disk.
func BenchmarkIntake(b *testing.B) {
	c := newCounter(b)
	ask := func() {
		in := map[string]string{"text": c.text, "key": fmt.Sprint("k", c.serial.Add(1))}
		c.post(b, "/api/v1/sessions/demo/questions", http.StatusCreated, in)
	}
	ask()
	keys := []string{"{bare}n", "{bare}refs", "{bare}q", "{bare}in", "{bare}open", "{bare}log", "{bare}p"}
	bare := c.bare(b, "bare_add", keys, serial, c.document(b, 1), aHash, aHash[:36], serial, serial, c.text, "wake", "demo")
	for _, clients := range []int{1, 50} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { compare(b, clients, ask, bare) })
	}
}

// BenchmarkApprove is a press of Approve from the request to the disk.
func BenchmarkApprove(b *testing.B) {
	c := newCounter(b)
	keys := []string{"{bare}q", "{bare}in", "{bare}log", "{bare}p", "{bare}d", "{bare}lanes", "{bare}lane1", "{bare}lane2"}
	for _, clients := range []int{1, 50} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			ready := c.answered(b, 11*max(b.N/10, clients))
			doc := c.document(b, ready[0].n)
			bare := c.bare(b, "bare_commit", keys, 1, doc, aHash, aHash[:36], serial, serial, c.text, "page", "sandbox", "wake", "demo")
			var next atomic.Int64
			approve := func() {
				r := ready[next.Add(1)-1]
				c.post(b, fmt.Sprintf("/api/v1/desk/sessions/demo/questions/%d/approve", r.n), http.StatusOK,
					map[string]any{"revision": 1, "digest": r.digest})
			}
			compare(b, clients, approve, bare)
		})
	}
}

// submitted is a question whose answer waits for approval.
type submitted struct {
	n      int
	digest string
}

func (c *counter) answered(b *testing.B, count int) []submitted {
	b.Helper()
	ctx := b.Context()
	ses, err := c.store.Session(ctx, "demo")
	if err != nil {
		b.Fatal(err)
	}
	var rs []submitted
	for range count {
		on := session.On{Question: c.asked(b).Ref}
		c.do(b, session.Actor{Name: demoSecond, Role: session.Moderator}, session.AcceptQuestion{On: on})
		r := c.do(b, session.Actor{Name: demoExpert, Role: session.ExpertRole}, session.SubmitAnswer{On: on, Text: "So it is."})
		_, digest := c.service.Preview(ses, r.Question)
		rs = append(rs, submitted{on.Question.Number, digest})
	}
	return rs
}

func (c *counter) do(b *testing.B, by session.Actor, cmd session.Command) session.Result {
	b.Helper()
	r, err := c.service.Do(b.Context(), by, cmd)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// compare runs both in turns of a tenth of the work and reports the ratio.
func compare(b *testing.B, clients int, ours, bare func()) {
	b.Helper()
	var took [2]time.Duration
	const turns = 10
	each := max(b.N/turns, clients)
	for turn := range turns + 1 {
		for i, f := range []func(){ours, bare} {
			start := time.Now()
			spread(clients, each, f)
			if turn > 0 { // the first one makes connections
				took[i] += time.Since(start)
			}
		}
	}
	b.ReportMetric(float64(turns*each)/took[0].Seconds(), "ops/s")
	b.ReportMetric(float64(turns*each)/took[1].Seconds(), "bare/s")
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "ratio")
}

// spread does work n times in so many goroutines.
func spread(clients, n int, work func()) {
	var left atomic.Int64
	left.Store(int64(n))
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				work()
			}
		})
	}
	all.Wait()
}

// BenchmarkDeskPage is a moderator's page of an hour with 10 and with 5,000 questions.
func BenchmarkDeskPage(b *testing.B) {
	for _, size := range []int{10, 5_000} {
		c := newCounter(b)
		for range size {
			c.asked(b)
		}
		c.client.Jar = cookies{}
		c.get(b, deskpage.NewTokens(c.keys, time.Now).Trial("", demoModerator, "demo"))
		b.Run(fmt.Sprintf("questions=%d", size), func(b *testing.B) {
			for b.Loop() {
				c.get(b, "/desk/anna-berzina/demo")
			}
		})
	}
}

// asked is a question that is in the store.
func (c *counter) asked(b *testing.B) session.Question {
	b.Helper()
	q, _, err := c.service.Ask(b.Context(), session.Asked{Session: "demo", Key: fmt.Sprint("p", c.serial.Add(1)), Text: c.text,
		Origin: session.Origin{Connector: session.Page}})
	if err != nil {
		b.Fatal(err)
	}
	return q
}

func (c *counter) get(b *testing.B, path string) {
	resp, err := c.client.Get(c.base + path)
	if err != nil {
		b.Fatal(err)
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		b.Fatalf("%s: %s", path, resp.Status)
	}
}
